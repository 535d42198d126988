"""What reports read: sums by day, and the settled documents of a period, in pages or in one long flat stream.

A page is found by the sums first: they say on which day it begins, so that page 20,000 skips one day's rows and not a
million. Days are those of Brasília, whose borders the index on the instant of issue can use.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import Connection, TextClause, text

from chancela.domain.identidade import Ambiente, Modelo
from chancela.issuing.modelo import Estado
from chancela.stores.artefatos import XML_AUTORIZADO
from chancela.stores.conexao import Banco
from chancela.stores.solicitacoes import ARQUIVO_EVENTO, ARQUIVO_INUTILIZACAO

RELATADOS = (Estado.AUTORIZADO, Estado.CANCELADO, Estado.DENEGADO)
"""States that a report shows: those with a fiscal effect."""


class Passo(StrEnum):
    """What one sum stands for, as PostgreSQL's `date_trunc` names it; a week is that of ISO 8601."""

    DIA = "day"
    SEMANA = "week"
    MES = "month"
    ANO = "year"


@dataclass(frozen=True, slots=True)
class Filtro:
    """Which documents: both days included."""

    empresa_id: int
    ambiente: Ambiente
    inicio: date
    fim: date
    estados: Sequence[Estado] = RELATADOS
    modelos: Sequence[Modelo] = (Modelo.NFE, Modelo.NFCE)
    desde: datetime | None = None
    """With `ate` (excluded): instants inside the days, when whole days are not what is asked for."""
    ate: datetime | None = None

    def parameters(self) -> dict[str, Any]:
        """As the statements name them."""
        return {
            "desde": self.desde,
            "ate": self.ate,
            "ambiente": int(self.ambiente),
            "inicio": self.inicio,
            "fim": self.fim,
            "estados": [estado.value for estado in self.estados],
            "modelos": [modelo.value for modelo in self.modelos],
        }


@dataclass(frozen=True, slots=True)
class Total:
    """Documents of one state in one day, week, month or year; `inicio` is its first day, be it in the period or not."""

    inicio: date
    estado: Estado
    quantidade: int
    valor: Decimal
    tributos: Decimal


@dataclass(frozen=True, slots=True)
class Retrato:
    """How many documents a filter has now, and how often its days ever changed: equal portraits, equal documents."""

    quantidade: int
    mudancas: int


@dataclass(frozen=True, slots=True)
class LinhaRelatorio:
    """One document as a report shows it."""

    id: str
    modelo: Modelo
    serie: int
    numero: int
    chave: str
    estado: Estado
    emitido_em: datetime
    valor_total: Decimal
    total_tributos: Decimal
    destinatario_nome: str
    destinatario_documento: str
    natureza_operacao: str
    protocolo: str
    quantidade_itens: int


@dataclass(frozen=True, slots=True)
class ArquivoXml:
    """One file of an XML export."""

    nome: str
    conteudo: bytes


