"""Pictures of a result: one module a picture, one function of the tree that returns a Figure.

To add a picture: see :mod:`wattif.plots.kinds`. It is drawn on a page of :mod:`wattif.plots.sheet`
with the colours and words of its :class:`~wattif.plots.look.Look`.
"""

from wattif.plots.breakdown import breakdown
from wattif.plots.breakeven import breakeven
from wattif.plots.cdf import cdf
from wattif.plots.claims import claims
from wattif.plots.compare import compare
from wattif.plots.convergence import convergence
from wattif.plots.correlations import correlations
from wattif.plots.density import density
from wattif.plots.efficiency import efficiency
from wattif.plots.exceedance import exceedance
from wattif.plots.fan import fan
from wattif.plots.inputs import inputs
from wattif.plots.intervals import intervals
from wattif.plots.kinds import KINDS, Kind
from wattif.plots.look import Look
from wattif.plots.scatter import scatter
from wattif.plots.sensitivity import sensitivity
from wattif.plots.style import save_figure
from wattif.plots.tail import tail
from wattif.plots.tornado import tornado

__all__ = [
    "KINDS",
    "Kind",
    "Look",
    "breakdown",
    "breakeven",
    "cdf",
    "claims",
    "compare",
    "convergence",
    "correlations",
    "density",
    "efficiency",
    "exceedance",
    "fan",
    "inputs",
    "intervals",
    "save_figure",
    "scatter",
    "sensitivity",
    "tail",
    "tornado",
]
