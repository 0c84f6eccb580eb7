"""Build the tree of a result: one group a kind of answer, one variable an output quantity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wattif.engine.statistics import Statistics
from wattif.language.expression import Call
from wattif.language.model import Absent, Belief, Formula, Model
from wattif.results.correlations import correlations_table
from wattif.results.kept_values import KeptValues
from wattif.results.density import CELLS, coarsen
from wattif.results.inputs import inputs_table
from wattif.results.statistics import STATISTICS, Array, percentiles, report

if TYPE_CHECKING:
    from xarray import Coordinates, Dataset, DataTree

Place = tuple[str, str]
Attributes = dict[str, str | int]
KINDS = ("finite", "nan", "negative_infinite", "positive_infinite")


def build_tree(
    model: Model,
    places: Mapping[Place, int],
    input_keys: tuple[str, ...],
    statistics: Statistics,
    attributes: Mapping[str, object],
) -> DataTree:
    """Return the result of a run.

    Parameters
    ----------
    model
        The study that was run.
    places
        The number of the output that answers for (system, quantity).
    input_keys
        Keys of the quantities that were drawn, in the order of their dimensions.
    statistics
        What the engine measured.
    attributes
        Attributes of the root: how the run was made.
    """
    import xarray

    table = _Table(model, places)
    numbers = report(statistics, model.run.interval)
    by_statistic = table.coordinates({"statistic": list(STATISTICS)})
    by_percentile = table.coordinates({"percentile": list(percentiles(model.run.interval))})
    plain = table.coordinates({})
    replicates = np.moveaxis(numbers.replicates, 1, 0)
    masses, edges = _densities(statistics)
    groups: dict[str, Dataset] = {
        "summary": table.dataset(numbers.pooled, ("statistic",), by_statistic),
        "summary_error": table.dataset(numbers.error, ("statistic",), by_statistic),
        "replicates": table.dataset(replicates, ("replicate", "statistic"), by_statistic),
        "status": table.status(plain),
        "counts": table.counts(statistics, table.coordinates({"kind": list(KINDS)})),
        "percentiles": table.dataset(numbers.quantiles, ("percentile",), by_percentile),
        "percentiles_error": table.dataset(numbers.quantile_error, ("percentile",), by_percentile),
        "density": table.dataset(masses, ("cell",), plain),
        "density_edges": table.dataset(edges, ("edge",), plain),
        "prior": table.prior(statistics, input_keys),
        "inputs": inputs_table(model, input_keys),
        "correlations": correlations_table(model, input_keys, statistics.kept_inputs),
        "claims": _claims(model),
    }
    tree = xarray.DataTree(xarray.Dataset(attrs=dict(attributes)))
    # DataTree.from_dict would copy every group.
    tree.children = {name: xarray.DataTree(group) for name, group in groups.items()}
    return tree


class _Table:
    """Arranges what is known by output number into variables over systems."""

    def __init__(self, model: Model, places: Mapping[Place, int]) -> None:
        self._model = model
        systems = [system.key for system in model.systems]
        self._places = {
            name: [places.get((system, name)) for system in systems] for name in model.outputs
        }
        self._coordinates = {
            "system": systems,
            "system_label": ("system", [system.label for system in model.systems]),
            **_translated(model),
        }
        self._attributes = {name: self._describe(name) for name in model.outputs}

    def coordinates(self, others: Mapping[str, object]) -> Coordinates:
        """Return the systems and other coordinates, for all groups that have them."""
        import xarray

        return xarray.Coordinates(self._coordinates | dict(others))

    def dataset(self, values: Array, dims: tuple[str, ...], coordinates: Coordinates) -> Dataset:
        """Return one variable a quantity, (system, *dims), from ``values`` (K, ...)."""
        return self._arrange(values, np.nan, dims, coordinates, self._attributes)

    def counts(self, statistics: Statistics, coordinates: Coordinates) -> Dataset:
        """Return how many draws of each output were finite, NaN and infinite."""
        pooled = statistics.pooled
        counts = (pooled.finite, pooled.nan, pooled.negative_infinite, pooled.positive_infinite)
        attributes: dict[str, Attributes] = {
            name: {"units": "1", "long_name": f"draws of {name}"} for name in self._model.outputs
        }
        return self._arrange(np.stack(counts, axis=-1), 0, ("kind",), coordinates, attributes)

    def _arrange(
        self,
        values: NDArray[Any],
        absent: float,
        dims: tuple[str, ...],
        coordinates: Coordinates,
        attributes: Mapping[str, Attributes],
    ) -> Dataset:
        import xarray

        variables = {
            name: xarray.Variable(("system", *dims), rows, attributes[name])
            for name, rows in self._by_system(values, absent)
        }
        return xarray.Dataset(variables, coords=coordinates)

    def _by_system(self, values: NDArray[Any], absent: float) -> Iterator[tuple[str, NDArray[Any]]]:
        """Yield each quantity's rows of ``values`` (K, ...) by system."""
        nothing = np.full(values.shape[1:], absent, values.dtype)
        for name, rows in self._places.items():
            yield name, np.stack([nothing if row is None else values[row] for row in rows])

    def status(self, coordinates: Coordinates) -> Dataset:
        """Return, for each output and system, "" or the reason why it is absent."""
        import xarray

        reasons = {
            name: ("system", [self._reason(system.key, name) for system in self._model.systems])
            for name in self._model.outputs
        }
        return xarray.Dataset(reasons, coords=coordinates)

    def prior(self, statistics: Statistics, input_keys: tuple[str, ...]) -> Dataset:
        """Return the kept draws of outputs and inputs, dims (chain, draw[, system])."""
        import xarray

        variables: dict[str, object] = {}
        for name, kept in self._by_system(np.moveaxis(statistics.kept_outputs, 1, 0), np.nan):
            draws = np.moveaxis(kept, 0, -1)
            variables[name] = (("chain", "draw", "system"), draws, self._attributes[name])
        drawn = dict(zip(input_keys, np.moveaxis(statistics.kept_inputs, 1, 0), strict=True))
        values = KeptValues(self._model, drawn)
        for name in self._input_names(drawn):
            if kept_input := self._kept_input(name, drawn, values):
                variables[name] = kept_input
        # no labels here: ArviZ makes no table of draws whose coordinates only some variables have
        return xarray.Dataset(variables, coords={"system": self._coordinates["system"]})

    def _describe(self, name: str) -> Attributes:
        """Return the attributes of a quantity: its unit, its labels, and whether it is an event."""
        found = (self._model.table.get((system.key, name)) for system in self._model.systems)
        labelled = next((quantity for quantity in found if quantity and quantity.label), None)
        label = labelled.label if labelled else name.replace("_", " ")
        others = labelled.labels if labelled else {}
        names = {f"long_name_{language}": text for language, text in others.items()}
        unit: Attributes = {"units": self._model.units[name].text or "1"}
        event = {"event": 1} if self._is_event(name) else {}
        return unit | {"long_name": label} | names | event

    def _is_event(self, name: str) -> bool:
        """Whether a quantity is a comparison, for every system that has it: true or not."""
        found = (self._model.table.get((system.key, name)) for system in self._model.systems)
        beliefs = [one.belief for one in found if one and not isinstance(one.belief, Absent)]
        return bool(beliefs) and all(map(is_comparison, beliefs))

    def _reason(self, system: str, name: str) -> str:
        belief = self._model.find(system, name).belief
        return belief.reason if isinstance(belief, Absent) else ""

    def _input_names(self, drawn: Mapping[str, Array]) -> list[str]:
        names = (name for (_, name), q in self._model.table.items() if q.key in drawn)
        return [name for name in dict.fromkeys(names) if name not in self._model.outputs]

    def _kept_input(
        self, name: str, drawn: Mapping[str, Array], values: KeptValues
    ) -> object | None:
        from wattif.language.units import ratio

        unit = self._model.units[name]
        places = [(system.key, name) for system in self._model.systems]
        found = [self._model.table.get(place) for place in places]
        columns: list[Array | None] = []
        for place, q in zip(places, found, strict=True):
            kept = values.of(place) if q is not None and q.key in drawn else None
            columns.append(None if kept is None or q is None else kept * ratio(q.unit, unit))
        first = next((column for column in columns if column is not None), None)
        if first is None:
            return None
        keys = {q.key for q in found if q is not None}
        alike = all(column is not None and np.array_equal(column, first) for column in columns)
        if len(keys) == 1 and alike:
            return ("chain", "draw"), first, self._describe(name)
        gap = np.full_like(first, np.nan)
        stacked = np.stack([gap if column is None else column for column in columns], axis=-1)
        return ("chain", "draw", "system"), stacked, self._describe(name)


