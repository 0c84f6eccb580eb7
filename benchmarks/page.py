"""A page of which some parts are written by a program, each between two markers."""

from __future__ import annotations


def fill(page: str, name: str, body: str) -> str:
    """Return the page with the part of that name replaced.

    Raises
    ------
    ValueError
        If the page lacks one of the part's markers.
    """
    start, end = f"<!-- {name}: start -->", f"<!-- {name}: end -->"
    before, found, rest = page.partition(start)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"the page lacks {start} or {end}")
    return f"{before}{start}\n\n{body}\n\n{end}{after}"
