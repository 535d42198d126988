"""SEFAZ local: a server that judges fiscal documents as the real authorizers do, offline.

It has its own parser, arithmetic, rules and ledger, and shares nothing with the side that builds and sends
documents (only `kit` and `domain`), so that it cannot agree with our own mistakes.
"""
