"""[[correlate]]: which quantities it means, what they come to, and every refusal's words."""

from __future__ import annotations

import math

import numpy as np
import pytest

from wattif.errors import StudyError
from wattif.language.loader import from_resolved, load

NORMAL = {"dist": "normal", "mean": 0.0, "sd": 1.0}


def study(*correlate, quantities=None, systems=None):
    shared = quantities or {"a": NORMAL, "b": NORMAL, "c": NORMAL, "d": NORMAL}
    total = {"total": {"formula": " + ".join(shared)}} if shared and not systems else {}
    found = {"quantities": {**shared, **total}, "correlate": list(correlate)}
    return {**found, "systems": systems} if systems else found


def entry(*quantities, **keys):
    return {"quantities": list(quantities), **(keys or {"rank": 0.5})}


def test_an_entry_becomes_a_copula_of_its_quantities():
    (found,) = load(study(entry("a", "b"))).dependences
    assert (found.copula, found.keys) == ("gaussian", ("a", "b"))
    r = 2.0 * math.sin(math.pi * 0.5 / 6.0)
    np.testing.assert_allclose(found.matrix, [[1.0, r], [r, 1.0]], rtol=1e-15)


def test_entries_that_share_a_quantity_become_one_and_others_stay_apart():
    three = load(study(entry("a", "b"), entry("c", "d"), entry("b", "c", rank=0.2))).dependences
    assert [one.keys for one in three] == [("a", "b", "c", "d")]
    a_c = three[0].matrix[0][1] * three[0].matrix[1][2]  # not stated: through b alone
    assert three[0].matrix[0][2] == pytest.approx(a_c, abs=1e-11)
    two = load(study(entry("a", "b"), entry("c", "d"))).dependences
    assert [one.keys for one in two] == [("a", "b"), ("c", "d")]


def test_one_number_is_for_all_pairs_and_a_matrix_for_each():
    (all_pairs,) = load(study(entry("a", "b", "c", pearson=0.3))).dependences
    np.testing.assert_array_equal(all_pairs.matrix, np.full((3, 3), 0.3) + 0.7 * np.eye(3))
    rows = [[1.0, 0.3, -0.2], [0.3, 1.0, 0.1], [-0.2, 0.1, 1.0]]
    (each,) = load(study(entry("a", "b", "c", pearson=rows))).dependences
    np.testing.assert_array_equal(each.matrix, rows)


def test_a_bare_name_is_each_systems_own():
    own = {"x": NORMAL, "y": {"formula": "x + a"}}
    systems = {"s-1": {"quantities": own}, "s-2": {"quantities": own}}
    within = load(study(entry("x", "a", rank=0.4), quantities={"a": NORMAL}, systems=systems))
    # a is shared, so both systems' x hang on it: one copula of three
    assert [one.keys for one in within.dependences] == [("s-1.x", "a", "s-2.x")]
    across = load(study(entry("s-1.x", "s_2.x"), quantities={"a": NORMAL}, systems=systems))
    assert [one.keys for one in across.dependences] == [("s-1.x", "s-2.x")]


def test_a_system_that_knows_the_value_is_left_out():
    systems = {
        "sure": {"quantities": {"x": 3.0, "y": {"formula": "x + a"}}},
        "unsure": {"quantities": {"x": NORMAL, "y": {"formula": "x + a"}}},
    }
    (found,) = load(study(entry("x", "a"), quantities={"a": NORMAL}, systems=systems)).dependences
    assert found.keys == ("unsure.x", "a")


def test_a_student_t_copula_keeps_its_degrees_of_freedom():
    (found,) = load(study(entry("a", "b", kendall=0.5, copula="student-t", df=4))).dependences
    assert (found.copula, found.parameter) == ("student-t", 4.0)
    assert found.matrix[0][1] == pytest.approx(math.sin(math.pi / 4.0), rel=1e-15)


IMPOSSIBLE = [entry("a", "b", rank=0.9), entry("b", "c", rank=0.9), entry("a", "c", rank=-0.9)]


def test_what_cannot_be_is_repaired_only_when_asked_and_says_so():
    repaired = load(study(*IMPOSSIBLE[:2], {**IMPOSSIBLE[2], "repair": True}))
    (found,) = repaired.dependences
    assert found.repaired
    assert np.linalg.eigvalsh(found.matrix)[0] > -1e-8
    assert any("could not be as stated, and were repaired" in text for text in repaired.notices)
    assert {pair.value for pair in found.pairs} == {0.9, -0.9}  # what was stated is kept


def test_what_no_output_needs_is_told():
    model = load({**study(entry("a", "b")), "run": {"outputs": ["c"]}})
    assert "correlated, but needed by no output: a, b" in model.notices


def test_a_resolved_study_has_the_same_copulas():
    model = load(study(entry("a", "b", rank=0.3, copula="frank"), entry("c", "d")))
    assert from_resolved(model.resolved).dependences == model.dependences


