"""Make docs/tour.ipynb: write its cells and run them. Needs the dependency group ``docs``.

    python docs/make_tour.py

The cells stand here and nowhere else; a test compares the notebook with them, and runs them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

NOTEBOOK = Path(__file__).with_name("tour.ipynb")

# A cell that starts with "# " and a capital letter is text; the others are code.
CELLS = (
    """\
# A tour of wattif

What do frontier language models cost to train and to run, if one survey's speculative
ranges are taken at their word? A study is a TOML file; `load` reads and checks it, units
and all, before anything is drawn.""",
    """\
import matplotlib.pyplot as plt

import wattif as wi

study = wi.load("../configs/survey-2025b.toml")
study""",
    """\
# Run it

A million joint draws. The result is an `xarray.DataTree`, and `wi.summary` the table of the
command line: no digit is shown that its Monte Carlo error does not support.""",
    """\
tree = study.run(draws=2**20)
wi.summary(tree)""",
    """\
# Numbers are labelled arrays

Every variable has its unit; xarray selects, computes and plots.""",
    """\
energy = tree["summary"]["training_energy"]
energy.sel(system="gpt-4", statistic=["eti_low", "p50", "eti_high"])""",
    """\
fan = tree["percentiles"]["training_energy"].sel(system=["gpt-4", "claude-3-opus", "llama3-405b"])
fan.plot.line(x="percentile", hue="system", yscale="log", figsize=(7, 3.5))
plt.show()""",
    """\
# See it

The thin bar holds 90 % of the belief, the thick one half of it; the dot is the median.""",
    """\
from wattif.plots import intervals

intervals(tree, ["training_energy", "energy_per_query"])""",
    """\
# Compare two systems, with the error of the comparison

Shared quantities are drawn once, so systems are compared on the same draws. Each of the
sixteen replicates is an independent run: the spread of what they say is the error of
whatever is computed from them, here of a ratio of medians.""",
    """\
def ratio(group):
    medians = tree[group]["training_energy"].sel(statistic="p50")
    return medians.sel(system="claude-3-opus") / medians.sel(system="gpt-4")


by_replicate = ratio("replicates")
error = float(by_replicate.std(ddof=1) / by_replicate.size**0.5)
print(f"Claude 3 Opus over GPT-4: {float(ratio('summary')):.4f}, standard error {error:.4f}")""",
    """\
# Ask the draws

The first draws of every replicate are kept, inputs and outputs, with ArviZ's dimensions.
How sure is it that Claude 3 Opus took more energy than GPT-4, if the survey is right?""",
    """\
draws = tree["prior"]["training_energy"]
more = draws.sel(system="claude-3-opus") > draws.sel(system="gpt-4")
chances = more.mean("draw")
chance, error = float(chances.mean()), float(chances.std(ddof=1) / chances.size**0.5)
print(f"{100 * chance:.2f} %, standard error {100 * error:.2f} %")""",
    """\
# Change an assumption

A result carries its study. What if an H100 could be rented for half?""",
    """\
import tomllib

cheaper = tomllib.loads(tree.attrs["study"])
print("from", cheaper["quantities"]["h100_rental"]["value"])
cheaper["quantities"]["h100_rental"]["value"] = "1 to 2.5 USD/hour"

place = {"system": "llama3-405b", "statistic": "p50"}
before = float(tree["summary"]["training_cost"].sel(place))
after = float(wi.load(cheaper).run(draws=2**20)["summary"]["training_cost"].sel(place))
print(f"Llama 3.1 405B: {before / 1e6:.1f} million USD, now {after / 1e6:.1f}")""",
    """\
# Take it elsewhere

As CSV, Excel, Parquet, JSON or LaTeX, and in Spanish where the study has Spanish labels.""",
    """\
from pathlib import Path
from tempfile import TemporaryDirectory

with TemporaryDirectory() as folder:
    table = wi.export(tree, Path(folder, "table.tex"), language="es")
    print("\\n".join(table.read_text(encoding="utf-8").splitlines()[:14]))""",
)


def is_text(cell: str) -> bool:
    """Tell whether a cell is text for people: it starts with a title."""
    return re.match("# [A-Z]", cell) is not None


def source(cell: str) -> str:
    """Return a cell as it stands in the notebook: below the first, titles are of second rank."""
    return f"#{cell}" if is_text(cell) and cell != CELLS[0] else cell


def make() -> Any:
    """Return the notebook, run from its own folder."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    for number, cell in enumerate(CELLS):
        new = nbformat.v4.new_markdown_cell if is_text(cell) else nbformat.v4.new_code_cell
        notebook.cells.append(new(source(cell), id=f"cell-{number}"))
    here = {"metadata": {"path": str(NOTEBOOK.parent)}}
    NotebookClient(notebook, resources=here, record_timing=False).execute()
    return notebook


def main() -> None:
    """Write the notebook."""
    import nbformat

    nbformat.write(make(), NOTEBOOK)


if __name__ == "__main__":
    main()
