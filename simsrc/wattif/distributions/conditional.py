"""Distributions whose parameters are quantities: how each draw follows from a standard one.

Where a parameter varies from draw to draw, there is no one quantile table. But a draw of many
families is a simple function of its parameters and of a draw without any: a normal is
``mean + sd * z`` of a standard normal z. That function is written here as a formula of the study
language, so that it runs, and its units are checked, as any other. One more parameter may vary
without a closed form: then the standard draw comes from a grid of distributions.

To let a parameter of another family vary, add a rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wattif.distributions.base import BeliefError, Distribution
from wattif.distributions.families import find_family
from wattif.distributions.family import Form
from wattif.distributions.forms import SHIFT, choose_form
from wattif.distributions.grid import Grid, make_grid
from wattif.distributions.make import make
from wattif.distributions.reading import read_number

DRAW = "z"


@dataclass(frozen=True)
class Rule:
    """How a draw follows from its parameters and a standard draw.

    ``formula`` names parameters, and ``z``, the standard draw; a trailing underscore keeps ``min_``
    and ``max_`` off the functions. ``standard`` are the parameters of the standard draw, of the
    same family unless ``family`` names another; parameters that the formula does not name stay as
    they are given, and so must be numbers. ``holds`` are conditions on the parameters.
    """

    formula: str
    standard: Mapping[str, float]
    holds: tuple[str, ...]
    family: str = ""

    @property
    def names(self) -> frozenset[str]:
        """Parameters that may vary."""
        words = set(re.findall(r"[a-z_]+", " ".join((self.formula, *self.holds))))
        return frozenset(word.rstrip("_") for word in words - {DRAW, *_FUNCTIONS})


_FUNCTIONS = ("exp", "log", "sqrt", "floor", "where")
_UNIFORM = {"min": 0.0, "max": 1.0}
_PLACED = Rule("location + scale * z", {"location": 0.0, "scale": 1.0}, ("scale > 0",))
_SCALED = Rule("scale * z", {"scale": 1.0}, ("scale > 0",))
_MOVED = Rule("mean + sd * z", {"mean": 0.0, "sd": 1.0}, ("sd > 0",))
_SPREAD = Rule("location + sd * z", {"location": 0.0, "sd": 1.0}, ("sd > 0",))
_BOUNDED = Rule("min_ + (max_ - min_) * z", _UNIFORM, ("min_ < max_",))

# sqrt(log(1 + v**2)) for v = sd / mean, and -log(1 - p): by their series where the sum under the
# logarithm would lose the digits of v and p. Either way they keep twelve.
_SIGMA = (
    "where(sd < 0.01 * mean, sd / mean * (1 - (sd / mean)**2 / 4 + 13 * (sd / mean)**4 / 96),"
    " sqrt(log(1 + (sd / mean)**2)))"
)
_RATE = "where(p < 0.001, p * (1 + p / 2 + p**2 / 3 + p**3 / 4 + p**4 / 5), -log(1 - p))"

RULES: dict[str, tuple[Rule, ...]] = {
    "normal": (_MOVED,),
    "lognormal": (
        Rule(
            "median * exp(sigma * z)",
            {"mean": 0.0, "sd": 1.0},
            ("median > 0", "sigma > 0"),
            "normal",
        ),
        Rule(
            f"mean / sqrt(1 + (sd / mean)**2) * exp({_SIGMA} * z)",
            {"mean": 0.0, "sd": 1.0},
            ("mean > 0", "sd > 0"),
            "normal",
        ),
    ),
    "uniform": (_BOUNDED,),
    "log-uniform": (
        Rule("min_ * exp(log(max_ / min_) * z)", _UNIFORM, ("0 < min_", "min_ < max_"), "uniform"),
    ),
    "triangular": (
        Rule(
            "where(z * (max_ - min_) < mode - min_,"
            " min_ + sqrt(z * (max_ - min_) * (mode - min_)),"
            " max_ - sqrt((1 - z) * (max_ - min_) * (max_ - mode)))",
            _UNIFORM,
            ("min_ <= mode", "mode <= max_", "min_ < max_"),
            "uniform",
        ),
    ),
    "exponential": (
        Rule("mean * z", {"mean": 1.0}, ("mean > 0",)),
        Rule("z / rate", {"mean": 1.0}, ("rate > 0",)),
    ),
    "weibull": (
        Rule(
            "scale * z**(1 / shape)",
            {"mean": 1.0},
            ("scale > 0", "shape > 0"),
            "exponential",
        ),
    ),
    "pareto": (
        Rule(
            "min_ * exp(z / shape)",
            {"mean": 1.0},
            ("min_ > 0", "shape > 0"),
            "exponential",
        ),
    ),
    "log-logistic": (
        Rule(
            "median * exp(z / shape)",
            {"location": 0.0, "scale": 1.0},
            ("median > 0", "shape > 0"),
            "logistic",
        ),
    ),
    "bernoulli": (Rule("z > 1 - p", _UNIFORM, ("0 <= p", "p <= 1"), "uniform"),),
    "geometric": (
        Rule(
            f"1 + floor(z / {_RATE})",
            {"mean": 1.0},
            ("0 < p", "p < 1"),
            "exponential",
        ),
    ),
    "beta": (_BOUNDED,),
    "kumaraswamy": (_BOUNDED,),
    "arcsine": (_BOUNDED, _MOVED),
    "gamma": (_SCALED,),
    "inverse-gamma": (_SCALED,),
    "half-normal": (_SCALED,),
    "half-student-t": (_SCALED,),
    "student-t": (_PLACED, _SPREAD, _MOVED),
    "logistic": (_PLACED, _MOVED),
    "laplace": (_PLACED, _MOVED),
    "cauchy": (_PLACED,),
    "gumbel": (_PLACED, _MOVED),
    "gumbel-min": (_PLACED, _MOVED),
    "gev": (_PLACED, _MOVED),
    "skew-normal": (_PLACED, _MOVED),
    "generalised-pareto": (_PLACED,),
}


_ITSELF = Rule("z", {}, ())
# Parameters without a unit. All others are of the quantity's own, but for a rate.
_PURE = frozenset(
    {"alpha", "beta", "df", "df1", "df2", "kappa", "n", "p", "ratio", "shape", "sigma"}
)
_POWERS = {("exponential", "rate"): -1, ("inverse-gaussian", "shape"): 1}


def power_of(family: str, parameter: str) -> int:
    """Return of which power of the quantity's unit a parameter of a family is."""
    return _POWERS.get((family, parameter), 0 if parameter in _PURE else 1)


