"""Draw the gallery, and write the part of docs/pictures.md that shows it.

    python docs/make_gallery.py

runs the committed studies with fixed draws, replaces ``results/gallery`` and the kinds in the page.
A kind of picture that is in ``KINDS`` is in the gallery, with ``_Shot()`` unless ``_SHOTS`` has
another for it. A test compares names, sizes and the page.
"""

from __future__ import annotations

import inspect
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import xarray

import wattif as wi
from wattif.plots import KINDS, Kind, Look, save_figure

ROOT = Path(__file__).parents[1]
GALLERY = ROOT / "results" / "gallery"
PAGE = ROOT / "docs" / "pictures.md"
START, END = "<!-- kinds: start -->\n", "<!-- kinds: end -->\n"
DPI = 100
DRAWS = 2**20


_LIGHT = Look()


@dataclass(frozen=True)
class _Shot:
    """What a picture of the gallery is drawn of."""

    study: str = "survey-2025b"
    quantities: tuple[str, ...] = ("training_energy", "training_cost")
    systems: tuple[str, ...] = ()
    look: Look = _LIGHT


_TRAINING = _Shot("training-run", ())
_THREE = _Shot(quantities=("training_energy",), systems=("gpt-4", "claude-3-opus", "mixtral-8x7b"))
_SHOTS: dict[str, _Shot] = {
    "intervals": _Shot(quantities=("training_energy", "training_cost", "energy_per_query")),
    "exceedance": _Shot(quantities=("training_energy",)),
    "tail": _Shot(quantities=("training_cost",)),
    "cdf": _TRAINING,
    "convergence": _TRAINING,
    "efficiency": _TRAINING,
    "fan": _Shot(
        "serving",
        ("energy_per_million_tokens", "cost_per_million_tokens"),
        ("llama-8b", "llama-70b", "llama-405b"),
    ),
    "sensitivity": _THREE,
    "tornado": _THREE,
    "scatter": _Shot(quantities=("acquisition_cost",), systems=("gpt-4",)),
    "correlations": _Shot(quantities=(), systems=("gpt-4",)),
    "compare": _Shot(quantities=("training_energy",)),
    "breakdown": _Shot("training-run", ("total",)),
    "inputs": _Shot(quantities=("energy_per_query",), systems=("llama3-405b",)),
    "claims": _Shot("survey-audit", ("compute_cost", "training_energy", "accelerator_hours")),
    "breakeven": _Shot(quantities=("training_energy", "energy_per_query")),
}
# Beside one of each kind: what the README shows, and that there are other looks.
_EXTRA: dict[str, tuple[str, _Shot]] = {
    "survey-2025b": ("intervals", _Shot(quantities=())),
    "dark-in-spanish": ("density", _Shot(look=Look("dark", "es"))),
    "paper": ("intervals", _Shot(look=Look("paper"))),
}


def pictures() -> dict[str, tuple[str, _Shot]]:
    """Return (kind, shot) of every picture of the gallery, by its file's name without ending."""
    return {name: (name, _SHOTS.get(name, _Shot())) for name in KINDS} | _EXTRA


def draw_gallery() -> None:
    """Replace the pictures of the gallery."""
    GALLERY.mkdir(exist_ok=True)
    for path in GALLERY.glob("*.png"):
        path.unlink()
    for name, (kind, shot) in pictures().items():
        figure = KINDS[kind].draw(
            _trees(kind, shot.study), shot.quantities, shot.systems, look=shot.look
        )
        save_figure(figure, GALLERY / f"{name}.png", dpi=DPI)


def _trees(kind: str, study: str) -> Any:
    if kind == "breakdown":
        return _in_parts(study)
    if KINDS[kind].takes == "results":
        return _in_every_way(study)
    return _run(study)


def _path(study: str) -> Path:
    return ROOT / "configs" / f"{study}.toml"


@cache
def _run(study: str) -> xarray.DataTree:
    return wi.load(_path(study)).run(draws=DRAWS)


def _in_every_way(study: str) -> list[xarray.DataTree]:
    """Run a study with ever more draws, by every scheme."""
    loaded = wi.load(_path(study))
    return [
        loaded.run(draws=2**power, sampling=scheme)
        for power in range(10, 21, 2)
        for scheme in ("sobol", "latin-hypercube", "random")
    ]


def _in_parts(study: str) -> xarray.DataTree:
    """Run a study with the cost on hardware of one's own as a sum of parts."""
    content = tomllib.loads(_path(study).read_text(encoding="utf-8"))
    hardware = "gpu_count * gpu_price * cluster_factor * training_time / hardware_life"
    parts = {
        "hardware": (hardware, "Hardware, for its time in use"),
        "electricity": ("energy * electricity_price", "Electricity"),
        "staff": ("(staff_factor - 1) * (hardware + electricity)", "The project beside computing"),
        "total": ("hardware + electricity + staff", "Cost, on hardware of one's own"),
    }
    formulas = {
        name: {"formula": formula, "unit": "USD", "label": label}
        for name, (formula, label) in parts.items()
    }
    changed = {**content, "quantities": {**content["quantities"], **formulas}}
    return wi.load(changed).run(draws=2**16)


def kinds_page() -> str:
    """Return a section for each kind: what it shows, its picture, and how to draw it."""
    return "\n".join(_section(kind, _SHOTS.get(name, _Shot())) for name, kind in KINDS.items())


def _section(kind: Kind, shot: _Shot) -> str:
    summary = kind.summary[0].upper() + kind.summary[1:]
    picture = f"![{summary}](../results/gallery/{kind.name}.png)"
    command = f"```sh\n{_command(kind, shot)}\n```"
    return "\n\n".join([f"### {kind.name}", f"{summary}.", *_prose(kind), picture, command]) + "\n"


def _prose(kind: Kind) -> list[str]:
    """Return what the function's docstring says between its first line and its arguments."""
    paragraphs = (inspect.getdoc(kind.draw) or "").split("\n\n")[1:]
    prose = []
    for paragraph in paragraphs:
        if paragraph.startswith(("Parameters", "The arguments", "Raises")):
            break
        prose.append(paragraph)
    return prose


def _command(kind: Kind, shot: _Shot) -> str:
    results = f"results/{shot.study}.nc"
    if kind.name == "breakdown":
        results = "RESULT"  # of any study whose total is a sum; the gallery makes one up
    if kind.takes == "results":
        results = "sobol-1e4.nc sobol-1e6.nc random-1e4.nc random-1e6.nc"
    chosen = [f"--quantity {name}" for name in shot.quantities]
    chosen += [f"--system {name}" for name in shot.systems]
    return " ".join(["wattif plot", results, "--kind", kind.name, *chosen])


def replace_kinds(page: str) -> str:
    """Return a page with the kinds of now between its marks."""
    before, rest = page.split(START)
    _, after = rest.split(END)
    return before + START + kinds_page() + END + after


if __name__ == "__main__":
    draw_gallery()
    PAGE.write_text(replace_kinds(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
