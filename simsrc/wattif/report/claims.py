"""Published claims, as a result holds them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wattif.analysis import audit_claims
from wattif.analysis.audit import Verdict

if TYPE_CHECKING:
    from xarray import DataTree

_UNITLESS = {"", "1", "dimensionless"}


@dataclass(frozen=True)
class Claim:
    """A claim as the study has it; bounds in the unit that the result reports the quantity in."""

    system: str
    quantity: str
    says: str
    relation: str
    low: float
    high: float
    source: str
    note: str


def read_claims(tree: DataTree) -> list[Claim]:
    """Return the claims of a result; one in a unit of its own has no bounds."""
    group = tree["claims"].to_dataset()
    columns = {name: group[name].values for name in group.data_vars}
    rows = [
        {str(name): values[i] for name, values in columns.items()}
        for i in range(group.sizes.get("claim", 0))
    ]
    return [_claim(tree, row) for row in rows]


def read_verdicts(tree: DataTree, claims: Sequence[Claim]) -> dict[Claim, Verdict]:
    """Return the verdict on each claim of a result, by the rule of ``wattif audit``."""
    verdicts = [audit.verdict for audit in audit_claims(tree)] if claims else []
    return dict(zip(claims, verdicts, strict=True))


def _claim(tree: DataTree, row: dict[str, object]) -> Claim:
    quantity = str(row["quantity"])
    known = tree["summary"].data_vars
    unit = str(known[quantity].attrs.get("units", "1")) if quantity in known else ""
    same = str(row["unit"]) == unit or {str(row["unit"]), unit} <= _UNITLESS
    low, high = (float(str(row[end])) if same else math.nan for end in ("low", "high"))
    return Claim(
        system=str(row["system"]),
        quantity=quantity,
        says=str(row["says"]),
        relation=str(row["relation"]),
        low=low,
        high=high,
        source=str(row["source"]),
        note=str(row["note"]),
    )
