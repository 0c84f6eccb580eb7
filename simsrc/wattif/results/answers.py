"""What a result says, as plain numbers: for each output quantity one answer a system.

Tables and pictures read a result through here, so that they say the same.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wattif.errors import ResultError
from wattif.results.scenarios import one_of
from wattif.format import format_count
from wattif.wording import LANGUAGES, Language, Wording

if TYPE_CHECKING:
    from xarray import DataArray, Dataset, DataTree


_ROUNDING = 1e-13  # of a value: some hundred operations in floats
_PARTS = ("summary", "summary_error", "counts", "status")  # groups that an answer is read from
NO_SYSTEMS = "study"  # key of the only system of a study without systems
_BY_WAY_OF = re.compile(r"^needs [\w.-]+, which is absent: ")


@dataclass(frozen=True)
class Answer:
    """What is known of one quantity of one system, in the quantity's unit.

    ``statistics`` and their standard ``errors`` go by the names of the result ("mean", "p50",
    "eti_low"); NaN throughout, with the reason in ``absent``, if there is no answer. ``lost`` draws
    of ``draws`` were not finite. ``compares`` is true of a comparison, which holds or not.
    """

    system: str
    label: str
    statistics: Mapping[str, float]
    errors: Mapping[str, float]
    absent: str
    lost: int
    draws: int
    compares: bool = False

    @property
    def row(self) -> str:
        """What to call it in a table or picture: nothing, if the study has no systems."""
        return "" if self.system == NO_SYSTEMS else self.label

    @property
    def reason(self) -> str:
        """Why there is no answer, in the study's own words: the cause, not the way to it."""
        return _BY_WAY_OF.sub("", self.absent)

    @property
    def median(self) -> float:
        """Median of the draws."""
        return self.statistics["p50"]

    @property
    def interval(self) -> tuple[float, float]:
        """Equal-tailed interval at the run's level."""
        return self.statistics["eti_low"], self.statistics["eti_high"]

    @property
    def interval_errors(self) -> tuple[float, float]:
        """Standard errors of the interval's ends."""
        return self.errors["eti_low"], self.errors["eti_high"]

    @property
    def constant(self) -> bool:
        """Whether every draw was the same, but for the rounding of its formula."""
        ends = self.statistics["min"], self.statistics["max"]
        return math.isclose(*ends, rel_tol=_ROUNDING) and not self.lost

    @property
    def is_event(self) -> bool:
        """Whether every draw was 0 or 1, so that the mean is a probability.

        Of all that lies between 0 and 1, only this has the variance p (1 - p). A comparison is an
        event even if it holds in no draw, or in all.
        """
        if self.compares and not math.isnan(self.median):
            return True
        mean, sd = self.statistics["mean"], self.statistics["sd"]
        within = self.statistics["min"] == 0 and self.statistics["max"] == 1
        return within and math.isclose(sd * sd, mean * (1 - mean), rel_tol=2 / self.draws)

    @property
    def relative_error(self) -> float:
        """Largest standard error of median and interval ends over its value; NaN if not known."""
        names = ("p50", "eti_low", "eti_high")
        relative = [self.errors[k] / abs(self.statistics[k] or math.inf) for k in names]
        return max(relative) if not any(map(math.isnan, relative)) else math.nan

    @property
    def half(self) -> tuple[float, float]:
        """Interval of the middle half of the draws."""
        return self.statistics["p25"], self.statistics["p75"]


@dataclass(frozen=True)
class Quantity:
    """An output quantity with its answers, in the order of the study's systems."""

    name: str
    label: str
    unit: str
    answers: tuple[Answer, ...]

    @property
    def is_event(self) -> bool:
        """Whether it either happens or not, in every draw of every system that has an answer."""
        given = [answer for answer in self.answers if not math.isnan(answer.median)]
        certain = (answer.constant and answer.median in (0, 1) for answer in given)
        happens = [answer.is_event for answer in given]
        return any(happens) and all(a or b for a, b in zip(happens, certain, strict=True))


def read_answers(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    language: Language = "en",
) -> tuple[Quantity, ...]:
    """Return the answers of a result, by quantity.

    Parameters
    ----------
    tree
        The result.
    quantities, systems
        Names to keep, in this order; all of the result's if empty.
    language
        Of the labels, "en" or "es"; the English or only label where the study has no other.

    Raises
    ------
    ResultError
        If the result has no quantity or no system of that name, or the language is not known.
    """
    _check_language(language)
    one_of(tree, None)  # a result of many scenarios is read one by one
    read = _read(tree, language)
    known = [str(name) for name in read.groups["summary"].data_vars]
    chosen = choose_names(quantities, known, "quantity")
    rows = [read.systems.index(key) for key in choose_names(systems, read.systems, "system")]
    return tuple(_quantity(read, name, rows, language) for name in chosen)


