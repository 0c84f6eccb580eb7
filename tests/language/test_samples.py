"""Beliefs made of data: inline, from files, and what is refused."""
# ruff: noqa: E501 - one case a line

from __future__ import annotations

import builtins
import hashlib

import numpy as np
import pytest
from scipy import stats

from wattif.distributions.sample import Empirical
from wattif.errors import StudyError
from wattif.language.loader import from_resolved, load

CSV = "id,output,weight\n1,10,1\n2,20.5,2\n3,1e2,1\n"


def study(folder, form):
    """Write a study with one quantity, x, and return its path."""
    path = folder / "study.toml"
    path.write_text(f"[quantities]\nx = {form}\ny = {{ formula = 'x' }}\n")
    return path


def belief(folder, form):
    return load(study(folder, form)).find("study", "x").belief


def refusal(folder, form):
    with pytest.raises(StudyError) as refused:
        load(study(folder, form))
    (problem,) = refused.value.problems
    return problem


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "t.csv").write_text(CSV)
    return tmp_path


OF_FILE = '{ dist = "empirical", file = "t.csv", column = "output" }'


def test_a_column_of_a_file(folder):
    found = belief(folder, OF_FILE)
    assert found.distribution.sample.values == (10.0, 20.5, 100.0)
    digest = hashlib.sha256(CSV.encode()).hexdigest()[:12]
    assert found.reading == f"one of 3 values of t.csv, column output (SHA-256 {digest})"
    assert found.stated == "empirical, file = t.csv, column = output"


def test_a_column_that_weighs(folder):
    found = belief(folder, OF_FILE.replace(" }", ', weights_column = "weight" }'))
    assert found.distribution.sample.weights == (1.0, 2.0, 1.0)
    assert "column output, weighed by weight (SHA" in found.reading


def test_a_file_in_a_folder_below(folder):
    (folder / "data").mkdir()
    (folder / "data" / "t.tsv").write_text("a\toutput\n1\t2\n\n3\t4\n")
    found = belief(folder, '{ dist = "empirical", file = "data/t.tsv", column = "output" }')
    assert found.distribution.sample.values == (2.0, 4.0)


def test_a_link_inside_the_folder_is_followed(folder):
    (folder / "link.csv").symlink_to("t.csv")
    form = OF_FILE.replace("t.csv", "link.csv")
    assert belief(folder, form).distribution.sample.values == (10.0, 20.5, 100.0)


