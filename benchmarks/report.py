"""Measure all that docs/performance.md says, and write it there: ``python -m benchmarks.report``.

Each section is measured in interleaved rounds. Its figures go to performance.json beside the page,
its tables between the page's markers, its picture beside them. ``--only`` renews some sections and
leaves the others; ``--draw`` measures nothing and writes all tables and pictures anew from the
figures. ``--quick`` is a trial, which goes to another folder.

To add a section: a module with ``measure(scale)`` that returns a frozen dataclass, ``aims`` and
``render``, perhaps ``draw``; a line in ``SECTIONS``; and its markers in the page.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from matplotlib.figure import Figure
from pydantic import TypeAdapter

from benchmarks import (
    accuracy,
    accuracy_page,
    beginnings,
    comparison,
    comparison_picture,
    families,
    memory,
    scaling,
    stages,
    threads,
)
from benchmarks.aims import Aim, aims_table
from benchmarks.page import fill
from benchmarks.scale import FULL, TRIAL, Scale
from wattif.bench.machine import describe_machine
from wattif.plots import save_figure

DOCS = Path(__file__).parents[1] / "docs"
TRIALS = Path(__file__).parents[1] / "build" / "performance"
PAGE, FIGURES = "performance.md", "performance.json"
_TRIAL = "**A trial, too small to be a measurement.**"

Draw = Callable[[Any], Figure]


@dataclass(frozen=True)
class Section:
    """How the figures of a section are made, and what is made of them."""

    figures: type
    measure: Callable[[Scale], Any]
    aims: Callable[[Any], list[Aim]]
    render: Callable[[Any], str]
    draw: Draw | None = None


SECTIONS: Mapping[str, Section] = {
    "peers": Section(
        *(comparison.Comparison, comparison.measure, comparison.aims, comparison.render),
        comparison_picture.draw,
    ),
    "threads": Section(threads.Threads, threads.measure, threads.aims, threads.render),
    "memory": Section(memory.Memory, memory.measure, memory.aims, memory.render),
    "accuracy": Section(
        *(accuracy.Accuracy, accuracy.measure, accuracy_page.aims, accuracy_page.render),
        accuracy_page.draw,
    ),
    "scaling": Section(scaling.Scaling, scaling.measure, scaling.aims, scaling.render),
    "stages": Section(stages.Stages, stages.measure, stages.aims, stages.render),
    "start-up": Section(
        *(beginnings.Beginnings, beginnings.measure, beginnings.aims, beginnings.render)
    ),
    "families": Section(
        *(families.Families, families.measure, families.aims, families.render),
        families.draw,
    ),
}


def measure(names: Sequence[str], scale: Scale, folder: Path, trial: bool) -> None:
    """Measure sections and store their figures, each as soon as it is there."""
    stored = read_figures(folder)
    for name in names:
        print(f"{name} ...", end=" ", file=sys.stderr, flush=True)
        before, start = describe_machine(), perf_counter()
        figures = SECTIONS[name].measure(scale)
        seconds = perf_counter() - start
        stored[name] = {
            "measured": datetime.now(UTC).date().isoformat(),
            "trial": trial,
            "seconds": round(seconds, 1),
            "machine": before | {"load_after": describe_machine()["load"]},
            "figures": asdict(figures),
        }
        _write(folder / FIGURES, json.dumps(_in_order(stored), indent=1) + "\n")
        print(f"{seconds:.0f} s", file=sys.stderr)


def read_figures(folder: Path) -> dict[str, Any]:
    """Return what is stored, by section; nothing if there is no file yet."""
    path = folder / FIGURES
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write_page(folder: Path) -> None:
    """Write the tables and pictures of all stored figures."""
    path = folder / PAGE
    page = path.read_text(encoding="utf-8")
    aims: list[Aim] = []
    stored = _in_order(read_figures(folder))
    for name, content in stored.items():
        section = SECTIONS[name]
        figures: Any = TypeAdapter(section.figures).validate_python(content["figures"])
        aims += section.aims(figures)
        page = fill(page, name, _body(name, section, figures, content, folder))
    trials = [_TRIAL] if any(content["trial"] for content in stored.values()) else []
    page = fill(page, "aims", "\n\n".join([*trials, aims_table(aims)]))
    _write(path, fill(page, "machine", _machines(stored)))


def _body(
    name: str, section: Section, figures: object, content: Mapping[str, Any], folder: Path
) -> str:
    parts = [section.render(figures)]
    if section.draw is not None:
        picture = f"performance-{name}.svg"
        save_figure(section.draw(figures), folder / picture)
        parts.append(f"![{name}]({picture})")
    machine = content["machine"]
    parts.append(
        f"<sub>Measured {content['measured']} in {content['seconds']:.0f} s; load before and after"
        f" {machine['load']} and {machine['load_after']}.</sub>"
    )
    if content["trial"]:
        parts.insert(0, _TRIAL)
    return "\n\n".join(parts)


def _machines(stored: Mapping[str, Any]) -> str:
    """Return a line for every machine, and what was measured on it."""
    sections: dict[str, list[str]] = {}
    for name, content in stored.items():
        parts = {key: v for key, v in content["machine"].items() if not key.startswith("load")}
        cores = parts.pop("cores")
        words = ", ".join([str(parts.pop("processor")), f"{cores} core{'s' * (cores != 1)}"])
        rest = ", ".join([str(parts.pop("system")), *(f"{k} {v}" for k, v in parts.items())])
        sections.setdefault(f"{words}; {rest}", []).append(name)
    if len(sections) == 1:
        return f"{next(iter(sections))}."
    return "\n".join(f"- {', '.join(names)}: {words}." for words, names in sections.items())


def _in_order(stored: Mapping[str, Any]) -> dict[str, Any]:
    return {name: stored[name] for name in SECTIONS if name in stored}


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def main() -> None:
    """Measure and write, as the command line says."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.report", description=str(__doc__).splitlines()[0]
    )
    parser.add_argument("--only", action="append", default=[], choices=list(SECTIONS))
    parser.add_argument("--quick", action="store_true", help="a trial, to build/performance")
    parser.add_argument("--draw", action="store_true", help="measure nothing, write anew")
    chosen = parser.parse_args()
    folder = TRIALS if chosen.quick else DOCS
    if chosen.quick:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(DOCS / PAGE, folder / PAGE)
    if not chosen.draw:
        scale = TRIAL if chosen.quick else FULL
        measure(chosen.only or list(SECTIONS), scale, folder, chosen.quick)
    write_page(folder)
    print(folder / PAGE)


if __name__ == "__main__":
    main()
