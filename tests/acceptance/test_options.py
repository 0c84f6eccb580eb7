"""Hostile options, paths and result files, through the command line."""

from __future__ import annotations

import re
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray

import wattif as wi
from wattif.cli import main

STUDY = """
title = "A coin of unknown bias"
[quantities]
bias = { dist = "beta", alpha = 3, beta = 3 }
y = { formula = "2 * bias" }
"""


@pytest.fixture
def wattif(tmp_path, monkeypatch, capfd):
    """Return a function: arguments -> (exit code, output), in a folder with study.toml in it."""
    monkeypatch.chdir(tmp_path)
    Path("study.toml").write_text(STUDY)

    def command(*arguments):
        code = main(list(arguments))
        printed = capfd.readouterr()
        output = printed.out + printed.err
        assert "Traceback" not in output
        return code, re.sub(r"\s+", " ", output)  # as wide as the terminal, or not

    return command


def files():
    return sorted(str(path) for path in Path().rglob("*") if path.is_file() or path.is_symlink())


REFUSED = {
    "n_zero": (("--draws", "0"), "draws"),
    "n_negative": (("--draws", "-5"), "draws"),
    "n_fraction": (("--draws", "1.5"), "draws|whole|int"),
    "n_huge": (("--draws", "1000000000000000"), "draws"),
    "n_word": (("--draws", "many"), "draws"),
    "n_true": (("--draws", "true"), "draws"),
    "n_nan": (("--draws", "nan"), "draws"),
    "seed_range": (("--seed", "18446744073709551616"), "seed"),
    "seed_negative": (("--seed", "-1"), "seed"),
    "seed_fraction": (("--seed", "1.5"), "seed"),
    "sampling": (("--sampling", "halton"), "sampling"),
    "threads_zero": (("--threads", "0"), "threads"),
    "unknown_option": (("--overwrite",), "overwrite"),
}


@pytest.mark.parametrize("attack", REFUSED)
def test_option_is_refused(attack, wattif):
    arguments, reason = REFUSED[attack]
    code, output = wattif("run", "study.toml", "--out", "y.nc", *arguments)
    assert code == 2, output
    assert re.search(reason, output, re.IGNORECASE), output
    assert files() == ["study.toml"]


@pytest.mark.parametrize("sampling", ["sobol", "latin-hypercube", "random"])
def test_sober_options_are_accepted(sampling, wattif):
    options = (
        "--draws",
        "1024",
        "--seed",
        str(2**64 - 1),
        "--sampling",
        sampling,
        "--threads",
        "2",
    )
    code, output = wattif("run", "study.toml", "--out", "y.nc", *options)
    assert code == 0, output
    result = wi.open_result("y.nc")
    assert result.attrs["seed"] == str(2**64 - 1)
    assert result.attrs["sampling"] == sampling
    assert result.attrs["draws"] == 1024


@pytest.mark.parametrize("word", ["1000", "1e3", "1_000"])
def test_draws_are_rounded_up_to_keep_the_net_and_the_run_says_so(word, wattif):
    code, output = wattif("run", "study.toml", "--out", "y.nc", "--draws", word)
    assert code == 0, output
    assert re.search(r"1,?024", output)
    result = wi.open_result("y.nc")
    assert (result.attrs["draws"], result.attrs["draws_asked"]) == (1024, 1000)
    assert result.attrs["sampling"] == "sobol"


def test_draws_that_are_all_undefined_are_counted_and_told(wattif):
    Path("study.toml").write_text(STUDY.replace("2 * bias", "log(-bias)"))
    code, output = wattif("run", "study.toml", "--out", "y.nc", "--draws", "1024")
    assert code == 0, output
    result = wi.open_result("y.nc")
    assert result["counts"]["y"].sel(kind="nan").item() == 1024
    assert result["counts"]["y"].sel(kind="finite").item() == 0
    for group in ("summary", "percentiles"):
        assert np.isnan(result[group]["y"].values).all()
    assert re.search(r"1,?024|all", output)
    assert re.search("nan|not a number|undefined|not finite|non-finite", output, re.IGNORECASE)


def test_the_harmless_twin_counts_no_undefined_draw(wattif):
    code, output = wattif("run", "study.toml", "--out", "y.nc", "--draws", "1024")
    assert code == 0, output
    assert wi.open_result("y.nc")["counts"]["y"].sel(kind="finite").item() == 1024


def test_a_link_is_not_followed_out_of_the_folder(wattif):
    Path("foreign").mkdir()
    Path("foreign/thesis.nc").write_bytes(b"years of work")
    Path("y.nc").symlink_to("foreign/thesis.nc")
    code, output = wattif("run", "study.toml", "--draws", "64", "--out", "y.nc")
    assert code == 2
    assert "link" in output
    assert Path("foreign/thesis.nc").read_bytes() == b"years of work"
    assert Path("y.nc").is_symlink()


