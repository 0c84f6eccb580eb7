"""The workload of ``wattif bench`` written for more tools, each skipped where it is not installed.

To add one: a module with ``run(draws, seed)`` like its neighbours, and a line in ``PEERS``.
"""

from wattif.bench import peers

PEERS = {
    "C++, streaming": "benchmarks.peers.streaming",
    **peers.PEERS,
    "scipy, Sobol points": "benchmarks.peers.scipy_sobol",
    "scipy, ppf": "benchmarks.peers.scipy_ppf",
    "chaospy": "benchmarks.peers.with_chaospy",
}
