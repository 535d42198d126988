"""Files that are made in the background: asked for once per set of parameters, made by one worker, gone when over."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, RowMapping, text

from chancela.stores.conexao import Banco

TENTATIVAS_MAXIMAS = 3


class EstadoExportacao(StrEnum):
    """What became of an export."""

    PENDENTE = "PENDENTE"
    CONCLUIDA = "CONCLUIDA"
    FALHOU = "FALHOU"
    EXPIRADA = "EXPIRADA"


@dataclass(frozen=True, slots=True)
class Exportacao:
    """One export. `tentativas` fences off a worker that froze and came back."""

    id: str
    empresa_id: int
    tipo: str
    parametros: Mapping[str, Any]
    estado: EstadoExportacao
    feitos: int
    total: int
    tentativas: int
    motivo: str
    caminho: str | None
    tamanho: int | None
    criada_em: datetime
    concluida_em: datetime | None
    expira_em: datetime | None


@dataclass(frozen=True, slots=True)
class Vencida:
    """An export that is over and whose files are still there, for all that is known."""

    id: str
    caminho: str
    tentativas: int


class ExportacoesPg:
    """Asks for, takes and finds exports. Blocking and thread-safe."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def request(
        self, exportacao_id: str, empresa_id: int, tipo: str, parametros: Mapping[str, Any], *, total: int,
        mudancas: int,
    ) -> Exportacao:  # fmt: skip
        """The export of these parameters: the one under way, the one that is done and still true, or a new one.

        `total` counts what there is to export now, `mudancas` how often that ever changed: a finished one of other
        changes is out of date, even when as many came as went.
        """
        texto = json.dumps([tipo, parametros], sort_keys=True, ensure_ascii=False)
        dados = {
            "id": exportacao_id, "tipo": tipo, "parametros": Jsonb(dict(parametros)), "total": total,
            "mudancas": mudancas, "impressao": hashlib.sha256(texto.encode()).digest(),
        }  # fmt: skip

        def run(conexao: Connection) -> Exportacao:
            conexao.execute(_ENVELHECE, dados)
            conexao.execute(_PEDE, dados)
            return _read(conexao.execute(_ACHA, dados).mappings().one())

        return self._banco.in_company(empresa_id, run)

    def get(self, exportacao_id: str, empresa_id: int) -> Exportacao | None:
        """One export of a company."""
        with self._banco.company(empresa_id) as conexao:
            linha = conexao.execute(_LE, {"id": exportacao_id}).mappings().one_or_none()
        return None if linha is None else _read(linha)

    def list_done(self, empresa_id: int, tipo: str) -> Sequence[Exportacao]:
        """The finished exports of a kind, oldest first."""
        with self._banco.company(empresa_id) as conexao:
            return [_read(linha) for linha in conexao.execute(_LISTA, {"tipo": tipo}).mappings()]

    def take(self, *, prazo_s: float) -> Exportacao | None:
        """The next export to make, for `prazo_s` seconds at a time; one that failed too often is given up here."""

        def run(conexao: Connection) -> Exportacao | None:
            conexao.execute(_DESISTE, {"maximo": TENTATIVAS_MAXIMAS})
            linha = conexao.execute(_TOMA, {"prazo_s": float(prazo_s)}).mappings().one_or_none()
            return None if linha is None else _read(linha)

        return self._banco.in_system(run, gravacao="exportacao_tomada")

    def advance(self, exportacao: Exportacao, feitos: int, *, prazo_s: float) -> bool:
        """Note the progress and keep the export; False when somebody else has it now."""
        parametros = {
            "id": exportacao.id,
            "tentativa": exportacao.tentativas,
            "feitos": feitos,
            "prazo_s": float(prazo_s),
        }
        return self._banco.in_system(lambda conexao: conexao.execute(_AVANCA, parametros).rowcount == 1)

    def finish(
        self, exportacao: Exportacao, caminho: str, tamanho: int, *, feitos: int, validade_s: float
    ) -> bool:
        """The file is there; False when somebody else has the export now."""
        parametros = {
            "id": exportacao.id, "tentativa": exportacao.tentativas, "caminho": caminho, "tamanho": tamanho,
            "feitos": feitos, "validade_s": float(validade_s),
        }  # fmt: skip
        return self._banco.in_system(
            lambda conexao: conexao.execute(_CONCLUI, parametros).rowcount == 1, gravacao="exportacao_fim"
        )

    def fail(self, exportacao: Exportacao, motivo: str, *, nova_em_s: float) -> None:
        """A try failed; the next one comes in so many seconds."""
        parametros = {
            "id": exportacao.id,
            "tentativa": exportacao.tentativas,
            "motivo": motivo,
            "nova_em_s": float(nova_em_s),
        }
        self._banco.in_system(lambda conexao: conexao.execute(_ADIA, parametros))

    def expire(self, limite: int = 100) -> Sequence[Vencida]:
        """Mark what is over, so that nobody fetches it any more; returns what still has files, from whichever time."""

        def run(conexao: Connection) -> Sequence[Vencida]:
            linhas = conexao.execute(_EXPIRA, {"limite": limite})
            return [Vencida(linha.id, linha.caminho, linha.tentativas) for linha in linhas]

        return self._banco.in_system(run)

    def forget_file(self, vencida: Vencida) -> None:
        """Its files are deleted."""
        self._banco.in_system(lambda conexao: conexao.execute(_ESQUECE, {"id": vencida.id}))


