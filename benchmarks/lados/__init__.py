"""One module per side of a comparison, each run in its own process by `benchmarks.processo`."""
