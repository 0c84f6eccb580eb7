"""The studies of serving: a year of one's own service, and training against serving."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from xarray import DataTree

from wattif.api import load as load_study
from wattif.language.explain import assumptions
from wattif.language.loader import load
from wattif.results.answers import read_answers

CONFIGS = Path(__file__).parents[2] / "configs"
STUDIES = ("my-service", "break-even")
_DRAWS = 2**14  # medians to about 1 %; the ranges below are wider by far


@pytest.fixture(scope="module")
def service() -> DataTree:
    return load_study(CONFIGS / "my-service.toml").run(draws=_DRAWS)


@pytest.fixture(scope="module")
def against() -> DataTree:
    return load_study(CONFIGS / "break-even.toml").run(draws=_DRAWS)


def median(tree: DataTree, name: str, system: str) -> float:
    return float(tree["summary"][name].sel(system=system, statistic="p50").item())


@pytest.mark.parametrize("name", STUDIES)
def test_the_packaged_copy_is_the_study(name: str) -> None:
    copy = files("wattif.library") / "studies" / f"{name}.toml"
    assert copy.read_text(encoding="utf-8") == (CONFIGS / f"{name}.toml").read_text("utf-8")


@pytest.mark.parametrize("name", STUDIES)
def test_it_says_which_question_it_answers_and_loads_without_a_remark(name: str) -> None:
    assert "?" in (CONFIGS / f"{name}.toml").read_text(encoding="utf-8").partition("\n#\n")[0]
    assert load(CONFIGS / f"{name}.toml").notices == ()


@pytest.mark.parametrize("name", STUDIES)
def test_every_figure_that_an_output_needs_has_a_source_and_a_grade(name: str) -> None:
    figures = [
        node for node in assumptions(load(CONFIGS / f"{name}.toml")) if node.kind != "absent"
    ]
    for node in figures:
        assert node.source, node.name
        assert node.grade in {"A", "B", "C"}, node.name


def test_own_rented_and_bought_meet_the_same_workload_and_formula() -> None:
    model = load(CONFIGS / "my-service.toml")
    for name in ("queries_per_day", "output_tokens", "energy_per_query_form", "batch_limit"):
        assert len({model.find(system.key, name).key for system in model.systems}) == 1, name


# Medians, in the units of the study; what each range rests on:
SERVICE = {
    # 100,000 requests a day of about 1,000 tokens read and 354 written, at the medians of 29 price
    # lists (litellm 1.110.2: 0.67 and 0.72 USD a million), are 34,000 USD a year; the lists differ
    # by a factor of seven
    ("yearly_cost", "api"): (10e3, 70e3),
    # four H100 round the clock at 1.70 to 4 USD (Epoch AI's price lists) are 60,000 to 140,000 USD,
    # and 0.05 to 0.6 of an engineer of 175,000 to 378,000 USD (Epoch AI) up to 230,000
    ("yearly_cost", "rental"): (70e3, 370e3),
    # four shares of a server of 28,750 to 46,875 USD (Epoch AI: 13 prices) over 3 to 6 years, and
    # the same engineer
    ("yearly_cost", "own"): (30e3, 300e3),
    # between four idle accelerators (BLOOM: 237 W each) and four at rated power (DGX H100: 10.2 kW
    # for eight), both at a PUE of 1.63 (IDC, by way of Amazon)
    ("yearly_energy", "own"): (13, 73),
    # the same at AWS's 1.14
    ("yearly_energy", "rental"): (9, 51),
    # 0.24 (Google), 0.30 (Epoch AI), 0.34 (Altman), 0.42 Wh (Jegham et al.), as far apart again
    ("energy_per_request", "api"): (0.12, 0.84),
}
AGAINST = {
    # 7.0 and 30.84 million disclosed hours at 700 W, from chips alone to servers at rated power
    # (10.2 kW for eight) with Meta's PUE of 1.08
    ("training_energy", "llama-3-1-70b"): (4.9, 9.6),
    ("training_energy", "llama-3-1-405b"): (21.6, 42.5),
    # 25,000 A100 for 90 to 100 days by the leak: 43 GWh by Epoch AI's inputs, 51.8 to 62.3 by
    # Ludvigsen's
    ("training_energy", "gpt-4"): (35, 62),
    # ML.ENERGY's 0.79 J a token (batch 64) and 0.43 (400) for 70B, 3.08 and 1.92 for 405B; 350
    # tokens; Google's 1.72 from chips to facility; and a factor of two either way
    ("energy_per_query", "llama-3-1-70b"): (0.05, 0.27),
    ("energy_per_query", "llama-3-1-405b"): (0.2, 1.1),
    # 2.788 million hours at 2 USD are 5.576 million (DeepSeek's report); H100 were rented at 2 to 5
    ("rental_cost", "deepseek-v3"): (5.576e6, 14e6),
    # at two dollars an hour 61.7 million, at 4.86 149.9 million
    ("rental_cost", "llama-3-1-405b"): (61.7e6, 149.9e6),
    # a query of 224 tokens read and 354 written is sold for 405 USD a million queries (litellm), by
    # sellers of FP8 and of fuller batches; 16 bit at list rents is dearer, within a factor of five
    ("paid_serving_per_query", "llama-3-1-70b"): (405e-6, 2025e-6),
    # of all energy of machine learning 40 % is training at Google (Patterson et al. 2022), and 30 %
    # training and experiments at Meta (Wu et al. 2022); at a demand below ChatGPT's by a factor of
    # 25 an open model's share is higher
    ("training_share", "gpt-4"): (0.2, 0.7),
}


@pytest.mark.parametrize(("name", "system"), SERVICE)
def test_a_year_of_a_service_lies_where_published_figures_put_it(
    service: DataTree, name: str, system: str
) -> None:
    low, high = SERVICE[name, system]
    assert low < median(service, name, system) < high


@pytest.mark.parametrize(("name", "system"), AGAINST)
def test_training_and_serving_lie_where_published_figures_put_them(
    against: DataTree, name: str, system: str
) -> None:
    low, high = AGAINST[name, system]
    assert low < median(against, name, system) < high


def test_emissions_are_those_of_the_energy_in_the_region(service: DataTree) -> None:
    for system in ("own", "rental", "api"):
        energy, carbon = (
            median(service, name, system) for name in ("yearly_energy", "yearly_carbon")
        )
        # the grid's intensity, 0.369 to 0.384 (CodeCarbon, EcoLogits); medians multiply to 1 %
        assert 0.365 < carbon / energy < 0.388


def served(queries: str, prompt: str) -> DataTree:
    """Return the service with other requests a day and other tokens in a prompt."""
    text = (CONFIGS / "my-service.toml").read_text(encoding="utf-8")
    edits = {"50_000 to 200_000 query/day": queries, "500 to 2_000 token/query": prompt}
    for old, new in edits.items():
        assert text.count(f'"{old}"') == 1
        text = text.replace(f'"{old}"', f'"{new}"')
    return load_study(tomllib.loads(text)).run(draws=_DRAWS)


@pytest.mark.parametrize("queries", ["12_000 query/day", "1_000_000 query/day"])
def test_a_longer_prompt_takes_more_of_everything(queries: str) -> None:
    short, long = (served(queries, f"{tokens} token/query") for tokens in (100, 20_000))
    for system in ("own", "rental", "api"):
        for name in ("energy_per_query", "yearly_energy", "yearly_carbon", "yearly_cost"):
            # common draws; a single replica costs the same, but for its electricity
            assert median(short, name, system) <= median(long, name, system), (name, system)
        assert median(short, "reply_speed", system) > median(long, "reply_speed", system)


@pytest.mark.parametrize("prompt", [100, 20_000])
def test_machines_keep_up_with_the_busiest_hour(prompt: int) -> None:
    tree = served("48_000 query/day", f"{prompt} token/query")
    highest = tree["summary"]["peak_load"].sel(system="own", statistic="p95").item()
    assert highest < 0.9  # the 95th percentile of fleet_load, above which none is loaded
    # 48,000 prompts of 20,000 tokens are 1.36e20 FLOP at 141 GFLOP a token, 0.9 days of four H100
    # at 45 % of 989 TFLOP/s; at 2.1 times the mean and 70 % load, three replicas and more
    assert (median(tree, "held_accelerators", "own") >= 12) == (prompt == 20_000)


def test_a_quiet_machine_is_answering_one_request_at_a_time() -> None:
    tree = served("100 query/day", "500 token/query")
    # the twin by hand: 141 GB read a token at 55 % of 4 x 3.35 TB/s are 19 ms, 52 tokens a second
    assert median(tree, "reply_speed", "own") == pytest.approx(1 / 0.0192, rel=0.05)


def test_the_api_does_not_run_on_the_user_s_grid() -> None:
    model = load(CONFIGS / "my-service.toml")
    text = (CONFIGS / "my-service.toml").read_text(encoding="utf-8")
    moved = load(tomllib.loads(text.replace('"sites.usa",\n\n', '"sites.sweden",\n\n', 1)))
    for system, site in (("own", "sweden"), ("rental", "sweden"), ("api", "usa")):
        assert moved.find(system, "grid_intensity").origin == f"data sites.{site}"
        assert model.find(system, "grid_intensity").origin == "data sites.usa"


def test_a_country_of_one_s_own_needs_two_figures() -> None:
    text = (CONFIGS / "my-service.toml").read_text(encoding="utf-8")
    own = 'grid_intensity = "0.11 to 0.18 kgCO2e/kWh"\ngrid_water = "1.9 to 7.6 L/kWh"'
    text = text.replace('  "sites.usa",\n\n', "", 1).replace(
        "\n[quantities]\n", f"\n[quantities]\n{own}\n", 1
    )
    model = load(tomllib.loads(text))
    assert model.find("own", "grid_intensity").origin != "data sites.usa"


def test_kept_machines_draw_at_least_their_idle_power() -> None:
    text = (CONFIGS / "my-service.toml").read_text(encoding="utf-8")
    assert '"50_000 to 200_000 query/day"' in text
    idle = text.replace('"50_000 to 200_000 query/day"', '"1 query/day"')
    tree = load_study(tomllib.loads(idle)).run(draws=_DRAWS)
    # four accelerators at 213 W (the middle of 130 to 350) for a year with a PUE of 1.69, to 2 %
    assert median(tree, "yearly_energy", "own") == pytest.approx(4 * 0.213 * 8.766 * 1.69, rel=0.02)
    assert median(tree, "held_accelerators", "own") == 4


def test_the_days_are_those_of_the_stated_demand(against: DataTree) -> None:
    for system in ("llama-3-1-70b", "gpt-4"):
        queries = median(against, "break_even_queries", system)
        # the same draws divided by a constant; medians are read off fine bins
        days = median(against, "break_even_days", system)
        assert days == pytest.approx(queries / 1e8, rel=1e-3)


def test_what_a_closed_model_costs_to_serve_is_said_to_be_unknown(against: DataTree) -> None:
    (serving,) = read_answers(against, ["break_even_queries_cost"], ["gpt-4"])
    assert "not disclosed" in serving.answers[0].absent


def test_both_break_evens_can_be_drawn(against: DataTree) -> None:
    from wattif.plots.breakeven import choose_crossings

    assert len(choose_crossings(against)) == 6
    pair = ("rental_cost", "paid_serving_per_query")
    assert len(choose_crossings(against, pair)) == 4


def test_a_mixture_of_experts_takes_the_two_edits_that_the_template_names() -> None:
    text = (CONFIGS / "my-service.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.endswith("# DENSE")]
    assert len(lines) == len(text.splitlines()) - 2
    mixture = "\n".join(lines).replace(
        '"serving.llama-70b-4-h100"', '"serving.mixtral-8x7b-2-h100"'
    )
    model = load(tomllib.loads(mixture))
    assert model.find("own", "replica_accelerators").origin == "data serving.mixtral-8x7b-2-h100"
