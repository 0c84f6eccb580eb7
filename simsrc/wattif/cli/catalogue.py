"""``wattif list``: what wattif knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from rich.console import RenderableType

from wattif.cli.terminal import heading, show, table
from wattif.library import (
    data_sets,
    equation_sets,
    packaged_studies,
    read_data,
    read_set,
    read_study,
)

Topic = Literal["families", "functions", "units", "sets", "data", "studies", "pictures"]


def catalogue(topic: Topic | None = None, /) -> None:
    """List what wattif knows.

    Parameters
    ----------
    topic
        families of distributions, functions of formulas, units, equation sets, data entries,
        packaged studies, or kinds of pictures; everything unless given.
    """
    for name in _TOPICS if topic is None else (topic,):
        if topic is None:
            show(heading(name.capitalize()))
        show(*_TOPICS[name]())
        if topic is None:
            show("")


def _families() -> list[RenderableType]:
    from wattif.distributions import FAMILIES
    from wattif.language.composites import COMPOSITES

    rows = [[f.name, f.summary, f.example] for f in FAMILIES.values()]
    rows += [[c.name, c.summary, c.example] for c in COMPOSITES.values()]
    return [table(["family", "for", "example"], rows, "lww")]


def _functions() -> list[RenderableType]:
    from wattif.language.functions import FUNCTIONS

    rows = [[f.operator or f.name, f.summary] for f in FUNCTIONS.values()]
    return [table(["function", "gives"], rows, "lw")]


def _units() -> list[RenderableType]:
    from wattif.language.units import KNOWN_UNITS

    rows = [
        [group if first == 0 else "", symbol, words]
        for group, units in KNOWN_UNITS.items()
        for first, (symbol, words) in enumerate(units)
    ]
    remark = (
        "SI prefixes go with the symbols (kWh, GW, MUSD), years with currencies (USD_2023); "
        "pint's other units are known too."
    )
    return [table(["kind", "unit", "is"], rows, "llw"), remark]


def _sets() -> list[RenderableType]:
    rows = [[name, _title(read_set(name))] for name in equation_sets()]
    return [table(["set", "about"], rows, "lw")]


def _data() -> list[RenderableType]:
    from wattif.language.entries import entries_of
    from wattif.language.labels import read_label

    rows = [
        [f"{name}.{key}", read_label(entry.get("label", "")).text, str(len(entry["quantities"]))]
        for name in data_sets()
        for key, entry in entries_of(read_data(name)).items()
    ]
    return [
        table(["entry", "about", "figures"], rows, "lwr"),
        'Take one into a study or a system: from = "hardware.h100-sxm"',
    ]


def _studies() -> list[RenderableType]:
    rows = [[name, _title(read_study(name))] for name in packaged_studies()]
    return [table(["study", "about"], rows, "lw"), "Run one by its name: wattif run NAME"]


def _pictures() -> list[RenderableType]:
    from wattif.plots import KINDS

    rows = [[kind.name, kind.summary] for kind in KINDS.values()]
    return [table(["picture", "shows"], rows, "lw"), "Draw one: wattif plot RESULT --kind NAME"]


def _title(found: tuple[str, dict[str, object]]) -> str:
    from wattif.language.labels import read_label

    return read_label(found[1].get("title", "")).text


_TOPICS: dict[str, Callable[[], list[RenderableType]]] = {
    "families": _families,
    "functions": _functions,
    "units": _units,
    "sets": _sets,
    "data": _data,
    "studies": _studies,
    "pictures": _pictures,
}
