"""Pages of documents by number, at the cost of a keyset.

A page number is a position. `contagens_documento` tells how many documents each day has, so the day in which a
position lies is known without reading what comes before it; the page is then read from that day on, by index. What
grows with the documents is only the number of days, and the documents of one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, TextClause, text

from chancela.domain.identidade import Ambiente
from chancela.issuing.lista import DocumentoListado, FiltroDocumentos, PaginaDocumentos
from chancela.issuing.modelo import Estado
from chancela.stores.conexao import Banco

_DIA_MS = 86_400_000
_MS_MAXIMO = 0xFFFFFFFFFFFF
_DOBRAS_POR_VEZ = 2_000


class ListasPg:
    """Implements `issuing.lista.ListaDocumentos`. Blocking and thread-safe."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def list_page(
        self, empresa_id: int, filtro: FiltroDocumentos, *, pagina: int, tamanho: int
    ) -> PaginaDocumentos:
        """See the port."""
        faixa = _Faixa.of(filtro)
        onde: dict[str, Any] = {
            "modelo": filtro.modelo.value,
            "estados": [estado.value for estado in (filtro.estados or Estado)],
        }
        with self._banco.company(empresa_id) as conexao:
            posicao = (
                conexao.execute(_POSICAO, {**onde, **faixa.edges(), "pulo": (pagina - 1) * tamanho})
                .mappings()
                .one()
            )
            total = int(posicao["total"])
            if posicao["dia"] is None:
                return PaginaDocumentos([], total)
            fim_ms = min(faixa.ate_ms, (posicao["dia"] + 1) * _DIA_MS - 1)
            onde |= {
                "inicio": _first_id(faixa.desde_ms),
                "fim": _last_id(fim_ms),
                "pulo": int(posicao["resto"]),
                # never more than there are: an unfinished page would read on to the beginning of time
                "limite": min(tamanho, total - (pagina - 1) * tamanho),
            }
            linhas = conexao.execute(_page_statement(filtro.estados), onde).mappings().all()
        return PaginaDocumentos([_read(linha) for linha in linhas], total)

    def fold_counts(self) -> int:
        """Fold the changes of the counts into one row each; returns how many rows it took away. Any number at once."""

        def run(conexao: Connection) -> int:
            return conexao.execute(_DOBRA, {"limite": _DOBRAS_POR_VEZ}).scalar_one()

        tiradas = 0
        while dobradas := self._banco.in_system(run):
            tiradas += dobradas
        return tiradas


@dataclass(frozen=True, slots=True)
class _Faixa:
    """Milliseconds since 1970, both inclusive."""

    desde_ms: int
    ate_ms: int

    @classmethod
    def of(cls, filtro: FiltroDocumentos) -> "_Faixa":
        return cls(_ms(filtro.desde, 0), _ms(filtro.ate, _MS_MAXIMO))

    def edges(self) -> dict[str, Any]:
        """The days that the range has whole lie strictly between two; of those two, the part that is in it, by id."""
        primeira, ultima = self.desde_ms // _DIA_MS, self.ate_ms // _DIA_MS
        return {
            "dia_inicio": primeira,
            "dia_fim": ultima,
            "inicio": _first_id(self.desde_ms),
            "inicio_fim": _last_id(min(self.ate_ms, (primeira + 1) * _DIA_MS - 1)),
            "fim_inicio": _first_id(max(self.desde_ms, ultima * _DIA_MS)) if ultima > primeira else "g",
            "fim": _last_id(self.ate_ms),
        }


def _ms(momento: datetime | None, sem: int) -> int:
    return sem if momento is None else min(_MS_MAXIMO, max(0, int(momento.timestamp() * 1000)))


def _first_id(ms: int) -> str:
    return f"{ms:012x}"


def _last_id(ms: int) -> str:
    """After every id of its millisecond: `g` sorts behind the digits."""
    return f"{ms:012x}g"


def _page_statement(estados: Sequence[Estado]) -> TextClause:
    """Settled states have an index of their own; those under way are few; without a state the model's index serves."""
    if not estados:
        return _PAGINA
    vivos = {estado.vivo for estado in estados}
    return {frozenset({False}): _PAGINA_ASSENTADOS, frozenset({True}): _PAGINA_VIVOS}.get(
        frozenset(vivos), _PAGINA_MISTA
    )


