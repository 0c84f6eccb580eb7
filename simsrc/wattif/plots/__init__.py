"""Pictures of a result: one module a picture, one function of the tree that returns a Figure.

To add a picture: a module with one such function, drawn with :mod:`wattif.plots.style`, and a test
of what is drawn, not of pixels.
"""

from wattif.plots.intervals import intervals
from wattif.plots.style import save_figure

__all__ = ["intervals", "save_figure"]
