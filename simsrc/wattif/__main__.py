"""``wattif``, and ``python -m wattif``: the command line in a process of its own."""

import gc
import sys


def start() -> None:
    """Run the command line and end the process with its exit code.

    A run imports a thousand modules and ends. Python would go through their million objects again
    and again, in case some are unreachable, and at the end once more: a quarter of the whole time.
    """
    gc.set_threshold(100_000, 50, 100)
    from wattif.cli import main

    code = main()
    gc.freeze()  # leaves all to the operating system; files are closed by now
    sys.exit(code)


if __name__ == "__main__":
    start()
