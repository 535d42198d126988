"""Round trips to the database per document, which no machine's mood changes (docs/adr/0075)."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.benchmarks.contagem import counting
from tests.stores.fabrica import companies, new_document, outcome, plan, protocol, signed

from chancela.issuing.modelo import Concessao, Estado, NovoDocumento
from chancela.stores.categorias import CategoriasPg
from chancela.stores.conexao import Banco
from chancela.stores.documentos import DocumentosPg
from chancela.stores.respostas import RespostasPg

VIAGENS = ("psycopg.cursor.Cursor.execute", "psycopg.connection.Connection.commit")
"""What is sent to the server and waited for: commands that travel together count once."""


def _trips(trabalho: Callable[[], object]) -> int:
    with counting() as contagem:
        trabalho()
    return sum(contagem.python[viagem] for viagem in VIAGENS)


def _admitted(documentos: DocumentosPg, novo: NovoDocumento) -> Concessao:
    admissao = documentos.admit(novo, dono="eu", prazo_s=60)
    assert admissao.concessao is not None
    return admissao.concessao


def _signed(concessao: Concessao) -> Concessao:
    """As its owner keeps it: with the bytes that are about to be stored."""
    return replace(concessao, documento=replace(concessao.documento, xml_assinado=signed().xml))


def _take_to_the_end(documentos: DocumentosPg, concessoes: list[Concessao]) -> tuple[int, int]:
    """Trips to begin, and to settle, all of them."""
    concessoes = [_signed(concessao) for concessao in concessoes]
    envios = [plan(concessao, signed()) for concessao in concessoes]
    tentativas: list[int] = []
    inicio = _trips(lambda: tentativas.extend(documentos.begin(envios)))
    desfechos = [
        outcome(concessao, Estado.AUTORIZADO, tentativa, protocolo=protocol(), xml_autorizado=b"<nfeProc/>")
        for concessao, tentativa in zip(concessoes, tentativas, strict=True)
    ]
    return inicio, _trips(lambda: documentos.settle(desfechos))


def test_a_note_from_its_call_to_its_protocol_makes_nine_trips(banco: Banco) -> None:
    documentos, respostas, categorias = DocumentosPg(banco), RespostasPg(banco), CategoriasPg(banco)
    (empresa,) = companies(banco)
    concessoes: list[Concessao] = []
    novo = new_document(empresa, referencia="pedido-1")
    assert banco.ping()  # the connection is open from here on
    assert _trips(lambda: respostas.begin(b"c" * 32)) == 1
    assert _trips(lambda: categorias.get_many(empresa.id, ("A", "B"))) == 1
    assert _trips(lambda: concessoes.append(_admitted(documentos, novo))) == 4
    assert _take_to_the_end(documentos, concessoes) == (1, 1)
    assert _trips(lambda: respostas.finish(b"c" * 32, b"resposta")) == 1


@pytest.mark.parametrize("quantos", [1, 20])
def test_a_drain_makes_five_trips_whatever_it_holds(banco: Banco, quantos: int) -> None:
    documentos = DocumentosPg(banco)
    (empresa,) = companies(banco)
    for indice in range(quantos):
        documentos.admit(new_document(empresa, referencia=f"pedido-{indice}"), dono=None, prazo_s=60)
    concessoes: list[Concessao] = []
    tomadas = _trips(lambda: concessoes.extend(documentos.claim(empresa.id, limite=50, dono="w", prazo_s=60)))
    assert tomadas == 3
    assert len(concessoes) == quantos
    assert _take_to_the_end(documentos, concessoes) == (1, 1)
