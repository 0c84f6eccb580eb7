"""What is drawn as one means what the study says, and is only done where it takes less."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize, special

import wattif as wi
from wattif import simulate
from wattif.bench.workload import STUDY
from wattif.compile import compile_to_integrate
from wattif.compile.cost import cost_of
from wattif.distributions.base import fold, place, uniform_quantile
from wattif.engine import implied
from wattif.engine.program import Op
from wattif.reshape.alone import evaluate
from wattif.results.answers import read_answers

QUANTITIES = {
    "a": "1 to 9",
    "b": "2 to 3",
    "c": {"dist": "uniform", "min": 1, "max": 2},
    "d": {"dist": "triangular", "min": 2, "mode": 3, "max": 5},
    "g": {"dist": "normal", "mean": 0, "sd": 1},
    "f": "4 to 5",
    "n": {"dist": "poisson", "mean": 5},
}


def study(*formulas, **more):
    """Return a study of formulas, its outputs y0, y1, ..."""
    names = [f"y{i}" for i in range(len(formulas))]
    defined = {name: {"formula": text} for name, text in zip(names, formulas, strict=True)}
    quantities = QUANTITIES | defined | more.pop("quantities", {})
    return wi.load({"run": {"outputs": names}, "quantities": quantities, **more})


def merge(*formulas, **more):
    """Return the program of formulas as it is written, and the one that merges, or None."""
    program = compile_to_integrate(study(*formulas, **more).model, merge=True).program
    return program, program.merged


def keys(merged):
    """Return the keys of all that is drawn."""
    return [one.key for one in merged.program.inputs]


def integrated(merged):
    """Return what is integrated out of each output, and whether something is left to draw."""
    code = merged.program.code.tolist()
    numbers = {row[1] for row in code if row[0] == Op.OUTPUT and row[2] < 0}
    return [
        (merged.program.inputs[one.input].key, one.rest not in numbers)
        for one in merged.program.factors
    ]


@pytest.mark.parametrize(
    ("formula", "product"),
    [
        ("a * b * c * d", "a * b * c * d"),
        ("7 * a / b", "a * b**-1"),
        ("sqrt(a * b) / c", "a**0.5 * b**0.5 * c**-1"),
        ("(a * b * c)**2", "a**2 * b**2 * c**2"),
        ("a * b + 3 * b * a", "a * b"),
        ("min(a * b, 2 * b * a)", "a * b"),
        ("where(a * b < 2 * a * b, a / b, 3 * a / b)", "a * b**-1"),
        ("a * b / (b / c) * d", "a * c * d"),
    ],
)
def test_nothing_is_left_of_a_product(formula, product):
    _, merged = merge(formula)
    assert integrated(merged) == [(product, False)]


@pytest.mark.parametrize(
    ("formula", "product", "left"),
    [
        ("a * b * (c * d * f + 1)", "a * b", {"c * d * f"}),
        ("a * b * c + a * b * d * f", "a * b", {"c", "d * f"}),
        ("(a * c + b * f * g) * d", "d", {"a * c", "b * f", "g"}),
        ("a * b * c * n", "a * b * c", {"n"}),
        ("c * d * exp(a * b * f)", "d", {"c", "a * b * f"}),  # of c d nothing is smooth
    ],
)
def test_what_is_left_draws_products_as_one(formula, product, left):
    _, merged = merge(formula)
    assert integrated(merged)[0][0] == product
    assert set(keys(merged)) - {product} == left


@pytest.mark.parametrize(
    "formulas",
    [
        ("a + b",),
        ("a * g",),
        ("a",),
        ("g * n",),
        ("c * d",),  # neither is smooth
        ("exp(c * d)",),
        ("a**b * c",),
        ("exp(a * b)", "a + b + c"),  # two need them
    ],
)
def test_what_would_not_be_cheaper_is_left_alone(formulas):
    assert merge(*formulas)[1] is None


def test_what_is_drawn_with_others_is_not_merged(monkeypatch):
    monkeypatch.setattr("wattif.compile.WORTH", 1.0)
    together = [{"quantities": ["a", "f"], "rank": 0.5}]
    _, merged = merge("a * b * c * d * f", correlate=together)
    assert integrated(merged) == [("b * c * d", True)]
    assert {"a", "f"} <= set(keys(merged))


def test_outputs_that_become_one_are_not_merged():
    program, merged = merge("a * b * c", "c * b * a")
    assert len(program.outputs) == 2 + program.hidden
    assert merged is None


def test_the_workload_draws_two_numbers_where_twelve_are_asked():
    program = compile_to_integrate(wi.load(STUDY).model, merge=True).program
    assert program.merged is not None
    drawn = [row[2] for row in program.merged.program.code.tolist() if row[0] == Op.DRAW]
    out = {one.input for one in program.merged.program.factors}
    assert len(set(drawn) - out) == 2
    assert [left for _, left in integrated(program.merged)] == [False, False, False, True]
    assert 4.0 * cost_of(program.merged.program) < cost_of(program)


CONFIGS = [
    f"configs/{name}.toml"
    for name in ("survey-2025b", "frontier-training", "break-even", "serving", "my-service")
]
FORMULAS = [
    "a * b * c * d",
    "sqrt(a * b) / c * f**2",
    "a * b * (c * d * f + 1)",
    "(a * c / d + b * f * g) * d",
    "clip(a * b, b * c, 3 * b) * f",
    "where(a < 2 * b, a, b) * d * f * abs(g)",
    "a * b * c * n / f",
    "exp(-a * c / d / f) + b",
    "max(a * c, 2 * a, g * a) / (b * f)",
]


def _study_of(source):
    return study(*FORMULAS) if source == "formulas" else wi.load(source)


@pytest.mark.parametrize(
    "source",
    ["formulas", STUDY, *CONFIGS],
    ids=lambda source: source if isinstance(source, str) else "workload",
)
def test_the_same_draws_give_the_same_outputs(source, monkeypatch):
    monkeypatch.setattr("wattif.compile.WORTH", np.inf)
    program = compile_to_integrate(_study_of(source).model, merge=True).program
    merged = program.merged
    assert merged is not None
    rng = np.random.default_rng(11)
    drawn = {one.key: some_draws(one.shape, rng) for one in program.inputs}
    factors = np.array([product_of(key, drawn) for key in keys(merged)])
    plain = replace(program, factors=())
    # Products in another order, and powers: some roundings each.
    before = evaluate(plain, np.array(list(drawn.values())))
    after = evaluate(replace(merged.program, hidden=0), factors)
    np.testing.assert_allclose(after[: len(before)], before, rtol=1e-12)
    for one in merged.program.factors:
        product = after[one.rest] * one.multiplier * factors[one.input]
        np.testing.assert_allclose(product, after[one.output], rtol=1e-12)
    assert merged.products
    for number, parts in merged.products.items():
        assert len(parts) == len(keys(merged)[number].split(" * "))


def some_draws(shape, rng, size=64):
    if shape.kind == "steps":
        return rng.choice(shape.values[:20], size)
    return place(shape, fold(shape.quantile or uniform_quantile, rng.uniform(size=size), False))


def product_of(key, drawn):
    """Return the draws that a key stands for: "a * b**-1" for a / b."""
    product = 1.0
    for factor in key.split(" * "):
        name, _, power = factor.partition("**")
        product = product * drawn[name] ** float(power or 1.0)
    return product


@pytest.fixture
def merges(monkeypatch):
    """Merge, and leave out what is implied, however few draws there are."""
    monkeypatch.setattr(simulate, "FEWEST_TO_MERGE", 0)
    monkeypatch.setattr(implied, "FEWEST", 1)


def answers(tree):
    return [answer for one in read_answers(tree) for answer in one.answers]


@pytest.mark.parametrize("sampling", ["sobol", "latin-hypercube", "random"])
def test_statistics_are_those_of_the_study_as_it_is_written(sampling, request):
    one = study(*FORMULAS)
    plain = one.run(draws=2**19, sampling=sampling)
    request.getfixturevalue("merges")
    merged = one.run(draws=2**18, sampling=sampling)
    assert "a * b * c * d" in merged.attrs["integrated"]
    assert "implied" in merged.attrs
    compared = 0
    for before, after in zip(answers(plain), answers(merged), strict=True):
        for name in before.statistics:
            if name in ("minimum", "maximum", "min", "max"):
                continue  # of twice as many draws
            error = np.hypot(before.errors[name], after.errors[name])
            # Student's t with 15 degrees of freedom, some 100 numbers: once in 400 seeds.
            assert abs(before.statistics[name] - after.statistics[name]) <= 6.5 * error, name
            compared += 1
    assert compared > 50


def test_kept_draws_are_those_of_the_study_as_it_is_written(request):
    one = wi.load(STUDY)
    plain = one.run(draws=2**18)
    request.getfixturevalue("merges")
    merged = one.run(draws=2**18)
    assert len(merged["prior"]) > 12
    for name in plain["prior"]:
        np.testing.assert_array_equal(merged["prior"][name], plain["prior"][name])


@pytest.mark.usefixtures("merges")
def test_threads_change_no_bit():
    one = study(*FORMULAS)
    first, second = (one.run(draws=2**20, threads=threads) for threads in (1, 3))
    assert first.identical(second)


@pytest.mark.usefixtures("merges")
def test_of_a_plain_product_all_is_known():
    tree = study("7 * a * b / f").run(draws=2**16)
    answer = answers(tree)[0]
    z = 1.6448536269514722  # of 95 %
    mu = np.log(7 * 3.0 * np.sqrt(6.0) / np.sqrt(20.0))
    sigma = np.sqrt(sum(np.log(x) ** 2 for x in (9.0, 1.5, 1.25))) / (2 * z)
    # A law and its parabolas miss 1e-8.
    np.testing.assert_allclose(
        [answer.statistics[name] for name in ("p5", "p50", "p95")],
        np.exp(mu + sigma * np.array([-z, 0.0, z])),
        rtol=2e-8,
    )
    np.testing.assert_allclose(answer.statistics["mean"], np.exp(mu + sigma**2 / 2), rtol=1e-8)
    assert max(answer.errors[name] / answer.statistics[name] for name in ("mean", "p95")) < 1e-8


@pytest.mark.usefixtures("merges")
def test_the_ends_of_an_interval_that_is_computed_have_an_honest_error():
    tree = study("7 * a * b / f").run(draws=2**18)
    assert "study.y0" in tree.attrs["implied"]
    answer = answers(tree)[0]
    sigma = np.sqrt(sum(np.log(x) ** 2 for x in (9.0, 1.5, 1.25))) / (2 * 1.6448536269514722)
    median = 7 * 3.0 * np.sqrt(6.0) / np.sqrt(20.0)

    def ends(p):
        return median * np.exp(sigma * special.ndtri([p, p + 0.9]))

    # Where the width does not change with p, the densities at both ends are equal.
    middle = np.log(median) - sigma**2
    p = optimize.brentq(lambda p: np.log(ends(p)).mean() - middle, 1e-9, 0.09999)
    for name, end in zip(("hdi_low", "hdi_high"), ends(p), strict=True):
        assert abs(answer.statistics[name] - end) < answer.errors[name] < 2e-6 * np.ptp(ends(p))


def test_few_draws_are_not_worth_it(monkeypatch):
    model = wi.load(STUDY).model
    asked = []
    real = simulate.compile_to_integrate
    monkeypatch.setattr(
        simulate,
        "compile_to_integrate",
        lambda model, merge: asked.append(merge) or real(model, False),
    )
    for draws in (simulate.FEWEST_TO_MERGE // 2, simulate.FEWEST_TO_MERGE):
        simulate.measure(simulate.with_settings(model, draws=draws))
    assert asked == [False, True]
