"""Accountants of a company."""
