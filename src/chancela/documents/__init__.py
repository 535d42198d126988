"""Fiscal documents, one folder per model: typed document, rules, layout, PDF. Pure."""
