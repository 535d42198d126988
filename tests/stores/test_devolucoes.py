"""Which documents return which notes, on a real PostgreSQL: counted with what stands, never behind somebody's back."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from tests.stores.fabrica import AGORA, companies, new_document, new_id, outcome, plan, protocol, signed

from chancela.documents.nfe.devolvido import ItemDevolvido
from chancela.domain.erros import DevolucaoConcorrente
from chancela.domain.identidade import Ambiente
from chancela.issuing.empresa import Empresa
from chancela.issuing.modelo import Concessao, Estado, Marco, NotaDevolvida, Numerado, OutraEmissao
from chancela.stores.conexao import Banco
from chancela.stores.devolucoes import DevolucoesPg
from chancela.stores.documentos import DocumentosPg

NOTA = "3526" + "1" * 40
METADE = (ItemDevolvido(1, 2, Decimal("2.5")),)


@pytest.fixture
def documentos(banco: Banco) -> DocumentosPg:
    return DocumentosPg(banco)


@pytest.fixture
def devolucoes(banco: Banco) -> DevolucoesPg:
    return DevolucoesPg(banco)


@pytest.fixture
def empresa(banco: Banco) -> Empresa:
    return companies(banco)[0]


def give_back(
    documentos: DocumentosPg, empresa: Empresa, vistas: frozenset[tuple[str, int]], **mudancas: Any
) -> Concessao:
    novo = new_document(empresa, devolve=NotaDevolvida(NOTA, METADE, vistas), **mudancas)
    admissao = documentos.admit(novo, dono="api", prazo_s=60)
    assert admissao.concessao is not None
    return admissao.concessao


def seen(devolucoes: DevolucoesPg, empresa: Empresa, menos: str | None = None) -> frozenset[tuple[str, int]]:
    guardadas = devolucoes.standing(NOTA, empresa.id, Ambiente.HOMOLOGACAO, menos=menos)
    return frozenset((g.documento_id, g.versao) for g in guardadas)


def settle(documentos: DocumentosPg, concessao: Concessao, estado: Estado) -> None:
    (tentativa,) = documentos.begin([plan(concessao, signed())])
    feito: dict[str, Any] = {}
    if estado is Estado.AUTORIZADO:
        feito = {"protocolo": protocol(), "xml_autorizado": b"<nfeProc/>"}
    documentos.settle([outcome(concessao, estado, tentativa, **feito)])


def test_what_lives_or_is_authorised_stands(
    documentos: DocumentosPg, devolucoes: DevolucoesPg, empresa: Empresa
) -> None:
    primeira = give_back(documentos, empresa, frozenset(), referencia="D1")
    (guardada,) = devolucoes.standing(NOTA, empresa.id, Ambiente.HOMOLOGACAO, menos=None)
    assert (guardada.documento_id, guardada.versao, guardada.itens) == (primeira.documento.id, 1, METADE)
    assert guardada.xml == b"<infNFe>a 1</infNFe>"
    assert seen(devolucoes, empresa, "D1") == frozenset()
    assert not devolucoes.standing(NOTA, empresa.id, Ambiente.PRODUCAO, menos=None)
    settle(documentos, primeira, Estado.AUTORIZADO)
    (guardada,) = devolucoes.standing(NOTA, empresa.id, Ambiente.HOMOLOGACAO, menos=None)
    assert guardada.xml == signed().xml
    segunda = give_back(documentos, empresa, seen(devolucoes, empresa), referencia="D2", conteudo="b")
    assert len(seen(devolucoes, empresa)) == 2
    settle(documentos, segunda, Estado.REJEITADO)
    assert seen(devolucoes, empresa) == {(primeira.documento.id, 1)}


def test_a_return_that_counted_others_than_stand_is_not_stored(
    documentos: DocumentosPg, devolucoes: DevolucoesPg, empresa: Empresa
) -> None:
    give_back(documentos, empresa, frozenset(), referencia="D1")
    with pytest.raises(DevolucaoConcorrente):
        give_back(documentos, empresa, frozenset(), referencia="D2")
    assert (
        documentos.find_by_referencia("D2", empresa.id, Ambiente.HOMOLOGACAO, new_document(empresa).modelo)
        is None
    )
    segunda = give_back(documentos, empresa, seen(devolucoes, empresa), referencia="D2")
    assert segunda.documento.numero == 2


def test_a_refused_return_that_comes_again_counts_what_it_says_now(
    documentos: DocumentosPg, devolucoes: DevolucoesPg, empresa: Empresa
) -> None:
    recusada = give_back(documentos, empresa, frozenset(), referencia="D1")
    settle(documentos, recusada, Estado.REJEITADO)
    menos = (ItemDevolvido(1, 2, Decimal(1)), ItemDevolvido(2, 3, Decimal(4)))
    novo = new_document(empresa, referencia="D1", conteudo="b", devolve=NotaDevolvida(NOTA, menos))
    documentos.admit(novo, dono=None, prazo_s=0)
    (guardada,) = devolucoes.standing(NOTA, empresa.id, Ambiente.HOMOLOGACAO, menos=None)
    assert (guardada.versao, guardada.itens) == (2, menos)
    repetida = documentos.admit(replace(novo, id=new_id()), dono=None, prazo_s=0)
    assert not repetida.nova, "a repeat of what stands is its first answer, not one more return"


def test_two_returns_at_once_do_not_both_count_the_same_rest(
    documentos: DocumentosPg, devolucoes: DevolucoesPg, empresa: Empresa
) -> None:
    largada = threading.Barrier(6)

    def race(indice: int) -> bool:
        largada.wait()
        try:
            give_back(documentos, empresa, frozenset(), referencia=f"D{indice}", conteudo=str(indice))
        except DevolucaoConcorrente:
            return False
        return True

    with ThreadPoolExecutor(6) as corrida:
        admitidas = list(corrida.map(race, range(6)))
    assert admitidas.count(True) == 1
    assert len(seen(devolucoes, empresa)) == 1


def test_a_substitute_returns_what_its_original_did(
    documentos: DocumentosPg, devolucoes: DevolucoesPg, empresa: Empresa
) -> None:
    concessao = give_back(documentos, empresa, frozenset(), referencia="D1")
    documentos.begin([plan(concessao, signed())])
    chave = concessao.documento.chave
    outra = OutraEmissao(
        6,
        AGORA,
        None,
        lambda numero: Numerado(f"{chave[:25]}{numero:09d}6{chave[35:]}", b"<infNFe>6</infNFe>"),
        Marco("contingencia", "Entrou."),
    )
    substituto = new_id()
    documentos.substitute(concessao, outra, novo_id=substituto, prazo_s=60)
    assert seen(devolucoes, empresa) == {(substituto, 1)}
