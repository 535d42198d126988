"""The figures of an installation that only its tables know: what waits, since when, and what needs a person."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text

from chancela.stores.conexao import Banco


@dataclass(frozen=True, slots=True)
class Situacao:
    """One look at the tables. Ages in seconds, 0 when there is nothing of the kind."""

    vivos: Mapping[str, int]
    """Documents that are not settled, by state."""
    atraso_s: float
    """How long the most overdue document has waited for its next step."""
    divergentes: int
    """Documents that only a person can settle."""
    solicitacoes_vivas: int
    solicitacoes_atraso_s: float
    entregas: Mapping[str, int]
    """Webhook messages waiting, and given up, by state."""
    entregas_atraso_s: float
    copias_atraso_s: float
    """Age of the oldest authorised XML without a copy in the object store."""
    certificados_vencidos: int
    certificados_a_vencer: int
    """Valid for less than 30 days."""
    paradas: int
    conexoes: int
    """Connections to this database, of every process."""


class SituacaoPg:
    """Reads the figures. Cheap at any size: partial indexes carry every count. Blocking."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def read(self) -> Situacao:
        """The figures of now."""
        with self._banco.system() as conexao:
            vivos: dict[str, int] = {linha.estado: linha.quantos for linha in conexao.execute(_VIVOS)}
            entregas: dict[str, int] = {linha.estado: linha.quantos for linha in conexao.execute(_ENTREGAS)}
            linha = conexao.execute(_RESTO).mappings().one()
        return Situacao(vivos=vivos, entregas=entregas, **linha)


_VIVOS = text(
    "SELECT estado, count(*) AS quantos FROM documentos WHERE proxima_acao IS NOT NULL GROUP BY estado"
)
_ENTREGAS = text(
    "SELECT estado, count(*) AS quantos FROM entregas WHERE estado = 'PENDENTE' GROUP BY estado UNION ALL"
    " SELECT estado, count(*) FROM entregas WHERE estado = 'MORTA' GROUP BY estado"
)
_RESTO = text(
    """
    SELECT
        (SELECT coalesce(greatest(0, extract(epoch FROM chancela_agora() - min(proxima_acao))), 0)::float8 FROM documentos
          WHERE proxima_acao IS NOT NULL) AS atraso_s,
        (SELECT count(*) FROM documentos WHERE estado = 'DIVERGENTE') AS divergentes,
        (SELECT count(*) FROM solicitacoes WHERE proxima_acao IS NOT NULL) AS solicitacoes_vivas,
        (SELECT coalesce(greatest(0, extract(epoch FROM chancela_agora() - min(proxima_acao))), 0)::float8 FROM solicitacoes
          WHERE proxima_acao IS NOT NULL) AS solicitacoes_atraso_s,
        (SELECT coalesce(greatest(0, extract(epoch FROM chancela_agora() - min(proxima_em))), 0)::float8 FROM entregas
          WHERE estado = 'PENDENTE') AS entregas_atraso_s,
        (SELECT coalesce(extract(epoch FROM chancela_agora() - min(criado_em)), 0)::float8 FROM artefatos
          WHERE copiado_em IS NULL) AS copias_atraso_s,
        (SELECT count(*) FROM certificados WHERE atual AND fim <= chancela_agora()) AS certificados_vencidos,
        (SELECT count(*) FROM certificados WHERE atual AND fim > chancela_agora()
          AND fim < chancela_agora() + interval '30 days') AS certificados_a_vencer,
        (SELECT count(*) FROM paradas) AS paradas,
        (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()) AS conexoes
    """
)
