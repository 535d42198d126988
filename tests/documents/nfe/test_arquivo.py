"""Faults of a file: schema, signature and protocol, each told; a good file has none."""

import base64
import hashlib

import pytest
from tests.fixtures.notas import CHAVE_NFE, agora, certificado, fabrica, id_nota, inf_nfe, nfe, senha

from chancela.documents.nfe.arquivo import archive_faults
from chancela.documents.nfe.conteudo import content_digest
from chancela.domain.erros import XmlInvalido
from chancela.domain.xml.escrita import NFE_NS
from chancela.domain.xml.esquemas import Esquemas

__all__ = ["agora", "certificado", "fabrica", "id_nota", "inf_nfe", "nfe", "senha"]

ESQUEMAS = Esquemas()


def proc(nfe: bytes, digest: str, chave: str = CHAVE_NFE[3:]) -> bytes:
    return (
        f'<nfeProc xmlns="{NFE_NS}" versao="4.00">'.encode()
        + nfe
        + (
            f'<protNFe versao="4.00"><infProt><tpAmb>2</tpAmb><verAplic>T</verAplic><chNFe>{chave}</chNFe>'
            "<dhRecbto>2026-09-01T09:00:05-03:00</dhRecbto><nProt>135260000000001</nProt>"
            f"<digVal>{digest}</digVal><cStat>100</cStat><xMotivo>Autorizado o uso da NF-e</xMotivo></infProt></protNFe>"
            "</nfeProc>"
        ).encode()
    )


def digest_of(inf_nfe: bytes) -> str:
    return base64.b64encode(hashlib.sha1(inf_nfe).digest()).decode()


def test_good_files(nfe: bytes, inf_nfe: bytes) -> None:
    assert list(archive_faults(nfe, ESQUEMAS)) == []
    assert list(archive_faults(proc(nfe, digest_of(inf_nfe)), ESQUEMAS)) == []


def test_a_protocol_of_another_document(nfe: bytes, inf_nfe: bytes) -> None:
    outro = proc(nfe, "A" * 27 + "=", "35260911222333000181550010000000021123456781")
    assert list(archive_faults(outro, ESQUEMAS)) == [
        "Protocolo: digVal não é o do documento assinado.",
        "Protocolo: chNFe não é o do documento assinado.",
    ]


def test_a_note_that_was_changed(nfe: bytes) -> None:
    mudada = nfe.replace(b"<NCM>19059090<", b"<NCM>1905909<")
    forma, assinatura = archive_faults(mudada, ESQUEMAS)
    assert forma.startswith("NFe/infNFe/det/prod/NCM: Item 1, NCM: “1905909” está fora do formato.")
    assert assinatura == "Assinatura: O conteúdo de infNFe foi alterado depois da assinatura."


def test_other_files(nfe: bytes) -> None:
    assert list(archive_faults(b"<resNFe/>", ESQUEMAS)) == [
        "A raiz é resNFe: este comando confere NFe e nfeProc."
    ]
    sem = b"<nfeProc></nfeProc>"
    assert (
        list(archive_faults(sem, ESQUEMAS))[-1]
        == "Assinatura: O XML deveria ter um único elemento NFe e tem 0."
    )
    with pytest.raises(XmlInvalido):
        list(archive_faults(b"%PDF-1.7", ESQUEMAS))


def test_a_later_try_has_the_same_content(nfe: bytes, inf_nfe: bytes) -> None:
    depois = (
        inf_nfe.replace(CHAVE_NFE.encode(), b"NFe" + b"9" * 44)
        .replace(b"<cNF>12345678<", b"<cNF>87654321<")
        .replace(b"<cDV>3<", b"<cDV>9<")
        .replace(b"09:00:00-03:00", b"09:59:59-03:00")
    )
    assert depois != inf_nfe
    assert content_digest(depois) == content_digest(inf_nfe)
    assert content_digest(inf_nfe.replace(b"<vProd>10.00<", b"<vProd>10.01<")) != content_digest(inf_nfe)
    assert len(content_digest(inf_nfe)) == 32
    assert content_digest(b"<NFe>" + inf_nfe + b"<Signature x='1'>a</Signature></NFe>") == content_digest(
        b"<NFe>" + inf_nfe + b"<infNFeSupl><a/></infNFeSupl></NFe>"
    )
