"""Reference tables: one read-only SQLite file made from the packaged CSVs, and the look-ups over it."""

from chancela.stores.referencia.construcao import build_reference
from chancela.stores.referencia.consulta import Referencia, open_reference

__all__ = ["Referencia", "build_reference", "open_reference"]
