"""What reports read: sums by day, and the settled documents of a period, in pages or in one long flat stream.

A page is found by the sums first: they say on which day it begins, so that page 20,000 skips one day's rows and not a
million. Days are those of Brasília, whose borders the index on the instant of issue can use.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import Connection, RowMapping, text

from chancela.domain.identidade import Ambiente, Modelo
from chancela.issuing.modelo import Estado
from chancela.stores.artefatos import XML_AUTORIZADO
from chancela.stores.conexao import Banco
from chancela.stores.solicitacoes import ARQUIVO_EVENTO, ARQUIVO_INUTILIZACAO

RELATADOS = (Estado.AUTORIZADO, Estado.CANCELADO, Estado.DENEGADO)
"""States that a report shows: those with a fiscal effect."""


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
class TotalDia:
    """Documents of one day and state."""

    dia: date
    estado: Estado
    quantidade: int
    valor: Decimal
    tributos: Decimal


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

    def totals(self, filtro: Filtro) -> Sequence[TotalDia]:
        """Sums by day and state, in the order of the days."""
        with self._banco.company(filtro.empresa_id) as conexao:
            linhas = conexao.execute(_TOTAIS, filtro.parameters()).all()
        return [TotalDia(t.dia, Estado(t.estado), t.quantidade, t.valor, t.tributos) for t in linhas]

    def count(self, filtro: Filtro) -> int:
        """How many documents: from the sums when the filter is of whole days, else one by one."""
        if filtro.desde is None and filtro.ate is None:
            return sum(total.quantidade for total in self.totals(filtro))
        with self._banco.company(filtro.empresa_id) as conexao:
            return conexao.execute(_QUANTOS, filtro.parameters()).scalar_one()

    def page(
        self, filtro: Filtro, totais: Sequence[TotalDia], *, salto: int, limite: int
    ) -> Sequence[LinhaRelatorio]:
        """`limite` documents after the first `salto`, in the order of issue. `totais` are those of the same filter."""
        por_dia: dict[date, int] = {}
        for total in totais:
            por_dia[total.dia] = por_dia.get(total.dia, 0) + total.quantidade
        inicio = filtro.inicio
        for dia, quantidade in por_dia.items():
            inicio = dia
            if salto < quantidade:
                break
            salto -= quantidade
        parametros = {**replace(filtro, inicio=inicio).parameters(), "salto": salto, "limite": limite}
        with self._banco.company(filtro.empresa_id) as conexao:
            return [_read(linha) for linha in conexao.execute(_PAGINA, parametros).mappings()]

    def stream(self, filtro: Filtro, *, lote: int = 1_000) -> Iterator[Sequence[LinhaRelatorio]]:
        """Every document in batches, each in a transaction of its own: flat memory, however many there are."""
        marca: dict[str, Any] = {"apos_em": None, "apos_id": ""}
        while True:
            with self._banco.company(filtro.empresa_id) as conexao:
                parametros = {**filtro.parameters(), **marca, "limite": lote}
                linhas = [_read(linha) for linha in conexao.execute(_SEGUINTES, parametros).mappings()]
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


def _read(linha: RowMapping) -> LinhaRelatorio:
    campos: dict[str, Any] = dict(linha)
    campos |= {
        "modelo": Modelo(linha["modelo"]),
        "estado": Estado(linha["estado"]),
        "protocolo": linha["protocolo"] or "",
    }
    return LinhaRelatorio(**campos)


_EM_PRODUCAO = text(
    "SELECT EXISTS (SELECT 1 FROM totais_diarios WHERE empresa_id = chancela_empresa() AND ambiente = 1)"
)
_TOTAIS = text(
    """
    SELECT dia, estado, sum(quantidade)::bigint AS quantidade, sum(valor) AS valor, sum(tributos) AS tributos
    FROM totais_diarios
    WHERE empresa_id = chancela_empresa() AND ambiente = :ambiente AND dia BETWEEN :inicio AND :fim
        AND estado = ANY (:estados) AND modelo = ANY (:modelos)
    GROUP BY dia, estado HAVING sum(quantidade) <> 0 ORDER BY dia, estado
    """
)
# The states are named once more as constants: that is how the planner knows the partial index to hold them all.
_ONDE = """
    empresa_id = chancela_empresa() AND ambiente = :ambiente
    AND emitido_em >= coalesce(CAST(:desde AS timestamptz), CAST(:inicio AS timestamp) AT TIME ZONE 'America/Sao_Paulo')
    AND emitido_em < coalesce(
        CAST(:ate AS timestamptz), CAST(CAST(:fim AS date) + 1 AS timestamp) AT TIME ZONE 'America/Sao_Paulo')
    AND estado IN ('AUTORIZADO', 'CANCELADO', 'DENEGADO', 'INUTILIZADO')
    AND estado = ANY (:estados) AND modelo = ANY (:modelos)
"""
_COLUNAS = (
    "id, modelo, serie, numero, chave, estado, emitido_em, valor_total, total_tributos, destinatario_nome,"
    " destinatario_documento, natureza_operacao, protocolo, quantidade_itens"
)
_QUANTOS = text(f"SELECT count(*) FROM documentos WHERE {_ONDE}")  # noqa: S608 - constants
_PAGINA = text(
    f"SELECT {_COLUNAS} FROM documentos WHERE {_ONDE} ORDER BY emitido_em, id OFFSET :salto LIMIT :limite"  # noqa: S608
)
_SEGUINTES = text(
    f"SELECT {_COLUNAS} FROM documentos WHERE {_ONDE}"  # noqa: S608 - constants
    " AND (CAST(:apos_em AS timestamptz) IS NULL OR (emitido_em, id) > (CAST(:apos_em AS timestamptz), :apos_id))"
    " ORDER BY emitido_em, id LIMIT :limite"
)
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
    SELECT empresa_id, dia, ambiente, modelo, estado, sum(quantidade), sum(valor), sum(tributos)
    FROM partes GROUP BY empresa_id, dia, ambiente, modelo, estado HAVING sum(quantidade) <> 0 OR sum(valor) <> 0
    """
)
