"""``wattif demo``: what wattif answers, in a few sentences, before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wattif.cli.answers import answers_as_json
from wattif.cli.compiling import announce_compiling
from wattif.cli.studies import load_study
from wattif.cli.terminal import heading, show, show_json, small
from wattif.errors import Problem, StudyError
from wattif.format import format_interval, format_percent, format_value
from wattif.language.complaints import nearest
from wattif.language.model import Model
from wattif.results.answers import Answer, Quantity, describe_draws, read_answers

if TYPE_CHECKING:
    from xarray import DataTree

_STUDY = "survey-2025b"
_DRAWS = 2**16  # enough for two digits, at once
_CELLS = 28
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_SENTENCES = {
    "training_energy": "Training {system} used between {interval} of electricity",
    "training_cost": "Rented by the hour, the machines for it cost between {interval}",
    "energy_per_query": "Answering one query takes between {interval}",
    "break_even_queries": "Between {interval} use as much as the training did",
}


def demo(system: str = "gpt-4", /, *, json: bool = False) -> None:
    """Answer a question at once, in words: what it takes to train a language model, and to run it.

    Nothing is written and nothing fetched.

    Parameters
    ----------
    system
        A system of the packaged survey, by key or name, or how that begins; GPT-4 unless given.
    json
        Print one JSON object with the answers for all systems instead.
    """
    study = load_study(_STUDY)
    key = _find(system, study.model)
    announce_compiling()
    tree = study.run(draws=_DRAWS)
    if json:
        show_json(answers_as_json(tree))
        return
    level = format_percent(float(tree.attrs["interval"]))
    show(heading(str(tree.attrs["title"])), small(str(tree.attrs["description"])), "")
    for quantity in read_answers(tree, tuple(_SENTENCES), [key]):
        answer = quantity.answers[0]
        if answer.absent:
            show(small(f"{quantity.label}: not given ({answer.absent})."), "")
        else:
            show(_sentence(quantity, answer, level), small(_picture(tree, quantity, answer)), "")
    show(small(f"{describe_draws(tree)}. Every digit shown is above its Monte Carlo error."), "")
    show("Next:  wattif run survey-2025b     all its models and quantities, kept in a file")
    show("       wattif init my.toml         a study of your own")


def _find(word: str, model: Model) -> str:
    """Return the key of the system that a word means: its key or name, or the start of one."""
    names = {system.key: (_plain(system.key), _plain(system.label)) for system in model.systems}
    start = _plain(word)
    exact = [key for key, known in names.items() if start in known]
    begun = [key for key, known in names.items() if any(x.startswith(start) for x in known)]
    found = exact or begun
    if len(found) == 1:
        return found[0]
    which = f"'{word}' may be {' or '.join(found)}" if found else f"no system is called '{word}'"
    hint = ("" if found else nearest(word, names)) or f"systems: {', '.join(names)}"
    raise StudyError((Problem(which, hint=hint),), _STUDY)


def _plain(text: str) -> str:
    """Return a name without what people write in different ways: case, spaces, dots, hyphens."""
    return "".join(letter for letter in text.lower() if letter.isalnum())


def _sentence(quantity: Quantity, answer: Answer, level: str) -> str:
    unit = quantity.unit.removesuffix("/query")  # the sentence says it
    interval = format_interval(*answer.interval, unit, answer.interval_errors)
    words = _SENTENCES[quantity.name].format(
        system=answer.label, interval=interval.replace(" to ", " and ", 1)
    )
    median = format_value(answer.median, unit, answer.errors["p50"])
    return f"{words} ({level} sure); the middle is {median}."


def _picture(tree: DataTree, quantity: Quantity, answer: Answer) -> str:
    """Return the density between the 1st and the 99th percentile, as a line of blocks."""
    place = {"system": answer.system}
    density = tree["density"].to_dataset()[quantity.name].sel(place).values
    edges = tree["density_edges"].to_dataset()[quantity.name].sel(place).values
    shares = tree["percentiles"].to_dataset()[quantity.name].sel(place)
    low, high = (float(shares.sel(percentile=p)) for p in (1.0, 99.0))
    unit = quantity.unit.removesuffix("/query")
    bar = blocks(density, edges, low, high)
    return f"  {format_value(low, unit)} {bar} {format_value(high, unit)}"


def blocks(mass: NDArray[np.float64], edges: NDArray[np.float64], low: float, high: float) -> str:
    """Return a histogram as characters: equal steps from low to high, of the ratio if positive.

    ``mass`` (B,) lies between ``edges`` (B + 1,); at least one cell is full height.
    """
    logarithmic = low > 0 and high > 15 * low
    space = np.geomspace if logarithmic else np.linspace
    cumulative = np.concatenate([[0.0], np.cumsum(mass)])
    heights = np.diff(np.interp(space(low, high, _CELLS + 1), edges, cumulative))
    eighths = np.ceil(8 * heights / heights.max()).astype(int)
    return "".join(_EIGHTHS[eighth] for eighth in eighths)
