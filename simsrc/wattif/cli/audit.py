"""``wattif audit``: judge the claims of a study."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Annotated, get_args

from cyclopts import Parameter
from rich.text import Text

from wattif.analysis import Audit, audit_claims, by_source
from wattif.analysis.audit import Verdict
from wattif.cli.arguments import Out
from wattif.cli.audit_words import Words
from wattif.cli.results import result_of
from wattif.cli.terminal import heading, show, show_json, small, table
from wattif.results.answers import NO_SYSTEMS
from wattif.wording import Language


def audit(
    study: str,
    /,
    *,
    out: Out = None,
    lang: Annotated[Language, Parameter(name=["--lang", "-l"])] = "en",
    json: bool = False,
) -> None:
    """Judge the claims of a study: consistent, doubtful, inconsistent or too vague to test.

    Parameters
    ----------
    study
        A TOML file, the name of a packaged study, or a result (.nc) that `wattif run` wrote.
    out
        Draw the claims over the study's intervals: .png, .svg or .pdf.
    lang
        Language of the words: en or es.
    json
        Print one JSON object instead of a table.
    """
    tree = result_of(study)
    audits = audit_claims(tree, language=lang)
    if json:
        show_json(audits_as_json(audits))
    else:
        titled = str(tree.attrs.get(f"title_{lang}", tree.attrs["title"]))
        _show(audits, titled, Words(lang, float(tree.attrs["interval"])))
    if out is not None:
        from wattif.plots import Look, claims, save_figure

        saved = save_figure(claims(tree, look=Look(language=lang)), out)
        if not json:
            show(str(saved))


def _show(audits: Sequence[Audit], title: str, words: Words) -> None:
    say = words.say
    rows: list[list[str | Text]] = []
    for label, group in groupby(_ordered(audits), key=lambda one: one.check.answer.row):
        rows += [[heading(label), *[""] * 6]] if label else []
        rows += [words.row(one) for one in group]
    names = ("claim", "holds", "place", "factor", "verdict")
    headers = ["", *(say(f"audit.{name}") for name in names)]
    headers.insert(2, say("audit.study", level=words.level))
    show(heading(title), "", table(headers, rows, "lllrrrl"), "")
    for one in audits:
        _explain(one, words)
    show(_tally(audits, words), *_in_part(audits, words), "")
    show(small(say("audit.rule")), small(say("audit.rule_verdict")))


def _ordered(audits: Sequence[Audit]) -> list[Audit]:
    """Return audits with those of one system together, else in the study's order."""
    systems = list(dict.fromkeys(one.check.system for one in audits))
    return sorted(audits, key=lambda one: systems.index(one.check.system))


def _explain(one: Audit, words: Words) -> None:
    """Print what a verdict rests on, where the table does not tell."""
    if not (lines := words.reasons(one)):
        return
    check = one.check
    name = check.label if check.system == NO_SYSTEMS else f"{check.answer.row}: {check.label}"
    verdict = words.say(f"audit.{one.verdict}")
    show(Text.assemble((f"{name}, {check.says}", "bold"), f" · {verdict}"))
    for line in (check.source, *lines):
        show(small(f"  {line}") if line is check.source else f"  {line}")
    show("")


def _tally(audits: Sequence[Audit], words: Words) -> str:
    counts = Counter(one.verdict for one in audits)
    parts = [
        words.say("audit.tally_part", count=counts[name], verdict=words.say(f"audit.{name}"))
        for name in get_args(Verdict)
        if counts[name]
    ]
    joined = ", ".join(parts)
    if len(audits) == 1:
        return words.say("audit.tally_one", parts=joined)
    return words.say("audit.tally", count=len(audits), parts=joined)


def _in_part(audits: Sequence[Audit], words: Words) -> list[str]:
    sources = [source for source, verdict in by_source(audits).items() if verdict == "mixed"]
    return [words.say("audit.parts", sources="; ".join(sources))] if sources else []


def audits_as_json(audits: Sequence[Audit]) -> dict[str, object]:
    """Return all that an audit found, unrounded."""
    return {
        "schema_version": 1,
        "claims": [_as_json(one) for one in audits],
        "sources": dict(by_source(audits)),
    }


def _as_json(one: Audit) -> dict[str, object]:
    check, measures = one.check, one.measures
    return {
        "system": check.system,
        "quantity": check.quantity,
        "says": check.says,
        "source": check.source,
        "unit": check.unit,
        "low": check.low,
        "high": check.high,
        "median": check.answer.median,
        "verdict": one.verdict,
        "reason": one.reason,
        "firm": one.firm,
        **{
            name: {"value": found.value, "error": found.error}
            for name, found in (
                ("holds", measures.holds),
                ("reached", measures.reached),
                ("inside", measures.inside),
                ("below_low", check.below),
                ("above_high", check.above),
                ("factor", one.factor),
            )
        },
        "conditions": [
            {
                "how": condition.how,
                "quantity": condition.key,
                "label": condition.label,
                "unit": condition.unit,
                "usual": condition.usual,
                "needed": condition.needed.value,
                "place": condition.place,
            }
            for condition in one.conditions
        ],
    }
