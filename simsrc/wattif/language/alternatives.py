"""Rival definitions of one quantity, of which one is drawn: uncertainty about the model itself.

A quantity ``x`` with alternatives becomes several definitions: ``x_1``, ``x_2``, ... are the
rivals, ``x_form`` is drawn once and says which of them holds, and ``x`` is that one. All that use
``x``, and whatever names ``x_form``, see the same choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from wattif.distributions import BeliefError, make
from wattif.language import forms
from wattif.language.complaints import Complaint, RefusedError
from wattif.language.definitions import Definition, Tree, Where, define
from wattif.language.formulas import parse
from wattif.language.labels import Label
from wattif.language.model import Random
from wattif.language.units import DIMENSIONLESS

CHOICE = "form"  # what the choosing quantity's name ends in, after an underscore


def expand(name: str, form: forms.Alternatives, where: Where) -> Iterator[Definition]:
    """Yield the definitions that a quantity with alternatives comes to, itself last.

    Raises
    ------
    RefusedError
        If a rival cannot be read, or the weights choose none.
    """
    at = (*where.path, "alternatives")
    rivals = [f"{name}_{number}" for number in range(1, len(form.alternatives) + 1)]
    for place, (rival, stated) in enumerate(zip(rivals, form.alternatives, strict=True)):
        inside = replace(where, path=(*at, place))
        yield define(rival, _with_unit(stated, form.unit), inside)
    yield _choice(name, form, where)
    whole = define(name, forms.Formula(formula=_formula(name, rivals), unit=form.unit), where)
    content = whole.content
    assert isinstance(content, Tree)
    yield replace(
        whole,
        at=at,
        label=form.label,
        source=form.source,
        grade=form.grade or "",
        note=form.note,
        stated=f"one of {', '.join(rivals)}, as {name}_{CHOICE} says",
        domain=form.domain,
    )


def _with_unit(stated: forms.AnyForm, unit: str | None) -> forms.AnyForm:
    """Return a rival in the whole's unit, unless it states one of its own."""
    if unit is None or isinstance(stated, str):
        return stated
    if isinstance(stated, float | int):
        return forms.Value(value=float(stated), unit=unit)
    return stated if stated.unit else stated.model_copy(update={"unit": unit})


def _choice(name: str, form: forms.Alternatives, where: Where) -> Definition:
    """Return the quantity that says which alternative holds: 1, 2, ... by their weights."""
    size = len(form.alternatives)
    weights = form.weights or (1.0,) * size
    at = (*where.path, "weights" if form.weights else "alternatives")
    if len(weights) != size:
        message = f"weights: found {len(weights)}; expected {size}, one for each alternative"
        raise RefusedError(Complaint(at, message))
    try:
        values = [float(number) for number in range(1, size + 1)]
        chosen = make("discrete", {"values": values, "weights": list(weights)})
    except BeliefError as error:
        raise RefusedError(Complaint(at, error.message, error.hint)) from None
    shares = ", ".join(f"{w / sum(weights):.3g}" for w in weights)
    reading = f"which of {size} alternatives holds, with probabilities {shares}"
    return Definition(
        name=f"{name}_{CHOICE}",
        where=replace(where, path=at),
        content=Random(chosen, stated=f"weights {shares}", reading=reading),
        unit=DIMENSIONLESS,
        stated=f"weights {shares}",
        label=_label(name, form.label),
        source=form.source,
        grade=form.grade or "",
        at=at,
    )


def _label(name: str, label: Label) -> Label:
    return replace(label, text=f"Form of {label.text or name.replace('_', ' ')}")


def _formula(name: str, rivals: list[str]) -> str:
    """Return the formula that picks the rival which holds; the last needs no question."""
    text = rivals[-1]
    for number, rival in zip(count(len(rivals) - 1, -1), reversed(rivals[:-1])):
        text = f"where({name}_{CHOICE} == {number}, {rival}, {text})"
    parse(text)  # as deep as there are rivals, which is capped
    return text
