"""Gaps in the numbering: the `issuing.lacunas.Numeracoes` port on PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, text

from chancela.domain.identidade import Ambiente, Modelo
from chancela.issuing.lacunas import DIA_LIMITE, Lacuna, TipoLacuna, join_runs
from chancela.kit.json_exact import write_json
from chancela.stores.conexao import Banco


class LacunasPg:
    """Blocking and thread-safe. Reads indexes only: a series of a million numbers takes about a second."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def find_gaps(self, empresa_id: int) -> Sequence[Lacuna]:
        """See the port."""
        with self._banco.company(empresa_id) as conexao:
            return _gaps(conexao)

    def gaps_in_production(self) -> Mapping[int, Sequence[Lacuna]]:
        """See the port. One company after the other, each in its own scope."""
        with self._banco.system() as conexao:
            empresas = list(conexao.execute(_EMPRESAS_EM_PRODUCAO).scalars())
        achadas = {
            empresa_id: [x for x in self.find_gaps(empresa_id) if x.ambiente is Ambiente.PRODUCAO]
            for empresa_id in empresas
        }
        return {empresa_id: lacunas for empresa_id, lacunas in achadas.items() if lacunas}

    def remind(self, empresa_id: int, lacunas: Sequence[Lacuna], mes: date) -> None:
        """See the port. What was told this month is known by the message itself."""
        alvo = f"lacunas-{mes:%Y-%m}"
        dados = {
            "prazo": mes.replace(day=DIA_LIMITE).isoformat(),
            "ambiente": int(Ambiente.PRODUCAO),
            "lacunas": [
                {
                    "modelo": lacuna.modelo.value,
                    "serie": lacuna.serie,
                    "inicio": lacuna.inicio,
                    "fim": lacuna.fim,
                    "quantidade": lacuna.quantidade,
                    "tipo": lacuna.tipo.value,
                }
                for lacuna in lacunas
            ],
        }
        parametros = {"empresa": empresa_id, "alvo": alvo, "dados": write_json(dados).decode()}
        self._banco.in_company(empresa_id, lambda conexao: conexao.execute(_LEMBRA, parametros))


def _gaps(conexao: Connection) -> list[Lacuna]:
    achadas: list[Lacuna] = []
    for serie in conexao.execute(_SERIES).mappings().all():
        onde = {nome: serie[nome] for nome in ("ambiente", "cnpj", "modelo", "serie")}
        qual = (Ambiente(serie["ambiente"]), Modelo(serie["modelo"]), serie["serie"])
        achadas += [
            Lacuna(*qual, linha.inicio, linha.fim, TipoLacuna.SEM_DOCUMENTO)
            for linha in conexao.execute(_SEM_DOCUMENTO, onde)
        ]
        rejeitados = list(conexao.execute(_REJEITADOS, onde).scalars())
        achadas += [Lacuna(*qual, inicio, fim, TipoLacuna.REJEITADO) for inicio, fim in join_runs(rejeitados)]
    return sorted(achadas, key=lambda lacuna: (lacuna.ambiente, lacuna.modelo, lacuna.serie, lacuna.inicio))


_DA_SERIE = "(ambiente, cnpj, modelo, serie) = (:ambiente, :cnpj, :modelo, :serie)"
_SERIES = text("SELECT ambiente, cnpj, modelo, serie FROM series ORDER BY ambiente, modelo, serie")
_SEM_DOCUMENTO = text(
    f"""
    WITH ocupados AS (
        SELECT numero AS inicio, numero AS fim FROM documentos WHERE {_DA_SERIE}
        UNION ALL SELECT inicio, fim FROM numeros_inutilizados WHERE {_DA_SERIE}
        UNION ALL SELECT ultimo_numero + 1, ultimo_numero + 1 FROM series WHERE {_DA_SERIE}
    ), em_ordem AS (
        SELECT inicio, max(fim) OVER (
            ORDER BY inicio, fim ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS antes
        FROM ocupados
    )
    SELECT antes + 1 AS inicio, inicio - 1 AS fim FROM em_ordem WHERE inicio > antes + 1 ORDER BY inicio
    """  # noqa: S608 - constants
)
_REJEITADOS = text(
    f"""
    SELECT numero FROM documentos d WHERE {_DA_SERIE} AND estado = 'REJEITADO'
      AND NOT EXISTS (SELECT 1 FROM numeros_inutilizados i
        WHERE (i.ambiente, i.cnpj, i.modelo, i.serie) = (d.ambiente, d.cnpj, d.modelo, d.serie)
          AND d.numero BETWEEN i.inicio AND i.fim)
    ORDER BY numero
    """  # noqa: S608 - constants
)
_EMPRESAS_EM_PRODUCAO = text(
    "SELECT DISTINCT e.id FROM empresas e JOIN series s ON s.cnpj = e.cnpj WHERE s.ambiente = 1 ORDER BY e.id"
)
_LEMBRA = text(
    """
    SELECT chancela_notificar(:empresa, :alvo, 'numeracao.lacunas', CAST(:dados AS jsonb))
    WHERE NOT EXISTS (
        SELECT 1 FROM entregas WHERE empresa_id = :empresa AND alvo = :alvo AND evento = 'numeracao.lacunas')
    """
)
