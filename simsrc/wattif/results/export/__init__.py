"""A result as a file of another kind: CSV, Excel, Parquet, JSON, LaTeX.

To add a format: a module with a function that writes it and one that knows its own files again, and
a line in ``export``.
"""

from wattif.results.export.export import export
from wattif.results.export.request import FORMATS, WHATS, What

__all__ = ["FORMATS", "WHATS", "What", "export"]
