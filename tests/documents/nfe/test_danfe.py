"""The paper says what the XML says: text is read back from the PDF."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from chancela.documents.nfe import layout
from chancela.documents.nfe import modelo as m
from chancela.documents.nfe.danfe import (
    OpcoesDanfe,
    render_danfe,
    render_danfe_etiqueta,
    render_danfe_simplificado,
    render_png,
)
from chancela.domain.erros import XmlInvalido

from . import fabrica as f

PROTOCOLO = "135260000000001"


def processo(
    nfe: m.Nfe, suplemento: m.Suplemento | None = None, *, emissao_dezembro: bool = False
) -> tuple[str, bytes]:
    """Key and nfeProc of a document with a made-up protocol."""
    identificacao = f.identificar(nfe)
    if emissao_dezembro:
        identificacao = m.Identificacao.compose(
            nfe,
            serie=1,
            numero=1,
            cnf="48390217",
            emissao=f.EMISSAO.replace(month=12),
            ambiente=identificacao.ambiente,
        )
    nfe = m.apply_ambiente(nfe, identificacao.ambiente)
    extra = None if suplemento is None else layout.build_suplemento(suplemento)
    documento = layout.compose_unsigned(layout.build_infnfe(nfe, identificacao), extra)
    chave = str(identificacao.chave)
    protocolo = (
        '<protNFe xmlns="http://www.portalfiscal.inf.br/nfe" versao="4.00"><infProt><tpAmb>2</tpAmb><verAplic>T</verAplic>'
        f"<chNFe>{chave}</chNFe><dhRecbto>2026-11-20T10:30:05-03:00</dhRecbto><nProt>{PROTOCOLO}</nProt>"
        "<digVal>AAAAAAAAAAAAAAAAAAAAAAAAAAA=</digVal><cStat>100</cStat><xMotivo>Autorizado o uso da NF-e</xMotivo></infProt></protNFe>"
    )
    return chave, layout.compose_nfeproc(documento, protocolo.encode())


def texto(pdf: bytes) -> str:
    """Text of every page without blanks."""
    return "".join("".join((p.extract_text() or "").split()) for p in PdfReader(BytesIO(pdf)).pages)


@pytest.mark.parametrize("emissao_dezembro", [False, True], ids=["MOC 7.0", "NT 2026.010"])
def test_danfe_holds_key_protocol_and_values(emissao_dezembro: bool) -> None:
    chave, xml = processo(f.nfe(), emissao_dezembro=emissao_dezembro)
    lido = texto(render_danfe(xml))
    assert chave in lido
    assert PROTOCOLO in lido
    assert "300,00" in lido
    assert "ProdutoExemplo" in lido
    assert "SEMVALORFISCAL" in lido
    assert ("IBS" in lido) is emissao_dezembro


def test_cancelled_is_marked() -> None:
    _, xml = processo(f.nfe())
    assert "CANCELADA" not in texto(render_danfe(xml))
    assert "CANCELADA" in texto(render_danfe(xml, OpcoesDanfe(cancelada=True)))
    assert "CANCELADA" in texto(render_danfe_etiqueta(xml, OpcoesDanfe(cancelada=True)))


def test_same_xml_same_pdf() -> None:
    _, xml = processo(f.nfe())
    assert render_danfe(xml) == render_danfe(xml)


def test_label_and_simplified() -> None:
    chave, xml = processo(f.nfe())
    for pdf in (render_danfe_etiqueta(xml), render_danfe_simplificado(xml)):
        assert chave in texto(pdf)
        assert PROTOCOLO in texto(pdf)
    assert "ProdutoExemplo" in texto(render_danfe_simplificado(xml))
    png = render_png(render_danfe_etiqueta(xml))
    assert png.startswith(b"\x89PNG")
    assert len(png) > 5_000


def test_receipt_of_nfce() -> None:
    nfce = f.nfce()
    chave = f.identificar(nfce).chave
    suplemento = m.Suplemento(f"https://example.com/qrcode?p={chave}|3|2", "https://example.com/consulta")
    _, xml = processo(nfce, suplemento)
    for largura in (80, 58):
        lido = texto(render_danfe(xml, OpcoesDanfe(bobina_mm=largura)))
        assert str(chave) in lido
        assert PROTOCOLO in lido


def test_fifty_items_take_more_than_a_page() -> None:
    itens = tuple(m.Item(f.produto(descricao=f"Produto {n:03d}"), f.tributos(n)) for n in range(1, 121))
    _, xml = processo(f.nfe(itens=itens))
    pdf = render_danfe(xml, OpcoesDanfe(canhoto_embaixo=True, mostrar_pis_cofins=True))
    assert len(PdfReader(BytesIO(pdf)).pages) > 1
    assert "Produto120" in texto(pdf)


def test_without_protocol_it_has_no_fiscal_value() -> None:
    nfe = f.nfe()
    xml = layout.compose_unsigned(
        layout.build_infnfe(nfe, replace(f.identificar(nfe), ambiente=f.Ambiente.PRODUCAO))
    )
    assert "SEMVALORFISCAL" in texto(render_danfe(xml))


@pytest.mark.parametrize("xml", [b"<a/>", b"<NFe><infNFe/></NFe>"])
def test_other_files_are_refused(xml: bytes) -> None:
    with pytest.raises(XmlInvalido) as erro:
        render_danfe(xml)
    assert erro.value.codigo == "DANFE-01"


def test_no_label_for_nfce() -> None:
    _, xml = processo(
        f.nfce(), m.Suplemento("https://example.com/qrcode?p=1", "https://example.com/consulta")
    )
    with pytest.raises(XmlInvalido) as erro:
        render_danfe_etiqueta(xml)
    assert erro.value.codigo == "DANFE-02"
