"""Legal deadlines that come near: documents handed over in contingency and not transmitted yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from chancela.issuing.modelo import Marco
from chancela.stores.conexao import Banco
from chancela.stores.linha_do_tempo import append

_ATOR = "contingencia"
_DIANTE = {"prazo_proximo": "vence", "prazo_vencido": "venceu"}


@dataclass(frozen=True, slots=True)
class PrazoPerto:
    """One document whose deadline comes near, or has passed (`tipo` is the kind of its row in the timeline)."""

    empresa_id: int
    documento_id: str
    tipo: str
    transmitir_ate: datetime


class PrazosLegaisPg:
    """Blocking and thread-safe."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def warn(
        self, antecedencia: timedelta, antecedencia_epec: timedelta, limite: int = 500
    ) -> list[PrazoPerto]:
        """Tell timeline and webhooks, once when a deadline comes near and once when it has passed; returns what was told."""
        parametros = {"perto": antecedencia, "perto_epec": antecedencia_epec, "limite": limite}
        with self._banco.system() as conexao:
            achados = [
                PrazoPerto(linha.empresa_id, linha.id, linha.tipo, linha.transmitir_ate)
                for linha in conexao.execute(_PERTO, parametros)
            ]
        for achado in achados:
            self._banco.in_company(achado.empresa_id, lambda conexao, a=achado: _tell(conexao, a))
        return achados


def _tell(conexao: Connection, achado: PrazoPerto) -> None:
    ate = achado.transmitir_ate.isoformat(timespec="seconds")
    descricao = f"O prazo legal para transmitir este documento {_DIANTE[achado.tipo]} em {ate}, e a SEFAZ ainda não o tem."
    append(conexao, achado.documento_id, _ATOR, (Marco(achado.tipo, descricao, {"transmitir_ate": ate}),))
    conexao.execute(_NOTIFICA, {"id": achado.documento_id, "evento": f"documento.{achado.tipo}", "ate": ate})


_PERTO = text(
    """
    SELECT d.id, d.empresa_id, d.transmitir_ate, d.tipo FROM (
        SELECT id, empresa_id, transmitir_ate,
            CASE WHEN transmitir_ate <= chancela_agora() THEN 'prazo_vencido' ELSE 'prazo_proximo' END AS tipo
        FROM documentos
        WHERE transmitir_ate IS NOT NULL AND proxima_acao IS NOT NULL AND transmitir_ate <= chancela_agora()
            + CASE WHEN tp_emis = 4 THEN CAST(:perto_epec AS interval) ELSE CAST(:perto AS interval) END) d
    WHERE NOT EXISTS (SELECT 1 FROM eventos_documento e WHERE e.documento_id = d.id AND e.tipo = d.tipo)
    ORDER BY d.transmitir_ate, d.id LIMIT :limite
    """
)
_NOTIFICA = text(
    "SELECT chancela_notificar(d.empresa_id, d.id, :evento,"
    " chancela_dados_documento(d) || jsonb_build_object('transmitir_ate', CAST(:ate AS text)))"
    " FROM documentos d WHERE d.id = :id"
)
