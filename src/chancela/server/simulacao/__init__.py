"""Deterministic simulation: the whole product in one process, on one virtual clock, driven by one seed.

Real issuing, documents, stores (a real PostgreSQL) and faces; the authority is at the other end of a wire that loses,
delays and repeats (`fio`). Checkers (`conferentes`) stand outside the product and read only what it answered, what it
archived and what the authority's ledger says. See ADR 0071.
"""
