"""Which quantities a study reports.

Being an output belongs to a name, not to how a system supplies it: those that the run lists, else
those that each equation set in use lists, and every name that some formula defines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from wattif.language.complaints import MOST, Complaint, nearest
from wattif.language.forms import Alternatives, AnyForm, Formula
from wattif.language.positions import KeyPath
from wattif.language.resolution import World
from wattif.language.sets import SetsInUse
from wattif.language.shape import Study


def outputs_of(
    study: Study, world: World, used: SetsInUse, claimed: Iterable[str]
) -> tuple[tuple[str, ...], list[Complaint]]:
    """Return the names to report, in order; what claims are about is reported too."""
    seen = {name for scope in world.scopes.values() for name in scope.seen}
    complaints = list(islice(_unknown_outputs(study, seen, used), MOST))
    listed = study.run.outputs if study.run.outputs is not None else _by_default(study, used)
    names = tuple(name for name in dict.fromkeys((*listed, *claimed)) if name in seen)
    if not names and not complaints:
        complaints.append(_nothing(study))
    return names, complaints


def _by_default(study: Study, used: SetsInUse) -> Iterator[str]:
    settled: set[str] = set()  # by a set that lists its outputs
    for name in used.used:
        equations = used.sets[name]
        if equations.outputs is not None:
            settled |= equations.quantities.keys()
            yield from equations.outputs
        else:
            yield from _formulas(equations.quantities)
    for forms in (study.quantities, *(system.quantities for system in study.systems.values())):
        yield from (name for name in _formulas(forms) if name not in settled)


def _formulas(forms: Mapping[str, AnyForm]) -> Iterator[str]:
    return (name for name, form in forms.items() if isinstance(form, Formula | Alternatives))


def _unknown_outputs(study: Study, seen: Iterable[str], used: SetsInUse) -> Iterator[Complaint]:
    lists: list[tuple[KeyPath, tuple[str, ...], Iterable[str]]] = [
        (("run", "outputs"), study.run.outputs or (), seen)
    ]
    for name, equations in used.sets.items():
        own = equations.outputs or ()
        lists.append((("equations", name, "outputs"), own, equations.quantities))
    for path, names, known in lists:
        for place, output in enumerate(names):
            if output not in known:
                message = f"output {output!r} is not defined" + _where(path)
                yield Complaint((*path, place), message, _advice(output, known))
            elif output in names[:place]:
                yield Complaint((*path, place), f"output {output!r} is listed twice")


def _where(path: KeyPath) -> str:
    return "" if path[0] == "run" else f" in equation set {path[1]}"


def _advice(output: str, known: Iterable[str]) -> str:
    name = output.rpartition(".")[2]
    if name != output and name in known:
        return f"write {name!r}: an output is reported for every system"
    return nearest(output, known)


def _nothing(study: Study) -> Complaint:
    if not (study.quantities or study.systems or study.uses):
        message = "the study is empty: it defines no quantity"
        return Complaint(
            (), message, 'for example [quantities] x = "1 to 10", y = { formula = "x" }'
        )
    hint = 'add a formula, or list what to report under [run]: outputs = ["..."]'
    return Complaint(("run", "outputs"), "nothing to report: the study has no formula", hint)
