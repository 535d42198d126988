"""Round trips to the database per document, which no machine's mood changes (docs/adr/0075)."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.benchmarks.contagem import counting
from tests.stores.fabrica import companies, new_document, outcome, plan, protocol, signed

from chancela.issuing.modelo import Admissao, Concessao, Desfecho, Estado, NovoDocumento
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


def _signed_at_once(novo: NovoDocumento) -> NovoDocumento:
    """As a document that goes straight to SEFAZ is admitted."""
    return replace(novo, assinar=lambda documento: replace(signed(), digest_value=documento.id))


def _close(documentos: DocumentosPg, admissao: Admissao | None) -> Desfecho:
    """Its authorisation."""
    assert admissao is not None
    assert admissao.concessao is not None
    return outcome(
        admissao.concessao,
        Estado.AUTORIZADO,
        admissao.tentativa,
        protocolo=protocol(),
        xml_autorizado=b"<nfeProc/>",
    )


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


@pytest.mark.parametrize("quantas", [1, 20])
def test_notes_from_their_calls_to_their_protocols_make_eight_trips(banco: Banco, quantas: int) -> None:
    """One, or twenty of a company at the same moment."""
    documentos, respostas, categorias = DocumentosPg(banco), RespostasPg(banco), CategoriasPg(banco)
    (empresa,) = companies(banco)
    novos = [_signed_at_once(new_document(empresa, referencia=f"pedido-{n}")) for n in range(quantas)]
    chaves = [bytes([n]) * 32 for n in range(quantas)]
    admissoes: list[Admissao | None] = []
    assert banco.ping()  # the connection is open from here on
    assert _trips(lambda: respostas.begin(chaves)) == 1
    assert _trips(lambda: categorias.get_many(empresa.id, ("A", "B"))) == 1
    assert _trips(lambda: admissoes.extend(documentos.admit_together(novos, dono="eu", prazo_s=60))) == 4
    desfechos = [_close(documentos, admissao) for admissao in admissoes]
    assert _trips(lambda: documentos.settle(desfechos)) == 1
    assert _trips(lambda: respostas.finish([(chave, b"resposta") for chave in chaves])) == 1


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
