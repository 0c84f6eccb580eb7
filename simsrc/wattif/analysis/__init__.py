"""What a stored result says beyond its summary: functions of the tree, each number with its error.

They read the kept draws, in which all inputs and outputs of a draw stand side by side; so nothing
is run again. To add an analysis: a module with a frozen dataclass and the function that returns it.
"""

from wattif.analysis.audit import Audit, audit_claims, by_source
from wattif.analysis.breakdown import Breakdown, break_down, totals
from wattif.analysis.breakeven import BreakEven, break_even, find_pair
from wattif.analysis.claims import ClaimCheck, check_claims
from wattif.analysis.comparison import Comparison, LessMatrix, compare_systems, less_matrix
from wattif.analysis.conditions import Condition
from wattif.analysis.correlation import Correlations, rank_correlations
from wattif.analysis.draws import (
    Draws,
    assumptions_behind,
    drawn_inputs,
    kept_inputs,
    kept_output,
    output_systems,
)
from wattif.analysis.estimates import Estimate, Spread
from wattif.analysis.provenance import Figure, Provenance, Resting, read_provenance
from wattif.analysis.sensitivity import InputEffect, Sensitivity, analyse_sensitivity
from wattif.analysis.tornado import Swing, Tornado, find_swings
from wattif.analysis.works import Work, as_bibtex, as_csl, cited_works

__all__ = [
    "Audit",
    "BreakEven",
    "Breakdown",
    "ClaimCheck",
    "Comparison",
    "Condition",
    "Correlations",
    "Draws",
    "Estimate",
    "Figure",
    "InputEffect",
    "LessMatrix",
    "Provenance",
    "Resting",
    "Sensitivity",
    "Spread",
    "Swing",
    "Tornado",
    "Work",
    "analyse_sensitivity",
    "as_bibtex",
    "as_csl",
    "assumptions_behind",
    "audit_claims",
    "break_down",
    "break_even",
    "by_source",
    "check_claims",
    "cited_works",
    "compare_systems",
    "drawn_inputs",
    "find_pair",
    "find_swings",
    "kept_inputs",
    "kept_output",
    "less_matrix",
    "output_systems",
    "rank_correlations",
    "read_provenance",
    "totals",
]
