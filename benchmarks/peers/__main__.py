"""Compare wattif with everything that can run the workload: ``python -m benchmarks.peers``.

All are warmed up and checked first, then timed on one thread where they let themselves be told,
in interleaved rounds. Processor time counts, so that neither threads nor other work on the machine
speak for or against anyone.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from statistics import median

from benchmarks.memory import HAS_PEAK, peak_memory
from benchmarks.peers import PEERS
from wattif.bench.contest import Contest, Score, enter_peers, enter_wattif, hold_contest
from wattif.bench.machine import describe_machine
from wattif.bench.report import contest_as_json

_SOBOL = "wattif, sobol"


def compare(
    draws: int,
    rounds: int,
    only: Iterable[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Contest:
    """Return the contest of wattif's three schemes and the peers, or only those named."""
    wanted = set(only) or PEERS.keys()
    modules = {name: module for name, module in PEERS.items() if name in wanted}
    peers, missing = enter_peers(modules, draws)
    contestants = [*enter_wattif(draws, [1]), *peers]
    contest = hold_contest(contestants, draws, rounds, math.inf, progress)
    return replace(contest, skipped={**missing, **contest.skipped})


def measure_memory(contest: Contest) -> dict[str, float]:
    """Return the peak memory in MB of each who ran, in a process of its own."""
    return {
        score.name: peak_memory(_code(score.name, contest.draws))[0] for score in contest.scores
    }


def _code(name: str, draws: int) -> str:
    if name in PEERS:
        return f"import {PEERS[name]} as peer; peer.run({draws}, 1)"
    scheme = name.removeprefix("wattif, ")
    return (
        "from wattif.bench.contest import enter_wattif; "
        f"enter_wattif({draws}, [1], ['{scheme}'])[0].run()"
    )


def main() -> None:
    """Print the table, or JSON."""
    parser = argparse.ArgumentParser(prog="benchmarks.peers", description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=_number, default=2**21, help="rounded up to a power of two")
    parser.add_argument("--rounds", type=int, default=5, help="timed rounds; the median counts")
    parser.add_argument("--only", action="append", default=[], choices=list(PEERS), metavar="PEER")
    parser.add_argument("--memory", action="store_true", help="measure the peak memory too")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args()
    draws = 2 ** (chosen.draws - 1).bit_length()
    before = describe_machine()
    contest = compare(draws, chosen.rounds, chosen.only, _say_progress)
    memory = measure_memory(contest) if chosen.memory and HAS_PEAK else {}
    if chosen.json:
        whole = contest_as_json(contest, contest.find(_SOBOL))
        print(json.dumps({**whole, "load_before": before["load"], "peak_megabytes": memory}))
    else:
        _print_table(contest, memory)
        _print_circumstances(contest, before)


def _number(text: str) -> int:
    return int(float(text))


def _say_progress(done: int, total: int) -> None:
    print(
        f"\r{done} of {total} runs timed", end="\n" * (done == total), file=sys.stderr, flush=True
    )


def _print_table(contest: Contest, memory: Mapping[str, float]) -> None:
    sobol = contest.find(_SOBOL)
    print(f"{'':25}{'ns a draw':>10}{'uniforms':>10}{'times wattif':>14}{'peak MB':>9}  answers")
    for score in sorted(contest.scores, key=lambda score: score.processor_seconds):
        print(_line(score, contest, sobol, memory.get(score.name, math.nan)))
    for name, reason in contest.skipped.items():
        print(f"{name:25} skipped: {reason}")


def _line(score: Score, contest: Contest, sobol: Score, peak: float) -> str:
    return (
        f"{score.name:25}"
        f"{1e9 * score.processor_seconds / contest.draws:10.0f}"
        f"{score.processor_ratio(contest.yardstick):10.1f}"
        f"{score.processor_ratio(sobol.laps):14.2f}"
        f"{peak:9.0f}"
        f"  {'; '.join(score.disagreements) or 'agree'}"
    )


def _print_circumstances(contest: Contest, before: Mapping[str, object]) -> None:
    after = describe_machine()
    rounds = len(contest.yardstick)
    uniform = 1e9 * median(lap.processor for lap in contest.yardstick) / contest.draws
    machine = ", ".join(f"{name} {value}" for name, value in after.items() if name != "load")
    print(f"\n{contest.draws:,} draws, medians of {rounds} interleaved rounds, processor time.")
    print(f"uniforms: in uniforms of numpy's SFC64, {uniform:.2f} ns each.")
    print("times wattif: over wattif's Sobol. peak MB: of a process that does nothing else.")
    print(f"load before {before['load']}, after {after['load']}; {machine}")


if __name__ == "__main__":
    main()
