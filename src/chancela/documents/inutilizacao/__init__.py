"""Inutilização: a range of numbers that will never be used is declared to the authorizer (MOC 7.0, Anexo I, item 5.4)."""
