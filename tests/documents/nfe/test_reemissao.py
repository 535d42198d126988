"""The same text in another kind of emission, and back: only tpEmis, dhCont, xJust and what depends on them."""

from datetime import datetime, timedelta, timezone

from chancela.documents.nfe.modelo import Contingencia
from chancela.documents.nfe.reemissao import change_emission, keep_announced, read_emission
from chancela.domain.chave import ChaveAcesso, dv_chave

BASE = "35261112ABC34501DE35650010000001231" + "48390217"
CHAVE = BASE + dv_chave(BASE)
TEXTO = (
    f'<infNFe xmlns="http://www.portalfiscal.inf.br/nfe" Id="NFe{CHAVE}" versao="4.00"><ide><cUF>35</cUF>'
    "<cNF>48390217</cNF><natOp>Venda</natOp><mod>65</mod><serie>1</serie><nNF>123</nNF>"
    f"<dhEmi>2026-11-27T10:00:00-03:00</dhEmi><tpEmis>1</tpEmis><cDV>{CHAVE[-1]}</cDV><tpAmb>2</tpAmb>"
    "<procEmi>0</procEmi><verProc>chancela 1</verProc></ide><emit/></infNFe>"
).encode()
INICIO = datetime(2026, 11, 27, 9, 59, 30, 123, tzinfo=timezone(timedelta(hours=-3)))


def test_there_and_back_is_the_same_text() -> None:
    offline = change_emission(TEXTO, 9, Contingencia(INICIO, "Falha de comunicação & rede"))
    assert b"<tpEmis>9</tpEmis>" in offline
    assert (
        "</verProc><dhCont>2026-11-27T09:59:30-03:00</dhCont><xJust>Falha de comunicação &amp; rede</xJust></ide>"
    ).encode() in offline
    chave = ChaveAcesso(offline.split(b'Id="NFe')[1][:44].decode())
    assert (chave.tp_emis, chave.numero, chave.cnf) == (9, 123, "48390217")
    assert f"<cDV>{chave.dv}</cDV>".encode() in offline
    assert change_emission(offline, 1, None) == TEXTO


def test_a_corrected_note_keeps_what_its_epec_announced() -> None:
    anunciado = change_emission(TEXTO, 4, Contingencia(INICIO, "SEFAZ fora do ar"))
    outra = "35261112ABC34501DE35650010000001231" + "11223344"
    corrigido = (
        TEXTO.replace(CHAVE.encode(), (outra + dv_chave(outra)).encode())
        .replace(b"<cNF>48390217</cNF>", b"<cNF>11223344</cNF>")
        .replace(f"<cDV>{CHAVE[-1]}</cDV>".encode(), f"<cDV>{dv_chave(outra)}</cDV>".encode())
        .replace(b"T10:00:00", b"T18:30:00")
        .replace(b"<emit/>", b"<emit/><dest/>")
    )
    assert keep_announced(corrigido, anunciado) == anunciado.replace(b"<emit/>", b"<emit/><dest/>")


def test_the_emission_keeps_its_offset() -> None:
    assert read_emission(TEXTO).isoformat() == "2026-11-27T10:00:00-03:00"
