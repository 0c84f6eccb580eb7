"""A result made by hand, of the shape that ``wattif.results`` writes: no engine is needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
import xarray
from scipy.special import ndtri

STATISTICS = (
    *("mean", "sd", "min", "max"),
    *("p5", "p25", "p50", "p75", "p95"),
    *("eti_low", "eti_high", "hdi_low", "hdi_high"),
)
DRAWS = 1_048_576
ATTRIBUTES = {
    "Conventions": "CF-1.12",
    "format_version": 1,
    "title": "Five families of frontier models",
    "name": "survey",
    "study": "",
    "resolved": "{}",
    "seed": "412",
    "sampling": "sobol",
    "draws_asked": 1_000_000,
    "replicates": 16,
    "interval": 0.90,
    "wattif_version": "0.1.0",
    "versions": "{}",
    "platform": "{}",
}
SYSTEMS = {
    "gpt-4": "GPT-4",
    "claude-3-opus": "Claude 3 Opus",
    "gemini-1_5-pro": "Gemini 1.5 Pro",
    "gemini-1-ultra": "Gemini 1.0 Ultra",
    "llama3-70b": "Llama 3 70B",
    "llama3-405b": "Llama 3.1 405B",
    "mixtral-8x7b": "Mixtral 8x7B",
}
QUANTITIES = {
    "hardware_cost": ("Cost of the hardware", "USD"),
    "training_cost": ("Cost of training", "USD"),
    "accelerator_hours": ("Accelerator hours", "hour"),
    "training_energy": ("Energy of training", "GWh"),
    "query_energy": ("Energy of a query", "Wh/query"),
    "query_cost": ("Cost of a query", "USD/query"),
    "break_even": ("Queries until inference has used as much energy as training", "query"),
}
# Per quantity and system: (5th percentile, 95th percentile), a number for a constant, or a reason.
BELIEFS: dict[str, tuple[Any, ...]] = {
    "hardware_cost": (
        *((2.4e8, 3.9e8), (1.5e8, 9e8), "internal cost: the maker builds its own TPUs", (3e8, 2e9)),
        *((6.1e8, 8.4e8), (1.5e9, 2.3e9), (1.1e7, 6.3e7)),
    ),
    "training_cost": (
        *((4.1e7, 1.2e8), (2.4e7, 1.9e8), (2e7, 2.2e8), (8.1e7, 3.2e8)),
        *((3.3e6, 7.9e6), (3.9e7, 7.7e7), (5.2e5, 4.1e6)),
    ),
    "accelerator_hours": (
        *((5e7, 7.6e7), (1.1e7, 9.3e7), (1.4e7, 1.2e8), (4.1e7, 2e8), 6.4e6, 30.84e6, (2e5, 1.6e6)),
    ),
    "training_energy": (
        *((25.0, 75.0), (8.1, 78.0), (5.9, 66.0), (21.0, 140.0)),
        *((4.1, 5.2), (19.0, 26.0), (0.13, 1.3)),
    ),
    "query_energy": (
        *(
            (0.16, 4.3),
            (0.21, 6.2),
            (0.05, 1.3),
            (0.1, 2.4),
            (0.061, 0.9),
            (0.4, 6.6),
            (0.02, 0.41),
        ),
    ),
    "query_cost": (
        *((0.004, 0.035), (0.008, 0.066), (0.001, 0.014), (0.002, 0.02)),
        *((0.0002, 0.0013), (0.0011, 0.0072), (0.0001, 0.0007)),
    ),
    "break_even": (
        *((9e9, 3.6e11), (2e9, 2.9e11), (6e9, 9.9e11), (1e10, 1.1e12)),
        *((5.1e9, 7.8e10), (3.1e9, 5.7e10), (5e8, 4.6e10)),
    ),
}


def statistics_of(belief: Any) -> list[float]:
    """Return all statistics of a lognormal or normal belief, or of a constant."""
    if isinstance(belief, str):
        return [np.nan] * len(STATISTICS)
    if not isinstance(belief, tuple):
        return [belief, 0.0] + [belief] * (len(STATISTICS) - 2)
    low, high = belief
    z, p = ndtri([1e-6, 0.02, 0.05, 0.25, 0.5, 0.75, 0.91, 0.95, 1 - 1e-6]), ndtri(0.95)
    if low > 0:
        sigma = np.log(high / low) / (2 * p)
        least, left, p5, p25, p50, p75, right, p95, most = np.sqrt(low * high) * np.exp(sigma * z)
        mean = p50 * np.exp(sigma**2 / 2)
        sd = mean * np.sqrt(np.expm1(sigma**2))
    else:
        mean, sd = (low + high) / 2, (high - low) / (2 * p)
        least, left, p5, p25, p50, p75, right, p95, most = mean + sd * z
    return [mean, sd, least, most, p5, p25, p50, p75, p95, p5, p95, left, right]


def make_tree(
    beliefs: Mapping[str, tuple[Any, ...]],
    systems: Mapping[str, str],
    quantities: Mapping[str, tuple[str, str]],
    relative_error: float = 4e-4,
) -> xarray.DataTree:
    """Return a result with the groups that tables and pictures read."""
    coords = {"system": list(systems), "system_label": ("system", list(systems.values()))}
    summary, error, status, counts = {}, {}, {}, {}
    for name, (label, unit) in quantities.items():
        attrs = {"units": unit, "long_name": label}
        rows = np.array([statistics_of(belief) for belief in beliefs[name]])
        errors = np.abs(rows) * relative_error * (rows[:, [1]] != 0)
        errors[:, 2:4] = np.nan
        given = ~np.isnan(rows[:, 0])
        summary[name] = (("system", "statistic"), rows, attrs)
        error[name] = (("system", "statistic"), errors, attrs)
        status[name] = ("system", [b if isinstance(b, str) else "" for b in beliefs[name]])
        counts[name] = (("system", "kind"), np.outer(given, [DRAWS, 0, 0, 0]).astype(np.int64))
    attributes = ATTRIBUTES | {"draws": DRAWS}
    named = coords | {"statistic": list(STATISTICS)}
    kinds = ["finite", "nan", "negative_infinite", "positive_infinite"]
    return xarray.DataTree.from_dict(
        {
            "/": xarray.Dataset(attrs=attributes),
            "/summary": xarray.Dataset(summary, coords=named),
            "/summary_error": xarray.Dataset(error, coords=named),
            "/status": xarray.Dataset(status, coords=coords),
            "/counts": xarray.Dataset(counts, coords=coords | {"kind": kinds}),
        }
    )


@pytest.fixture(scope="session")
def tree() -> xarray.DataTree:
    """Seven systems and seven quantities, some decades apart; one absent cell, two constants."""
    return make_tree(BELIEFS, SYSTEMS, QUANTITIES)


@pytest.fixture(scope="session")
def build() -> Callable[..., xarray.DataTree]:
    """Return the function that makes other results."""
    return make_tree


LONG = "Modelo experimental de razonamiento, mezcla dispersa de expertos, vista previa número"
SET = {
    "energy": {"formula": "use * 12", "unit": "kWh", "label": "Energía"},
    "cost": {"formula": "energy * price", "unit": "USD", "label": "Coste"},
    "query_cost": {
        "formula": "cost / queries",
        "unit": "USD/query",
        "label": "Coste de la electricidad por consulta, sin refrigeración ni red",
    },
    "machine_hours": {"formula": "2 * hours", "unit": "hour", "label": "Horas de máquina"},
    "dear": {"formula": "price > limit", "unit": "1", "label": "Electricidad cara"},
}


def make_study(title: str, uses: Mapping[str, str | None]) -> dict[str, Any]:
    """Return a study of one system a use: labels are Spanish; None is a use that nobody tells."""
    systems = {
        f"s{number}": {
            "label": label,
            "uses": ["servicio"],
            "quantities": {
                "use": use or {"absent": "el fabricante no publica ninguna cifra de consumo"},
                "price": f"0.0{5 + number % 3} to 0.2 USD/kWh",
                "hours": "1.5e6 to 4e6 hour" if number % 4 == 2 else "2e6 hour",
            },
        }
        for number, (label, use) in enumerate(uses.items())
    }
    shared = {"limit": "0.12 USD/kWh", "queries": "2e9 to 9e9 query"}
    return {
        "title": title,
        "run": {"draws": 4096, "seed": 7},
        "quantities": shared,
        "systems": systems,
        "equations": {"servicio": {"quantities": SET}},
    }


def make_books() -> dict[str, Any]:
    """Return a study with a total, its parts, a pair for a break-even, claims, sources, grades."""
    source = {
        "source": "Informe anual de la autoridad de la energía, 2025, página 12",
        "grade": "B",
    }
    of = "consumo de toda la instalación durante un año, con las pérdidas de la red"
    systems = {
        name: {
            "label": label,
            "quantities": {
                "own_use": {"value": use, "label": of.capitalize(), **source},
                "staff": {"dist": "uniform", "min": 1000, "max": 3000, "unit": "USD"},
            },
        }
        for name, label, use in (
            ("norte", "Norte", "8 to 20 MWh"),
            ("sur", "Sur", "9 to 31 MWh"),
            ("este", "Este", "3 MWh"),
        )
    }
    return {
        "title": "Cuentas de tres plantas",
        "run": {"draws": 4096, "seed": 7, "outputs": list(BOOKS)[:5]},
        "quantities": {**BOOKS, "rate": "0.08 to 0.2 USD/kWh", "fee": {"value": "900 USD"}},
        "systems": systems,
        "claims": [
            {"quantity": "norte.total", "says": "> 3000 USD", "source": "prensa"},
            {"quantity": "sur.total", "says": "4000 to 5000 USD"},
            {"quantity": "sur.total", "says": "~ 5500 USD"},
            {"quantity": "sur.training_energy", "says": "< 900 MWh"},
        ],
    }


BOOKS: dict[str, Any] = {
    "total": {"formula": "power + fee + staff", "unit": "USD", "label": "Coste del año"},
    "power": {"formula": "own_use * rate", "unit": "USD", "label": "Electricidad"},
    "training_energy": {"formula": "own_use * 20", "unit": "MWh", "label": "Entrenamiento"},
    "energy_per_query": {"formula": "own_use / n", "unit": "Wh/query", "label": "Por consulta"},
    "dear": {"formula": "total > 5000 * unity", "unit": "1", "label": "Año caro"},
    "unity": {"value": "1 USD"},
    "n": "2e6 to 5e6 query",
}


@pytest.fixture(scope="session")
def cases() -> dict[str, xarray.DataTree]:
    """Results of the real engine, small: what every kind of picture is drawn of."""
    import wattif as wi

    decades = 10.0 ** np.linspace(-1, 5, 20)  # six, from the first system to the last
    twenty = {f"{LONG} {i}": f"{u:.3g} to {3 * u:.3g} kWh" for i, u in enumerate(decades)}
    twenty[f"{LONG} 7"] = None  # type: ignore[assignment]
    few = {"Uno": "20 to 60 kWh", "Dos": "30 to 40 kWh", "Tres": None, "Cuatro": "5 to 90 kWh"}
    alone = {
        "quantities": {
            "use": "20 to 60 kWh",
            "price": "0.05 to 0.2 USD/kWh",
            "cost": {"formula": "use * price", "unit": "USD", "label": "Coste"},
        },
        "run": {"draws": 4096, "seed": 7},
    }
    formulas = {
        "root": ("sqrt(u)", "Raíz de negativos"),
        "both": ("1000 * z", "Ganancia o pérdida"),
        "tiny": ("1e-9 * exp(z)", "Diminuto"),
        "near": ("100000 + 0.001 * z", "Casi constante"),
        "count": ("floor(3 * u + 3)", "Recuento"),
        "zero": ("0 * z", "Nada"),
        "never": ("sqrt(-1 - u * u)", "Imposible"),
    }
    wild = {
        "title": "Números difíciles",
        "run": {"draws": 4096, "seed": 7},
        "quantities": {
            "u": {"dist": "uniform", "min": -1, "max": 1},
            "z": {"dist": "normal", "mean": 0, "sd": 1},
            **{k: {"formula": f, "label": label} for k, (f, label) in formulas.items()},
        },
    }
    studies = {
        "wild": wild,
        "few": make_study("Cuatro servicios", few),
        "one": make_study("Un servicio", {"Uno": "20 to 60 kWh"}),
        "twenty": make_study("Veinte servicios de nombre largo", twenty),
        "nothing but one quantity": alone,
    }
    studies["claims and sums"] = make_books()
    results = {name: wi.load(study).run() for name, study in studies.items()}
    return results | {"years": sweep(results["few"])}


def sweep(tree: xarray.DataTree) -> xarray.DataTree:
    """Return a result that runs over years, in each of which all amounts are a third more."""
    years = np.arange(2024, 2031)
    growth = xarray.DataArray(1.33 ** (years - 2024), dims="year", coords={"year": years})
    growth["year"].attrs["long_name"] = "año"
    summary = tree["summary"].to_dataset()
    growth = {name: growth if name != "dear" else growth * 0 + 1 for name in summary}
    grown = {name: (v * growth[name]).assign_attrs(v.attrs) for name, v in summary.items()}
    groups = {"/": xarray.Dataset(attrs=tree.attrs), "/summary": xarray.Dataset(grown)}
    return xarray.DataTree.from_dict(groups)


@pytest.fixture(scope="session")
def schemes() -> list[xarray.DataTree]:
    """Results of one study with different draws and schemes of sampling."""
    import wattif as wi

    study = wi.load(make_study("Un servicio", {"Uno": "20 to 60 kWh"}))
    return [
        study.run(draws=draws, sampling=scheme)
        for draws in (1024, 4096, 16384)
        for scheme in ("sobol", "random", "latin-hypercube")
    ]
