"""The report: a result as one HTML file that reads, prints and answers questions without a network.

``build_report`` turns a result into the text of the file, ``save_report`` puts it on disk. Every
number is formatted here, so that the page's script only moves what it is given. To add a section: a
module that reads it from the result, a template, its words in both languages, and a test.
"""

from wattif.report.document import Contents, build_report
from wattif.report.store import check_report, save_report

__all__ = ["Contents", "build_report", "check_report", "save_report"]
