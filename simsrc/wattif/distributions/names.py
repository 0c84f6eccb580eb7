"""Which name was meant: the spellings of other programs, and slips of the pen."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

# Spellings of scipy, numpy, R, Excel and textbooks; the first of ours that a family has is meant.
_PARAMETERS = {
    "a": ("alpha", "min", "shape"),
    "average": ("mean",),
    "avg": ("mean",),
    "b": ("beta", "max", "scale"),
    "c": ("shape", "mode"),
    "center": ("location", "mean"),
    "centre": ("location", "mean"),
    "degrees_of_freedom": ("df",),
    "dof": ("df",),
    "expected": ("mean",),
    "high": ("max",),
    "hi": ("max",),
    "k": ("shape",),
    "lam": ("rate", "scale", "shape"),
    "lambda": ("rate", "scale", "shape"),
    "left": ("min",),
    "likely": ("mode",),
    "lo": ("min",),
    "loc": ("location", "mean", "min"),
    "low": ("min",),
    "lower": ("min",),
    "m": ("mean", "mode", "median"),
    "maximum": ("max",),
    "median": ("p50", "mean", "location", "mode"),
    "minimum": ("min",),
    "mode": ("median", "mean"),
    "most_likely": ("mode",),
    "mu": ("mean", "location"),
    "nu": ("df",),
    "peak": ("mode",),
    "prob": ("p", "weights"),
    "probabilities": ("weights",),
    "probability": ("p", "weights"),
    "probs": ("weights",),
    "right": ("max",),
    "s": ("sd", "sigma"),
    "sdev": ("sd",),
    "sigma": ("sd", "scale"),
    "std": ("sd",),
    "std_dev": ("sd",),
    "stddev": ("sd",),
    "stdev": ("sd",),
    "theta": ("scale",),
    "upper": ("max",),
    "value": ("values",),
    "weight": ("weights",),
    "x": ("values",),
}

_FAMILIES = {
    "constant": "",
    "expon": "exponential",
    "exp": "exponential",
    "gauss": "normal",
    "gaussian": "normal",
    "log_normal": "lognormal",
    "log_uniform": "log-uniform",
    "logit_normal": "logit-normal",
    "logitnormal": "logit-normal",
    "log-normal": "lognormal",
    "lognorm": "lognormal",
    "loguniform": "log-uniform",
    "norm": "normal",
    "rectangular": "uniform",
    "reciprocal": "log-uniform",
    "student": "student-t",
    "student_t": "student-t",
    "studentt": "student-t",
    "t": "student-t",
    "triang": "triangular",
    "triangle": "triangular",
    "unif": "uniform",
    "weibull_min": "weibull",
    "betapert": "pert",
    "beta-pert": "pert",
    "categorical": "discrete",
    "choice": "discrete",
}


def nearest_parameter(name: str, known: Iterable[str]) -> str | None:
    """Return the known parameter that is meant by an unknown one, if that can be told."""
    known = tuple(known)
    plain = name.strip().lower().replace("-", "_")
    candidates = (plain, *_PARAMETERS.get(plain, ()))
    meant = next((candidate for candidate in candidates if candidate in known), None)
    return meant or _closest(plain, known)


def nearest_family(name: str, known: Iterable[str]) -> str | None:
    """Return the known family that is meant by an unknown one, if that can be told."""
    known = tuple(known)
    plain = name.strip().lower()
    candidates = (plain, _FAMILIES.get(plain))
    meant = next((candidate for candidate in candidates if candidate in known), None)
    return meant or _closest(plain, known)


def _closest(name: str, known: tuple[str, ...]) -> str | None:
    return next(iter(difflib.get_close_matches(name[:40], known, n=1, cutoff=0.6)), None)
