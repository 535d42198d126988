"""The timeline: complete, in order, and proof against a hand in the database."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
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


def test_many_documents_are_told_in_one_statement_and_another_process_proves_it(
    banco: Banco, url_banco: str
) -> None:
    documentos = DocumentosPg(banco)
    (empresa,) = companies(banco)
    novos = [
        replace(new_document(empresa), assinar=lambda documento: replace(signed(), digest_value=documento.id))
        for _ in range(4)
    ]
    admissoes = [a for a in documentos.admit_together(novos, dono="api-1", prazo_s=60) if a is not None]
    marcos = (Marco("incerto", "Sem resposta."), Marco("adiado", "Depois.", {}, 0))
    desfechos = [
        outcome(a.concessao, Estado.INCERTO, a.tentativa, marcos=marcos)
        for a in admissoes
        if a.concessao is not None
    ]
    documentos.settle(desfechos)
    linha = LinhaDoTempo(banco)
    for ordem, novo in enumerate(novos):
        eventos = linha.of(novo.id, empresa.id)
        assert [e.marco.tipo for e in eventos] == ["numerado", "assinado", "incerto", "adiado"]
        assert [e.sequencia for e in eventos] == [
            2 * ordem + 1, 2 * ordem + 2, 2 * ordem + 9, 2 * ordem + 10,
        ]  # fmt: skip
        assert {e.ator for e in eventos} == {"api-1"}
    provado = subprocess.run(
        [sys.executable, "-c", _PROVA, url_banco, str(empresa.id)], capture_output=True, text=True, check=True
    )
    assert provado.stdout == f"16 {linha.verify_chain(empresa.id).cabeca} None"


_PROVA = """
import sys
from chancela.stores.conexao import Banco
from chancela.stores.linha_do_tempo import LinhaDoTempo
banco = Banco(sys.argv[1])
cadeia = LinhaDoTempo(banco).verify_chain(int(sys.argv[2]))
banco.close()
print(cadeia.eventos, cadeia.cabeca, cadeia.quebra, end="")
"""


def test_whatever_is_told_is_sealed_by_its_bytes(banco: Banco) -> None:
    """Lengths are of bytes, and nothing is nothing."""
    (empresa,) = companies(banco)
    marcos = [
        Marco("m", "não: 3:abc", {"á": 'ç\n"', "z": "1", "b": ""}, None),
        Marco("", "", {}, 0),
        Marco("𝄞", "9:" * 40, {"lista": "€" * 200}, 2_147_483_647),
    ]
    with banco.company(empresa.id) as conexao:
        append(conexao, "0" * 24, "usuário 1:", marcos)
    with banco.company(empresa.id) as conexao:
        append(conexao, "1" * 24, "", marcos[::-1])
    linha = LinhaDoTempo(banco)
    cadeia = linha.verify_chain(empresa.id)
    assert (cadeia.eventos, cadeia.quebra) == (6, None)
    assert [e.marco for e in linha.of("0" * 24, empresa.id)] == marcos


def test_the_chain_is_written_by_its_function_alone_and_only_for_the_company_in_scope(banco: Banco) -> None:
    (empresa,) = companies(banco)
    with banco.company(empresa.id) as conexao, pytest.raises(ProgrammingError, match="permission denied"):
        conexao.execute(
            text(
                "INSERT INTO eventos_documento (empresa_id, sequencia, documento_id, tipo, descricao, ator, em, hash)"
                " VALUES (chancela_empresa(), 1, '', '', '', '', now(), '')"
            )
        )
    with banco.system() as conexao, pytest.raises(ProgrammingError, match="permission denied"):
        append(conexao, "0" * 24, "api", [Marco("m", "marco")])
    with banco._motor.connect() as conexao, pytest.raises(ProgrammingError, match="scope of its company"):  # pyright: ignore[reportPrivateUsage]
        append(conexao, "0" * 24, "api", [Marco("m", "marco")])
    assert LinhaDoTempo(banco).verify_chain(empresa.id).eventos == 0


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
