"""Claims: what they are about, what they say, and their figures in the quantity's unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wattif.language import shape
from wattif.language.complaints import MOST, Complaint, RefusedError, listed, nearest
from wattif.language.definitions import converted
from wattif.language.graph import Place
from wattif.language.model import Claim
from wattif.language.money import conversion_hint
from wattif.language.resolution import World
from wattif.language.units import Unit, describe, same_dimension
from wattif.language.values import ClaimForm, ValueFormError, parse_claim
from wattif.library.bibliography import cite


@dataclass(frozen=True)
class ReadClaim:
    """A claim whose texts have been read: the place it is about, and its figures."""

    number: int
    place: Place
    form: ClaimForm
    written: shape.Claim


def read_claims(
    claims: Sequence[shape.Claim], world: World
) -> tuple[list[ReadClaim], list[Complaint]]:
    """Return the claims of a study, and what cannot be read in them."""
    found: list[ReadClaim] = []
    complaints: list[Complaint] = []
    for number, claim in enumerate(claims):
        try:
            place = _place(number, claim.quantity, world)
            found.append(ReadClaim(number, place, _form(number, claim.says), claim))
        except RefusedError as error:
            complaints.append(error.complaint)
        if len(complaints) == MOST:
            break
    return found, complaints


def _place(number: int, quantity: str, world: World) -> Place:
    at = ("claims", number, "quantity")
    system, point, name = quantity.partition(".") if "." in quantity else ("", "", quantity)
    if not point and len(world.scopes) == 1:
        system = next(iter(world.scopes))
    if system not in world.scopes:
        raise RefusedError(Complaint(at, *_no_system(quantity, system, name, world)))
    if name not in world.scopes[system].seen:
        message = f"{name!r} is not defined in system {system}"
        raise RefusedError(Complaint(at, message, nearest(name, world.scopes[system].seen)))
    return system, name


def _no_system(quantity: str, system: str, name: str, world: World) -> tuple[str, str]:
    if not system:
        keys = list(world.scopes)
        message = f"{quantity!r} does not say of which system; expected system.quantity"
        return message, f"write {keys[0]}.{name}; systems: {listed(keys)}"
    key = world.by_formula_name.get(system)
    near = f"did you mean {key!r}?" if key else nearest(system, world.scopes)
    return f"no system is called {system!r}", near or f"systems: {listed(list(world.scopes))}"


def _form(number: int, says: str) -> ClaimForm:
    try:
        return parse_claim(says)
    except ValueFormError as error:
        last = max(error.column, error.end_column - 1)
        at = ("claims", number, "says")
        complaint = Complaint(at, error.message, error.hint, first=error.column, last=last)
        raise RefusedError(complaint) from None


def finished(claim: ReadClaim, unit: Unit) -> Claim:
    """Return a claim with its figures in the unit of its quantity.

    Raises
    ------
    RefusedError
        If they are in a unit of another dimension.
    """
    form, written = claim.form, claim.written
    if not same_dimension(form.unit, unit):
        message = (
            f"the claim is in {describe(form.unit)}, and {written.quantity} in {describe(unit)}"
        )
        hint = conversion_hint(form.unit, unit)
        raise RefusedError(Complaint(("claims", claim.number, "says"), message, hint))
    return Claim(
        system=claim.place[0],
        quantity=claim.place[1],
        says=written.says,
        relation=form.relation,
        low=converted(form.low, form.unit, unit),
        high=converted(form.high, form.unit, unit),
        unit=unit,
        source=cite(written.source),
        note=written.note,
    )
