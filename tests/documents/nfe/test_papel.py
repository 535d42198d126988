"""The paper read as a machine reads it: bar codes and QR Codes decoded from the picture, marks read back as text."""

import re
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from tests.documents.nfce.test_cupom import BASE, TEXTO
from tests.documents.nfe import fabrica as f
from tests.documents.nfe.test_danfe import PROTOCOLO, processo, texto

from chancela.documents.eventos.dacce import render_dacce
from chancela.documents.nfe import layout
from chancela.documents.nfe.danfe import (
    OpcoesDanfe,
    RegistroEpec,
    render_danfe,
    render_danfe_etiqueta,
    render_danfe_simplificado,
    render_png,
)
from chancela.documents.nfe.modelo import Contingencia, Suplemento
from chancela.documents.nfe.reemissao import change_emission

EXEMPLOS = Path(__file__).resolve().parents[3] / "examples"
CANCELADA = OpcoesDanfe(cancelada=True)


def codes(png: bytes) -> list[tuple[str, str]]:
    """Kind and content of every code on a picture."""
    with Image.open(BytesIO(png)) as imagem:
        return [(str(lido.format), lido.text) for lido in zxingcpp.read_barcodes(imagem)]


def codes_of(pdf: bytes) -> list[tuple[str, str]]:
    return codes(render_png(pdf, dpi=300))


def sale(caminho: str, *, autorizada: bool = True, suplemento: Suplemento | None = None) -> tuple[str, bytes]:
    """Key and document of an example, with a protocol when it is authorised."""
    return _with_protocol(
        (EXEMPLOS / caminho / "saida.xml").read_bytes().strip(), autorizada=autorizada, suplemento=suplemento
    )


def _with_protocol(infnfe: bytes, *, autorizada: bool, suplemento: Suplemento | None) -> tuple[str, bytes]:
    chave = str(layout.parse_nfe(infnfe).identificacao.chave)
    extra = None if suplemento is None else layout.build_suplemento(suplemento)
    nfe = layout.compose_unsigned(infnfe, extra)
    if not autorizada:
        return chave, nfe
    protocolo = (
        '<protNFe xmlns="http://www.portalfiscal.inf.br/nfe" versao="4.00"><infProt><tpAmb>1</tpAmb>'
        f"<verAplic>T</verAplic><chNFe>{chave}</chNFe><dhRecbto>2026-11-20T10:30:05-03:00</dhRecbto>"
        f"<nProt>{PROTOCOLO}</nProt><digVal>AAAAAAAAAAAAAAAAAAAAAAAAAAA=</digVal><cStat>100</cStat>"
        "<xMotivo>Autorizado o uso da NF-e</xMotivo></infProt></protNFe>"
    )
    return chave, layout.compose_nfeproc(nfe, protocolo.encode())


@pytest.mark.parametrize("emissao_dezembro", [False, True], ids=["MOC 7.0", "NT 2026.010"])
@pytest.mark.parametrize("cancelada", [False, True], ids=["autorizada", "cancelada"])
def test_the_layout_follows_the_date_and_the_bar_code_is_the_key(
    emissao_dezembro: bool, cancelada: bool
) -> None:
    chave, xml = processo(f.nfe(), emissao_dezembro=emissao_dezembro)
    pdf = render_danfe(xml, OpcoesDanfe(cancelada=cancelada))
    assert codes_of(pdf) == [("Code 128", chave)]
    lido = texto(pdf)
    assert ("TOTALDOIBS/CBS/IS" in lido) is emissao_dezembro
    assert ("CÁLCULODOIMPOSTO" in lido) is not emissao_dezembro
    assert "SEMVALORFISCAL" in lido, "issued in homologation"
    assert ("CANCELADA" in lido) is cancelada


