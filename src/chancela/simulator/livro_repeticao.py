"""The ledger's part for replays: the exchanges as they came, and the switches as they stood between two of them."""

import json
import sqlite3
from typing import Any

ESQUEMA_REPETICAO = """
ALTER TABLE trocas ADD COLUMN caminho TEXT NOT NULL DEFAULT '';
ALTER TABLE trocas ADD COLUMN transmissor BLOB;
CREATE TABLE retratos (apos_troca INTEGER PRIMARY KEY, ajustes TEXT NOT NULL);
"""
TABELAS_REPETICAO = ("retratos",)


class RegistrosRepeticao:
    """Reads and writes on the ledger's own connection."""

    _con: sqlite3.Connection

    def take_snapshot(self) -> None:
        """Remember the settings as they stand after the last exchange."""
        ajustes = {
            nome: json.loads(valor) for nome, valor in self._con.execute("SELECT nome, valor FROM ajustes")
        }
        self._con.execute(
            "INSERT INTO retratos SELECT coalesce(max(id), 0), ? FROM trocas WHERE true"
            " ON CONFLICT (apos_troca) DO UPDATE SET ajustes = excluded.ajustes",
            (json.dumps(ajustes, ensure_ascii=False),),
        )

    def snapshots(self) -> list[dict[str, Any]]:
        """`apos_troca` and `ajustes`, in order."""
        linhas = self._con.execute("SELECT apos_troca, ajustes FROM retratos ORDER BY apos_troca")
        return [{"apos_troca": apos, "ajustes": json.loads(ajustes)} for apos, ajustes in linhas]

    def exchanges(self) -> list[dict[str, Any]]:
        """Every exchange with path, certificate and bodies, oldest first."""
        linhas = self._con.execute(
            "SELECT id, quando, caminho, transmissor, pedido, resposta FROM trocas ORDER BY id"
        )
        return [dict(linha) for linha in linhas]

    def used_sequences(self, prefixo: str) -> bool:
        """Whether a sequence of that prefix was ever used."""
        achado = self._con.execute(
            "SELECT 1 FROM sequencias WHERE nome LIKE ? LIMIT 1", (f"{prefixo}%",)
        ).fetchone()
        return achado is not None
