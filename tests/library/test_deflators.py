"""The deflators are ratios of one price index, whichever years they lead from and to."""

from __future__ import annotations

from itertools import permutations

import pytest

from wattif.language.entries import entries_of
from wattif.language.units import parse_unit
from wattif.library import read_data

YEARS = range(2015, 2026)
ENTRIES = entries_of(read_data("deflators"))
# CPI-U, U.S. city average, all items, 1982-84 = 100, annual averages (series CUUR0000SA0)
INDEX = "237.017 240.007 245.120 251.107 255.657 258.811 270.970 292.655 304.702 313.689 321.943"
CPI = dict(zip(YEARS, INDEX.split(), strict=True))
PAIRS = list(permutations(YEARS, 2))
# year over year, as the Bureau of Labor Statistics rounds it for the annual averages
INFLATION = {2016: 1.3, 2017: 2.1, 2018: 2.4, 2019: 1.8, 2020: 1.2, 2021: 4.7, 2022: 8.0}
INFLATION |= {2023: 4.1, 2024: 2.9}


def figure(of: int, to: int) -> dict[str, str]:
    return ENTRIES[f"usd-to-{to}"]["quantities"][f"usd_{to}_per_usd_{of}"]


def test_every_pair_of_years_is_there_once() -> None:
    names = [name for entry in ENTRIES.values() for name in entry["quantities"]]
    assert sorted(names) == sorted(f"usd_{a}_per_usd_{b}" for a, b in PAIRS)


@pytest.mark.parametrize(("of", "to"), PAIRS)
def test_a_deflator_is_the_ratio_of_the_index_that_its_source_tells(of: int, to: int) -> None:
    number, unit = figure(of, to)["value"].split()
    assert figure(of, to)["source"] == f"bls-cpi: {CPI[to]} / {CPI[of]}"
    assert float(number) == pytest.approx(float(CPI[to]) / float(CPI[of]), abs=5.1e-6)  # 5 decimals
    assert parse_unit(unit) == parse_unit(f"USD_{to}/USD_{of}")


@pytest.mark.parametrize("year", INFLATION)
def test_a_year_on_it_is_the_published_inflation(year: int) -> None:
    rise = 100 * (float(figure(year - 1, year)["value"].split()[0]) - 1)
    assert rise == pytest.approx(INFLATION[year], abs=0.051)  # published to a tenth


@pytest.mark.parametrize(("of", "to"), PAIRS)
def test_the_year_that_lacks_a_month_is_an_estimate(of: int, to: int) -> None:
    assert figure(of, to)["grade"] == ("B" if 2025 in (of, to) else "A")