@pytest.mark.parametrize("desenhar", [render_danfe_etiqueta, render_danfe_simplificado])
def test_label_and_simplified_carry_the_key_as_pdf_and_as_picture(desenhar: object) -> None:
    chave, xml = processo(f.nfe())
    assert callable(desenhar)
    for opcoes in (OpcoesDanfe(), CANCELADA):
        pdf = desenhar(xml, opcoes)
        assert codes_of(pdf) == [("Code 128", chave)]
        assert codes(render_png(pdf)) == [("Code 128", chave)], "at the resolution of label printers"
        assert ("CANCELADA" in texto(pdf)) is opcoes.cancelada


@pytest.mark.parametrize("bobina_mm", [80, 58])
@pytest.mark.parametrize("cancelada", [False, True], ids=["autorizada", "cancelada"])
def test_the_qr_code_of_the_receipt_is_read_at_the_till(bobina_mm: int, cancelada: bool) -> None:
    _, xml = processo(f.nfce(), Suplemento(TEXTO, f"{BASE}/consulta"))
    pdf = render_danfe(xml, OpcoesDanfe(bobina_mm=bobina_mm, cancelada=cancelada))
    assert codes(render_png(pdf)) == [("QR Code", TEXTO)]
    lido = texto(pdf)
    assert PROTOCOLO in lido
    assert "EMITIDAEMAMBIENTEDEHOMOLOGAÇÃO" in lido
    assert ("CANCELADA" in lido) is cancelada


@pytest.mark.parametrize("bobina_mm", [80, 58])
def test_the_mark_of_a_cancelled_receipt_fits_the_paper(bobina_mm: int) -> None:
    _, xml = processo(f.nfce(), Suplemento(TEXTO, f"{BASE}/consulta"))
    com, sem = (
        render_png(render_danfe(xml, OpcoesDanfe(bobina_mm=bobina_mm, cancelada=marca)), dpi=100)
        for marca in (True, False)
    )
    with Image.open(BytesIO(com)) as marcada, Image.open(BytesIO(sem)) as limpa:
        largura, altura = limpa.size
        for x in (0, largura - 1):
            borda = (x, 0, x + 1, altura)
            assert marcada.crop(borda).tobytes() == limpa.crop(borda).tobytes(), "nothing reaches the edge"


def test_an_offline_receipt_says_that_it_waits() -> None:
    _, xml = sale(
        "nfce/offline-qr-v3-cpf", autorizada=False, suplemento=Suplemento(TEXTO, f"{BASE}/consulta")
    )
    pdf = render_danfe(xml)
    lido = texto(pdf)
    assert "EMITIDAEMCONTINGÊNCIA" in lido
    assert "Pendentedeautorização" in lido
    assert codes(render_png(pdf)) == [("QR Code", TEXTO)]
    assert "End.:-" not in lido, "a consumer without address has no empty lines"


@pytest.mark.parametrize(("tp_emis", "nome"), [(6, "SVC-AN"), (7, "SVC-RS")])
@pytest.mark.parametrize("complemento", [None, "Pedido 7"])
def test_contingency_tells_its_begin_and_reason(tp_emis: int, nome: str, complemento: str | None) -> None:
    original = (EXEMPLOS / "nfe/cst-10-st-frete-ipi/saida.xml").read_bytes().strip()
    if complemento is not None:
        original = original.replace(
            b"</infNFe>", f"<infAdic><infCpl>{complemento}</infCpl></infAdic></infNFe>".encode()
        )
    inicio = datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=-3)))
    infnfe = change_emission(original, tp_emis, Contingencia(inicio, "SEFAZ fora do ar desde as dez"))
    chave, xml = _with_protocol(infnfe, autorizada=True, suplemento=None)
    for pdf in (render_danfe(xml), render_danfe_etiqueta(xml)):
        lido = texto(pdf)
        assert "DANFEEMCONTINGÊNCIA" in lido
        assert "20/11/2026" in lido
        assert "10:00:00" in lido
        assert "SEFAZforadoardesdeasdez" in lido
        assert codes_of(pdf) == [("Code 128", chave)]
    pagina = texto(render_danfe(xml))
    assert nome in pagina
    assert complemento is None or "Pedido7" in pagina
    assert "CONTINGÊNCIA" not in texto(render_danfe(sale("nfe/cst-10-st-frete-ipi")[1]))


