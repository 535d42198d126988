"""What distribution hands over, read as a list shows it; whatever does not fit is kept without facts."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from chancela.documents.recebidos.classificacao import Recebido, TipoRecebido, classify

CHAVE = "35261112ABC34501DE35550010000001231483902178"
NS = 'xmlns="http://www.portalfiscal.inf.br/nfe"'
LOCAL = timezone(timedelta(hours=-3))
RES_NFE = (
    f'<resNFe {NS} versao="1.01"><chNFe>{CHAVE}</chNFe><CNPJ>12ABC34501DE35</CNPJ><xNome>Loja &amp; Cia</xNome>'
    "<IE>1</IE><dhEmi>2026-11-20T10:30:15-03:00</dhEmi><tpNF>1</tpNF><vNF>300.00</vNF><digVal>x</digVal>"
    "<dhRecbto>2026-11-20T10:30:20-03:00</dhRecbto><nProt>135260000000001</nProt><cSitNFe>1</cSitNFe></resNFe>"
)
PROC_NFE = (
    f'<nfeProc {NS} versao="4.00"><NFe><infNFe><ide><serie>1</serie><nNF>123</nNF>'
    "<dhEmi>2026-11-20T10:30:15-03:00</dhEmi><tpNF>0</tpNF></ide><emit><CPF>12345678909</CPF><xNome>Sítio</xNome></emit>"
    "<total><ICMSTot><vNF>12.34</vNF></ICMSTot></total></infNFe></NFe>"
    f"<protNFe><infProt><chNFe>{CHAVE}</chNFe><nProt>135260000000002</nProt></infProt></protNFe></nfeProc>"
)
RES_EVENTO = (
    f'<resEvento {NS} versao="1.01"><cOrgao>35</cOrgao><CNPJ>12ABC34501DE35</CNPJ><chNFe>{CHAVE}</chNFe>'
    "<dhEvento>2026-11-21T08:00:00Z</dhEvento><tpEvento>110111</tpEvento><nSeqEvento>1</nSeqEvento>"
    "<xEvento>Cancelamento</xEvento><nProt>135260000000003</nProt></resEvento>"
)
PROC_EVENTO = (
    f'<procEventoNFe {NS} versao="1.00"><evento><infEvento><CNPJ>12ABC34501DE35</CNPJ><chNFe>{CHAVE}</chNFe>'
    "<dhEvento>2026-11-21T08:00:00-03:00</dhEvento><tpEvento>110110</tpEvento><nSeqEvento>2</nSeqEvento>"
    "<detEvento><descEvento>Carta de Correcao</descEvento></detEvento></infEvento></evento>"
    "<retEvento><infEvento><xEvento>CC-e registrada</xEvento><nProt>135260000000004</nProt></infEvento></retEvento>"
    "</procEventoNFe>"
)
OUTRO = Recebido(TipoRecebido.OUTRO)


@pytest.mark.parametrize(
    ("esquema", "xml", "esperado"),
    [
        (
            "resNFe_v1.01.xsd",
            RES_NFE,
            Recebido(
                TipoRecebido.RES_NFE, CHAVE, "12ABC34501DE35", "Loja & Cia", Decimal("300.00"),
                datetime(2026, 11, 20, 10, 30, 15, tzinfo=LOCAL), tipo_operacao=1, situacao=1, protocolo="135260000000001",
            ),
        ),
        (
            "procNFe_v4.00.xsd",
            PROC_NFE,
            Recebido(
                TipoRecebido.PROC_NFE, CHAVE, "12345678909", "Sítio", Decimal("12.34"),
                datetime(2026, 11, 20, 10, 30, 15, tzinfo=LOCAL), serie=1, numero=123, tipo_operacao=0,
                protocolo="135260000000002",
            ),
        ),
        (
            "resEvento_v1.01.xsd",
            RES_EVENTO,
            Recebido(
                TipoRecebido.RES_EVENTO, CHAVE, "12ABC34501DE35", tp_evento="110111", descricao_evento="Cancelamento",
                sequencia=1, evento_em=datetime(2026, 11, 21, 8, tzinfo=UTC), protocolo="135260000000003",
            ),
        ),
        (
            "procEventoNFe_v1.00.xsd",
            PROC_EVENTO,
            Recebido(
                TipoRecebido.PROC_EVENTO, CHAVE, "12ABC34501DE35", tp_evento="110110",
                descricao_evento="Carta de Correcao", sequencia=2,
                evento_em=datetime(2026, 11, 21, 8, tzinfo=LOCAL), protocolo="135260000000004",
            ),
        ),
    ],
)  # fmt: skip
def test_facts_of_each_kind(esquema: str, xml: str, esperado: Recebido) -> None:
    assert classify(esquema, xml.encode()) == esperado


def test_the_answer_describes_an_event_that_does_not_describe_itself() -> None:
    sem = PROC_EVENTO.replace("<descEvento>Carta de Correcao</descEvento>", "")
    assert classify("procEventoNFe_v1.00.xsd", sem.encode()).descricao_evento == "CC-e registrada"


def test_what_a_summary_leaves_out_is_absent() -> None:
    minimo = classify("resNFe", f"<resNFe><chNFe>{CHAVE}</chNFe></resNFe>".encode())
    assert minimo == Recebido(TipoRecebido.RES_NFE, CHAVE)
    assert (minimo.valor, minimo.emissao, minimo.tipo_operacao) == (None, None, None)


@pytest.mark.parametrize(
    ("esquema", "xml"),
    [
        ("resCTe_v1.00.xsd", RES_NFE),
        ("", RES_NFE),
        ("procNFe_v4.00.xsd", RES_NFE),
        ("resNFe_v1.01.xsd", None),
        ("resNFe_v1.01.xsd", "<resNFe>"),
        ("resNFe_v1.01.xsd", RES_NFE.replace(CHAVE, CHAVE[1:])),
        ("resNFe_v1.01.xsd", RES_NFE.replace(CHAVE, f"-{CHAVE[1:]}")),
        ("resNFe_v1.01.xsd", RES_NFE.replace("300.00", "muito")),
        ("resNFe_v1.01.xsd", RES_NFE.replace("300.00", "NaN")),
        ("resNFe_v1.01.xsd", RES_NFE.replace("300.00", "1E+13")),
        ("resNFe_v1.01.xsd", RES_NFE.replace("<tpNF>1", "<tpNF>-1")),
        ("resNFe_v1.01.xsd", RES_NFE.replace("<tpNF>1", "<tpNF>1234567890")),
        ("resNFe_v1.01.xsd", RES_NFE.replace("15-03:00</dhEmi>", "15</dhEmi>")),
        ("resNFe_v1.01.xsd", RES_NFE.replace("2026-11-20T10:30:15", "ontem")),
        ("procNFe_v4.00.xsd", PROC_NFE.replace("infNFe>", "infXXX>")),
        ("procEventoNFe_v1.00.xsd", PROC_EVENTO.replace("<evento>", "<outro>").replace("</evento>", "</outro>")),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_kept_without_facts(esquema: str, xml: str | None) -> None:
    assert classify(esquema, None if xml is None else xml.encode()) == OUTRO
