"""Reports, exports and monthly files."""
