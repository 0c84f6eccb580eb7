"""``wattif sources``: the figures of a study with their sources, and what rests on guesses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rich.console import RenderableType
from rich.text import Text

from wattif.analysis.estimates import Estimate
from wattif.analysis.provenance import GRADES, UNGRADED, Figure, Provenance, read_provenance
from wattif.analysis.works import as_bibtex, as_csl, cited_works
from wattif.cli.results import result_of
from wattif.cli.terminal import fitted, heading, indented, show, show_json, small, table

_DRAWS = 2**14  # all of them are kept, and no more are looked at
_LEAST = 0.01  # share of the variance, below which it is not told


def sources(
    study: str,
    /,
    *,
    to: Literal["bibtex", "csl"] | None = None,
    json: bool = False,
) -> None:
    """List the figures of a study with source and grade, and how much rests on which grade.

    Parameters
    ----------
    study
        A TOML file, the name of a packaged study, or a result (.nc) that `wattif run` wrote.
    to
        Print the sources for a reference manager instead: BibTeX or CSL-JSON.
    json
        Print one JSON object instead of tables.
    """
    tree = result_of(study, _DRAWS)
    if to == "bibtex":
        print(as_bibtex(cited_works(tree)), end="")
    elif to == "csl":
        show_json(as_csl(cited_works(tree)))
    elif json:
        show_json(_as_json(read_provenance(tree)))
    else:
        _show(read_provenance(tree), str(tree.attrs["title"]))


def _show(found: Provenance, title: str) -> None:
    headers = ["", "grade", "as stated", "moves", "source"]
    figures = table(headers, _rows(found.figures), "wlwww")
    show(heading(title), "", fitted(figures), "")
    if found.resting:
        headers = ["rests on grade", "A", "B", "C", "none", "no source", "jointly"]
        show(table(headers, _resting_rows(found), "lrrrrrr"), "")
    show(*map(small, _notes(found)))


def _rows(figures: Sequence[Figure]) -> list[list[RenderableType]]:
    """Return a row a figure, under its owner's name; those of the study itself come first."""
    rows: list[list[RenderableType]] = []
    for owner in dict.fromkeys(["", *(figure.owner for figure in figures)]):
        group = [figure for figure in figures if figure.owner == owner]
        rows += [[heading(owner), "", "", "", ""]] if owner else []
        rows += [_row(figure) for figure in group]
    return rows


def _row(figure: Figure) -> list[RenderableType]:
    grade = Text(figure.grade or "none", style="" if figure.grade in ("A", "B") else "yellow")
    share = figure.share.value
    moves = f"{_percent(figure.share)} of {figure.moves}" if share >= _LEAST else ""
    source = Text(figure.source) if figure.source else Text("none", style="yellow")
    name = indented(figure.label) if figure.owner else figure.label
    return [name, grade, figure.stated, moves, source]


def _resting_rows(found: Provenance) -> list[list[str | Text]]:
    rows: list[list[str | Text]] = []
    label = ""
    for one in found.resting:
        if one.system and one.label != label:
            rows.append([heading(one.label), *[""] * 6])
        label = one.label
        name = f"  {one.system}" if one.system else one.label
        shares = [*(one.grades[grade] for grade in GRADES), one.unsourced, one.jointly]
        rows.append([name, *map(_percent, shares)])
    return rows


def _percent(share: Estimate) -> str:
    """Return a share in whole percent, marked where it is not that certain; nothing if none."""
    if share.value < _LEAST:
        return ""
    about = "~" if share.error > 0.02 else ""
    return f"{about}{100 * min(share.value, 1.0):.0f} %"


def _notes(found: Provenance) -> list[str]:
    grades = [figure.grade for figure in found.figures]
    counts = {grade: grades.count(grade) for grade in GRADES}
    without = sum(not figure.source for figure in found.figures)
    notes = [
        f"{len(found.figures)} figures: {counts['A']} of grade A (disclosed), {counts['B']} of "
        f"grade B (estimated), {counts['C']} of grade C (a guess), {counts[UNGRADED]} ungraded; "
        f"{without} without a source."
    ]
    if found.resting:
        notes += [
            f"On average over the answers, {100 * found.mean_share('C'):.0f} % of the variance "
            f"rests on grade C and {100 * found.mean_share(UNGRADED):.0f} % on ungraded figures.",
            "moves: the largest share of an answer's variance that would vanish if the figure were "
            "known (first-order index). jointly: what no figure explains by itself. Given figures "
            "do not vary, and so move nothing, right or wrong.",
        ]
    return notes


def _as_json(found: Provenance) -> dict[str, object]:
    return {
        "schema_version": 1,
        "figures": [
            {
                "quantity": figure.key,
                "label": figure.label,
                "system": figure.system,
                "stated": figure.stated,
                "source": figure.source,
                "grade": figure.grade,
                "share": _estimate(figure.share),
                "moves": figure.moves,
            }
            for figure in found.figures
        ],
        "rests_on": [
            {
                "quantity": one.label,
                "system": one.system,
                "grades": {grade or "none": _estimate(s) for grade, s in one.grades.items()},
                "unsourced": _estimate(one.unsourced),
                "jointly": _estimate(one.jointly),
            }
            for one in found.resting
        ],
    }


def _estimate(estimate: Estimate) -> dict[str, float]:
    return {"value": estimate.value, "error": estimate.error}
