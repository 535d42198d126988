"""What a document costs the database in round trips, bytes and log, which no machine's mood changes (docs/adr/0075, 0132)."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from tests.benchmarks.contagem import counting
from tests.processos.apoio import eventually
from tests.stores.fabrica import companies, new_company, new_document, outcome, plan, protocol, signed, vault
from tests.stores.rele import relay

from chancela.documents.nfce.qrcode import Csc
from chancela.issuing.empresa import Empresa
from chancela.issuing.modelo import Admissao, Concessao, Desfecho, Estado, NovoDocumento
from chancela.kit.frozen import replace as change
from chancela.kit.randomness import SeededRandomness
from chancela.stores.categorias import CategoriasPg
from chancela.stores.conexao import Banco, Limites
from chancela.stores.documentos import DocumentosPg
from chancela.stores.embutido import ServidorEmbutido
from chancela.stores.empresas import EmpresasPg
from chancela.stores.migracao import migrate
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


@pytest.mark.parametrize("quantas", [1, 20])
def test_notes_of_a_moment_change_their_series_once_and_the_head_of_the_timeline_twice(
    url_banco: str, quantas: int
) -> None:
    """One, or twenty: the rows that all of a company wait for; each of its own rows is written, and changed once."""
    banco = Banco(url_banco, limites=Limites(conexoes=1))
    documentos, respostas = DocumentosPg(banco), RespostasPg(banco)
    (empresa,) = companies(banco)
    documentos.admit(new_document(empresa), dono=None, prazo_s=0)  # opens both, and changes each once
    novos = [_signed_at_once(new_document(empresa, referencia=f"pedido-{n}")) for n in range(quantas)]
    documentos.settle(
        [_close(documentos, admissao) for admissao in documentos.admit_together(novos, dono="eu", prazo_s=60)]
    )
    chaves = [bytes([n]) * 32 for n in range(quantas)]
    respostas.begin(chaves)
    respostas.finish([(chave, b"resposta") for chave in chaves])
    banco.close()
    with psycopg.connect(url_banco, autocommit=True) as leitor:

        def changed() -> dict[str, int]:
            return dict(leitor.execute("SELECT relname, n_tup_upd FROM pg_stat_user_tables").fetchall())

        # the server counts when the connection is gone, and everything at once
        mudadas = eventually(lambda: linhas if (linhas := changed())["respostas_idempotentes"] else None)
    assert {tabela: n for tabela, n in mudadas.items() if n} == {
        "series": 1 + 1,
        "cadeias_eventos": 1 + 2,
        "documentos": quantas,
        "versoes": quantas,
        "tentativas": quantas,
        "respostas_idempotentes": quantas,
    }


def test_a_document_is_numbered_signed_and_settled_without_a_call_for_each_of_its_fields(
    banco: Banco,
) -> None:
    """It has some thirty, and becomes another three times on the way (docs/adr/0101)."""
    documentos = DocumentosPg(banco)
    (empresa,) = companies(banco)
    assinado = signed()
    novo = new_document(empresa)
    with counting() as contagem:
        novo = change(novo, assinar=lambda documento: assinado)
        (admissao,) = documentos.admit_together([novo], dono="eu", prazo_s=60)
        documentos.settle([_close(documentos, admissao)])
    assert contagem.python["dataclasses.replace"] == 0


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


def test_a_receipt_makes_no_trip_more_than_a_note_for_its_company_and_its_code(banco: Banco) -> None:
    """They come with its categories, which a note asks for too. And a token is known in one; the face asks once for all
    receipts of a moment."""
    empresas = EmpresasPg(banco, vault(), SeededRandomness(1))
    integrador, _ = empresas.create_integrador("Integrador")
    empresa, token = empresas.create(new_company(integrador.id, csc=Csc("000001", "CODIGO")))
    assert _trips(lambda: empresas.read_cadastro(empresa.id, ["TF1"])) == 1
    assert _trips(lambda: empresas.authenticate(token)) == 1


TEXTO = b"<tag>conteudo de uma nota</tag>"
PEDIDO, MEMORIA, XML, ASSINADO, PROTOCOLO, ARQUIVO, RESPOSTA = (
    TEXTO * vezes for vezes in (30, 20, 150, 220, 20, 245, 50)
)
"""About the sizes of an NF-e of one item."""
CONTEUDO = sum(map(len, (PEDIDO, MEMORIA, XML, ASSINADO, PROTOCOLO, ARQUIVO, RESPOSTA)))


def _authorise(banco: Banco, empresa: Empresa, marca: int) -> None:
    """All that one note writes, from its call to its answer."""
    documentos, respostas = DocumentosPg(banco), RespostasPg(banco)
    novo = new_document(empresa, referencia=f"nota-{marca}", pedido=PEDIDO, memoria=MEMORIA, avisos=())
    assinado = replace(signed(), xml=ASSINADO)
    novo = replace(
        novo,
        numerar=lambda numero, numerar=novo.numerar: replace(numerar(numero), xml_sem_assinatura=XML),
        assinar=lambda documento: assinado,
    )
    chave = marca.to_bytes(32, "big")
    respostas.begin([chave])
    CategoriasPg(banco).get_many(empresa.id, ("A",))
    (admissao,) = documentos.admit_together([novo], dono="eu", prazo_s=60)
    desfecho = _close(documentos, admissao)
    guardado = replace(protocol(), xml=PROTOCOLO)
    documentos.settle([replace(desfecho, protocolo=guardado, xml_autorizado=ARQUIVO)])
    respostas.finish([(chave, RESPOSTA)])


def test_a_note_sends_the_database_little_more_than_its_own_bytes(url_banco: str) -> None:
    with relay(url_banco) as rele:
        banco = Banco(rele.url, limites=Limites(conexoes=1))
        (empresa,) = companies(banco)
        for marca in range(6):  # from the sixth on the statements are known to the server
            _authorise(banco, empresa, marca)
        antes = rele.enviados
        for marca in range(6, 16):
            _authorise(banco, empresa, marca)
        por_nota = (rele.enviados - antes) / 10
        banco.close()
    assert CONTEUDO < por_nota <= CONTEUDO + BYTES_ALEM_DO_CONTEUDO


BYTES_ALEM_DO_CONTEUDO = 3_500
"""Names, numbers and amounts of one note, and the frames of its messages: 2,600. As text the bytes would be there twice."""
WAL_POR_NOTA = 12_500
"""10,650 with these bytes, which PostgreSQL compresses well; the rest is rows and index entries."""


def test_a_note_writes_so_much_log_and_no_more(tmp_path_factory: pytest.TempPathFactory) -> None:
    """On a server of its own, where nobody else writes and no page is logged whole because a checkpoint came by."""
    pasta = Path(tmp_path_factory.mktemp("wal"))
    servidor = ServidorEmbutido(
        pasta, {"full_page_writes": "off", "autovacuum": "off", "fsync": "off", "wal_compression": "off"}
    )
    servidor.start()
    try:
        migrate(servidor.url)
        banco = Banco(servidor.url, limites=Limites(conexoes=1))
        (empresa,) = companies(banco)
        _authorise(banco, empresa, 0)
        with psycopg.connect(servidor.url, autocommit=True) as leitor:
            onde = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"
            (antes,) = leitor.execute(onde).fetchone() or (0,)
            for marca in range(1, 51):
                _authorise(banco, empresa, marca)
            (depois,) = leitor.execute(onde).fetchone() or (0,)
        banco.close()
    finally:
        servidor.stop()
        shutil.rmtree(pasta, ignore_errors=True)
    assert (depois - antes) / 50 <= WAL_POR_NOTA
