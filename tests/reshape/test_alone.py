"""The numpy evaluation of kept draws against the engine, and the change of shape of a draw."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from wattif.distributions import make
from wattif.language.loader import load
from wattif.library import packaged_studies
from wattif.reshape.alone import evaluate, reshaped
from wattif.simulate import measure

EVERYTHING = {
    "quantities": {
        "a": "2 to 8",
        "b": {"dist": "normal", "mean": 0, "sd": 1},
        "c": {"dist": "bernoulli", "p": 0.3},
        "d": {"dist": "normal", "mean": "b", "sd": "a"},
        "y1": {"formula": "where(c, a, b) + min(a, b, 3) - max(a, 1) * clip(b, -1, 1) / 7"},
        "y2": {"formula": "exp(-abs(b)) + log(a) + log10(a) + sqrt(a) ** 3 + sin(b) + cos(b)"},
        "y3": {"formula": "tan(b) + atan2(a, b) + floor(a) - (-b)"},
        "y4": {"formula": "(a < b) + (a <= 3) + (b > 0) + (b >= c) + (c == 1) + (c != 1) + d"},
    },
    "correlate": [{"quantities": ["a", "b"], "rank": 0.6}],
}


@pytest.mark.parametrize("study", [EVERYTHING, "survey-2025b"], ids=["every function", "survey"])
def test_it_computes_what_the_engine_computes(study):
    if study in packaged_studies():
        from wattif.cli.studies import packaged_path

        study = packaged_path(study)
    model = load(study)
    model = model.with_run(replace(model.run, draws=2**12))
    compiled, found = measure(model)
    outputs = evaluate(compiled.program, np.moveaxis(found.kept_inputs, 1, 0))
    kept = np.moveaxis(found.kept_outputs, 1, 0)
    # Elementary functions of two libraries, 1 ulp each, and what a formula makes of them.
    np.testing.assert_allclose(outputs, kept, rtol=1e-11, atol=1e-300)


def test_a_reshaped_draw_is_the_same_point_of_the_other_shape():
    u = np.concatenate([np.logspace(-15, -2, 14), np.linspace(0.05, 0.5, 10)])
    read, other = make("lognormal", {"p5": 2, "p95": 8}), make("normal", {"p5": 2, "p95": 8})
    for upper in (False, True):
        x = reshaped(read, other, read.quantile(u, upper))
        np.testing.assert_allclose(x, other.quantile(u, upper), rtol=1e-9)


def test_draws_beyond_floats_keep_to_the_end():
    read, other = make("uniform", {"min": 0, "max": 1}), make("uniform", {"min": 2, "max": 4})
    np.testing.assert_allclose(reshaped(read, other, np.array([0.0, 0.5, 1.0])), [2, 3, 4])
