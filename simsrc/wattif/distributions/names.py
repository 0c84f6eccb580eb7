"""Which name was meant: the spellings of other programs, and slips of the pen."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

# Spellings of scipy, numpy, R, Excel and textbooks; the first of ours that a family has is meant.
_PARAMETERS = {
    "a": ("alpha", "min", "shape"),
    "alpha": ("shape",),
    "average": ("mean",),
    "avg": ("mean",),
    "b": ("beta", "max", "scale"),
    "bins": ("edges",),
    "c": ("shape", "mode"),
    "center": ("location", "mean"),
    "centre": ("location", "mean"),
    "concentration": ("kappa",),
    "counts": ("chips",),
    "d": ("margin",),
    "degrees_of_freedom": ("df",),
    "dfd": ("df2",),
    "dfn": ("df1",),
    "dof": ("df",),
    "expected": ("mean",),
    "hi": ("max",),
    "high": ("max",),
    "high_mode": ("mode_max",),
    "k": ("shape",),
    "lam": ("rate", "scale", "shape", "mean"),
    "lambda": ("rate", "scale", "shape", "mean"),
    "left": ("min",),
    "likely": ("mode",),
    "lo": ("min",),
    "loc": ("location", "shift", "mean", "min"),
    "low": ("min",),
    "low_mode": ("mode_min",),
    "lower": ("min",),
    "m": ("mean", "mode", "median"),
    "maximum": ("max",),
    "median": ("p50", "mean", "location", "mode"),
    "minimum": ("min",),
    "mode": ("median", "mean"),
    "most_likely": ("mode",),
    "mu": ("mean", "location"),
    "n": ("population", "successes", "df"),
    "n_trials": ("n",),
    "nu": ("df",),
    "offset": ("shift", "location", "mean", "min"),
    "origin": ("shift", "location"),
    "peak": ("mode",),
    "prob": ("p", "weights"),
    "probabilities": ("weights", "cumulative"),
    "probability": ("p", "weights"),
    "probs": ("weights",),
    "r": ("successes",),
    "right": ("max",),
    "s": ("sd", "sigma"),
    "sdev": ("sd",),
    "shift": ("location", "mean", "min"),
    "sigma": ("sd", "scale"),
    "skew": ("shape",),
    "std": ("sd",),
    "std_dev": ("sd",),
    "stddev": ("sd",),
    "stdev": ("sd",),
    "theta": ("scale",),
    "threshold": ("location", "min"),
    "trials": ("n",),
    "upper": ("max",),
    "value": ("values",),
    "weight": ("weights",),
    "weights": ("chips",),
    "x": ("values",),
    "xi": ("shape",),
    "xm": ("min",),
}

_FAMILIES = {
    "beta-pert": "pert",
    "betapert": "pert",
    "binom": "binomial",
    "categorical": "discrete",
    "cdf": "piecewise",
    "chi-squared": "chi-square",
    "chi2": "chi-square",
    "chips": "roulette",
    "chisquare": "chi-square",
    "choice": "discrete",
    "constant": "",
    "ctrap": "curvilinear-trapezoid",
    "discrete-uniform": "integers",
    "double-exponential": "laplace",
    "data": "empirical",
    "doubletriang": "double-triangular",
    "ecdf": "empirical",
    "exp": "exponential",
    "expon": "exponential",
    "extreme-value": "gumbel",
    "fisher": "f",
    "fisk": "log-logistic",
    "gauss": "normal",
    "gaussian": "normal",
    "generalised-extreme-value": "gev",
    "generalized-extreme-value": "gev",
    "generalized-pareto": "generalised-pareto",
    "genextreme": "gev",
    "genpareto": "generalised-pareto",
    "geom": "geometric",
    "gpd": "generalised-pareto",
    "gumbel-max": "gumbel",
    "gumbel_l": "gumbel-min",
    "gumbel_r": "gumbel",
    "half-cauchy": "half-student-t",
    "half-t": "half-student-t",
    "halfcauchy": "half-student-t",
    "halfnorm": "half-normal",
    "halfnormal": "half-normal",
    "histogram": "roulette",
    "hypergeom": "hypergeometric",
    "integer": "integers",
    "invgamma": "inverse-gamma",
    "invgauss": "inverse-gaussian",
    "kde": "empirical",
    "linear-pool": "mixture",
    "log-normal": "lognormal",
    "logarithmic-pool": "pool",
    "log_normal": "lognormal",
    "log_uniform": "log-uniform",
    "logit_normal": "logit-normal",
    "logitnormal": "logit-normal",
    "loglogistic": "log-logistic",
    "lognorm": "lognormal",
    "loguniform": "log-uniform",
    "lorentz": "cauchy",
    "max_entropy": "max-entropy",
    "maxent": "max-entropy",
    "maximum-entropy": "max-entropy",
    "meta-log": "metalog",
    "nbinom": "negative-binomial",
    "norm": "normal",
    "opinion-pool": "pool",
    "opinions": "pool",
    "randint": "integers",
    "sample": "empirical",
    "reciprocal": "log-uniform",
    "rectangular": "uniform",
    "skewnorm": "skew-normal",
    "skewnormal": "skew-normal",
    "student": "student-t",
    "student_t": "student-t",
    "studentt": "student-t",
    "t": "student-t",
    "trapezoid": "trapezoidal",
    "trapz": "trapezoidal",
    "triang": "triangular",
    "triangle": "triangular",
    "unif": "uniform",
    "vonmises": "von-mises",
    "wald": "inverse-gaussian",
    "weibull_min": "weibull",
    "winsorised": "censored",
    "winsorized": "censored",
    "zero_inflated": "zero-inflated",
}


def nearest_parameter(name: str, known: Iterable[str]) -> str | None:
    """Return the known parameter that is meant by an unknown one, if that can be told."""
    known = tuple(known)
    plain = name.strip().lower().replace("-", "_")
    candidates = (plain, *_PARAMETERS.get(plain, ()))
    meant = next((candidate for candidate in candidates if candidate in known), None)
    return meant or closest(plain, known)


def nearest_family(name: str, known: Iterable[str]) -> str | None:
    """Return the known family that is meant by an unknown one, if that can be told."""
    known = tuple(known)
    plain = name.strip().lower()
    candidates = (plain, _FAMILIES.get(plain))
    meant = next((candidate for candidate in candidates if candidate in known), None)
    return meant or closest(plain, known)


def our_name(name: str) -> str | None:
    """Return our name of a family that another program calls so, if its name differs."""
    return _FAMILIES.get(name)


def closest(name: str, known: tuple[str, ...]) -> str | None:
    """Return the known name that is spelt most alike, if one is."""
    return next(iter(difflib.get_close_matches(name[:40], known, n=1, cutoff=0.6)), None)
