"""``wattif rerun``: repeat a run from its result alone, and compare."""

from __future__ import annotations

from pathlib import Path

from wattif import api
from wattif.cli import CHECK_FAILED, DONE, FAILED
from wattif.cli.arguments import Quiet, Whole
from wattif.cli.compiling import announce_compiling
from wattif.cli.terminal import progress_bar, show, show_json

_AGREES = 1e-12  # relative; what other processors and libraries may change
_SHOWN = 10


def rerun(
    result: Path, /, *, threads: Whole = None, json: bool = False, quiet: Quiet = False
) -> int:
    """Repeat the run of a result from its file alone and compare every bit.

    Exit code 0: every bit agrees; 3: all agrees to 1e-12, as on another kind of processor; 1: it
    differs.

    Parameters
    ----------
    result
        A file that `wattif run` wrote.
    threads
        Workers; all processors unless given.
    json
        Print one JSON object instead of words.
    quiet
        Show no progress.
    """
    if not quiet:
        announce_compiling()
    with progress_bar(result.name) as progress:
        agreement = api.rerun(result, threads=threads, progress=None if quiet else progress)
    if agreement.identical:
        code, words = DONE, "identical: every bit agrees"
    elif agreement.largest <= _AGREES:
        code, words = CHECK_FAILED, f"agrees to {agreement.largest:.1e}, though not in every bit"
    else:
        code, words = FAILED, "differs"
    if json:
        show_json({"schema_version": 1, "verdict": words, **vars(agreement)})
        return code
    more = len(agreement.differences) - _SHOWN
    show(words, *(f"  {text}" for text in agreement.differences[:_SHOWN]))
    if more > 0:
        show(f"  and {more} more")
    return code
