"""The fiscal domain as a library: pure values and functions, no server in it."""