class RelatoriosPg:
    """Reads for reports. Blocking and thread-safe."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def environment_of(self, empresa_id: int) -> Ambiente:
        """What a report of the company is about when nobody says: production, once it ever issued there."""
        with self._banco.company(empresa_id) as conexao:
            em_producao = conexao.execute(_EM_PRODUCAO).scalar_one()
        return Ambiente.PRODUCAO if em_producao else Ambiente.HOMOLOGACAO

    def totals(self, filtro: Filtro, passo: Passo) -> Sequence[Total]:
        """Sums by step and state, in the order of time."""
        with self._banco.company(filtro.empresa_id) as conexao:
            return _totals(conexao, filtro, passo)

    def portray(self, filtro: Filtro) -> Retrato:
        """What an export of the filter would hold now. Instants inside the days are counted one by one."""
        with self._banco.company(filtro.empresa_id) as conexao:
            quantidade, mudancas = conexao.execute(_RETRATO, filtro.parameters()).one()
            if filtro.desde is not None or filtro.ate is not None:
                quantidade = conexao.execute(_count_statement(filtro), filtro.parameters()).scalar_one()
        return Retrato(quantidade, mudancas)

    def page(
        self, filtro: Filtro, *, salto: int, limite: int
    ) -> tuple[Sequence[Total], Sequence[LinhaRelatorio]]:
        """The sums of the whole filter, and `limite` documents after the first `salto`, in the order of issue."""
        parametros: dict[str, Any] = {**filtro.parameters(), "salto": salto, "limite": limite}
        with self._banco.company(filtro.empresa_id) as conexao:
            totais = _totals(conexao, filtro, Passo.ANO)
            lugar = conexao.execute(_LUGAR, parametros).one_or_none()
            if lugar is None:
                return totais, []
            parametros |= {"inicio": lugar.dia, "salto": int(lugar.resto)}
            return totais, [_read(linha) for linha in conexao.execute(_page_statement(filtro), parametros)]

    def stream(self, filtro: Filtro, *, lote: int = 1_000) -> Iterator[Sequence[LinhaRelatorio]]:
        """Every document in batches, each in a transaction of its own: flat memory, however many there are."""
        comando = _stream_statement(filtro)
        marca: dict[str, Any] = {"apos_em": None, "apos_id": ""}
        while True:
            with self._banco.company(filtro.empresa_id) as conexao:
                parametros = {**filtro.parameters(), **marca, "limite": lote}
                linhas = [_read(linha) for linha in conexao.execute(comando, parametros)]
            if linhas:
                yield linhas
            if len(linhas) < lote:
                return
            marca = {"apos_em": linhas[-1].emitido_em, "apos_id": linhas[-1].id}

    def files_of(self, empresa_id: int, ids: Sequence[str]) -> Sequence[ArquivoXml]:
        """The authorised XML of documents, and of the cancelled ones the event too."""
        parametros = {"ids": list(ids), "xml": XML_AUTORIZADO, "evento": ARQUIVO_EVENTO}
        with self._banco.company(empresa_id) as conexao:
            return [ArquivoXml(a.nome, a.conteudo) for a in conexao.execute(_ARQUIVOS, parametros)]

    def voided_files(self, filtro: Filtro) -> Iterator[ArquivoXml]:
        """The protocol of every range that was declared unused in the period."""
        parametros = {**filtro.parameters(), "tipo": ARQUIVO_INUTILIZACAO}
        with self._banco.company(filtro.empresa_id) as conexao:
            ids = list(conexao.execute(_FAIXAS, parametros).scalars())
        for solicitacao_id in ids:
            with self._banco.company(filtro.empresa_id) as conexao:
                linha = conexao.execute(_FAIXA, {"id": solicitacao_id, "tipo": ARQUIVO_INUTILIZACAO}).one()
            yield ArquivoXml(linha.nome, linha.conteudo)

    def count_voided(self, filtro: Filtro) -> int:
        """How many files `voided_files` gives."""
        with self._banco.company(filtro.empresa_id) as conexao:
            return len(conexao.execute(_FAIXAS, {**filtro.parameters(), "tipo": ARQUIVO_INUTILIZACAO}).all())

    def companies_with(self, inicio: date, fim: date) -> Sequence[int]:
        """Companies that issued anything in the period (system scope)."""
        with self._banco.system() as conexao:
            return list(conexao.execute(_EMPRESAS, {"inicio": inicio, "fim": fim}).scalars())

    def compact(self) -> int:
        """Put the differences of each day together; returns how many days were. For a periodic task."""
        with self._banco.system() as conexao:
            cheios = conexao.execute(_CHEIOS).mappings().all()
        for cheio in cheios:
            self._banco.in_system(partial(_join, dia=dict(cheio)))
        return len(cheios)


def _join(conexao: Connection, dia: dict[str, Any]) -> None:
    conexao.execute(_JUNTA, dia)


def _totals(conexao: Connection, filtro: Filtro, passo: Passo) -> Sequence[Total]:
    linhas = conexao.execute(_TOTAIS, {**filtro.parameters(), "passo": passo.value})
    return [Total(inicio, Estado(estado), *somas) for inicio, estado, *somas in linhas]


def _read(linha: Sequence[Any]) -> LinhaRelatorio:
    """A line out of `_COLUNAS`, by position: a page has up to a thousand."""
    documento_id, modelo, serie, numero, chave, estado, *resto = linha
    return LinhaRelatorio(documento_id, Modelo(modelo), serie, numero, chave, Estado(estado), *resto)


_EM_PRODUCAO = text(
    "SELECT EXISTS (SELECT 1 FROM totais_diarios WHERE empresa_id = chancela_empresa() AND ambiente = 1)"
)
_SOMADOS = """
    FROM totais_diarios
    WHERE empresa_id = chancela_empresa() AND ambiente = :ambiente AND dia BETWEEN :inicio AND :fim
        AND estado = ANY (:estados) AND modelo = ANY (:modelos)
"""
_TOTAIS = text(
    f"""
    SELECT date_trunc(:passo, dia::timestamp)::date, estado, sum(quantidade)::bigint, sum(valor), sum(tributos)
    {_SOMADOS} GROUP BY 1, 2 HAVING sum(quantidade) <> 0 ORDER BY 1, 2
    """
)
_RETRATO = text(f"SELECT coalesce(sum(quantidade), 0)::bigint, coalesce(sum(mudancas), 0)::bigint {_SOMADOS}")
_LUGAR = text(
    f"""
    WITH por_dia AS (
        SELECT dia, sum(quantidade) AS quantos {_SOMADOS} GROUP BY dia HAVING sum(quantidade) <> 0
    ), somados AS (
        SELECT dia, quantos, sum(quantos) OVER (ORDER BY dia) AS ate FROM por_dia
    )
    SELECT dia, :salto - (ate - quantos) AS resto FROM somados WHERE ate > :salto ORDER BY dia LIMIT 1
    """  # noqa: S608 - constants
)
_DESDE = "coalesce(CAST(:desde AS timestamptz), CAST(:inicio AS timestamp) AT TIME ZONE 'America/Sao_Paulo')"
_ATE = """
    emitido_em < coalesce(
        CAST(:ate AS timestamptz), CAST(CAST(:fim AS date) + 1 AS timestamp) AT TIME ZONE 'America/Sao_Paulo')