@pytest.mark.parametrize("dezembro", [False, True], ids=["MOC 7.0", "NT 2026.010"])
def test_a_note_that_waits_for_sefaz_shows_the_protocol_of_its_epec(dezembro: bool) -> None:
    original = (EXEMPLOS / "nfe/cst-10-st-frete-ipi/saida.xml").read_bytes().strip()
    original = original.replace(b"<tpAmb>2</tpAmb>", b"<tpAmb>1</tpAmb>").replace(
        b"SEM VALOR FISCAL", b"TESTE"
    )
    if dezembro:
        original = re.sub(rb"<dhEmi>[^<]*<", b"<dhEmi>2026-12-02T10:00:00-03:00<", original)
    inicio = datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=-3)))
    infnfe = change_emission(original, 4, Contingencia(inicio, "SEFAZ fora do ar desde as dez"))
    _, xml = _with_protocol(infnfe, autorizada=False, suplemento=None)
    epec = RegistroEpec("891260000000017", datetime(2026, 11, 20, 13, 5, 9, tzinfo=UTC))
    for desenhar in (render_danfe, render_danfe_simplificado, render_danfe_etiqueta):
        lido = texto(desenhar(xml, OpcoesDanfe(epec=epec)))
        assert "891260000000017-20/11/202610:05:09" in lido
        assert "EPEC" in lido
        assert "SEMVALORFISCAL" not in lido
        assert "SEMVALORFISCAL" in texto(desenhar(xml, OpcoesDanfe()))
    _, autorizada = _with_protocol(infnfe, autorizada=True, suplemento=None)
    for desenhar in (render_danfe, render_danfe_simplificado):
        assert PROTOCOLO in texto(desenhar(autorizada, OpcoesDanfe(epec=epec)))


def test_the_letter_of_correction_names_its_note() -> None:
    chave = str(f.identificar(f.nfe()).chave)
    correcao = "O peso bruto correto dos volumes e de 12,500 kg, e nao de 15,200 kg."
    evento = (
        '<procEventoNFe xmlns="http://www.portalfiscal.inf.br/nfe" versao="1.00"><evento versao="1.00">'
        f'<infEvento Id="ID110110{chave}02"><cOrgao>35</cOrgao><tpAmb>1</tpAmb><CNPJ>11222333000181</CNPJ>'
        f"<chNFe>{chave}</chNFe><dhEvento>2026-11-20T10:40:00-03:00</dhEvento><tpEvento>110110</tpEvento>"
        '<nSeqEvento>2</nSeqEvento><verEvento>1.00</verEvento><detEvento versao="1.00">'
        f"<descEvento>Carta de Correcao</descEvento><xCorrecao>{correcao}</xCorrecao>"
        "<xCondUso>A Carta de Correcao e disciplinada pelo Convenio.</xCondUso></detEvento></infEvento></evento>"
        '<retEvento versao="1.00"><infEvento><tpAmb>1</tpAmb><verAplic>T</verAplic><cOrgao>35</cOrgao>'
        "<cStat>135</cStat><xMotivo>Evento registrado</xMotivo><dhRegEvento>2026-11-20T10:40:05-03:00</dhRegEvento>"
        "<nProt>135260000000777</nProt></infEvento></retEvento></procEventoNFe>"
    ).encode()
    emitente = {"nome": "Comércio Modelo Ltda", "uf": "SP", "cidade": "São Paulo"}
    pdf = render_dacce(evento, emitente)
    assert codes_of(pdf) == [("Code 128", chave)]
    lido = texto(pdf)
    for parte in (correcao, "135260000000777", "Sequência do Evento: 2", "Comércio Modelo Ltda"):
        assert parte.replace(" ", "") in lido
    assert render_dacce(evento, emitente) == pdf
