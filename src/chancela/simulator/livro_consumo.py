"""The ledger's part for consumo indevido: what was asked, or refused, of which subject and when."""

import sqlite3

ESQUEMA_CONSUMO = """
CREATE TABLE consumo (servico TEXT NOT NULL, sujeito TEXT NOT NULL, c_stat INTEGER NOT NULL, em TEXT NOT NULL);
CREATE INDEX consumo_sujeito ON consumo (servico, sujeito, em);
"""
TABELAS_CONSUMO = ("consumo",)


class RegistrosConsumo:
    """Counts on the ledger's own connection."""

    _con: sqlite3.Connection

    def note_use(self, servico: str, sujeito: str, c_stat: int, em: str) -> None:
        """One more request of a subject, by the refusal that it got (0 for a query, whatever its answer)."""
        self._con.execute("INSERT INTO consumo VALUES (?,?,?,?)", (servico, sujeito, c_stat, em))

    def most_used(self, servico: str, sujeito: str, desde: str) -> tuple[int, int]:
        """How often the most frequent kind came since an instant, and which it is."""
        linha = self._con.execute(
            "SELECT count(*), c_stat FROM consumo WHERE servico = ? AND sujeito = ? AND em >= ?"
            " GROUP BY c_stat ORDER BY 1 DESC LIMIT 1",
            (servico, sujeito, desde),
        ).fetchone()
        return (int(linha[0]), int(linha[1])) if linha else (0, 0)
