"""The ten minutes of docs/my-service.md lead where the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wattif.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "my-service.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def edited(text: str) -> str:
    """Return the template with the page's edits; each line must be there just once."""
    for block in blocks("diff"):
        lines = block.splitlines()
        for old, new in zip(lines[::2], lines[1::2], strict=True):
            assert (old[0], new[0], text.count(f"\n{old[1:]}\n")) == ("-", "+", 1), old
            text = text.replace(f"\n{old[1:]}\n", f"\n{new[1:]}\n")
    return "\n".join([text, *blocks("toml")])


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "office.toml", "--from", "my-service"]) == 0
    study = Path("office.toml")
    study.write_text(edited(study.read_text(encoding="utf-8")), encoding="utf-8")
    return study


def test_the_walk_gives_the_table_of_the_page(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "office.toml"]) == 0
    capsys.readouterr()
    assert main(["run", "office.toml"]) == 0
    shown = capsys.readouterr().out
    (table,) = blocks("text")
    assert [line for line in table.splitlines() if line.strip(" …") and line not in shown] == []
    assert main(["compare", "results/office.nc", "own", "rental"]) == 0
    (surely,) = re.findall(r"cheaper here in (\d+ %)", PAGE)
    row = next(x for x in capsys.readouterr().out.splitlines() if x.startswith("Cost of a year"))
    assert row.endswith(f" {surely}")


REPLACEMENTS = re.findall(r"^\|[^|]*\| `(\w+ = [^`]+)`([^|]*)\|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("line", "where"), REPLACEMENTS)
def test_each_figure_of_one_s_own_can_stand_where_the_page_says(
    office: Path, line: str, where: str
) -> None:
    name, text = line.partition(" ")[0], office.read_text(encoding="utf-8")
    if "[systems.rental" in where:
        text += f"\n[systems.rental.quantities]\n{line}\n"
    elif "in place of" in where:
        text = re.sub(rf"\n\[quantities\.{name}\]\n.*?(?=\n\[)", "", text, flags=re.DOTALL)
        text = text.replace("\n[quantities]\n", f"\n[quantities]\n{line}\n", 1)
    else:
        text += f"\n[systems.own.quantities]\n{line}\n"
    office.write_text(text, encoding="utf-8")
    assert main(["check", "office.toml"]) == 0


def test_own_machines_can_be_left_out(office: Path) -> None:
    text = office.read_text(encoding="utf-8")
    start, stop = text.index("\n[systems.own]"), text.index("\n[systems.rental]")
    office.write_text(text[:start] + text[stop:], encoding="utf-8")
    assert main(["check", "office.toml"]) == 0
