"""A study at a glance, as text and as HTML: what a console or a notebook shows of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from html import escape
from textwrap import wrap

from wattif.language.complaints import listed
from wattif.language.model import Absent, Belief, Conditional, Constant, Model, Random

Facts = list[tuple[str, tuple[str, ...]]]

NO_MATH = "tex2jax_ignore mathjax_ignore"  # notebooks read "$5 to $6" as a formula
_SHOWN = 12  # names in a list; more are counted
_WIDTH = 100
_KINDS = ("distribution", "constant", "formula", "absent")


def as_text(model: Model) -> str:
    """Return a study at a glance, as plain text."""
    lines = [f"Study: {model.title}"]
    for name, texts in _facts(model):
        for number, text in enumerate(texts):
            first = f"  {name if number == 0 else '':<10}  "
            lines += wrap(text, _WIDTH, initial_indent=first, subsequent_indent=" " * 14)
    return "\n".join(lines)


def as_html(model: Model) -> str:
    """Return a study at a glance, as HTML that keeps to the colours of the page around it."""
    cell = "text-align:left;vertical-align:top;padding:.1em .8em"
    rows = "".join(
        f'<tr style="background:none;"><th scope="row" style="{cell}">{escape(name)}</th>'
        f'<td style="{cell}">{"<br>".join(map(escape, texts))}</td></tr>'
        for name, texts in _facts(model)
    )
    return (
        f'<div class="{NO_MATH}"><strong>{escape(model.title)}</strong>'
        f'<table style="border-collapse:collapse;margin:.5em 0"><tbody>{rows}</tbody></table></div>'
    )


def _facts(model: Model) -> Facts:
    """Return what is worth knowing of a study, by name, in lines."""
    run = model.run
    settings = (
        f"{run.draws:,} draws, {run.sampling}, {run.replicates} replicates, seed {run.seed}, "
        f"{100 * run.interval:g} % intervals"
    )
    facts: Facts = [
        ("systems", (_listed(_systems(model)),)),
        ("quantities", (_counted(model),)),
        ("outputs", (_listed(_output(model, name) for name in model.outputs),)),
        ("run", (settings,)),
        ("absent", tuple(_absences(model))),
    ]
    return [(name, texts) for name, texts in facts if any(texts)]


def _systems(model: Model) -> list[str]:
    """Return the names of the systems; none in a study without systems."""
    alone = len(model.systems) == 1 and model.systems[0].key == "study"
    return [] if alone else [system.label for system in model.systems]


def _listed(words: Iterable[str]) -> str:
    return listed(list(words), _SHOWN)


def _counted(model: Model) -> str:
    """Return how many quantities of each kind the outputs rest on, or are."""
    needed = {model.table[place].key: model.table[place] for place in sorted(model.needed)}
    kinds = Counter(_kind(quantity.belief) for quantity in needed.values())
    return ", ".join(_many(kinds[kind], kind) for kind in _KINDS if kinds[kind])


def _kind(belief: Belief) -> str:
    """Return what a quantity is; a formula that lacks something absent still is a formula."""
    match belief:
        case Random() | Conditional():
            return "distribution"
        case Constant():
            return "constant"
        case Absent(_, ""):
            return "absent"
        case _:
            return "formula"


def _many(count: int, word: str) -> str:
    return f"{count} {word}" + ("s" if count != 1 and word != "absent" else "")


def _output(model: Model, name: str) -> str:
    unit = model.units[name].text
    return name if unit == "1" else f"{name} [{unit}]"


def _absences(model: Model) -> list[str]:
    """Return each reason why outputs are absent, with the outputs and systems it holds for."""
    systems: dict[tuple[str, str], list[str]] = {}
    for name in model.outputs:
        for system in model.systems:
            belief = model.find(system.key, name).belief
            if isinstance(belief, Absent):
                systems.setdefault((belief.reason, name), []).append(system.label)
    names: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (reason, name), labels in systems.items():
        names.setdefault((reason, tuple(labels)), []).append(name)
    return [
        f"{_listed(outputs)} ({_listed(labels)}): {reason}"
        for (reason, labels), outputs in names.items()
    ]