def test_a_dangling_link_is_not_followed(wattif):
    Path("y.nc").symlink_to("elsewhere.nc")
    code, output = wattif("run", "study.toml", "--draws", "64", "--out", "y.nc")
    assert code == 2
    assert "link" in output
    assert not Path("elsewhere.nc").exists()


@pytest.mark.parametrize("foreign", [b"", b"years of work", b"\x89HDF\r\n\x1a\n broken"])
def test_a_foreign_file_is_not_overwritten(foreign, wattif):
    Path("y.nc").write_bytes(foreign)
    code, output = wattif("run", "study.toml", "--draws", "64", "--out", "y.nc")
    assert code == 2
    assert "not overwritten" in output
    assert Path("y.nc").read_bytes() == foreign


def test_a_foreign_netcdf_is_not_overwritten(wattif):
    xarray.Dataset({"y": ("t", [1.0])}).to_netcdf("y.nc", engine="h5netcdf")
    before = Path("y.nc").read_bytes()
    code, output = wattif("run", "study.toml", "--draws", "64", "--out", "y.nc")
    assert code == 2
    assert "not overwritten" in output
    assert Path("y.nc").read_bytes() == before


def test_the_result_of_another_study_is_not_overwritten(wattif):
    Path("other.toml").write_text(STUDY)
    assert wattif("run", "other.toml", "--draws", "64", "--out", "y.nc")[0] == 0
    before = Path("y.nc").read_bytes()
    code, output = wattif("run", "study.toml", "--draws", "64", "--out", "y.nc")
    assert code == 2
    assert "other" in output
    assert Path("y.nc").read_bytes() == before


def test_the_result_of_the_same_study_is_replaced(wattif):
    for draws in (64, 128):
        code, output = wattif("run", "study.toml", "--draws", str(draws), "--out", "y.nc")
        assert code == 0, output
    assert wi.open_result("y.nc").attrs["draws"] == 128
    assert files() == ["study.toml", "y.nc"]


def test_a_folder_is_no_place_for_a_result(wattif):
    Path("y.nc").mkdir()
    Path("y.nc/thesis.txt").write_text("years of work")
    code, output = wattif("run", "study.toml", "--draws", "64", "--out", "y.nc")
    assert code == 2
    assert "folder" in output
    assert files() == ["study.toml", "y.nc/thesis.txt"]


def test_a_run_is_refused_before_it_costs_anything(wattif):
    """The place is looked at first: a day of simulation is not lost to a file in the way."""
    Path("y.nc").write_bytes(b"years of work")
    code, _ = wattif("run", "study.toml", "--draws", str(2**39), "--out", "y.nc")
    assert code == 2


class Bomb:
    """Runs a command when it is unpickled."""

    def __reduce__(self):
        return Path.touch, (Path("PWNED"),)


def pickled(path):
    np.save(path, np.array([Bomb()], dtype=object), allow_pickle=True)
    return path


def zarr_store(path):
    path = Path(path)
    path.mkdir()
    (path / ".zgroup").write_text('{"zarr_format": 2}')
    (path / "x").mkdir()
    (path / "x" / ".zarray").write_text(
        '{"zarr_format": 2, "shape": [1], "chunks": [1], "dtype": "|O", "fill_value": null,'
        ' "order": "C", "compressor": null, "filters": [{"id": "pickle"}]}'
    )
    return path


@pytest.mark.parametrize("make", [pickled, zarr_store])
def test_a_result_is_never_unpickled(make, wattif):
    path = make("evil.npy")
    code, output = wattif("plot", str(path))
    assert code == 2
    assert re.search("not a result|no such file|folder", output)
    assert not Path("PWNED").exists()


def test_a_result_of_a_later_format_is_refused(wattif):
    assert wattif("run", "study.toml", "--draws", "64", "--out", "y.nc")[0] == 0
    with h5py.File("y.nc", "a") as file:
        file.attrs["format_version"] = 99
    code, output = wattif("plot", "y.nc")
    assert code == 2
    assert "99" in output


@pytest.mark.parametrize("missing", ["summary", "percentiles", "counts", "inputs", "prior"])
def test_a_result_with_a_group_missing_is_refused(missing, wattif):
    assert wattif("run", "study.toml", "--draws", "64", "--out", "y.nc")[0] == 0
    with h5py.File("y.nc", "a") as file:
        del file[missing]
    code, output = wattif("plot", "y.nc")
    assert code == 2, output
    assert re.search(f"not a result|{missing}", output)


@pytest.mark.parametrize("kept", [0, 8, 1000, 0.5, 0.99])
def test_a_truncated_result_is_refused(kept, wattif):
    assert wattif("run", "study.toml", "--draws", "64", "--out", "y.nc")[0] == 0
    whole = Path("y.nc").read_bytes()
    Path("y.nc").write_bytes(whole[: int(kept * len(whole)) if isinstance(kept, float) else kept])
    code, output = wattif("plot", "y.nc")
    assert code == 2
    assert "not a result" in output
