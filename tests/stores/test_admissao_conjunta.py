"""New documents of a company admitted in one transaction, signed at once or not, and what cannot go with the others."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from tests.stores.fabrica import companies, new_document, outcome, protocol

from chancela.documents.nfe.devolvido import ItemDevolvido
from chancela.domain.erros import RegraViolada, Violacao
from chancela.domain.valores import decimal_of
from chancela.issuing.empresa import Empresa
from chancela.issuing.modelo import Admissao, Assinado, Documento, Estado, NotaDevolvida, NovoDocumento
from chancela.stores.conexao import Banco
from chancela.stores.documentos import DocumentosPg
from chancela.stores.linha_do_tempo import LinhaDoTempo


@pytest.fixture
def documentos(banco: Banco) -> DocumentosPg:
    return DocumentosPg(banco)


@pytest.fixture
def empresa(banco: Banco) -> Empresa:
    return companies(banco)[0]


def straight(empresa: Empresa, **mudancas: object) -> NovoDocumento:
    """A document that is signed with its number."""

    def sign(documento: Documento) -> Assinado:
        assert documento.estado is Estado.PENDENTE
        return Assinado(b"<NFe>" + documento.xml_sem_assinatura + b"</NFe>", f"digest-{documento.numero}")

    return replace(new_document(empresa, **mudancas), assinar=sign)


def admit(documentos: DocumentosPg, *novos: NovoDocumento) -> list[Admissao | None]:
    return list(documentos.admit_together(novos, dono="api", prazo_s=60))


def test_signed_at_once_means_number_bytes_and_attempt_in_one_commit(
    banco: Banco, documentos: DocumentosPg, empresa: Empresa
) -> None:
    novo = straight(empresa, referencia="A")
    (admissao,) = admit(documentos, novo)
    assert admissao is not None
    assert admissao.tentativa is not None
    assert admissao.concessao is not None
    lido = documentos.get(novo.id, empresa.id)
    assert lido is not None
    assert lido == replace(admissao.documento, tentativa_aberta=True), (
        "the attempt is open until it is settled"
    )
    assert (lido.estado, lido.tentativas, lido.digest_value) == (Estado.ASSINADO, 1, "digest-1")
    assert lido.xml_assinado == b"<NFe><infNFe>a 1</infNFe></NFe>"
    tipos = [evento.marco.tipo for evento in LinhaDoTempo(banco).of(novo.id, empresa.id)]
    assert tipos == ["numerado", "assinado"]
    fim = outcome(admissao.concessao, Estado.AUTORIZADO, admissao.tentativa, protocolo=protocol("digest-1"))
    (feito,) = documentos.settle([fim])
    assert feito == documentos.get(novo.id, empresa.id)
    assert LinhaDoTempo(banco).verify_chain(empresa.id).quebra is None


def test_many_take_consecutive_numbers_in_their_order(documentos: DocumentosPg, empresa: Empresa) -> None:
    novos = [
        straight(empresa, serie=2),
        new_document(empresa),
        straight(empresa),
        straight(empresa, serie=2),
        straight(empresa),
    ]
    admissoes = [admissao for admissao in admit(documentos, *novos) if admissao is not None]
    assert [a.documento.id for a in admissoes] == [novo.id for novo in novos]
    assert [(a.documento.serie, a.documento.numero) for a in admissoes] == [
        (2, 1),
        (1, 1),
        (1, 2),
        (2, 2),
        (1, 3),
    ]
    assert [a.tentativa is None for a in admissoes] == [False, True, False, False, False]
    assert [documentos.get(a.documento.id, empresa.id) for a in admissoes] == [
        replace(a.documento, tentativa_aberta=a.tentativa is not None) for a in admissoes
    ]


def test_what_needs_a_look_of_its_own_is_left_out_and_takes_no_number(
    documentos: DocumentosPg, empresa: Empresa
) -> None:
    documentos.admit(new_document(empresa, referencia="JA-EXISTE"), dono=None, prazo_s=0)
    item = ItemDevolvido(1, 1, decimal_of("1"))
    admissoes = admit(
        documentos,
        straight(empresa, referencia="NOVA"),
        straight(empresa, referencia="JA-EXISTE"),
        straight(empresa, referencia="NOVA"),
        straight(empresa, devolve=NotaDevolvida("3" * 44, (item,))),
        straight(empresa),
    )
    assert [a and a.documento.numero for a in admissoes] == [2, None, None, None, 3]


def test_one_that_cannot_be_signed_undoes_all(documentos: DocumentosPg, empresa: Empresa) -> None:
    def refuse(documento: Documento) -> Assinado:
        del documento
        raise RegraViolada((Violacao("XSD", "", "não", "corrija"),))

    bom, ruim = straight(empresa), replace(straight(empresa), assinar=refuse)
    with pytest.raises(RegraViolada):
        admit(documentos, bom, ruim)
    assert documentos.get(bom.id, empresa.id) is None
    (admissao,) = admit(documentos, bom)
    assert admissao is not None
    assert admissao.documento.numero == 1


def test_batches_of_several_processes_leave_no_gap(documentos: DocumentosPg, empresa: Empresa) -> None:
    """Many at once on the same series and references: one document per reference, and numbers without a hole."""

    def run(vez: int) -> list[int]:
        novos = [straight(empresa, referencia=f"R{(vez + n) % 10}") for n in range(5)]
        return [a.documento.numero for a in admit(documentos, *novos) if a is not None]

    with ThreadPoolExecutor(8) as executor:
        numeros = [numero for lote in executor.map(run, range(16)) for numero in lote]
    assert sorted(numeros) == list(range(1, 11))


def test_the_document_outlives_its_owner(documentos: DocumentosPg, empresa: Empresa) -> None:
    """A process that died after the commit: its attempt may have reached SEFAZ, and the next owner knows."""
    (admissao,) = admit(documentos, straight(empresa))
    assert admissao is not None
    assert documentos.release_leases("api") == 1
    (concessao,) = documentos.claim(empresa.id, limite=10, dono="worker", prazo_s=60)
    assert concessao.documento.tentativa_aberta
    assert concessao.documento.xml_assinado == admissao.documento.xml_assinado
