"""The way out to scipy.stats: by name from its own list, in both tails, or refused."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from scipy import special, stats

from wattif.distributions import BeliefError, make
from wattif.distributions.scipy_family import scipy_family

P = np.concatenate([np.logspace(-12, -2, 21), np.linspace(0.05, 0.5, 10)])

# scipy's name, shapes, our equal
EQUALS = [
    ("norm", {}, ("normal", {"mean": 3, "sd": 2})),
    ("gamma", {"a": 2.5}, ("gamma", {"shape": 2.5, "scale": 2, "shift": 3})),
    ("lognorm", {"s": 0.5}, ("lognormal", {"median": 2, "sigma": 0.5, "shift": 3})),
    ("beta", {"a": 2, "b": 5}, ("beta", {"alpha": 2, "beta": 5, "min": 3, "max": 5})),
    ("t", {"df": 4}, ("student-t", {"df": 4, "location": 3, "scale": 2})),
    ("gumbel_r", {}, ("gumbel", {"location": 3, "scale": 2})),
]


@pytest.mark.parametrize(("name", "shapes", "equal"), EQUALS)
def test_it_is_the_same_distribution(name, shapes, equal):
    one = make("scipy." + name, {**shapes, "loc": 3, "scale": 2})
    other = make(*equal)
    for upper in (False, True):
        x = other.quantile(P, upper)
        np.testing.assert_allclose(one.quantile(P, upper), x, rtol=1e-11, atol=1e-11)
        np.testing.assert_allclose(one.probability(x, upper), P, rtol=1e-9)
    assert (one.mean, one.sd) == pytest.approx((other.mean, other.sd), rel=1e-9)
    assert one.support == other.support


def test_the_upper_tail_is_good_where_scipy_takes_it_from_one_minus_p():
    # Johnson's SU is a sinh of a normal.
    one = make("scipy.johnsonsu", {"a": 2, "b": 1.5})
    x = one.quantile(P, upper=True)
    np.testing.assert_allclose(x, np.sinh((-special.ndtri(P) - 2.0) / 1.5), rtol=1e-11)
    # kappa3 has no isf of its own: sf(x) = 1 - x (a + x^a)^(-1 / a).
    kappa = make("scipy.kappa3", {"a": 2})
    x = kappa.quantile(P, upper=True)
    np.testing.assert_allclose(-np.expm1(-0.5 * np.log1p(2.0 / x**2)), P, rtol=1e-9)


def test_its_parameters_are_scipys():
    one = make("scipy.nakagami", {"nu": 2, "scale": 3})
    assert one.family == "scipy.nakagami"
    assert one.parameters == {"nu": 2.0, "loc": 0.0, "scale": 3.0}
    assert make(one.family, one.parameters) == one


def test_it_can_be_truncated():
    cut = make("scipy.nakagami", {"nu": 2, "scale": 3}, (1, 4))
    assert cut.support == (1, 4)
    assert cut.parameters["truncate"] == (1, 4)


@pytest.mark.parametrize(
    ("name", "shapes"),
    [("poisson", {"mu": 4}), ("skellam", {"mu1": 3, "mu2": 5}), ("zipfian", {"a": 1.2, "n": 50})],
)
def test_counts_of_scipy(name, shapes):
    one = make("scipy." + name, {**shapes, "loc": 2})
    equal = getattr(stats, name)(*shapes.values(), 2)
    shape = one.shape()
    k = np.array(shape.values)
    np.testing.assert_allclose(shape.cumulative, equal.cdf(k), rtol=1e-12)
    assert one.sd == pytest.approx(equal.std())
    assert one.parameters == {**shapes, "loc": 2.0}


# name, parameters, message, hint
REFUSED = [
    ("nakagmi", {"nu": 2}, "scipy.stats has no distribution 'nakagmi'", "'scipy.nakagami'"),
    ("__class__", {}, "scipy.stats has no distribution '__class__'", "scipy's manual"),
    ("kstest", {}, "scipy.stats has no distribution 'kstest'", ""),
    ("rv_continuous", {}, "scipy.stats has no distribution 'rv_continuous'", ""),
    ("", {}, "scipy.stats has no distribution ''", ""),
    ("nakagami", {"nu": -1}, "scipy's nakagami does not take nu = -1", ""),
    ("nakagami", {"mu": 1}, "unknown parameter 'mu' of scipy.nakagami; it takes nu", ""),
    ("nakagami", {}, "scipy.nakagami was given no parameters", ""),
    ("nakagami", {"nu": 1, "scale": 0}, "scale must be greater than 0, found 0", ""),
    ("levy_stable", {"alpha": 1.5, "beta": 0}, "one number at a time", ""),
    ("vonmises", {"kappa": 2}, "one number at a time", 'dist = "von-mises" is the same'),
    ("zipf", {"a": 2}, "scipy adds up zipf one value at a time", ""),
    ("geom", {"p": 1e-9}, "scipy.geom would take about", "choose a continuous family"),
]


@pytest.mark.parametrize(("name", "parameters", "message", "hint"), REFUSED)
def test_refusals(name, parameters, message, hint):
    with pytest.raises(BeliefError) as refused:
        make("scipy." + name, parameters)
    assert message in refused.value.message
    assert hint in refused.value.hint


def test_the_family_lists_the_names_of_its_shapes():
    assert scipy_family("scipy.burr12").names == ("c", "d", "loc", "scale")


def test_scipy_stats_is_loaded_only_for_it():
    script = (
        "import sys; from wattif.distributions import make; make('gumbel', {'mean': 1, 'sd': 1});"
        "before = 'scipy.stats' in sys.modules; make('scipy.anglit', {'loc': 1});"
        "print(before, 'scipy.stats' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True"]
