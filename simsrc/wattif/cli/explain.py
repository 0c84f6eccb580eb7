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
from wattif.language.names import in_formulas


def explain(study: str, quantity: str, /) -> None:
    """Show where a quantity comes from: formulas, values, units, sources.

    Parameters
    ----------
    study
        A TOML file, or the name of a packaged study.
    quantity
        system.quantity, also with _ for - in the system's name; the quantity alone where the study
        has one system.
    """
    model = load_study(study).model
    root = explained(model, *_place(model, quantity))
    show(_tree(root))


def _tree(root: Node) -> Tree:
    """Return the tree; where lines come from the same place, the first of them says so."""
    tree = Tree(_words(root, root.system, ""))
    origin = root.origin
    ahead = [(tree, root.system, child) for child in reversed(root.children)]
    while ahead:  # a loop: studies may be deeper than Python's stack
        branch, home, node = ahead.pop()
        grown = branch.add(_words(node, home, origin))
        origin = origin if node.repeated else node.origin
        ahead += [(grown, node.system, child) for child in reversed(node.children)]
    return tree


def _place(model: Model, words: str) -> tuple[str, str]:
    """Return the system and the quantity that a word names."""
    system, dot, name = words.partition(".")
    if dot:
        by_name = {in_formulas(one.key): one.key for one in model.systems}
        return by_name.get(in_formulas(system), system), name
    if len(model.systems) > 1:
        keys = ", ".join(system.key for system in model.systems)
        hint = f"write {model.systems[0].key}.{words}; systems: {keys}"
        raise StudyError((Problem(f"{words}: of which system?", hint=hint),), model.path)
    return model.systems[0].key, words


def _words(node: Node, home: str, above: str) -> Text:
    """Return a quantity's line: its name, what it is, and below, where that comes from.

    ``above`` is the origin that the line above has told.
    """
    name = node.name if node.system == home else f"{node.system}.{node.name}"
    if node.repeated:
        return Text.assemble((name, "bold"), (" shown above", "dim"))
    grade = f"grade {node.grade}" if node.grade else ""
    place = node.origin if node.origin != above else ""
    origin = " · ".join(part for part in (place, grade, node.source) if part)
    line = Text.assemble((name, "bold"), " ", _what(node))
    return line.append(f"\n{origin}", "dim") if origin else line


def _what(node: Node) -> str:
    if node.kind == "absent":
        return f"is absent: {node.stated}"
    if node.kind == "formula":
        return f"= {node.stated}" + (f" [{node.unit}]" if node.unit != "1" else "")
    low, high = node.range or (0.0, 0.0)
    if node.kind == "constant":
        return f"= {format_value(low, node.unit, 0.0)}"
    return f"~ {format_interval(low, high, node.unit)} (90 %): {node.reading or node.stated}"