def _read(linha: RowMapping) -> Exportacao:
    campos: dict[str, Any] = dict(linha)
    campos["estado"] = EstadoExportacao(linha["estado"])
    return Exportacao(**campos)


_COLUNAS = (
    "id, empresa_id, tipo, parametros, estado, feitos, total, tentativas, motivo, caminho, tamanho, criada_em,"
    " concluida_em, expira_em"
)
_ENVELHECE = text(
    """
    UPDATE exportacoes SET expira_em = chancela_agora(), estado = 'EXPIRADA'
    WHERE empresa_id = chancela_empresa() AND impressao = :impressao AND estado = 'CONCLUIDA'
        AND (total <> :total OR mudancas <> :mudancas OR expira_em <= chancela_agora())
    """
)
_PEDE = text(
    "INSERT INTO exportacoes (id, empresa_id, tipo, parametros, impressao, total, mudancas)"
    " VALUES (:id, chancela_empresa(), :tipo, :parametros, :impressao, :total, :mudancas)"
    " ON CONFLICT (empresa_id, impressao) WHERE estado IN ('PENDENTE', 'CONCLUIDA') DO NOTHING"
)
_ACHA = text(
    f"SELECT {_COLUNAS} FROM exportacoes WHERE empresa_id = chancela_empresa() AND impressao = :impressao"  # noqa: S608
    " AND estado IN ('PENDENTE', 'CONCLUIDA')"
)
_LE = text(f"SELECT {_COLUNAS} FROM exportacoes WHERE empresa_id = chancela_empresa() AND id = :id")  # noqa: S608
_LISTA = text(
    f"SELECT {_COLUNAS} FROM exportacoes WHERE empresa_id = chancela_empresa() AND tipo = :tipo"  # noqa: S608
    " AND estado = 'CONCLUIDA' ORDER BY criada_em, id"
)
_DESISTE = text(
    "UPDATE exportacoes SET estado = 'FALHOU', proxima_em = NULL, concluida_em = chancela_agora()"
    " WHERE proxima_em <= chancela_agora() AND tentativas >= :maximo"
)
_TOMA = text(
    f"""
    UPDATE exportacoes SET tentativas = tentativas + 1, feitos = 0,
        proxima_em = chancela_agora() + make_interval(secs => :prazo_s)
    WHERE id = (SELECT id FROM exportacoes WHERE proxima_em <= chancela_agora() ORDER BY proxima_em, id LIMIT 1
        FOR UPDATE SKIP LOCKED)
    RETURNING {_COLUNAS}
    """  # noqa: S608 - constants
)
_MINHA = "id = :id AND tentativas = :tentativa AND estado = 'PENDENTE'"
_AVANCA = text(
    f"UPDATE exportacoes SET feitos = :feitos, proxima_em = chancela_agora() + make_interval(secs => :prazo_s) WHERE {_MINHA}"  # noqa: S608
)
_CONCLUI = text(
    f"""
    UPDATE exportacoes SET estado = 'CONCLUIDA', proxima_em = NULL, caminho = :caminho, tamanho = :tamanho, feitos = :feitos,
        motivo = '', concluida_em = chancela_agora(), expira_em = chancela_agora() + make_interval(secs => :validade_s)
    WHERE {_MINHA}
    """  # noqa: S608 - constants
)
_ADIA = text(
    f"UPDATE exportacoes SET motivo = :motivo, proxima_em = chancela_agora() + make_interval(secs => :nova_em_s) WHERE {_MINHA}"  # noqa: S608
)
_EXPIRA = text(
    """
    WITH vencidas AS (
        SELECT id FROM exportacoes WHERE caminho IS NOT NULL AND expira_em <= chancela_agora()
        ORDER BY expira_em LIMIT :limite FOR UPDATE SKIP LOCKED
    )
    UPDATE exportacoes e SET estado = 'EXPIRADA' FROM vencidas v WHERE e.id = v.id
    RETURNING e.id, e.caminho, e.tentativas
    """
)
_ESQUECE = text("UPDATE exportacoes SET caminho = NULL WHERE id = :id AND estado = 'EXPIRADA'")