def _read(linha: RowMapping) -> DocumentoListado:
    return DocumentoListado(
        id=linha["id"],
        chave=linha["chave"],
        estado=Estado(linha["estado"]),
        ambiente=Ambiente(linha["ambiente"]),
        serie=linha["serie"],
        numero=linha["numero"],
        referencia=linha["referencia"],
        valor_total=linha["valor_total"],
        criado_em=linha["criado_em"],
        autorizado_em=linha["protocolo_em"],
    )


_POSICAO = text(
    """
    WITH contadas AS (
        SELECT dia, quantidade FROM contagens_documento
        WHERE empresa_id = chancela_empresa() AND modelo = :modelo AND estado = ANY(:estados)
          AND dia > :dia_inicio AND dia < :dia_fim
        UNION ALL
        SELECT chancela_dia(id), 1 FROM documentos
        WHERE empresa_id = chancela_empresa() AND modelo = :modelo AND estado = ANY(:estados)
          AND proxima_acao IS NOT NULL AND chancela_dia(id) > :dia_inicio AND chancela_dia(id) < :dia_fim
        UNION ALL
        SELECT :dia_inicio, count(*) FROM documentos
        WHERE empresa_id = chancela_empresa() AND modelo = :modelo AND estado = ANY(:estados)
          AND id >= :inicio AND id < :inicio_fim
        UNION ALL
        SELECT :dia_fim, count(*) FROM documentos
        WHERE empresa_id = chancela_empresa() AND modelo = :modelo AND estado = ANY(:estados)
          AND id >= :fim_inicio AND id < :fim
    ), por_dia AS (
        SELECT dia, sum(quantidade) AS quantas FROM contadas GROUP BY dia
    ), somadas AS (
        SELECT dia, quantas, sum(quantas) OVER (ORDER BY dia DESC) AS ate FROM por_dia
    )
    SELECT t.total, p.dia, p.resto
    FROM (SELECT coalesce(max(ate), 0) AS total FROM somadas) t
    LEFT JOIN LATERAL (
        SELECT dia, :pulo - (ate - quantas) AS resto FROM somadas WHERE ate > :pulo ORDER BY dia DESC LIMIT 1
    ) p ON true
    """
)


_COLUNAS = "id, chave, estado, ambiente, serie, numero, referencia, valor_total, criado_em, protocolo_em"


def _page(situacao: str) -> TextClause:
    return text(
        f"""
        SELECT {_COLUNAS} FROM documentos
        WHERE empresa_id = chancela_empresa() AND modelo = :modelo AND id >= :inicio AND id < :fim {situacao}
        ORDER BY id DESC LIMIT :limite OFFSET :pulo
        """  # noqa: S608 - constants
    )


_PAGINA = _page("")
_PAGINA_ASSENTADOS = _page("AND proxima_acao IS NULL AND estado = ANY(:estados)")
_PAGINA_MISTA = _page("AND estado = ANY(:estados)")
# Those under way are few and have an index of their own. Read first, so that no plan looks for them among all the others.
_PAGINA_VIVOS = text(
    f"""
    WITH vivos AS MATERIALIZED (
        SELECT {_COLUNAS}, modelo FROM documentos
        WHERE empresa_id = chancela_empresa() AND proxima_acao IS NOT NULL
    )
    SELECT {_COLUNAS} FROM vivos
    WHERE modelo = :modelo AND estado = ANY(:estados) AND id >= :inicio AND id < :fim
    ORDER BY id DESC LIMIT :limite OFFSET :pulo
    """  # noqa: S608 - constants
)
_DOBRA = text(
    """
    WITH chaves AS (
        SELECT DISTINCT empresa_id, modelo, estado, dia FROM contagens_documento WHERE NOT dobrada LIMIT :limite
    ), tiradas AS (
        DELETE FROM contagens_documento c USING chaves k
        WHERE (c.empresa_id, c.modelo, c.estado, c.dia) = (k.empresa_id, k.modelo, k.estado, k.dia)
        RETURNING c.empresa_id, c.modelo, c.estado, c.dia, c.quantidade
    ), postas AS (
        INSERT INTO contagens_documento
        SELECT empresa_id, modelo, estado, dia, sum(quantidade), true FROM tiradas
        GROUP BY 1, 2, 3, 4 HAVING sum(quantidade) <> 0
    )
    SELECT count(*) FROM tiradas
    """
)
