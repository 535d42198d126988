"""XML signature of the fiscal layouts, and the A1 certificates that make it."""
