"""The paper of a letter of correction says what its XML says."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from chancela.documents.eventos.dacce import render_dacce
from chancela.domain.erros import XmlInvalido

CHAVE = "35261112ABC34501DE35550010000001231483902178"
PROC = (
    '<procEventoNFe xmlns="http://www.portalfiscal.inf.br/nfe" versao="1.00"><evento versao="1.00">'
    f'<infEvento Id="ID110110{CHAVE}01"><cOrgao>35</cOrgao><tpAmb>2</tpAmb><CNPJ>12ABC34501DE35</CNPJ><chNFe>{CHAVE}</chNFe>'
    "<dhEvento>2026-11-21T08:00:00-03:00</dhEvento><tpEvento>110110</tpEvento><nSeqEvento>1</nSeqEvento><verEvento>1.00</verEvento>"
    '<detEvento versao="1.00"><descEvento>Carta de Correcao</descEvento><xCorrecao>O volume tem 12 caixas</xCorrecao>'
    "<xCondUso>A Carta de Correcao e disciplinada...</xCondUso></detEvento></infEvento></evento>"
    '<retEvento versao="1.00"><infEvento><tpAmb>2</tpAmb><verAplic>1</verAplic><cOrgao>35</cOrgao><cStat>135</cStat>'
    f"<xMotivo>Evento registrado</xMotivo><chNFe>{CHAVE}</chNFe><tpEvento>110110</tpEvento><nSeqEvento>1</nSeqEvento>"
    "<dhRegEvento>2026-11-21T08:00:03-03:00</dhRegEvento><nProt>135260000000004</nProt></infEvento></retEvento></procEventoNFe>"
)
EMITENTE = {
    "nome": "PADARIA EXEMPLO LTDA", "end": "Rua Um, 1", "bairro": "Centro", "cep": "01001000", "cidade": "São Paulo", "uf": "SP",
    "fone": "1133334444", "ie": "110042490114",
}  # fmt: skip


def test_the_paper_holds_key_text_and_issuer() -> None:
    pdf = render_dacce(PROC.encode(), EMITENTE)
    lido = "".join("".join((p.extract_text() or "").split()) for p in PdfReader(BytesIO(pdf)).pages)
    for texto in ("PADARIAEXEMPLOLTDA", "Ovolumetem12caixas", "135260000000004"):
        assert texto in lido
    assert render_dacce(PROC.encode(), EMITENTE) == pdf


@pytest.mark.parametrize("xml", [PROC.replace("<tpEvento>110110", "<tpEvento>110111"), "<nfeProc/>"])
def test_another_document_is_no_letter_of_correction(xml: str) -> None:
    with pytest.raises(XmlInvalido) as erro:
        render_dacce(xml.encode(), EMITENTE)
    assert erro.value.codigo == "DACCE-01"
