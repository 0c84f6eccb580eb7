"""Run until the answers are as certain as asked: double the draws, judge, double again.

What is judged is the upper confidence limit of the standard errors, since sixteen replicates know
their own spread to 18 % only. Every round holds the draws of the one before, so the result is that
of one run with the final number of draws, bit by bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wattif.language.model import Model
from wattif.results.answers import Answer, read_answers
from wattif.results.scenarios import each
from wattif.simulate import Progress, draws_per_replicate, simulate

if TYPE_CHECKING:
    from xarray import DataTree

JUDGED = ("p5", "p50", "p95")  # and the mean, that is the probability, of what happens or not
_DOUBT = 0.95  # of the true error being below its upper limit


@dataclass(frozen=True)
class Judgement:
    """The least certain of the judged statistics of a result.

    ``error`` is the upper confidence limit of its standard error, as a fraction of its value, or of
    the credible interval's width where that is larger: what may be 0 has no relative error.
    """

    error: float
    statistic: str
    quantity: str
    system: str
    draws: int


Watch = Callable[[Judgement], None]


def simulate_until(
    model: Model,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    watch: Watch | None = None,
) -> DataTree:
    """Run a model with more and more draws, until its ``run.until`` or its budget is reached.

    Parameters
    ----------
    model
        With ``run.until``, the greatest error as a fraction; ``run.draws`` are those of the first
        round, ``run.budget`` the most of any.
    threads
        As in :func:`~wattif.simulate.simulate`.
    progress
        Called with (draws done, draws expected), over all rounds; the expectation may change.
    watch
        Called with the judgement of each round.

    Returns
    -------
    DataTree
        The last round's, with ``until`` and what was reached among its attributes.

    Raises
    ------
    StudyError
        If the settings make no sense.
    """
    run = model.run
    assert run.until is not None  # else there would be nothing to run until
    rounds = _Rounds(progress, run.until)
    draws = draws_per_replicate(run) * run.replicates
    while True:
        once = model.with_run(replace(run, draws=draws, until=None))
        tree = simulate(once, threads=threads, progress=rounds.progress)
        judgement = judge(tree)
        if watch:
            watch(judgement)
        if judgement.error <= run.until or 2 * draws > run.budget:
            return _noted(tree, judgement, run.until)
        rounds.next(draws, judgement.error)
        draws *= 2


def judge(tree: DataTree) -> Judgement:
    """Return the least certain of the judged statistics of a result."""
    limit = _upper_limit(int(tree.attrs["replicates"]))
    draws = int(tree.attrs["draws"])
    found = (
        Judgement(limit * error, statistic, quantity.name, answer.row, draws)
        for part in each(tree)
        for quantity in read_answers(part)
        for answer in quantity.answers
        if not answer.absent
        for statistic, error in _errors(answer)
    )
    return max(found, key=lambda one: one.error, default=Judgement(0.0, "", "", "", draws))


def _errors(answer: Answer) -> list[tuple[str, float]]:
    """Return the relative standard errors of what is judged; an infinite percentile has none.

    Infinite where a finite answer has an unknown error, some replicates being infinite.
    """
    low, high = answer.interval
    width = high - low if math.isfinite(high - low) else 0.0
    found = []
    for name in ("mean",) if answer.is_event else JUDGED:
        scale = max(abs(answer.statistics[name]), width)
        error = answer.errors[name]
        if math.isfinite(scale):
            known = math.inf if math.isnan(error) else error
            found.append((name, known / scale if scale > 0.0 else 0.0))
    return found


def _upper_limit(replicates: int) -> float:
    """Return by which factor a standard error from so many replicates may be too small."""
    from scipy import special

    degrees = replicates - 1
    return math.sqrt(degrees / float(special.chdtri(degrees, _DOUBT)))


class _Rounds:
    """Progress over rounds of which nobody knows how many there will be."""

    def __init__(self, progress: Progress | None, until: float) -> None:
        self._progress = progress
        self._until = until
        self._before = 0
        self._done = 0
        self._more = 0

    def next(self, draws: int, error: float) -> None:
        """Take note that a round is done, and expect as many as random sampling would take."""
        self._before = self._done  # more than the draws, where quantiles took another pass
        wanted = min(error / self._until, 2.0**20)
        doublings = max(math.ceil(2.0 * math.log2(wanted)), 1)
        self._more = sum(draws << step for step in range(2, doublings + 1))

    def progress(self, done: int, total: int) -> None:
        """Pass on the progress of a round as that of all."""
        self._done = self._before + done
        if self._progress:
            self._progress(self._done, self._before + total + self._more)


def _noted(tree: DataTree, judgement: Judgement, until: float) -> DataTree:
    tree.attrs |= {
        "until": until,
        "until_error": judgement.error,
        "until_reached": int(judgement.error <= until),
        "until_worst": " of ".join(
            part for part in (judgement.statistic, judgement.quantity, judgement.system) if part
        ),
    }
    return tree
