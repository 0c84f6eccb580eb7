"""The example notebook: made of the script's cells, run, without traces of a machine."""

from __future__ import annotations

import ast
import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

DOCS = Path(__file__).parents[2] / "docs"
NOTEBOOK = DOCS / "tour.ipynb"


@pytest.fixture(scope="module")
def tour() -> ModuleType:
    """Return the script that makes the notebook."""
    spec = importlib.util.spec_from_file_location("make_tour", DOCS / "make_tour.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def cells() -> list[dict[str, Any]]:
    """Return the cells of the notebook."""
    found = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert isinstance(found, list)
    return found


def test_the_notebook_has_the_cells_of_its_script(
    tour: ModuleType, cells: list[dict[str, Any]]
) -> None:
    assert ["".join(cell["source"]) for cell in cells] == [tour.source(c) for c in tour.CELLS]
    kinds = ["markdown" if tour.is_text(cell) else "code" for cell in tour.CELLS]
    assert [cell["cell_type"] for cell in cells] == kinds


def test_the_cells_were_run_in_order_and_without_an_error(cells: list[dict[str, Any]]) -> None:
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell["outputs"]]
    assert {output["output_type"] for output in outputs} <= {
        "execute_result",
        "display_data",
        "stream",
    }
    assert all(output.get("name") != "stderr" for output in outputs)
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(pictures) == 2


def test_the_notebook_is_small_and_names_no_path_of_a_machine() -> None:
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert len(text.encode()) < 400_000
    for trace in ("/tmp/", "/home/", "/Users/", "/root/", "/work/", "site-packages", "ipykernel"):
        assert trace not in text, trace


def test_the_code_runs_as_plain_python(
    tour: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from matplotlib import pyplot

    monkeypatch.chdir(DOCS)
    monkeypatch.setattr(pyplot, "show", lambda: None)
    names: dict[str, object] = {}
    code = "\n".join(cell for cell in tour.CELLS if not tour.is_text(cell))
    assert code.count("2**20") == 2
    tree = ast.parse(code.replace("2**20", "2**10"))  # few draws
    exec(compile(tree, "tour", "exec"), names)
    pyplot.close("all")
    out = capsys.readouterr().out
    assert "Claude 3 Opus over GPT-4: 3." in out
    assert "from 2 to 5 USD/hour" in out
    assert "% Written by wattif" in out
