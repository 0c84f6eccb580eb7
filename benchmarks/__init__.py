"""Benchmarks: ``pytest benchmarks`` and ``python -m benchmarks.peers``; see docs/performance.md."""