"""
_COLUNAS = (
    "id, modelo, serie, numero, chave, estado, emitido_em, valor_total, total_tributos, destinatario_nome,"
    " destinatario_documento, natureza_operacao, coalesce(protocolo, ''), quantidade_itens"
)


def _select(o_que: str, filtro: Filtro, inicio: str, fim: str = "") -> TextClause:
    """A statement over the documents of a filter, its states written out: so the planner finds the index that has no others.

    `inicio` is the only lower bound: an index on the instant and the id begins there, and not at the period's start.
    """
    estados = ", ".join(f"'{estado.value}'" for estado in filtro.estados)
    return text(
        f"""
        SELECT {o_que} FROM documentos
        WHERE empresa_id = chancela_empresa() AND ambiente = :ambiente AND {inicio} AND {_ATE}
            AND estado IN ({estados}) AND modelo = ANY (:modelos) {fim}
        """  # noqa: S608 - constants and the names of our own states
    )


def _count_statement(filtro: Filtro) -> TextClause:
    return _select("count(*)", filtro, f"emitido_em >= {_DESDE}")


def _page_statement(filtro: Filtro) -> TextClause:
    ordem = "ORDER BY emitido_em, id OFFSET :salto LIMIT :limite"
    return _select(_COLUNAS, filtro, f"emitido_em >= {_DESDE}", ordem)


def _stream_statement(filtro: Filtro) -> TextClause:
    inicio = f"(emitido_em, id) > (coalesce(CAST(:apos_em AS timestamptz), {_DESDE}), :apos_id)"
    return _select(_COLUNAS, filtro, inicio, "ORDER BY emitido_em, id LIMIT :limite")


_ARQUIVOS = text(
    """
    SELECT d.chave || CASE WHEN a.tipo = :xml THEN '-procNFe.xml' ELSE '-' || a.variante || '-procEventoNFe.xml' END AS nome,
        a.conteudo
    FROM documentos d JOIN artefatos a ON a.documento_id = d.id AND a.empresa_id = d.empresa_id
    WHERE d.empresa_id = chancela_empresa() AND d.id = ANY (:ids) AND a.conteudo IS NOT NULL
        AND (a.tipo = :xml OR (a.tipo = :evento AND d.estado = 'CANCELADO'))
    ORDER BY d.emitido_em, d.id, a.tipo, a.variante
    """
)
_FAIXAS = text(
    """
    SELECT s.id FROM solicitacoes s
    WHERE s.empresa_id = chancela_empresa() AND s.tipo = 'inutilizacao' AND s.estado = 'REGISTRADA'
        AND s.ambiente = :ambiente AND s.modelo = ANY (:modelos)
        AND chancela_dia(coalesce(s.registrado_em, s.criada_em)) BETWEEN :inicio AND :fim
        AND EXISTS (SELECT 1 FROM artefatos a WHERE a.documento_id = s.id AND a.tipo = :tipo)
    ORDER BY s.id
    """
)
_FAIXA = text(
    """
    SELECT s.modelo || '-' || s.serie || '-' || s.inicio || '-' || s.fim || '-' || s.id || '-procInutNFe.xml' AS nome, a.conteudo
    FROM solicitacoes s JOIN artefatos a ON a.documento_id = s.id AND a.tipo = :tipo
    WHERE s.empresa_id = chancela_empresa() AND s.id = :id
    """
)
_EMPRESAS = text(
    "SELECT DISTINCT empresa_id FROM totais_diarios WHERE dia BETWEEN :inicio AND :fim ORDER BY 1"
)
_CHEIOS = text(
    "SELECT empresa_id, dia FROM totais_diarios GROUP BY empresa_id, dia"
    " HAVING count(*) > count(DISTINCT (ambiente, modelo, estado)) LIMIT 10000"
)
_JUNTA = text(
    """
    WITH partes AS (DELETE FROM totais_diarios WHERE empresa_id = :empresa_id AND dia = :dia RETURNING *)
    INSERT INTO totais_diarios
    SELECT empresa_id, dia, ambiente, modelo, estado, sum(quantidade), sum(valor), sum(tributos), sum(mudancas)
    FROM partes GROUP BY empresa_id, dia, ambiente, modelo, estado
    """
)
