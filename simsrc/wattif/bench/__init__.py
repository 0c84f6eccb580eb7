"""Time wattif and its peers on one workload: interleaved, checked against each other, described.

A peer is a module with a function ``run(draws, seed)`` that returns a :class:`Summary` for each of
``OUTPUTS``; see :mod:`wattif.bench.peers` to add one.
"""
