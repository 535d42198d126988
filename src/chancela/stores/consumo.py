"""Requests of the day by integrator, and credits of a period: `issuing.consumo.Consumo` on PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from chancela.issuing.consumo import FUSO, CreditosEmpresa
from chancela.stores.conexao import Banco


class ConsumoPg:
    """Implements the port. Blocking and thread-safe."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def count(self, integrador_id: int, agora: datetime) -> int:
        """See the port. One row per integrator and day; earlier days go as soon as a new one begins."""
        onde = {"integrador_id": integrador_id, "dia": agora.astimezone(FUSO).date()}
        with self._banco.system() as conexao:
            chamadas = int(conexao.execute(_CONTA, onde).scalar_one())
            if chamadas == 1:
                conexao.execute(_LIMPA, onde)
        return chamadas

    def credits(self, integrador_id: int, inicio: datetime, fim: datetime) -> Sequence[CreditosEmpresa]:
        """See the port."""
        onde = {"integrador_id": integrador_id, "inicio": inicio, "fim": fim}
        with self._banco.system() as conexao:
            linhas = conexao.execute(_CREDITOS, onde).all()
        return [
            CreditosEmpresa(linha.id, linha.razao_social, linha.documentos, linha.cartas) for linha in linhas
        ]


_CONTA = text(
    "INSERT INTO consumo_diario AS c (integrador_id, dia, chamadas) VALUES (:integrador_id, :dia, 1)"
    " ON CONFLICT (integrador_id, dia) DO UPDATE SET chamadas = c.chamadas + 1 RETURNING chamadas"
)
_LIMPA = text("DELETE FROM consumo_diario WHERE integrador_id = :integrador_id AND dia < :dia")
_CREDITOS = text(
    """
    SELECT e.id, e.razao_social,
        (SELECT count(*) FROM documentos d
         WHERE d.empresa_id = e.id AND d.protocolo_em >= :inicio AND d.protocolo_em < :fim) AS documentos,
        (SELECT count(*) FROM solicitacoes s
         WHERE s.empresa_id = e.id AND s.tipo = '110110' AND s.estado = 'REGISTRADA'
           AND s.registrado_em >= :inicio AND s.registrado_em < :fim) AS cartas
    FROM empresas e WHERE e.integrador_id = :integrador_id ORDER BY e.id
    """
)