def is_comparison(belief: Belief) -> bool:
    """Return whether a belief is a formula that is 1 where something holds, and else 0."""
    if not isinstance(belief, Formula) or not isinstance(belief.expression, Call):
        return False
    return belief.expression.function in ("lt", "le", "gt", "ge", "eq", "ne")


def _translated(model: Model) -> dict[str, object]:
    """Return the labels of the systems in other languages, as coordinates over systems."""
    languages = dict.fromkeys(key for system in model.systems for key in system.labels)
    return {
        f"system_label_{language}": (
            "system",
            [system.labels.get(language, system.label) for system in model.systems],
        )
        for language in languages
    }


def _densities(statistics: Statistics) -> tuple[Array, Array]:
    """Return the coarse densities of all outputs: masses (K, cells), edges (K, cells + 1)."""
    count = statistics.histogram.shape[0]
    masses, edges = np.empty((count, CELLS)), np.empty((count, CELLS + 1))
    for k in range(count):
        start, stop = _used(statistics, k)
        masses[k], edges[k] = coarsen(
            statistics.histogram[k, start:stop],
            statistics.binning.edges(k, start, stop),
            float(statistics.pooled.minimum[k]),
            float(statistics.pooled.maximum[k]),
        )
    return masses, edges


def _used(statistics: Statistics, k: int) -> tuple[int, int]:
    """Return the first bin of an output that holds draws, and the one after the last.

    All, if draws are infinite: they are in the end bins. To look at the others takes longer than
    all the rest of this.
    """
    pooled = statistics.pooled
    if pooled.negative_infinite[k] or pooled.positive_infinite[k] or not pooled.finite[k]:
        return 0, statistics.binning.bins
    return statistics.binning.used(k, pooled.minimum[k], pooled.maximum[k])


def _claims(model: Model) -> Dataset:
    import xarray

    columns = {
        "system": [claim.system for claim in model.claims],
        "quantity": [claim.quantity for claim in model.claims],
        "says": [claim.says for claim in model.claims],
        "relation": [claim.relation for claim in model.claims],
        "unit": [claim.unit.text for claim in model.claims],
        "source": [claim.source for claim in model.claims],
        "note": [claim.note for claim in model.claims],
    }
    text = {name: ("claim", np.array(values, dtype=str)) for name, values in columns.items()}
    bounds = {
        "low": ("claim", np.array([claim.low for claim in model.claims], dtype=np.float64)),
        "high": ("claim", np.array([claim.high for claim in model.claims], dtype=np.float64)),
    }
    return xarray.Dataset(text | bounds)
