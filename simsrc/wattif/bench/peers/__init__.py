"""The same workload written for other tools, as their good users would.

To add a peer: a module with ``run(draws, seed)`` that returns a Summary for each of ``OUTPUTS``,
and a line in a table like ``PEERS``. Its tool is imported with the module; what cannot be imported
is skipped, and said to be. Those that need more than a microsecond a draw would not leave the
others five rounds in a minute: they live beside the benchmarks, in the repository.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping

from wattif.bench.workload import Answers

Run = Callable[[int, int], Answers]

NUMPY = "numpy"
PEERS = {
    NUMPY: "wattif.bench.peers.numpy_plain",
    "numpy, tuned": "wattif.bench.peers.numpy_tuned",
    "numpy and scipy": "wattif.bench.peers.numpy_scipy",
    "squigglepy": "wattif.bench.peers.with_squigglepy",
    "JAX": "wattif.bench.peers.with_jax",
    "OpenTURNS": "wattif.bench.peers.with_openturns",
}
PARALLEL = frozenset({"JAX", "OpenTURNS"})  # take all processors there are, for parts of their work


def load_peers(modules: Mapping[str, str]) -> tuple[dict[str, Run], dict[str, str]]:
    """Return the ``run`` of each peer that can be imported, and why the others cannot."""
    found: dict[str, Run] = {}
    missing: dict[str, str] = {}
    for name, module in modules.items():
        try:
            found[name] = importlib.import_module(module).run
        except ImportError as error:
            missing[name] = str(error)
    return found, missing