COIN = {"dist": "bernoulli", "p": 0.3}
REFUSED = {
    "no strength": (
        [{"quantities": ["a", "b"]}],
        "found no strength; expected one of rank, kendal",
    ),
    "two strengths": ([entry("a", "b", rank=0.1, kendall=0.1)], "found both rank and kendall"),
    "one quantity": ([entry("a")], "found 1 of them; expected two or more"),
    "twice": ([entry("a", "a")], "found a twice; expected two or more"),
    "too strong": ([entry("a", "b", rank=1.5)], "expected a number from -1 to 1, or a matrix"),
    "a text": ([entry("a", "b", rank="high")], 'found the text "high"; expected a number from -1'),
    "unknown copula": ([entry("a", "b", rank=0.1, copula="t")], "expected one of"),
    "three in a pair": (
        [entry("a", "b", "c", rank=0.1, copula="clayton")],
        "a clayton copula ties two quantities, found 3",
    ),
    "no degrees": ([entry("a", "b", rank=0.1, copula="student-t")], "needs df"),
    "needless degrees": ([entry("a", "b", rank=0.1, df=3)], "a gaussian copula has no df"),
    "matrix of another size": ([entry("a", "b", rank=[[1, 0, 0]] * 3)], "expected 2 rows of 2"),
    "matrix without ones": (
        [entry("a", "b", rank=[[0.9, 0], [0, 1]])],
        "[0][0] is 0.9",
    ),
    "lopsided": (
        [entry("a", "b", rank=[[1, 0.1], [0.2, 1]])],
        "rank[0][1] is 0.1, and rank[1][0] is 0.2; expected the same",
    ),
    "unknown quantity": ([entry("a", "bb")], "'bb' is not defined"),
    "unknown system": ([entry("a", "s.b")], "no system is called 's'"),
    "a formula": (
        [entry("a", "total")],
        "total is a formula ([quantities]); expected",
    ),
    "a contradiction": (
        [entry("a", "b", rank=0.1), entry("b", "a", rank=0.2)],
        "a with b is stated twice: rank = 0.1 and rank = 0.2",
    ),
    "two copulas": (
        [entry("a", "b"), entry("b", "c", rank=0.1, copula="frank")],
        "b is in two entries, and a frank copula joins no other",
    ),
    "three impossible": (IMPOSSIBLE, "given the other two, that of a with b must lie between"),
    "falling clayton": (
        [entry("a", "b", rank=-0.3, copula="clayton")],
        "a clayton copula only makes quantities rise together",
    ),
    "misspelt": ([entry("a", "b", spearman=0.4)], "unknown key spearman"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_words(name):
    correlate, words = REFUSED[name]
    with pytest.raises(StudyError) as caught:
        load(study(*correlate))
    (problem,) = caught.value.problems
    assert words in problem.message
    assert problem.key.startswith("correlate[")


def test_ties_bound_what_can_be():
    with pytest.raises(StudyError, match=r"a with n: .* out of reach .* -0\.7937 and 0\.7937"):
        load(study(entry("a", "n", rank=0.9), quantities={"a": NORMAL, "n": COIN}))


def test_a_constant_is_nothing_to_correlate():
    with pytest.raises(StudyError, match=r"k is a constant .*; expected a distribution"):
        load(study(entry("a", "k"), quantities={"a": NORMAL, "k": 3.0}))


def test_one_draw_shared_by_name_is_not_two():
    systems = {"s": {"quantities": {"y": {"formula": "a"}}}}
    with pytest.raises(StudyError, match="are one and the same draw"):
        load(study(entry("a", "s.a"), quantities={"a": NORMAL}, systems=systems))


def test_a_shared_quantity_may_be_tied_to_that_of_many_systems():
    own = {"x": NORMAL, "y": {"formula": "x + a"}}
    systems = {f"s{i}": {"quantities": own} for i in range(10)}
    (found,) = load(
        study(entry("x", "a", pearson=0.6), quantities={"a": NORMAL}, systems=systems)
    ).dependences
    assert len(found.keys) == 11
    between = found.keys.index("s3.x"), found.keys.index("s7.x")
    assert found.matrix[between[0]][between[1]] == pytest.approx(0.36, abs=1e-11)


def test_no_entry_is_left_out_however_many_there_are():
    entries = [entry(f"q{i}", f"q{i + 1}") for i in range(0, 238, 2)]
    assert len(load(many(*entries, count=240)).dependences) == 119
    with pytest.raises(StudyError, match="'zzz' is not defined"):
        load(many(*entries, entry("q238", "zzz"), count=240))


def many(*correlate, count):
    quantities = {f"q{i}": NORMAL for i in range(count)}
    return {"quantities": quantities, "run": {"outputs": ["q0"]}, "correlate": list(correlate)}


def test_so_many_quantities_are_refused():
    names = [f"q{i}" for i in range(501)]
    with pytest.raises(StudyError, match="found 501; expected at most 500"):
        load(many(entry(*names), count=501))
