"""Benchmarks: every figure is a ratio inside one run. `python -m benchmarks`; see docs/desempenho.md."""
