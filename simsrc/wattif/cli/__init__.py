"""The command line: parse, call the library, print.

Each command is a module of this folder and is imported only when it is called, so that ``--help``
takes a quarter of a second. To add one: a module with a function of the command's name, a line in
``_COMMANDS``, a test. Answers go to stdout; notes, warnings, progress and errors to stderr.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from cyclopts import App, CycloptsError, Parameter

from wattif.errors import ResultError, RunError, StudyError

DONE, FAILED, REFUSED, CHECK_FAILED, INTERRUPTED, TERMINATED = 0, 1, 2, 3, 130, 143

_COMMANDS = {
    "demo": "An answer at once, in words; writes nothing.",
    "init": "Write a small study to begin with.",
    "check": "Check a study, and show what it assumes and how it was understood.",
    "run": "Simulate a study; print its intervals and keep the result.",
    "audit": "Judge published claims by a study.",
    "sources": "List the figures of a study with their sources, and what rests on guesses.",
    "shapes": "Read every interval in other shapes; show which outputs care.",
    "explain": "Show where a quantity comes from: formulas, values, units, sources.",
    "plot": "Draw pictures of a result.",
    "export": "Write a result as CSV, Excel, Parquet, JSON or LaTeX.",
    "compare": "Compare two systems of a result, draw by draw.",
    "report": "Write a result as one HTML file to mail, read offline and print.",
    "rerun": "Repeat the run of a result from its file alone and compare every bit.",
    "bench": "Time wattif on this machine, beside numpy and other tools.",
    "list": "What there is: families, functions, units, sets, studies, pictures.",
    "schema": "Print the JSON Schema of study files, for editors.",
}
_MODULES = {"list": "catalogue"}  # where a command's name is one of Python's own
_EXIT_CODES = (
    "Exit codes: 0 done; 1 a run failed; 2 the study, the result or an argument is refused; 3 a "
    "check failed; 130, 143 interrupted. WATTIF_DEBUG=1 or --debug shows where an error is raised; "
    "NO_COLOR=1 leaves out colours."
)


def _app() -> App:
    app = App(
        name="wattif",
        help="Monte Carlo uncertainty: beliefs with units in, credible intervals out.",
        help_epilogue=_EXIT_CODES,
        help_format="plaintext",
        version=_versions,
        suppress_keyboard_interrupt=False,  # main has a word to say about it
        default_parameter=Parameter(negative=(), show_default=False),
    )
    for order, (name, summary) in enumerate(_COMMANDS.items()):
        module = _MODULES.get(name, name)
        app.command(f"wattif.cli.{module}:{module}", name=name, help=summary, sort_key=order)
    return app


def _versions() -> str:
    """Return the versions that a result depends on, in a line."""
    import platform
    from importlib.metadata import version

    from wattif import __version__

    return (
        f"wattif {__version__} (numba {version('numba')}, numpy {version('numpy')}, "
        f"Python {platform.python_version()})"
    )


class Terminated(KeyboardInterrupt):
    """The process was asked to end (SIGTERM); cleaned up after like an interrupt."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    arguments
        Words after ``wattif``; those of the process if None.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given or os.environ.get("WATTIF_DEBUG", "") not in ("", "0")
    words = [word for word in given if word != "--debug"]
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without "≤" gets "?", not a traceback
    try:
        with _terminable():
            code = _call(words)
            sys.stdout.flush()
    except BrokenPipeError:  # `wattif list | head`: nobody reads on, and that is no error
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return DONE
    except BaseException as error:
        if debug:
            traceback.print_exc()
        return _report(error, words)
    return code


def _call(words: list[str]) -> int:
    code = _app()(words, exit_on_error=False, print_error=False, result_action="return_value")
    return code if isinstance(code, int) else DONE


def _report(error: BaseException, words: list[str]) -> int:
    """Say on stderr what went wrong; return the exit code for it."""
    match error:
        case StudyError():
            text, code = str(error), REFUSED
        case CycloptsError():
            command = f" {words[0]}" if words and words[0] in _COMMANDS else ""
            text, code = f"error: {error}\n  help: wattif{command} --help", REFUSED
        case ResultError():
            text, code = f"error: {error}", REFUSED
        case RunError():
            text, code = f"error: {error}", FAILED
        case Terminated():
            text, code = "terminated; nothing half-written is left behind", TERMINATED
        case KeyboardInterrupt():
            text, code = "interrupted; nothing half-written is left behind", INTERRUPTED
        case MemoryError():
            text, code = "error: out of memory; fewer replicates need less", FAILED
        case Exception():
            name = type(error).__name__
            text = f"error: {name}: {error}\n  This is a fault of wattif; --debug shows where."
            code = FAILED
        case _:
            raise error
    print(text, file=sys.stderr)
    return code


@contextmanager
def _terminable() -> Iterator[None]:
    """Turn SIGTERM into an exception, so that what is being written is cleaned up."""

    def stop(signum: int, frame: FrameType | None) -> None:
        raise Terminated

    try:
        before = signal.signal(signal.SIGTERM, stop)
    except ValueError:  # not the main thread: signals are somebody else's
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
