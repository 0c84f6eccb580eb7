"""The kept draws of one output of one system, and of the inputs that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from wattif.analysis.estimates import Array
from wattif.analysis.lineage import Place, find_needed, find_sources, stored_study
from wattif.errors import ResultError
from wattif.results.answers import NO_SYSTEMS, read_answers
from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import DataTree

    from wattif.language.model import Model, Quantity


@dataclass(frozen=True, eq=False)
class Draws:
    """Kept draws of a quantity, ``values`` (replicate, draw) in ``unit``.

    ``key`` is its qualified name: "pue" (shared), "gpt-4.gpu_count" (a system's own). ``label``
    names the system too where that is not the one asked about.
    """

    key: str
    label: str
    unit: str
    values: Array = field(repr=False)

    @property
    def constant(self) -> bool:
        """Whether all finite draws are the same."""
        finite = self.values[np.isfinite(self.values)]
        return finite.size == 0 or bool(np.all(finite == finite[0]))


def kept_output(tree: DataTree, quantity: str, system: str, language: Language = "en") -> Draws:
    """Return the kept draws of an output of a system, labelled in a language.

    Raises
    ------
    ResultError
        If the result has no such output, or it is absent.
    """
    (found,) = read_answers(tree, [quantity], [system], language)
    (answer,) = found.answers
    if answer.absent:
        raise ResultError(f"{answer.label}: {found.label} is not given: {answer.absent}")
    values = _column(tree, (system, quantity))
    key = quantity if system == NO_SYSTEMS else f"{system}.{quantity}"
    return Draws(key, found.label, found.unit, values)


def kept_inputs(
    tree: DataTree, quantity: str, system: str, language: Language = "en"
) -> tuple[Draws, ...]:
    """Return the kept draws of every random input that an output of a system rests on.

    Which they are is read from the study that the result holds.

    Raises
    ------
    ResultError
        If there is no such output, it rests on no random input, or the study is one that this
        version cannot read.
    """
    output = kept_output(tree, quantity, system)
    inputs = inputs_behind(tree, [quantity], system, language)
    if not inputs:
        raise ResultError(
            f"{output.label} rests on no random input, so there is nothing that moves it; "
            "choose another quantity or system"
        )
    return inputs


def inputs_behind(
    tree: DataTree, names: Sequence[str], system: str, language: Language = "en"
) -> tuple[Draws, ...]:
    """Return the kept draws of every random input that one of a system's outputs rests on.

    They are in the order of the result's table of inputs.

    Raises
    ------
    ResultError
        If the study is one that this version cannot read.
    """
    model = stored_study(tree)
    kept = {str(name) for name in tree["prior"].data_vars}
    places = find_sources(model, [(system, name) for name in names], kept)
    order = [str(key) for key in tree["inputs"].coords["quantity"].values]
    drawn = [_input(tree, model, place, system, language) for place in places]
    return tuple(sorted(drawn, key=lambda one: order.index(one.key)))


def kept_place(tree: DataTree, place: Place, unit: str, language: Language = "en") -> Draws:
    """Return the draws of any quantity as a system sees it, in a unit of one's choice.

    Raises
    ------
    ResultError
        If there is no such quantity, it is neither kept nor constant, or has another dimension.
    """
    from wattif.language.model import Constant
    from wattif.language.units import UnitError, parse_unit, ratio

    model = stored_study(tree)
    if place not in model.table:
        raise ResultError(f"'{place[0]}' has no quantity '{place[1]}'")
    quantity = model.table[place]
    if place[1] in tree["prior"]:
        drawn = _input(tree, model, place, place[0], language)
    elif isinstance(quantity.belief, Constant):
        shape = tree["prior"].sizes["chain"], tree["prior"].sizes["draw"]
        values = np.full(shape, quantity.belief.value)
        drawn = Draws(quantity.key, _label(quantity, language), quantity.unit.text, values)
    else:
        raise ResultError(
            f"the draws of {place[1]} were not kept; list it under run.outputs and run again"
        )
    try:
        factor = ratio(parse_unit(drawn.unit), parse_unit(unit))
    except UnitError as error:
        raise ResultError(f"{drawn.label} is no part of it: {error}") from None
    return replace(drawn, unit=unit, values=drawn.values * factor)


def drawn_inputs(tree: DataTree) -> dict[str, Draws]:
    """Return the kept draws of all random inputs of a result, by key.

    Raises
    ------
    ResultError
        If the study is one that this version cannot read.
    """
    from wattif.language.model import Random

    model = stored_study(tree)
    names = {str(name) for name in tree["prior"].data_vars}
    places = {
        quantity.key: place
        for place, quantity in model.table.items()
        if isinstance(quantity.belief, Random) and place[1] in names and place in model.needed
    }
    return {key: _input(tree, model, place, place[0], "en") for key, place in places.items()}


def assumptions_behind(
    tree: DataTree, quantities: Sequence[str], systems: Sequence[str]
) -> frozenset[str]:
    """Return the keys of all quantities, stated or derived, that outputs rest on.

    Parameters
    ----------
    tree
        The result.
    quantities, systems
        Which outputs of which systems; all if empty.

    Raises
    ------
    ResultError
        If there is no such output or system, or the study is one that this version cannot read.
    """
    model = stored_study(tree)
    places = [
        (answer.system, found.name)
        for found in read_answers(tree, quantities, systems)
        for answer in found.answers
    ]
    return frozenset(model.table[place].key for place in find_needed(model, places))


def output_systems(tree: DataTree, quantity: str) -> list[str]:
    """Return the keys of the systems that have an output, in the study's order."""
    (found,) = read_answers(tree, [quantity])
    return [answer.system for answer in found.answers if not answer.absent]


def _column(tree: DataTree, place: Place) -> Array:
    """Return the draws of a quantity as one system sees it."""
    kept = tree["prior"][place[1]]
    return np.asarray(kept.sel(system=place[0]).values if "system" in kept.dims else kept.values)


def _input(tree: DataTree, model: Model, place: Place, asking: str, language: Language) -> Draws:
    quantity = model.table[place]
    label = label_for(model, quantity, asking, language)
    unit = str(tree["prior"][place[1]].attrs.get("units", "1"))
    return Draws(quantity.key, label, unit, _column(tree, place))


def label_for(model: Model, quantity: Quantity, asking: str, language: Language = "en") -> str:
    """Return what to call a quantity to a system: with the owner's name, if that is another."""
    label = _label(quantity, language)
    if quantity.system in (None, asking):
        return label
    (owner,) = (s.labels.get(language, s.label) for s in model.systems if s.key == quantity.system)
    return f"{owner}: {label}"


def _label(quantity: Quantity, language: Language) -> str:
    return quantity.labels.get(language, quantity.label) or quantity.name.replace("_", " ")
