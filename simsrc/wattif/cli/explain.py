"""``wattif explain``: where a quantity comes from, as a tree."""

from __future__ import annotations

from rich.text import Text
from rich.tree import Tree

from wattif.cli.studies import load_study
from wattif.cli.terminal import show
from wattif.errors import Problem, StudyError
from wattif.format import format_interval, format_value
from wattif.language.explain import Node
from wattif.language.explain import explain as explained
from wattif.language.model import Model


def explain(study: str, quantity: str, /) -> None:
    """Show where a quantity comes from: formulas, values, units, sources.

    Parameters
    ----------
    study
        A TOML file, or the name of a packaged study.
    quantity
        system.quantity; the quantity alone where the study has one system.
    """
    model = load_study(study).model
    root = explained(model, *_place(model, quantity))
    tree = Tree(_words(root, root.system))
    ahead = [(tree, root)]  # a loop: studies may be deeper than Python's stack
    while ahead:
        branch, node = ahead.pop()
        for child in node.children:
            ahead.append((branch.add(_words(child, node.system)), child))
    show(tree)


def _place(model: Model, words: str) -> tuple[str, str]:
    """Return the system and the quantity that a word names."""
    system, dot, name = words.partition(".")
    if dot:
        return system, name
    if len(model.systems) > 1:
        keys = ", ".join(system.key for system in model.systems)
        hint = f"write {model.systems[0].key}.{words}; systems: {keys}"
        raise StudyError((Problem(f"{words}: of which system?", hint=hint),), model.path)
    return model.systems[0].key, words


def _words(node: Node, home: str) -> Text:
    """Return a quantity's line: its name, what it is, and below, where that comes from."""
    name = node.name if node.system == home else f"{node.system}.{node.name}"
    if node.repeated:
        return Text.assemble((name, "bold"), (" as above", "dim"))
    grade = f"grade {node.grade}" if node.grade else ""
    origin = " · ".join(part for part in (node.origin, grade, node.source) if part)
    return Text.assemble((name, "bold"), " ", _what(node), "\n", (origin, "dim"))


def _what(node: Node) -> str:
    if node.kind == "absent":
        return f"is absent: {node.stated}"
    if node.kind == "formula":
        return f"= {node.stated}" + (f" [{node.unit}]" if node.unit != "1" else "")
    low, high = node.range or (0.0, 0.0)
    if node.kind == "constant":
        return f"= {format_value(low, node.unit, 0.0)}"
    return f"~ {format_interval(low, high, node.unit)} (90 %): {node.reading or node.stated}"
