"""One valid study, and what each way to spoil it is told: line, key, and how to mend it."""

from __future__ import annotations

import pytest

from wattif.errors import Problem, StudyError
from wattif.language.loader import load

STUDY = """\
title = "Two services"
uses = ["power"]

[run]
draws = 65_536
sampling = "sobol"
seed = 412
outputs = ["cost", "energy", "margin"]

[quantities]
price = "0.05 to 0.13 USD/kWh"
load = { dist = "pert", min = 0.3, mode = 0.4, max = 0.6, domain = [0, 1], grade = "B" }
wage = { value = "20 to 30", unit = "USD/hour", source = "a survey" }
staff = { dist = "lognormal", p5 = 2, p95 = 9 }
uptime = { value = "0.9 to 0.999", domain = [0, 1] }
spread = { dist = "normal", mean = 1, sd = 0.1, truncate = { min = 0.5 } }
cost = { formula = "energy * price + staff * wage * hours", unit = "USD" }

[systems.small]
label = "Small"

[systems.small.quantities]
count = "20 to 30 GPU"
hours = "100 hour"

[systems.large-1]
label = "Large"
uses = ["sales"]

[systems.large-1.quantities]
count = "2_000 to 3_000 GPU"
hours = "0.2 to 0.3 year"
margin = { formula = "income - cost - small.cost", unit = "USD" }

[equations.power]
outputs = ["energy"]

[equations.power.quantities]
energy = { formula = "count * tdp * hours * load * uptime * spread", unit = "MWh" }
count = { unit = "GPU", label = "Number of GPUs" }
hours = { unit = "hour" }
tdp = { unit = "W", default = "700 W" }

[equations.sales.quantities]
income = "2 to 3 million USD"

[[claims]]
quantity = "large-1.energy"
says = "> 1 GWh"
source = "press"
"""

PRICE = 'price = "0.05 to 0.13 USD/kWh"'
FORMULA = "energy * price +"
COUNT = 'count = "20 to 30 GPU"'
MARGIN = "income - cost - small.cost"

