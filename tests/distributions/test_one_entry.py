"""A family is one entry: then it is made, listed, described to editors, drawn and documented."""

from __future__ import annotations

import math
import runpy
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from wattif.distributions import FAMILIES, BeliefError, Distribution, Family, Form, Shape, make
from wattif.distributions.checks import positive
from wattif.engine.quantile_table import build


@dataclass(frozen=True)
class Rayleigh(Distribution):
    """The length of a vector of two normals of standard deviation ``scale``."""

    family: ClassVar[str] = "rayleigh"
    scale: float

    def __post_init__(self) -> None:
        positive("scale", self.scale)

    def probability(self, x, upper=False):
        y = (np.maximum(x, 0.0) / self.scale) ** 2 / 2.0
        return np.exp(-y) if upper else -np.expm1(-y)

    def shape(self) -> Shape:
        return Shape("table", scale=self.scale, low=0.0, key=("rayleigh",), quantile=rayleigh)


def rayleigh(p, upper):
    return np.sqrt(-2.0 * (np.log(p) if upper else np.log1p(-p)))


ENTRY = Family(
    name="rayleigh",
    summary="the length of a vector of two errors",
    forms=(Form(("scale",), Rayleigh),),
    example='{ dist = "rayleigh", scale = 2 }',
)


@pytest.fixture(autouse=True)
def _entry(monkeypatch):
    monkeypatch.setitem(FAMILIES, "rayleigh", ENTRY)


def test_it_is_made_and_obeys_the_laws():
    value = tomllib.loads("x = " + ENTRY.example)["x"]
    one = make(value.pop("dist"), value)
    p = np.logspace(-12, -0.5, 24)
    for upper in (False, True):
        np.testing.assert_allclose(one.probability(one.quantile(p, upper), upper), p, rtol=1e-11)
    assert one.mean == pytest.approx(2.0 * math.sqrt(math.pi / 2.0), rel=1e-12)
    assert one.sd == pytest.approx(2.0 * math.sqrt(2.0 - math.pi / 2.0), rel=1e-11)
    assert make(one.family, one.parameters) == one
    assert one.support == (0.0, math.inf)


def test_it_is_tabulated_and_truncated():
    build(make("rayleigh", {"scale": 3}).shape())
    cut = make("rayleigh", {"scale": 3}, (2, 5))
    build(cut.shape())
    assert cut.probability([2, 5]) == pytest.approx([0, 1])


def test_its_parameters_are_read_and_refused():
    for wrong, hint in (({"scale": 0}, ""), ({"scal": 1}, "did you mean 'scale'?")):
        with pytest.raises(BeliefError) as refused:
            make("rayleigh", wrong)
        assert refused.value.hint == hint


def test_it_is_listed(capsys):
    from wattif.cli.catalogue import catalogue

    catalogue("families")
    assert "rayleigh" in capsys.readouterr().out


def test_editors_know_it():
    from wattif.language.schema import json_schema

    ways = json_schema()["$defs"]["Dist"]["anyOf"]
    (way,) = [way for way in ways if way["properties"]["dist"] == {"const": "rayleigh"}]
    assert way["required"] == ["dist", "scale"]


def test_a_study_draws_from_it():
    from wattif.compile import compile_model
    from wattif.language.loader import load

    study = {
        "quantities": {"x": {"dist": "rayleigh", "scale": 2}, "y": {"formula": "2 * x"}},
    }
    program = compile_model(load(study)).program
    assert program.inputs[0].shape.key == ("rayleigh",)


def test_it_is_in_the_gallery():
    gallery = runpy.run_path(str(Path(__file__).parents[2] / "docs/families_gallery.py"))["gallery"]
    assert "family-rayleigh" in [axes.get_gid() for axes in gallery().axes]
