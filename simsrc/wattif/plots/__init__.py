"""Pictures of a result: one module a picture, one function of the tree that returns a Figure.

To add a picture: see :mod:`wattif.plots.kinds`. It is drawn on a page of :mod:`wattif.plots.sheet`
with the colours and words of its :class:`~wattif.plots.look.Look`.
"""

from wattif.plots.intervals import intervals
from wattif.plots.kinds import KINDS
from wattif.plots.look import Look
from wattif.plots.style import save_figure

__all__ = ["KINDS", "Look", "intervals", "save_figure"]
