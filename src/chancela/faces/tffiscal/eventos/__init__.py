"""Cancelling, correcting and inutilising, and asking SEFAZ how a document stands."""