# name: (what is replaced, by what, line, key, words of the message, words of the hint)
MUTATIONS = {
    # the head and the run
    "title misspelt": ("title =", "titel =", 1, "titel", "unknown key titel", "'title'"),
    "title without quotes": ('"Two services"', "Two services", 1, "", "TOML", "quotation marks"),
    "run misspelt": ("[run]", "[runs]", 4, "runs", "unknown key runs", "'run'"),
    "setting outside run": ("title =", "seed = 3\ntitle =", 1, "seed", "unknown key seed", "[run]"),
    "outputs outside run": (
        "title =",
        'outputs = ["cost"]\ntitle =',
        1,
        "outputs",
        "unknown key outputs",
        "[run]",
    ),
    "draws with exponent": (
        "65_536",
        "1e6",
        5,
        "run.draws",
        "expected a whole number",
        "1_000_000",
    ),
    "draws are true": ("65_536", "true", 5, "run.draws", "draws is true; expected a whole", ""),
    "draws misspelt": ("draws", "drawz", 5, "run.drawz", "unknown key drawz", "'draws'"),
    "no draws": ("65_536", "0", 5, "run.draws", "draws is 0; expected at least 1", ""),
    "sampling misspelt": ('"sobol"', '"sobl"', 6, "run.sampling", "expected one of", "'sobol'"),
    "seed below zero": ("412", "-1", 7, "run.seed", "seed is -1; expected at least 0", ""),
    "seed in quotes": ("412", '"412"', 7, "run.seed", 'the text "412"', "without quotation marks"),
    "seed of 65 bits": ("412", "18446744073709551616", 7, "run.seed", "expected at most", ""),
    "key of a later version": (
        "seed = 412",
        "threads = 2",
        7,
        "run.threads",
        "threads is not available yet",
        "",
    ),
    "output misspelt": ('"margin"]', '"margn"]', 8, "run.outputs[2]", "not defined", "'margin'"),
    "output twice": ('"energy", ', '"cost", ', 8, "run.outputs[1]", "listed twice", ""),
    "output of a system": (
        '"cost", "e',
        '"small.cost", "e',
        8,
        "run.outputs[0]",
        "'small.cost' is not defined",
        "write 'cost'",
    ),
    # values
    "quantities misspelt": (
        "\n[quantities]",
        "\n[quantitys]",
        10,
        "quantitys",
        "unknown key",
        "'quantities'",
    ),
    "parameters for quantities": (
        "\n[quantities]",
        "\n[parameters]",
        10,
        "parameters",
        "unknown key parameters",
        "'quantities'",
    ),
    "hyphen range": (
        PRICE,
        'price = "0.05-0.13 USD/kWh"',
        11,
        "quantities.price",
        "range",
        "write 0.05 to 0.13 USD/kWh",
    ),
    "range reversed": (
        PRICE,
        'price = "0.13 to 0.05 USD/kWh"',
        11,
        "quantities.price",
        "a range from 0.13 to 0.05",
        "lesser number goes first",
    ),
    "range from zero": (
        PRICE,
        'price = "0 to 0.13 USD/kWh"',
        11,
        "quantities.price",
        "starts at 0",
        "above 0",
    ),
    "unit misspelt": (
        PRICE,
        'price = "0.05 to 0.13 USD/kwh"',
        11,
        "quantities.price",
        "unknown unit 'kwh'",
        "kWh",
    ),
    "currency sign": (
        PRICE,
        'price = "0.05 $/kWh"',
        11,
        "quantities.price",
        "currency sign",
        "USD",
    ),
    "value is true": (PRICE, "price = true", 11, "quantities.price", "found true", "20 to 30"),
    "value is a list": (
        PRICE,
        "price = [1, 2]",
        11,
        "quantities.price",
        "found a list",
        "20 to 30",
    ),
    "value is nan": (PRICE, "price = nan", 11, "quantities.price", "nan, which is not finite", "3"),
    "name of a value misspelt": (
        "price =",
        "prise =",
        17,
        "quantities.cost.formula",
        "cost needs 'price', which nothing defines",
        "did you mean 'prise'?",
    ),
    # distributions
    "family misspelt": ('"pert"', '"prt"', 12, "quantities.load.dist", "'prt'", "'pert'"),
    "family made of others": (
        '"pert"',
        '"mixture"',
        12,
        "quantities.load.min",
        "unknown key min of mixture",
        "it takes of, weights",
    ),
    "dist spelt out": (
        "dist = ",
        "distribution = ",
        12,
        "quantities.load",
        "has none of",
        "'dist'",
    ),
    "no family": ('dist = "pert", ', "", 12, "quantities.load", "has none of", "add dist ="),
    "low for min": ("min = 0.3", "low = 0.3", 12, "quantities.load.low", "'low' of pert", "'min'"),
    "parameter in quotes": (
        "min = 0.3",
        'min = "0.3"',
        12,
        "quantities.load.min",
        "expected a finite number",
        "write the number alone",
    ),
    "parameter is true": ("min = 0.3", "min = true", 12, "quantities.load.min", "min is true", ""),
    "parameter missing": ("min = 0.3, ", "", 12, "quantities.load", "pert needs min", ""),
    "mode beyond max": ("mode = 0.4", "mode = 0.9", 12, "quantities.load.mode", "between", ""),
    "grade D": ('"B"', '"D"', 12, "quantities.load.grade", '"A", "B", "C"', ""),
    "grade misspelt": ("grade", "graed", 12, "quantities.load.graed", "unknown key", "'grade'"),
    "domain reversed": (
        "max = 0.6, domain = [0, 1]",
        "max = 0.6, domain = [1, 0]",
        12,
        "quantities.load.domain",
        "not below",
        "",
    ),
    "outside its domain": (
        "min = 0.3, mode = 0.4, max = 0.6",
        "min = 1.3, mode = 1.4, max = 1.6",
        12,
        "quantities.load",
        "outside its domain, 0 to 1",
        "",
    ),
    "unit in unit misspelt": (
        'unit = "USD/hour"',
        'unit = "USD/huor"',
        13,
        "quantities.wage.unit",
        "unknown unit 'huor'",
        "hour",
    ),
    "units for unit": (
        'unit = "USD/h',
        'units = "USD/h',
        13,
        "quantities.wage.units",
        "key",
        "'unit'",
    ),
    "two units": (
        '"20 to 30"',
        '"20 to 30 USD"',
        13,
        "quantities.wage.value",
        "found USD [money]; expected USD/hour",
        "",
    ),
    "value and formula": (
        '"20 to 30"',
        '"20 to 30", formula = "staff"',
        13,
        "quantities.wage",
        "has both value and formula",
        "",
    ),
    "percentiles cross": (
        "p5 = 2, p95 = 9",
        "p5 = 9, p95 = 2",
        14,
        "quantities.staff.p5",
        "p5 must be less than p95",
        "exchange",
    ),
    "one percentile": (", p95 = 9", "", 14, "quantities.staff.p5", "2 or 3 percentiles", ""),
    "four percentiles": (
        "p95 = 9",
        "p50 = 4, p95 = 9, p99 = 12",
        14,
        "quantities.staff.p99",
        "2 or 3 percentiles, found 4",
        "",
    ),
    "percentile without quotes": (
        "p5 = 2",
        "p2.5 = 2",
        14,
        "quantities.staff.p2",
        "p2 is a table",
        '"p2.5"',
    ),
    "mu for median": (
        "p5 = 2, p95 = 9",
        "mu = 2, sigma = 9",
        14,
        "quantities.staff.mu",
        "'mu'",
        "exp",
    ),
    "interval beyond its domain": (
        "0.9 to 0.999",
        "0.9 to 1.2",
        15,
        "quantities.uptime.value",
        "uptime is 0.9 to 1.2, outside its domain, 0 to 1",
        "",
    ),
    "no spread": ("sd = 0.1", "sd = 0", 16, "quantities.spread.sd", "greater than 0", "constant"),
    "negative spread": ("sd = 0.1", "sd = -1", 16, "quantities.spread.sd", "found -1", ""),
    "infinite spread": ("sd = 0.1", "sd = inf", 16, "quantities.spread.sd", "not finite", ""),
    "std for sd": ("sd = 0.1", "std = 0.1", 16, "quantities.spread.std", "'std'", "'sd'"),
    "truncate low": (
        "{ min = 0.5 }",
        "{ low = 0.5 }",
        16,
        "quantities.spread.truncate",
        "found the key low",
        "'min'",
    ),
    # formulas
    "name misspelt": (
        FORMULA,
        "energy * prise +",
        17,
        "quantities.cost.formula",
        "cost needs 'prise', which nothing defines",
        "'price'",
    ),
    "system misspelt": (
        FORMULA,
        "smal.energy * price +",
        17,
        "quantities.cost.formula",
        "no system is called 'smal'",
        "'small'",
    ),
    "caret": (FORMULA, "energy ^ price +", 17, "quantities.cost.formula", "'^' is not used", "**"),
    "bracket open": (FORMULA, "(energy * price +", 17, "quantities.cost.formula", "not closed", ""),
    "sum of apples and pears": (
        "energy * price",
        "energy",
        17,
        "quantities.cost.formula",
        "'energy' is in MWh [energy], but 'staff * wage * hours' is in USD",
        "factor",
    ),
    "another currency": (
        "USD/kWh",
        "EUR/kWh",
        17,
        "quantities.cost.formula",
        "MWh*EUR/kWh [money]",
        "currencies do not convert",
    ),
    "circle of one": (
        FORMULA,
        "cost +",
        17,
        "quantities.cost.formula",
        "circle: cost -> cost",
        "give one of them a value",
    ),
    "circle over systems": (
        'count = "2_000 to 3_000 GPU"',
        'count = { formula = "small.count" }',
        31,
        "systems.large-1.quantities.count.formula",
        "circle: large-1.count -> small.count -> large-1.count",
        "give one of them a value",
    ),
    "name of a function": ("cost = {", "sin = {", 17, "quantities.sin", "a function", "sin_value"),
    "hyphen in a name": (
        "cost = {",
        "my-cost = {",
        17,
        "quantities.my-cost",
        "ASCII letters",
        "'my_cost'",
    ),
    "formula in another unit": (
        'unit = "MWh"',
        'unit = "MW"',
        39,
        "equations.power.quantities.energy.formula",
        "the formula gives GPU*W*hour [energy], but its unit is MW [power]",
        "MW*hour would fit",
    ),
    # systems
    "systems alike": (
        "[systems.small]",
        "[systems.large_1]\n[systems.small]",
        27,
        "systems.large-1",
        "differ only by '-' and '_'",
        "rename one",
    ),
    "unit of another dimension": (
        COUNT,
        'count = "20 to 30 kg"',
        23,
        "systems.small.quantities.count",
        "count is in kg [mass]; expected a unit like GPU",
        "",
    ),
    "needed quantity misspelt": (
        COUNT,
        'cuont = "20 to 30 GPU"',
        19,
        "systems.small",
        "energy needs 'count', which nothing defines in system small",
        "the study defines 'cuont'",
    ),
    "needed quantity left out": (
        'hours = "100 hour"',
        "",
        17,
        "quantities.cost.formula",
        "needs 'hours', which nothing defines in system small",
        "give it a value in hour under [systems.small.quantities]",
    ),
    "set misspelt": ('uses = ["power"]', 'uses = ["powr"]', 2, "uses[0]", "'powr'", "'power'"),
    "uses is a text": ('["sales"]', '"sales"', 28, "systems.large-1.uses", "a list", '["sales"]'),
    "set left out": (
        'uses = ["sales"]',
        "",
        33,
        "systems.large-1.quantities.margin.formula",
        "needs 'income'",
        "equation set sales defines it",
    ),
    # equation sets and claims
    "output of a set misspelt": (
        'outputs = ["energy"]',
        'outputs = ["energie"]',
        36,
        "equations.power.outputs[0]",
        "'energie' is not defined in equation set power",
        "'energy'",
    ),
    "default misspelt": (
        "default =",
        "defualt =",
        42,
        "equations.power.quantities.tdp.defualt",
        "unknown key",
        "'default'",
    ),
    "default in another unit": (
        '"700 W"',
        '"700 hour"',
        42,
        "equations.power.quantities.tdp.default",
        "expected W [power]",
        "",
    ),
    "claim on no system": (
        '"large-1.energy"',
        '"large_1.energy"',
        48,
        "claims[0].quantity",
        "no system is called 'large_1'",
        "'large-1'",
    ),
    "claim on no quantity": (
        '"large-1.energy"',
        '"large-1.energie"',
        48,
        "claims[0].quantity",
        "not defined in system large-1",
        "'energy'",
    ),
    "claim without system": (
        '"large-1.energy"',
        '"energy"',
        48,
        "claims[0].quantity",
        "does not say of which system",
        "small.energy",
    ),
    "claim in another unit": ("> 1 GWh", "> 1 USD", 49, "claims[0].says", "in USD [money]", ""),
    "claim says nothing": ("says", "sayz", 49, "claims[0].sayz", "unknown key sayz", "'says'"),
    "evidence": ("[[claims]]", "[[evidence]]", 47, "evidence", "not available yet", ""),
}

