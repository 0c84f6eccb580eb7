"""What can go wrong, as a tree.

WattifError
├── StudyError      a study file, or an argument about one, is wrong (exit code 2)
├── ResultError     a result file cannot be read, or may not be overwritten (exit code 2)
└── RunError        a run could not be carried through (exit code 1)
"""

from __future__ import annotations

from dataclasses import dataclass, field


class WattifError(Exception):
    """Base of every error that wattif raises on purpose."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a study: where, what was found, what was expected, how to mend it.

    ``key`` is a dotted path (``systems.gpt-4.quantities.pue.mode``). ``line`` and ``column`` count
    from 1, and 0 stands for unknown (a study built from a dict has no lines). ``end_column`` is one
    past the last character, 0 if unknown. ``message`` says what was found and what was expected in
    one sentence; ``hint`` how to mend it, empty if there is no sensible advice.
    """

    message: str
    key: str = ""
    line: int = 0
    column: int = 0
    end_column: int = 0
    hint: str = ""


@dataclass
class StudyError(WattifError):
    """A study that cannot be accepted, with every problem found in it.

    ``file`` names the study; ``text`` is its source, for showing the line under a problem.
    """

    problems: tuple[Problem, ...]
    file: str = "<study>"
    text: str = field(default="", repr=False)

    def __str__(self) -> str:
        return render(self)


class ResultError(WattifError):
    """A result file that cannot be read or must not be overwritten."""


class RunError(WattifError):
    """A run that could not be carried through."""


_SHOWN = 4  # problems shown at once: one screen


def render(error: StudyError) -> str:
    """Return the error as the text people read: each problem with its place and its source line."""
    lines = error.text.split("\n")  # as TOML counts lines; splitlines knows more kinds
    blocks = [_render_problem(problem, error.file, lines) for problem in error.problems[:_SHOWN]]
    count = len(error.problems)
    if count > _SHOWN:
        blocks.append(f"... and {count - _SHOWN} more.")
    if count > 1:
        blocks.append(f"{count} problems in {error.file}; nothing was run.")
    return "\n".join(blocks)


def _render_problem(problem: Problem, file: str, lines: list[str]) -> str:
    place = f"{file}:{problem.line}:{problem.column}" if problem.line else file
    text = [f"error: {problem.message}"]
    text.append(f"  --> {place}" + (f"  ({problem.key})" if problem.key else ""))
    if 0 < problem.line <= len(lines):
        text += _excerpt(problem, lines[problem.line - 1])
    if problem.hint:
        text.append(f"  help: {problem.hint}")
    return "\n".join(text)


_WIDTH = 96  # characters of a source line shown


def _excerpt(problem: Problem, line: str) -> list[str]:
    line = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
    start = max(problem.column - 1, 0)
    shift = max(0, start - _WIDTH // 2)  # a long line is shown around the problem
    shown = line[shift : shift + _WIDTH]
    gutter = str(problem.line)
    blank = " " * len(gutter)
    rows = [f"{blank} |", f"{gutter} | {shown}"]
    if problem.column:
        width = max(1, min((problem.end_column or problem.column + 1) - problem.column, _WIDTH))
        rows.append(f"{blank} | {' ' * (start - shift)}{'^' * width}")
    return rows