@dataclass(frozen=True)
class Recipe:
    """How draws of a ``family`` follow, where some of its parameters are quantities.

    ``numbers`` are the parameters that are not. The standard draw is of ``standard_family`` with
    the parameters ``fixed``; where ``varying`` names a parameter of it, that one varies too, and a
    grid has to be made of it.
    """

    rule: Rule
    family: str
    standard_family: str
    fixed: Mapping[str, float]
    numbers: Mapping[str, float]
    varying: str = ""

    @property
    def is_itself(self) -> bool:
        """Whether the standard draw is the quantity, nothing being scaled or moved."""
        return self.rule is _ITSELF

    def standard(self) -> Distribution:
        """Return the distribution of the standard draw, of which nothing varies."""
        return make(self.standard_family, self.fixed)

    def grid(self, low: float, high: float) -> Grid:
        """Return the distributions of the standard draw, over the range of what varies.

        Raises
        ------
        BeliefError
            If there is no accurate grid.
        """
        return make_grid(self._member, low, high)

    def _member(self, x: float) -> Distribution:
        return make(self.standard_family, {**self.fixed, self.varying: x})

    def power(self, name: str) -> int:
        """Return of which power of the quantity's unit a parameter is."""
        return power_of(self.family, name)


def find_recipe(family: str, numbers: Mapping[str, float], quantities: Iterable[str]) -> Recipe:
    """Return how draws of a family follow, if some of its parameters are quantities.

    Raises
    ------
    BeliefError
        If these names are no parameters of the family, or cannot vary, or if the numbers make no
        distribution, whatever the others are.
    """
    names = tuple(quantities)
    form = choose_form(find_family(family), (*numbers, *names))
    if form.percentiles:
        message = "percentiles must be numbers where another parameter is a quantity"
        raise BeliefError(message, names[0])
    if form.lists:
        raise BeliefError(f"the parameters of {family} must all be numbers", names[0])
    known = {name: read_number(name, value) for name, value in numbers.items()}
    rules = [rule for rule in (*RULES.get(family, ()), _ITSELF) if _fits(rule, family, form)]
    for rule in rules:
        others = [name for name in names if name not in {*rule.names, SHIFT}]
        if not others or (len(others) == 1 and not rule.family):
            recipe = _recipe(rule, family, {**form.optional, **known}, names, "".join(others))
            if not others:
                recipe.standard()  # refuses numbers that make no distribution
            return recipe
    raise _refusal(family, names, rules)


def _fits(rule: Rule, family: str, form: Form) -> bool:
    """Return whether a rule goes with the parameters of a form.

    What it does not name must be the same after scaling and moving, and of a standard draw from
    another family there must be nothing else.
    """
    rest = set(form.names) - rule.names - {SHIFT}
    unmoved = rule is _ITSELF or all(power_of(family, name) == 0 for name in rest)
    return rule.names <= set(form.names) and unmoved and not (rule.family and rest)


def _recipe(
    rule: Rule, family: str, given: Mapping[str, float], names: tuple[str, ...], varying: str
) -> Recipe:
    fixed = {key: x for key, x in given.items() if key not in {*rule.names, *names, SHIFT}}
    numbers = {key: x for key, x in given.items() if key not in names}
    return Recipe(rule, family, rule.family or family, {**fixed, **rule.standard}, numbers, varying)


def _refusal(family: str, names: tuple[str, ...], rules: list[Rule]) -> BeliefError:
    """Return why these parameters cannot all vary: too many of them have no closed form."""
    best = max(rules, key=lambda rule: len(rule.names & set(names)))
    others = [name for name in names if name not in best.names]
    found = f"{' and '.join(others)} of {family} cannot vary together"
    may = f"{' and '.join(sorted(best.names))} may, and one other" if best.names else "one may"
    return BeliefError(f"{found}; {may}", others[-1], "give one of them as a number")
