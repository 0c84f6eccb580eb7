"""Beliefs about quantities: families of distributions, by parameters or percentiles."""

from wattif.distributions.base import BeliefError, Distribution, Shape
from wattif.distributions.families import FAMILIES
from wattif.distributions.family import Family, Form
from wattif.distributions.interval import interval
from wattif.distributions.make import make

__all__ = ["FAMILIES", "BeliefError", "Distribution", "Family", "Form", "Shape", "interval", "make"]
