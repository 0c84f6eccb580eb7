"""A contest as JSON, for programs."""

from __future__ import annotations

from statistics import median

from wattif.bench.contest import Contest, Score
from wattif.bench.machine import describe_machine
from wattif.bench.workload import DRAWN, OUTPUTS, QUANTITIES, STUDY

SCHEMA_VERSION = 1


def contest_as_json(contest: Contest, baseline: Score) -> dict[str, object]:
    """Return all that was measured; ratios are to ``baseline`` and to the yardstick."""
    return {
        "schema_version": SCHEMA_VERSION,
        "machine": describe_machine(),
        "workload": {"title": STUDY["title"], "drawn": DRAWN, "reported": len(OUTPUTS)},
        "draws": contest.draws,
        "rounds": len(contest.yardstick),
        "baseline": baseline.name,
        "nanoseconds_a_uniform": 1e9
        * median(lap.processor for lap in contest.yardstick)
        / contest.draws,
        "scores": [_score_as_json(score, contest, baseline) for score in contest.scores],
        "skipped": dict(contest.skipped),
    }


def _score_as_json(score: Score, contest: Contest, baseline: Score) -> dict[str, object]:
    return {
        "name": score.name,
        "threads": score.threads,
        "seconds": score.seconds,
        "processor_seconds": score.processor_seconds,
        "draws_a_second": contest.draws / score.seconds,
        "quantities_a_second": QUANTITIES * contest.draws / score.seconds,
        "processor_nanoseconds_a_draw": 1e9 * score.processor_seconds / contest.draws,
        "uniforms_a_draw": score.processor_ratio(contest.yardstick),
        "speed": baseline.wall_ratio(score),
        "processor_ratio": score.processor_ratio(baseline.laps),
        "disagreements": list(score.disagreements),
        "laps": [lap._asdict() for lap in score.laps],
    }
