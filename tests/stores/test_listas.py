"""Pages by number are what reading everything and cutting it would give, and the counts never drift."""

import itertools
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from tests.stores.fabrica import companies, new_document, outcome, plan, signed

from chancela.domain.identidade import Modelo
from chancela.issuing.empresa import Empresa
from chancela.issuing.lista import FiltroDocumentos
from chancela.issuing.modelo import Estado
from chancela.kit.clock import VirtualClock
from chancela.kit.ids import TimeOrderedIds
from chancela.kit.randomness import SeededRandomness
from chancela.stores.conexao import Banco
from chancela.stores.documentos import DocumentosPg
from chancela.stores.listas import ListasPg

Sql = Callable[..., list[tuple[object, ...]]]
INICIO = datetime(2026, 3, 1, 10, 59, 59, tzinfo=UTC)
PASSO_S = 36_000
ESTADOS = (Estado.AUTORIZADO, Estado.REJEITADO, None, Estado.AUTORIZADO, Estado.DENEGADO)
"""None: left under way."""
FILTROS: Sequence[Sequence[Estado]] = (
    (),
    (Estado.AUTORIZADO,),
    (Estado.PENDENTE, Estado.ASSINADO),
    (Estado.PENDENTE, Estado.REJEITADO),
)
PERIODOS = (None, (0, 40), (PASSO_S * 3, PASSO_S * 9 + 5), (PASSO_S * 4, PASSO_S * 4), (90, PASSO_S - 1))
"""Seconds after the first document, both ends inclusive."""


def _fill(banco: Banco, empresa: Empresa, quantos: int = 23) -> list[tuple[str, Estado]]:
    """Documents ten hours apart, settled in turn, oldest first."""
    documentos, relogio = DocumentosPg(banco), VirtualClock(INICIO)
    ids = TimeOrderedIds(relogio, SeededRandomness(3))
    feitos: list[tuple[str, Estado]] = []
    for indice in range(quantos):
        admissao = documentos.admit(new_document(empresa, id=ids.new()), dono="um", prazo_s=600)
        assert admissao.concessao is not None
        estado = ESTADOS[indice % len(ESTADOS)]
        if estado is not None:
            (tentativa,) = documentos.begin([plan(admissao.concessao, signed())])
            documentos.settle([outcome(admissao.concessao, estado, tentativa)])
        feitos.append((admissao.documento.id, estado or Estado.PENDENTE))
        relogio.advance(PASSO_S)
    return feitos


def pages(listas: ListasPg, empresa_id: int, filtro: FiltroDocumentos, tamanho: int) -> list[str]:
    achados: list[str] = []
    for pagina in range(1, 100):
        lida = listas.list_page(empresa_id, filtro, pagina=pagina, tamanho=tamanho)
        if not lida.documentos:
            assert lida.total == len(achados)
            return achados
        assert len(lida.documentos) <= tamanho
        achados += [documento.id for documento in lida.documentos]
    raise AssertionError("the list has no end")


def test_pages_are_the_whole_list_cut(banco: Banco) -> None:
    (empresa,) = companies(banco)
    feitos = _fill(banco, empresa)
    listas = ListasPg(banco)
    for dobradas in (False, True):
        if dobradas:
            assert listas.fold_counts() > 0
        for estados, periodo in itertools.product(FILTROS, PERIODOS):
            desde, ate = (INICIO + timedelta(seconds=s) for s in periodo) if periodo else (None, None)
            esperados = [
                id_
                for indice, (id_, estado) in reversed(list(enumerate(feitos)))
                if (not estados or estado in estados)
                and (not periodo or periodo[0] <= PASSO_S * indice <= periodo[1])
            ]
            filtro = FiltroDocumentos(Modelo.NFE, estados, desde, ate)
            assert pages(listas, empresa.id, filtro, 4) == esperados, (estados, periodo)


def test_counts_follow_every_change_and_fold_to_one_row(banco: Banco, superusuario: Sql) -> None:
    (empresa,) = companies(banco)
    feitos = _fill(banco, empresa)
    listas = ListasPg(banco)
    assert listas.fold_counts() > 0
    superusuario("UPDATE documentos SET estado = 'CANCELADO' WHERE id = %s", feitos[0][0])
    assert listas.fold_counts() > 0
    contadas = superusuario(
        "SELECT estado, dia, quantidade FROM contagens_documento WHERE dobrada ORDER BY 1, 2"
    )
    reais = superusuario(
        "SELECT estado, chancela_dia(id), count(*) FROM documentos WHERE proxima_acao IS NULL GROUP BY 1, 2 ORDER BY 1, 2"
    )
    assert contadas == reais
    assert superusuario("SELECT count(*) FROM contagens_documento WHERE NOT dobrada") == [(0,)]
    assert listas.fold_counts() == 0


def test_a_company_sees_its_own_documents_only(banco: Banco) -> None:
    uma, outra = companies(banco, 2)
    _fill(banco, uma, 3)
    listas = ListasPg(banco)
    assert listas.list_page(outra.id, FiltroDocumentos(Modelo.NFE), pagina=1, tamanho=50).total == 0
    assert listas.list_page(uma.id, FiltroDocumentos(Modelo.NFCE), pagina=1, tamanho=50).total == 0
    assert listas.list_page(uma.id, FiltroDocumentos(Modelo.NFE), pagina=1, tamanho=50).total == 3
