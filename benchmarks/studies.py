"""Studies of any size and family, as dicts, for the benchmarks."""

from __future__ import annotations

import tomli

from wattif.distributions import FAMILIES

Study = dict[str, object]


def of_family(family: str) -> Study:
    """Return a study of twelve quantities of one family, and their sum."""
    belief = tomli.loads(f"belief = {FAMILIES[family].example}")["belief"]
    drawn = {f"x{i}": belief for i in range(12)}
    return {"quantities": {**drawn, "total": {"formula": " + ".join(drawn)}}}


def of_quantities(count: int) -> Study:
    """Return a study of ``count`` lognormal quantities in four sums: 12 to some thousands."""
    drawn = {f"x{i}": f"{1 + i % 7} to {3 + i % 11 + i % 7}" for i in range(count)}
    names = list(drawn)
    sums = {f"total{j}": {"formula": " + ".join(names[j::4])} for j in range(4)}
    return {"quantities": {**drawn, **sums}}


def of_outputs(count: int) -> Study:
    """Return a study of twelve lognormal quantities and ``count`` products of three of them."""
    drawn = {f"x{i}": f"{1 + i % 7} to {3 + i}" for i in range(12)}
    products = {
        f"product{j}": {"formula": f"x{j % 12} * x{(j // 12 + j + 1) % 12} * x{(5 * j + 3) % 12}"}
        for j in range(count)
    }
    return {"quantities": {**drawn, **products}}
