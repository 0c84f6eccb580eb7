"""Every kind of picture that wattif can draw of a result.

To add one: its module with one function, an entry in ``KINDS``, a room of its words in every
language. Commands, documentation and tests find it here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from matplotlib.figure import Figure

from wattif.analysis import check_claims
from wattif.plots.breakdown import breakdown, choose_totals
from wattif.plots.breakeven import breakeven, choose_crossings
from wattif.plots.cdf import cdf
from wattif.plots.choice import choose_outputs, refusal
from wattif.plots.claims import claims
from wattif.plots.compare import choose_pairs, compare
from wattif.plots.convergence import convergence
from wattif.plots.correlations import correlations
from wattif.plots.density import density
from wattif.plots.efficiency import efficiency
from wattif.plots.exceedance import exceedance
from wattif.plots.fan import fan
from wattif.plots.inputs import inputs, read_assumptions
from wattif.plots.intervals import intervals
from wattif.plots.scatter import scatter
from wattif.plots.sensitivity import sensitivity
from wattif.plots.sweep import no_numeric_sweep, no_sweep
from wattif.plots.tail import tail
from wattif.plots.tornado import tornado
from wattif.results.answers import read_answers

if TYPE_CHECKING:
    from xarray import DataTree

Why = Callable[["DataTree"], str]


@dataclass(frozen=True)
class Kind:
    """A kind of picture.

    ``draw(tree, quantities, systems, *, title, look)`` returns it; where it ``takes`` results, it
    is given several trees at once. ``why_not(tree)`` returns why it cannot be drawn of a result, ""
    if it can.
    """

    name: str
    summary: str
    draw: Callable[..., Figure]
    why_not: Why
    takes: Literal["result", "results"] = "result"


def _no_curves(tree: DataTree) -> str:
    """Return why no quantity has a distribution to be drawn as a curve."""
    if why := no_sweep(tree):
        return why
    only_events = all(quantity.is_event for quantity in read_answers(tree))
    return "everything in it either happens or not, and has no curve" if only_events else ""


def _if(check: Callable[[DataTree], object]) -> Why:
    """Refuse results that run over another dimension, and what a check refuses."""
    why_not = refusal(check)
    return lambda tree: no_sweep(tree) or why_not(tree)


_outputs = _if(choose_outputs)

_ALL = (
    Kind("intervals", "medians with their credible intervals", intervals, no_sweep),
    Kind("density", "the shape of each distribution, a ridge a system", density, no_sweep),
    Kind("exceedance", "how probable more than each value is", exceedance, _no_curves),
    Kind("tail", "how probable rare, large values are, down to 0.1 %", tail, _no_curves),
    Kind("cdf", "how probable each value or less is", cdf, _no_curves),
    Kind("fan", "intervals along a number such as the year", fan, no_numeric_sweep),
    Kind("convergence", "how the medians settled as draws were taken in", convergence, no_sweep),
    Kind(
        "efficiency",
        "how the sampling error falls with draws, for several results of one study",
        efficiency,
        no_sweep,
        takes="results",
    ),
    Kind("sensitivity", "which inputs move an output, and how much", sensitivity, _outputs),
    Kind("tornado", "how far each input swings an output", tornado, _outputs),
    Kind("scatter", "an output against its strongest inputs", scatter, _outputs),
    Kind("correlations", "rank correlations of outputs and inputs", correlations, _outputs),
    Kind("compare", "systems against each other, draw by draw", compare, _if(choose_pairs)),
    Kind("breakdown", "what a total is made of", breakdown, _if(choose_totals)),
    Kind("inputs", "what was assumed, with grades and sources", inputs, _if(read_assumptions)),
    Kind("claims", "published figures against the study's answers", claims, _if(check_claims)),
    Kind("breakeven", "paid once against what every use adds", breakeven, _if(choose_crossings)),
)
KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}


def drawable(trees: Sequence[DataTree]) -> Iterator[Kind]:
    """Yield the kinds that can be drawn of these results, in the order of ``KINDS``."""
    for kind in KINDS.values():
        enough = kind.takes == "result" or len(trees) > 1
        if enough and not any(kind.why_not(tree) for tree in trees):
            yield kind
