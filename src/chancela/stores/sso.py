"""Tickets that log a user in once, and calls counted per minute. Both live on the database clock, for any number of APIs."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from chancela.stores.conexao import Banco


@dataclass(frozen=True, slots=True)
class Bilhete:
    """What a ticket stands for."""

    empresa_id: int
    integrador_id: int
    idioma: str
    pagina: str


class SsoPg:
    """Keeps tickets by their hash and counts calls. Blocking and thread-safe."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def create(self, bilhete: str, empresa_id: int, *, idioma: str, pagina: str, validade_s: int) -> datetime:
        """Keep a ticket; returns when it is over."""
        parametros = {
            "hash": _hash(bilhete), "idioma": idioma, "pagina": pagina, "validade_s": float(validade_s),
        }  # fmt: skip
        with self._banco.company(empresa_id) as conexao:
            return conexao.execute(_CRIA, parametros).scalar_one()

    def consume(self, bilhete: str) -> Bilhete | None:
        """What the ticket stands for, once: of any number of callers one gets it. None: unknown, used or over."""

        def run(conexao: Connection) -> Bilhete | None:
            linha = conexao.execute(_CONSOME, {"hash": _hash(bilhete)}).one_or_none()
            if linha is None:
                return None
            return Bilhete(linha.empresa_id, linha.integrador_id, linha.idioma, linha.pagina)

        return self._banco.in_system(run)

    def companies_of(self, integrador_id: int, limite: int = 2) -> list[int]:
        """The first companies of an integrator: enough to tell none, one and several."""
        with self._banco.system() as conexao:
            return list(conexao.execute(_EMPRESAS, {"id": integrador_id, "limite": limite}).scalars())

    def count_call(self, quem: str) -> int:
        """Note a call; returns how many there were in this minute, this one included."""
        with self._banco.system() as conexao:
            return conexao.execute(_CONTA, {"chave": _hash(quem)}).scalar_one()

    def purge(self) -> None:
        """Forget tickets and counters that are over."""
        with self._banco.system() as conexao:
            conexao.execute(_LIMPA_BILHETES)
            conexao.execute(_LIMPA_CHAMADAS)


def _hash(texto: str) -> bytes:
    return hashlib.sha256(texto.encode("utf-8", "replace")).digest()


_CRIA = text(
    """
    INSERT INTO bilhetes_sso (hash, empresa_id, idioma, pagina, expira_em)
    VALUES (:hash, chancela_empresa(), :idioma, :pagina, chancela_agora() + make_interval(secs => :validade_s))
    RETURNING expira_em
    """
)
_CONSOME = text(
    """
    WITH usado AS (DELETE FROM bilhetes_sso WHERE hash = :hash RETURNING *)
    SELECT u.empresa_id, e.integrador_id, u.idioma, u.pagina FROM usado u JOIN empresas e ON e.id = u.empresa_id
    WHERE u.expira_em > chancela_agora()
    """
)
_EMPRESAS = text("SELECT id FROM empresas WHERE integrador_id = :id ORDER BY id LIMIT :limite")
_CONTA = text(
    """
    INSERT INTO chamadas_por_minuto AS c (chave, minuto, quantas) VALUES (:chave, date_trunc('minute', chancela_agora()), 1)
    ON CONFLICT (chave, minuto) DO UPDATE SET quantas = c.quantas + 1 RETURNING quantas
    """
)
_LIMPA_BILHETES = text("DELETE FROM bilhetes_sso WHERE expira_em <= chancela_agora()")
_LIMPA_CHAMADAS = text(
    "DELETE FROM chamadas_por_minuto WHERE minuto < chancela_agora() - interval '2 minutes'"
)
