"""Pictures of a result: one module a picture, one function of the tree that returns a Figure.

To add a picture: see :mod:`wattif.plots.kinds`. It is drawn on a page of :mod:`wattif.plots.sheet`
with the colours and words of its :class:`~wattif.plots.look.Look`.
"""

from wattif.plots.cdf import cdf
from wattif.plots.convergence import convergence
from wattif.plots.density import density
from wattif.plots.efficiency import efficiency
from wattif.plots.exceedance import exceedance
from wattif.plots.fan import fan
from wattif.plots.intervals import intervals
from wattif.plots.kinds import KINDS, Kind
from wattif.plots.look import Look
from wattif.plots.style import save_figure
from wattif.plots.tail import tail

__all__ = [
    "KINDS",
    "Kind",
    "Look",
    "cdf",
    "convergence",
    "density",
    "efficiency",
    "exceedance",
    "fan",
    "intervals",
    "save_figure",
    "tail",
]
