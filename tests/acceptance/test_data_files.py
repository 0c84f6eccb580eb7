"""Files that a study names: nothing outside its folder is opened, and a result needs none."""

from __future__ import annotations

import os
import re

import pytest

import wattif as wi
from wattif.cli import main

SECRET = "output\n31\n41\n59\n"


@pytest.fixture
def folder(tmp_path):
    """Return the folder of a study, beside which lies a file that is none of its business."""
    (tmp_path / "secret.csv").write_text(SECRET)
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "t.csv").write_text("output\n1\n2\n")
    return tmp_path / "study"


@pytest.fixture
def check(folder, monkeypatch, capfd):
    """Return a function: name of a file -> (exit code, output) of ``wattif check``."""
    monkeypatch.chdir(folder)

    def run(name):
        quoted = "".join(f"\\U{ord(c):08X}" for c in name)
        form = f'{{ dist = "empirical", file = "{quoted}", column = "output" }}'
        (folder / "s.toml").write_text(f'[quantities]\nx = {form}\ny = {{ formula = "x" }}\n')
        code = main(["check", "s.toml"])
        printed = capfd.readouterr()
        assert "Traceback" not in printed.out + printed.err
        return code, " ".join((printed.out + printed.err).split())

    return run


OUTSIDE = {
    "/etc/passwd.csv": "is an absolute path",
    "//server/t.csv": "is an absolute path",
    "../secret.csv": "leads out of the study's folder",
    "a/../../secret.csv": "leads out of the study's folder",
    "a/../t.csv": "leads out of the study's folder",
    "./t.csv": "is hidden, or no plain name",
    ".hidden/t.csv": "is hidden, or no plain name",
    "~/t.csv": "is hidden, or no plain name",
    "~root/t.csv": "is hidden, or no plain name",
    "a//t.csv": "is hidden, or no plain name",
    " t.csv": "is hidden, or no plain name",
    "..\\secret.csv": "has a backslash or a colon in it",
    "C:/secret.csv": "has a backslash or a colon in it",
    "t.csv:stream": "has a backslash or a colon in it",
    "file:///etc/t.csv": "has a backslash or a colon in it",
    "https://example.org/t.csv": "has a backslash or a colon in it",
    "t\u00a0.csv": "has characters that cannot be seen",
    "t.csv\u202evsc.exe": "is not allowed anywhere in a study",
    "t\x00.csv": "is not allowed anywhere in a study",
    "t\n.csv": "has characters that cannot be seen",
    "x" * 300 + ".csv": "is a name of 304 characters",
    "": "file is empty",
    "t.exe": "is none of .csv, .tsv, .parquet, .nc",
    "s.toml": "is none of .csv, .tsv, .parquet, .nc",
    "t": "is none of .csv, .tsv, .parquet, .nc",
    "u.csv": 'no file "u.csv" in the folder of the study',
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_name_that_leads_elsewhere_is_refused(name, check):
    code, output = check(name)
    assert code == 2, output
    assert OUTSIDE[name] in output
    assert "s.toml:2" in output
    assert not re.search("[\0\u202e]", output)


def test_a_harmless_name_is_accepted(check):
    code, output = check("t.csv")
    assert code == 0, output


def links(folder):
    (folder / "link.csv").symlink_to("../secret.csv")
    (folder / "below").symlink_to("..")
    (folder / "loop.csv").symlink_to("loop.csv")
    (folder / "device.csv").symlink_to("/dev/zero")
    (folder / "folder.csv").mkdir()
    os.mkfifo(folder / "pipe.csv")
    (folder / "hole.csv").touch()
    os.truncate(folder / "hole.csv", 10**12)  # a sparse file: no disk is used


LINKS = {
    "link.csv": "is a link that leads out of the study's folder",
    "below/secret.csv": "is a link that leads out of the study's folder",
    "loop.csv": "cannot be read",
    "device.csv": "is a link that leads out of the study's folder",
    "folder.csv": "cannot be read: Is a directory",
    "pipe.csv": "is no ordinary file",
    "hole.csv": "is 1,000,000 MB large; at most 100 MB are read",
}


@pytest.mark.skipif(os.name == "nt", reason="links and pipes of POSIX")
@pytest.mark.parametrize("name", LINKS)
def test_what_is_no_ordinary_file_below_the_folder_is_refused(name, folder, check):
    links(folder)
    code, output = check(name)
    assert code == 2, output
    assert LINKS[name] in output
    assert "31" not in output


def test_no_content_of_a_file_reaches_a_message_but_the_cell_at_fault(folder, check):
    (folder / "t.csv").write_text("output\nroot:x:0:0:secret\n")
    _, output = check("t.csv")
    assert 'line 2: output is the text "root:x:0:0:secret"' in output


def test_a_result_repeats_without_the_file(folder):
    study = folder / "s.toml"
    forms = {
        "a": "",
        "b": ', form = "smooth"',
        "c": ', form = "fit", family = "normal", fit_uncertainty = true',
    }
    lines = [
        f'{name} = {{ dist = "empirical", file = "t.csv", column = "output"{form} }}'
        for name, form in forms.items()
    ]
    (folder / "t.csv").write_text("output\n" + "\n".join(str(i * i) for i in range(1, 40)) + "\n")
    study.write_text("\n".join(["[quantities]", *lines, 'y = { formula = "a + b + c" }']))
    saved = wi.save_result(wi.load(study).run(draws=2**12), folder / "r.nc")
    (folder / "t.csv").unlink()
    study.unlink()
    agreement = wi.rerun(saved)
    assert agreement.identical, agreement.differences