ALSO = {  # what else has to be replaced
    "circle over systems": (COUNT, 'count = { formula = "large_1.count" }'),
}


def refusal(text: str, folder) -> tuple[Problem, StudyError]:
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        load(path)
    return caught.value.problems[0], caught.value


def test_the_study_itself_is_accepted(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(STUDY, encoding="utf-8")
    model = load(path)
    assert model.outputs == ("cost", "energy", "margin")
    assert model.notices == ()


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutation_is_refused_where_it_stands(name, tmp_path):
    old, new, line, key, message, hint = MUTATIONS[name]
    text = STUDY.replace(old, new, 1)
    if name in ALSO:
        text = text.replace(*ALSO[name], 1)
    assert text != STUDY
    problem, error = refusal(text, tmp_path)
    assert (problem.line, problem.key) == (line, key)
    assert message in problem.message
    assert hint in problem.hint
    assert problem.column > 0
    assert len(str(error).splitlines()) <= 24


def test_all_problems_of_a_step_are_told_at_once_in_the_order_of_the_file(tmp_path):
    text = STUDY.replace("draws", "drawz").replace("source", "sauce", 1).replace("says", "sayz")
    _, error = refusal(text, tmp_path)
    assert [problem.line for problem in error.problems] == [5, 13, 49]


def test_a_missing_key_is_not_told_beside_the_misspelt_one(tmp_path):
    problem, error = refusal(STUDY.replace("says", "sayz"), tmp_path)
    assert len(error.problems) == 1
    assert problem.hint == "did you mean 'says'?"


def test_a_missing_key_is_told_with_its_purpose(tmp_path):
    problem, _ = refusal(STUDY.replace('says = "> 1 GWh"', ""), tmp_path)
    assert (problem.line, problem.key) == (47, "claims[0].says")
    assert problem.message.startswith("says is missing: the figure")


def test_a_dict_is_refused_with_keys_but_without_lines():
    with pytest.raises(StudyError) as caught:
        load({"quantities": {"x": {"dist": "normal", "mean": 0, "sd": -1}, "y": {"formula": "x"}}})
    (problem,) = caught.value.problems
    assert (problem.key, problem.line, problem.column) == ("quantities.x.sd", 0, 0)