@pytest.mark.parametrize("ending", ["\r\n", "\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_what_a_spreadsheet_writes(folder, ending, mark):
    text = ending.join(['"output, in tokens","x"', '"10","a"', " 20 ,b", ""])
    (folder / "t.csv").write_bytes(mark + text.encode())
    found = belief(folder, OF_FILE.replace('"output"', '"output, in tokens"'))
    assert found.distribution.sample.values == (10.0, 20.0)


def test_a_netcdf_variable(folder):
    import xarray

    xarray.Dataset({"draws": (("a", "b"), np.arange(6.0).reshape(2, 3))}).to_netcdf(
        folder / "t.nc", engine="h5netcdf"
    )
    found = belief(folder, '{ dist = "empirical", file = "t.nc", column = "draws" }')
    assert found.distribution.sample.values == tuple(np.arange(6.0))
    problem = refusal(folder, '{ dist = "empirical", file = "t.nc", column = "drawn" }')
    assert (problem.message, problem.hint) == (
        "t.nc has no column 'drawn'",
        "did you mean 'draws'?",
    )


def test_a_parquet_column(folder):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    table = pyarrow.table({"n": [1, 2, 3], "word": ["a", "b", "c"], "gap": [1.0, None, 3.0]})
    parquet.write_table(table, folder / "t.parquet")
    form = '{ dist = "empirical", file = "t.parquet", column = "n" }'
    assert belief(folder, form).distribution.sample.values == (1.0, 2.0, 3.0)
    words = refusal(folder, form.replace('"n"', '"word"')).message
    assert words == "t.parquet: column word is of type string; expected numbers"
    gaps = refusal(folder, form.replace('"n"', '"gap"')).message
    assert gaps == "t.parquet: column gap has nan as its value number 2; expected finite numbers"


def test_parquet_without_pyarrow_names_the_extra(folder, monkeypatch):
    (folder / "t.parquet").write_bytes(b"PAR1")
    real = builtins.__import__

    def without(name, *rest):
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    problem = refusal(folder, '{ dist = "empirical", file = "t.parquet", column = "n" }')
    assert problem.message == "t.parquet: Parquet files need the package pyarrow"
    assert problem.hint == "install wattif[parquet], or save the column as CSV"


def test_values_may_stand_in_the_study(tmp_path):
    found = belief(tmp_path, '{ dist = "empirical", values = [3, 1.5, 3], unit = "kW" }')
    assert isinstance(found.distribution, Empirical)
    assert found.reading == "one of 3 values: 3, 1.5, 3"
    np.testing.assert_array_equal(found.distribution.quantile([0.3, 0.5]), [1.5, 3.0])


def test_a_smooth_form(tmp_path):
    values = '{ dist = "empirical", values = [1, 2, 4, 5], form = "smooth"'
    found = belief(tmp_path, values + ", bandwidth = 0.5, min = 0 }")
    assert found.distribution.support[0] == 0.0
    assert found.reading == "4 values: 1, 2, 4, 5, smoothed by a normal kernel of sd 0.5"
    assert belief(tmp_path, values + " }").reading.endswith(", by Silverman's rule")
    assert belief(tmp_path, values + ', scale = "log" }').reading.endswith(
        " of ln x, by Silverman's rule"
    )


def test_a_fit_says_how_sure_it_is(tmp_path):
    values = '{ dist = "empirical", values = [1, 2, 4, 5, 9], form = "fit", family = "lognormal"'
    found = belief(tmp_path, values + " }")
    logs = np.log([1, 2, 4, 5, 9])
    assert found.distribution.family == "lognormal"
    assert found.distribution.median == pytest.approx(np.exp(logs.mean()))
    assert found.distribution.sigma == pytest.approx(logs.std())
    error = np.exp(logs.mean()) * logs.std() / np.sqrt(5)
    assert f"lognormal(median = {np.exp(logs.mean()):.4g} ± {error:.2g}, sigma = " in found.reading
    wider = belief(tmp_path, values + ", fit_uncertainty = true }")
    assert wider.distribution.family == "mixture"
    assert wider.distribution.sd > found.distribution.sd
    assert wider.reading.endswith(", the errors of the fit included")


def test_data_are_a_part_of_other_beliefs(folder):
    form = f'{{ dist = "mixture", of = [{OF_FILE}, "200 to 300"], weights = [3, 1] }}'
    found = belief(folder, form)
    assert found.distribution.probability(100.0) == pytest.approx(0.75, abs=1e-6)


def test_a_resolved_study_brings_its_data(folder):
    model = load(study(folder, OF_FILE.replace(" }", ', weights_column = "weight" }')))
    (folder / "t.csv").unlink()
    again = from_resolved(model.resolved)
    assert again.find("study", "x") == model.find("study", "x")
    assert again.resolved["data"] == model.resolved["data"]
    assert model.resolved["data"][0]["sha256"] == hashlib.sha256(CSV.encode()).hexdigest()


BROKEN = [
    [{"file": "t.csv", "column": "output", "sha256": "a"}],
    [{"file": "t.csv", "column": "output", "sha256": "a", "float64": "%%%"}],
    [{"file": "t.csv", "column": "output", "sha256": "a", "float64": ""}],
    [{"file": "t.csv", "column": "output", "sha256": "a", "float64": "AAAAAAAA+H8="}],
    [3],
    7,
]


@pytest.mark.parametrize("data", BROKEN)
def test_broken_data_of_a_resolved_study_are_refused(folder, data):
    resolved = dict(load(study(folder, OF_FILE)).resolved)
    with pytest.raises(StudyError, match="a resolved study with something missing"):
        from_resolved({**resolved, "data": data})


def test_a_resolved_study_reads_no_file(folder, monkeypatch):
    monkeypatch.chdir(folder)
    resolved = dict(load(study(folder, OF_FILE)).resolved)
    with pytest.raises(
        StudyError, match=r"t\.csv, column output, is not among the data of this result"
    ):
        from_resolved({**resolved, "data": []})


def test_a_study_from_a_dict_has_no_folder(folder, monkeypatch):
    monkeypatch.chdir(folder)
    form = {"dist": "empirical", "file": "t.csv", "column": "output"}
    with pytest.raises(StudyError) as refused:
        load({"quantities": {"x": form, "y": {"formula": "x"}}})
    problem = refused.value.problems[0]
    assert problem.message == "a study that is no file has no folder to find a file in"
    assert problem.hint == "give the numbers themselves: values = [...]"


FILES = [
    ("", "t.csv is empty; expected a first row with the names of the columns", ""),
    ("output\n", "t.csv has no rows", ""),
    ("1,2\n3,4\n", "t.csv begins with numbers; expected a first row with the names of the columns", ""),
    ("id,outputs\n1,2\n", "t.csv has no column 'output'", "did you mean 'outputs'?"),
    ("a,b\n1,2\n", "t.csv has no column 'output'", "it has a, b"),
    ("id;output\n1;2,5\n", "t.csv has no column 'output'", "its columns are separated by ';': save it with commas, and numbers with points"),
    ("output,output\n1,2\n", "t.csv has 2 columns 'output'", "rename all but one"),
    ("output\n1\n\nn/a\n", 't.csv, line 4: output is the text "n/a"; expected a finite number', "leave out rows without a figure"),
    ("id,output\n1,2\n3\n", "t.csv, line 3: output is empty; expected a finite number", "leave out rows without a figure"),
    ("output\n1\nnan\n", 't.csv, line 3: output is the text "nan"; expected a finite number', "leave out rows without a figure"),
    ("output\n1\n1e999\n", 't.csv, line 3: output is the text "1e999"; expected a finite number', ""),
    ("output\n1\n1_000\n", 't.csv, line 3: output is the text "1_000"; expected a finite number', ""),
    ('output\n1\n"1,000"\n', 't.csv, line 3: output is the text "1,000"; expected a finite number', "write 1000 for thousands and 1.5 for a decimal"),
    ('output\n1\n"2\n', "t.csv, line 3: unexpected end of data", ""),
    ("output\n5\n5\n", "a sample needs two different values, found only 5", "without spread it is a constant: write value = 5"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "hint"), FILES)
def test_files_that_are_refused(folder, text, message, hint):
    (folder / "t.csv").write_text(text)
    problem = refusal(folder, OF_FILE)
    assert (problem.message, problem.hint) == (message, hint)


def test_other_encodings_are_refused(folder):
    (folder / "t.csv").write_bytes("output\n1\n2\u00e9\n".encode("latin-1"))
    assert refusal(folder, OF_FILE).message == "t.csv, line 3, is not UTF-8"


FORMS = [
    ("{ dist = 'empirical' }", "a sample comes from values or from a file, and here is neither", "x"),
    ("{ dist = 'empirical', values = [1, 2], file = 't.csv' }", "a sample comes from values or from a file, and here are both", "x"),
    ("{ dist = 'empirical', file = 't.csv' }", 'file needs column, the name of one of its columns: column = "output"', "x.file"),
    ("{ dist = 'empirical', file = 't.csv', column = 3 }", "column is 3; expected the name of a column", "x.column"),
    ("{ dist = 'empirical', values = [1, 2], column = 'a' }", "column has a meaning only with file", "x.column"),
    ("{ dist = 'empirical', values = [] }", "values is empty; expected a list of numbers", "x.values"),
    ("{ dist = 'empirical', values = [1, true] }", "values has true; expected finite numbers", "x.values[1]"),
    ("{ dist = 'empirical', values = [1, 2], weights = [1] }", "a sample needs one weight for each value, found 2 values and 1 weights", "x.weights"),
    ("{ dist = 'empirical', values = [1, 2], form = 'kde' }", 'form is the text "kde"; expected one of "ecdf", "smooth", "fit"', "x.form"),
    ("{ dist = 'empirical', values = [1, 2], bandwidth = 2 }", 'bandwidth has a meaning only for form = "smooth"', "x.bandwidth"),
    ("{ dist = 'empirical', values = [1, 2], form = 'smooth', bandwidth = 0 }", "bandwidth must be greater than 0, found 0", "x.bandwidth"),
    ("{ dist = 'empirical', values = [1, 2], form = 'fit' }", None, "x.form"),
    ("{ dist = 'empirical', values = [1, 2], form = 'fit', family = 'pareto' }", None, "x.family"),
    ("{ dist = 'empirical', values = [1, 2], form = 'fit', family = 'normal', fit_uncertainty = 1 }", "fit_uncertainty is 1; expected true or false", "x.fit_uncertainty"),
    ("{ dist = 'empirical', values = [-1, 2], form = 'fit', family = 'gamma' }", "gamma takes values greater than 0, found -1", "x.family"),
    ("{ dist = 'empirical', file = 't.csv', column = 'output', weights_column = 'wait' }", "t.csv has no column 'wait'", "x.weights_column"),
    ("{ dist = 'empirical', values = [1, 2], truncate = [0, 1.5] }", "empirical cannot be truncated: it takes separate values", "x.truncate"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "message", "key"), FORMS)
def test_forms_that_are_refused(folder, form, message, key):
    problem = refusal(folder, form)
    assert problem.key == "quantities." + key
    assert message is None or problem.message == message


def test_draws_of_a_sample_are_its_values(folder):
    import wattif as wi

    tree = wi.load(study(folder, OF_FILE)).run(draws=2**12)
    kept = np.ravel(tree["prior"]["x"].values)
    assert set(kept) == {10.0, 20.5, 100.0}
    counts = [np.count_nonzero(kept == value) for value in (10.0, 20.5, 100.0)]
    assert stats.chisquare(counts).statistic < 9.2  # the 1 % point; the seed is fixed
