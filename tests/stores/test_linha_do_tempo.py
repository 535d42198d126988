"""The timeline: complete, in order, and proof against a hand in the database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.stores.fabrica import companies, new_document, outcome, plan, signed

from chancela.issuing.modelo import Estado, Marco
from chancela.stores.conexao import Banco
from chancela.stores.documentos import DocumentosPg
from chancela.stores.linha_do_tempo import LinhaDoTempo, append

Sql = Callable[..., list[tuple[object, ...]]]


def test_the_life_of_a_document(banco: Banco) -> None:
    documentos = DocumentosPg(banco)
    (empresa,) = companies(banco)
    concessao = documentos.admit(new_document(empresa), dono="api-1", prazo_s=60).concessao
    assert concessao is not None
    (tentativa,) = documentos.begin([plan(concessao, signed())])
    marcos = (Marco("incerto", "Sem resposta.", {"a": "ç"}, 30), Marco("adiado", "Depois."))
    documentos.settle([outcome(concessao, Estado.INCERTO, tentativa, marcos=marcos)])
    linha = LinhaDoTempo(banco).of(concessao.documento.id, empresa.id)
    assert [e.marco.tipo for e in linha] == ["numerado", "assinado", "incerto", "adiado"]
    assert linha[2].marco == marcos[0]
    assert {e.ator for e in linha} == {"api-1"}
    assert [e.sequencia for e in linha] == [1, 2, 3, 4]


def test_the_chain_holds_under_load(banco: Banco) -> None:
    documentos = DocumentosPg(banco)
    uma, outra = companies(banco, 2)

    def admit(indice: int) -> None:
        documentos.admit(new_document((uma, outra)[indice % 2], serie=indice % 3), dono=None, prazo_s=0)

    with ThreadPoolExecutor(8) as executor:
        list(executor.map(admit, range(60)))
    linha = LinhaDoTempo(banco)
    for empresa in (uma, outra):
        cadeia = linha.verify_chain(empresa.id, lote=7)
        assert (cadeia.eventos, cadeia.quebra) == (30, None)


def test_an_empty_chain_holds(banco: Banco) -> None:
    (empresa,) = companies(banco)
    assert LinhaDoTempo(banco).verify_chain(empresa.id).quebra is None


@pytest.mark.parametrize(
    ("mexida", "quebra"),
    [
        ("UPDATE eventos_documento SET descricao = 'outra' WHERE sequencia = 3", 3),
        ("UPDATE eventos_documento SET em = em + interval '1 microsecond' WHERE sequencia = 2", 2),
        ('UPDATE eventos_documento SET fatos = \'{"a": "b"}\' WHERE sequencia = 5', 5),
        ("UPDATE eventos_documento SET duracao_ms = 1 WHERE sequencia = 1", 1),
        ("UPDATE eventos_documento SET descricao = tipo || descricao, tipo = '' WHERE sequencia = 4", 4),
        ("DELETE FROM eventos_documento WHERE sequencia = 2", 2),
        ("DELETE FROM eventos_documento WHERE sequencia = 5", 5),
        ("DELETE FROM eventos_documento", 1),
        ("DELETE FROM cadeias_eventos", 6),
        ("UPDATE cadeias_eventos SET hash = sha256('x')", 6),
    ],
)
def test_a_hand_in_the_database_shows(banco: Banco, superusuario: Sql, mexida: str, quebra: int) -> None:
    (empresa,) = companies(banco)
    with banco.company(empresa.id) as conexao:
        append(conexao, "0" * 24, "api", [Marco("m", f"marco {n}") for n in range(5)])
    linha = LinhaDoTempo(banco)
    assert linha.verify_chain(empresa.id).quebra is None
    superusuario(mexida)
    assert linha.verify_chain(empresa.id).quebra == quebra
