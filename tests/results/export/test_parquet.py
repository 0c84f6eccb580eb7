"""Parquet, read back by pyarrow."""

from __future__ import annotations

import json

import numpy as np
from pyarrow import parquet

import wattif as wi


def test_draws_come_back_bit_by_bit_with_their_units(tree, tmp_path):
    table = parquet.read_table(wi.export(tree, tmp_path / "draws.parquet", "draws"))
    stored = tree["prior"]["cost"].sel(system="old-town").values.ravel()
    np.testing.assert_array_equal(table["old-town.cost"].to_numpy(), stored)
    assert table.schema.field("old-town.cost").metadata == {
        b"units": b"USD",
        b"long_name": b"+Cost",
    }
    assert json.loads(table.schema.metadata[b"wattif"])["seed"] == "7"


def test_columns_have_the_types_of_what_they_hold(tree, tmp_path):
    schema = parquet.read_schema(wi.export(tree, tmp_path / "table.parquet"))
    types = {name: str(schema.field(name).type) for name in ("system", "p50", "lost_draws")}
    assert types == {"system": "string", "p50": "double", "lost_draws": "int64"}


def test_what_is_absent_is_null(tree, tmp_path):
    rows = parquet.read_table(wi.export(tree, tmp_path / "table.parquet")).to_pylist()
    (row,) = [row for row in rows if row["absent"]]
    assert row["p50"] is None