def title_of(tree: DataTree, language: Language = "en") -> str:
    """Return the title of a result's study; the English or only one where there is no other.

    Raises
    ------
    ResultError
        If the language is not known.
    """
    _check_language(language)
    return str(tree.attrs.get(f"title_{language}") or tree.attrs["title"])


def describe_draws(tree: DataTree, language: Language = "en") -> str:
    """Return how a result was made: "1,048,576 random draws in 16 replicates, seed 412"."""
    attributes, say = tree.attrs, Wording(language)
    return say(
        "draws.made",
        draws=format_count(int(attributes["draws"]), language),
        scheme=say(f"draws.{attributes['sampling']}"),
        replicates=attributes["replicates"],
        seed=attributes["seed"],
    )


def label_of(variable: DataArray, language: Language) -> str:
    """Return the label of a quantity; its English or only one, or its name, if there is no other."""
    name, attributes = str(variable.name), variable.attrs
    english = attributes.get("long_name") or name.replace("_", " ")
    return str(attributes.get(f"long_name_{language}") or english)


def system_labels(summary: Dataset, language: Language) -> list[str]:
    """Return the labels of the systems, in their order."""
    labels = summary.get(f"system_label_{language}", summary["system_label"])
    return [str(label) for label in labels.values]


def _check_language(language: str) -> None:
    if language not in LANGUAGES:
        raise ResultError(f"no language '{language}'; expected {' or '.join(LANGUAGES)}")


def check_names(tree: DataTree, quantities: Sequence[str], systems: Sequence[str]) -> None:
    """Raise ResultError unless a result has these quantities and systems."""
    summary = tree["summary"].to_dataset()
    choose_names(quantities, [str(name) for name in summary.data_vars], "quantity")
    choose_names(systems, [str(key) for key in summary["system"].values], "system")


def choose_names(asked: Sequence[str], known: Sequence[str], kind: str) -> list[str]:
    """Return the names asked for, all that are known if there are none.

    Raises
    ------
    ResultError
        If one is not known; ``kind`` says what it was to be the name of.
    """
    return [_find(name, known, kind) for name in asked] or list(known)


def _find(name: str, known: Sequence[str], kind: str) -> str:
    if name in known:
        return name
    near = difflib.get_close_matches(name, known, n=1)
    advice = f"did you mean '{near[0]}'?" if near else f"it has: {', '.join(known)}"
    raise ResultError(f"the result has no {kind} '{name}'; {advice}")


@dataclass(frozen=True)
class _Read:
    """The groups of a result, and the names along their dimensions."""

    groups: Mapping[str, Dataset]
    systems: list[str]
    labels: list[str]
    statistics: list[str]
    kinds: list[str]


def _read(tree: DataTree, language: Language) -> _Read:
    groups = {str(name): group.to_dataset() for name, group in tree.children.items()}
    summary = groups["summary"]
    return _Read(
        groups,
        systems=[str(key) for key in summary["system"].values],
        labels=system_labels(summary, language),
        statistics=[str(name) for name in summary["statistic"].values],
        kinds=[str(kind) for kind in groups["counts"]["kind"].values],
    )


def _quantity(read: _Read, name: str, rows: Iterable[int], language: Language) -> Quantity:
    variable = read.groups["summary"][name]
    # Variables rather than arrays with coordinates: there are hundreds, and the latter take longer.
    values = {group: read.groups[group].variables[name].values for group in _PARTS}
    answers = tuple(_answer(read, values, row, "event" in variable.attrs) for row in rows)
    unit = str(variable.attrs.get("units", "1"))
    return Quantity(name, label_of(variable, language), unit, answers)


def _answer(read: _Read, values: Mapping[str, Any], row: int, compares: bool) -> Answer:
    by_kind = dict(zip(read.kinds, values["counts"][row].tolist(), strict=True))
    draws = int(sum(by_kind.values()))
    return Answer(
        system=read.systems[row],
        label=read.labels[row],
        statistics=dict(zip(read.statistics, values["summary"][row].tolist(), strict=True)),
        errors=dict(zip(read.statistics, values["summary_error"][row].tolist(), strict=True)),
        absent=str(values["status"][row]),
        lost=draws - int(by_kind["finite"]),
        draws=draws,
        compares=compares,
    )
