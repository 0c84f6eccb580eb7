"""What travels inside the page."""

from __future__ import annotations

import base64

from wattif.report.downloads import Download, make_downloads
from wattif.results.export import export


def _content(file: Download) -> bytes:
    return base64.b64decode(file.address.partition("base64,")[2])


def test_the_summary_is_the_file_that_export_writes(survey, tmp_path):
    for language in ("en", "es"):
        exported = export(survey, tmp_path / f"{language}.csv", language=language)
        table = make_downloads(survey, language)[0]
        assert _content(table) == exported.read_bytes()


def test_the_study_is_there_as_it_was_written(survey):
    files = make_downloads(survey, "en")
    assert [file.name for file in files] == ["survey-2025b.csv", "survey-2025b.toml"]
    assert _content(files[1]).decode("utf-8") == survey.attrs["study"]


def test_a_study_from_python_has_no_text_to_take_along(tree):
    assert [file.name for file in make_downloads(tree, "en")] == ["study.csv"]


def test_the_name_of_a_file_leads_nowhere(tree):
    other = tree.copy(deep=True)
    other.attrs["name"] = "../<b>"
    assert make_downloads(other, "en")[0].name == "..--b-.csv"
