"""What "a to b" is taken to mean."""
# ruff: noqa: E501 - one case a line

from __future__ import annotations

import math

import pytest

from wattif.distributions import BeliefError, interval
from wattif.distributions.interval import tails

READINGS = [
    ((20_000, 30_000, None), "lognormal"),
    ((1e-9, 1e9, None), "lognormal"),
    ((-2, 3, None), "normal"),
    ((-3, -2, None), "normal"),
    ((0.9, 0.999, (0, 1)), "logit-normal"),
    ((12, 19, (10, 20)), "logit-normal"),
    ((-0.5, 0.5, (-1, 1)), "logit-normal"),
    ((2, 3, (0, math.inf)), "lognormal"),
    ((-2, 3, (-math.inf, 10)), "normal"),
]


@pytest.mark.parametrize(("arguments", "family"), READINGS)
def test_the_ends_are_the_5th_and_the_95th_percentile(arguments, family):
    distribution = interval(*arguments)
    assert distribution.family == family
    low, high = arguments[:2]
    assert distribution.quantile([0.05, 0.95]) == pytest.approx([low, high], rel=1e-12)


@pytest.mark.parametrize(
    ("level", "names"),
    [
        (0.9, ("p5", "p95")),
        (0.8, ("p10", "p90")),
        (0.95, ("p2.5", "p97.5")),
        (0.999, ("p0.05", "p99.95")),
        (0.683, ("p15.85", "p84.15")),
    ],
)
@pytest.mark.parametrize("domain", [None, (0, 10)])
def test_a_level_says_how_much_lies_between(level, names, domain):
    distribution = interval(2, 6, domain, level)
    below, above = (float(name[1:]) / 100 for name in names)
    assert tails(level) == names
    assert distribution.family == ("logit-normal" if domain else "lognormal")
    assert distribution.quantile([below, above]) == pytest.approx([2, 6], rel=1e-12)


def test_a_range_across_zero_is_never_lognormal_at_any_level():
    assert interval(-3, 5, None, 0.5).family == "normal"
    with pytest.raises(BeliefError):
        interval(0, 5, None, 0.5)


@pytest.mark.parametrize("level", [0.0, 1.0, -0.5, 80.0, math.nan])
def test_a_level_lies_between_0_and_1(level):
    with pytest.raises(BeliefError) as refused:
        interval(2, 6, None, level)
    assert refused.value.message.startswith("level must lie between 0 and 1, both excluded")


def test_a_domain_is_never_left():
    uptime = interval(0.9, 0.999, (0, 1))
    assert uptime.support == (0.0, 1.0)
    assert uptime.quantile(1e-16, upper=True) <= 1.0


REFUSED = [
    ((0, 5, None), "an interval that starts at 0 could be lognormal or normal, and fits neither"),
    ((5, 3, None), "the first number must be less than the second, found the first number = 5 and the second = 3"),
    ((5, 5, None), "the first number must be less than the second, found the first number = 5 and the second = 5"),
    ((math.nan, 5, None), "the first number must be a finite number, found nan"),
    ((1, math.inf, None), "the second must be a finite number, found inf"),
    ((0, 0.5, (0, 1)), "the interval 0 to 0.5 must lie inside the domain 0 to 1, both ends excluded"),
    ((0.5, 1, (0, 1)), "the interval 0.5 to 1 must lie inside the domain 0 to 1, both ends excluded"),
    ((-2, 3, (0, math.inf)), "the interval -2 to 3 must lie inside the domain 0 to inf, both ends excluded"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), REFUSED)
def test_refusals(arguments, message):
    with pytest.raises(BeliefError) as refused:
        interval(*arguments)
    assert refused.value.message == message


def test_advice_at_zero():
    with pytest.raises(BeliefError) as refused:
        interval(0, 5)
    assert refused.value.hint == (
        'start it just above 0, or choose a family: dist = "uniform", min = 0, max = ...'
    )
