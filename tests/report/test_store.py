"""A report is written whole, and over nothing but a report of the same study."""

from __future__ import annotations

import re

import pytest

from wattif.errors import ResultError
from wattif.report import save_report

PAGE = '<!DOCTYPE html><html><head><meta name="wattif-report" content="bread &amp; butter"></head>'


def test_a_report_goes_over_a_report_of_the_same_study(tmp_path):
    target = tmp_path / "new" / "a.html"
    save_report(PAGE, target, "bread & butter")
    save_report(PAGE + "again", target, "bread & butter")
    assert target.read_text().endswith("again")
    assert [path.name for path in target.parent.iterdir()] == ["a.html"]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (PAGE, "holds a report of the study 'bread & butter', not of 'cake', so it is not"),
        ("<html><p>my diary", "exists and is not a report of wattif, so it is not overwritten"),
        ("", "exists and is not a report of wattif"),
        (b"\xff\xfe\x00", "exists and is not a report of wattif"),
    ],
)
def test_anything_else_is_left_alone(tmp_path, found, words):
    target = tmp_path / "a.html"
    content = found if isinstance(found, bytes) else found.encode()
    target.write_bytes(content)
    with pytest.raises(ResultError, match=re.escape(words)):
        save_report(PAGE, target, "cake")
    assert target.read_bytes() == content


def test_a_report_is_no_other_kind_of_file(tmp_path):
    with pytest.raises(ResultError, match=r"a report's name ends in \.html"):
        save_report(PAGE, tmp_path / "result.nc", "cake")
    (tmp_path / "b.html").mkdir()
    with pytest.raises(ResultError, match="is a folder; give --out the name of a file"):
        save_report(PAGE, tmp_path / "b.html", "cake")
    (tmp_path / "c.html").symlink_to(tmp_path / "nowhere.html")
    with pytest.raises(ResultError, match="is a symbolic link, which is not followed"):
        save_report(PAGE, tmp_path / "c.html", "cake")


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ResultError, match="cannot be written"):
        save_report(PAGE, tmp_path / "file" / "a.html", "cake")
