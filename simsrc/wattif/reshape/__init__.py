"""Read every "a to b" of a study in other shapes, and see which outputs care.

An interval says where 90 % of a belief lies, and nothing of its shape: that was chosen for the
study. Here it is chosen anew, on the same draws.
"""

from wattif.reshape.alternatives import SHAPES
from wattif.reshape.conduct import reshape
from wattif.reshape.report import Cause, Output, Remark, ShapeReport, Shift

__all__ = ["SHAPES", "Cause", "Output", "Remark", "ShapeReport", "Shift", "reshape"]
