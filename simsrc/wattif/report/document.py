"""The document: everything a reader is shown, put into the page's templates."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from wattif.report.assumptions import read_assumptions, unsourced
from wattif.report.claims import read_claims, read_verdicts
from wattif.report.claims_table import claim_rows
from wattif.report.correlations import read_correlations
from wattif.report.downloads import make_downloads
from wattif.report.figure import draw_figure
from wattif.report.findings import read_findings
from wattif.report.numbers import Numbers
from wattif.report.panels import Panel, level_of_run, read_grid, read_levels, read_panels
from wattif.report.payload import make_payload
from wattif.report.sensitivity import read_sensitivity
from wattif.report.store import MARK
from wattif.report.tables import table_rows
from wattif.report.verdicts import judge
from wattif.results.answers import read_answers, title_of
from wattif.wording import Language

if TYPE_CHECKING:
    from jinja2 import Environment
    from xarray import DataTree


@dataclass(frozen=True)
class Contents:
    """What goes into a report: its language, which quantities and systems (all if empty), in order.

    ``file`` is the name of the result, as the page tells how to repeat the run.
    """

    language: Language = "en"
    quantities: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    file: str = "RESULT"


def build_report(tree: DataTree, contents: Contents) -> str:
    """Return the report of a result: one HTML document that needs nothing else.

    Raises
    ------
    ResultError
        If the result has no quantity or no system of a name in ``contents``.
    """
    numbers = Numbers(contents.language)
    style, script = _asset("report.css"), _asset("report.js")
    page = _environment().get_template("report.html.jinja")
    return page.render(
        say=numbers.say,
        numbers=numbers,
        mark=MARK,
        contents=contents,
        style=style,
        script=script,
        policy=_policy(style, script),
        **_content(tree, contents, numbers),
    )


def _content(tree: DataTree, contents: Contents, numbers: Numbers) -> dict[str, Any]:
    quantities = read_answers(tree, contents.quantities, contents.systems, contents.language)
    claims = read_claims(tree)
    panels = read_panels(tree, quantities, claims)
    grid = read_grid(tree)
    levels = read_levels(grid)
    own = level_of_run(tree, levels)
    level = levels[own]
    judged = judge(claims, panels, grid, level.share)
    movers = read_sensitivity(tree, panels, numbers)
    assumptions = read_assumptions(tree, numbers)
    return {
        "attributes": tree.attrs,
        "sections": _sections(bool(judged), bool(movers)),
        "movers": movers,
        "title": title_of(tree, contents.language),
        "level": numbers.percent(level.share),
        "levels": levels,
        "own": own,
        "findings": read_findings(tree, panels, judged, level, numbers),
        "figures": [draw_figure(i, panel, level, numbers) for i, panel in enumerate(panels)],
        "tables": [table_rows(panel, level, numbers) for panel in panels],
        "systems": [(answer.system, answer.row) for answer in quantities[0].answers],
        "claims": claim_rows(judged, read_verdicts(tree, claims), grid, level, numbers),
        "tail": 50 * (1 - level.share),
        "assumptions": assumptions,
        "unsourced": unsourced(assumptions),
        "correlations": read_correlations(tree, numbers),
        "method": _method(tree, panels, numbers),
        "versions": _versions(tree),
        "platform": json.loads(str(tree.attrs["platform"])),
        "downloads": make_downloads(tree, contents.language),
        "payload": make_payload(panels, grid, levels, own, numbers),
    }


def _sections(claims: bool, movers: bool) -> list[str]:
    """Return the sections of the page, by the names of their anchors and headings."""
    some = [name for name, there in (("claims", claims), ("sensitivity", movers)) if there]
    return ["findings", "charts", *some, "assumptions", "method", "repeat", "downloads"]


def _method(tree: DataTree, panels: tuple[Panel, ...], numbers: Numbers) -> list[str]:
    """Return the paragraphs that say how the numbers were made and how certain they are."""
    say, attributes = numbers.say, tree.attrs
    error = _largest_error(panels)
    known = "report.method_errors" if error > 0 else "report.method_errors_none"
    return [
        say(
            "report.method_draws",
            draws=numbers.count(int(attributes["draws"])),
            scheme=say(f"report.{attributes['sampling']}"),
            replicates=numbers.count(int(attributes["replicates"])),
            seed=attributes["seed"],
        ),
        say("report.method_intervals", level=numbers.percent(float(attributes["interval"]))),
        say(known, error=numbers.percent(float(f"{error:.1g}"))),
        *_lost(panels, numbers),
        say("report.method_limits"),
    ]


def _largest_error(panels: tuple[Panel, ...]) -> float:
    """Return the largest relative standard error of a median; 0 if none is known."""
    answers = [row.answer for panel in panels for row in panel.rows if row.kind == "spread"]
    errors = [a.errors["p50"] / abs(a.median) for a in answers if a.median]
    return max((error for error in errors if math.isfinite(error)), default=0.0)


def _lost(panels: tuple[Panel, ...], numbers: Numbers) -> list[str]:
    return [
        numbers.say(
            "report.lost",
            lost=numbers.count(row.answer.lost),
            draws=numbers.count(row.answer.draws),
            quantity=" · ".join(filter(None, (panel.quantity.label, row.answer.row))),
        )
        for panel in panels
        for row in panel.rows
        if row.answer.lost
    ]


def _versions(tree: DataTree) -> str:
    return ", ".join(f"{k} {v}" for k, v in json.loads(str(tree.attrs["versions"])).items())


def _policy(style: str, script: str) -> str:
    """Return a policy under which a browser runs nothing but our script, and fetches nothing."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _asset(name: str) -> str:
    return (resources.files("wattif.report") / "assets" / name).read_text("utf-8")


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("wattif.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
