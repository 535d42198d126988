"""Paper of the NF-e and NFC-e: DANFE, simplified DANFE, label and counter receipt, from the stored XML.

Drawn by brazilfiscalreport: MOC 7.0 for documents issued before 2026-12-01, NT 2026.010 from then on. Homologation and
missing protocol put "SEM VALOR FISCAL" over the page. Slow (30 to 950 ms): never on the way to SEFAZ. The same input
gives the same text and drawing: the PDF carries the document's own date, not today's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import pypdfium2
from brazilfiscalreport.danfce import DanfceConfig
from brazilfiscalreport.danfe import Danfe, DanfeConfig, DanfeEtiqueta, DanfeEtiquetaConfig, ReceiptPosition
from lxml import etree

from chancela.documents.nfe.cupom import Cupom
from chancela.domain.erros import XmlInvalido
from chancela.domain.identidade import Modelo
from chancela.domain.xml.escrita import NFE_NS
from chancela.domain.xml.leitura import Elemento, find_local, parse_xml, text_of

# The library annotates measures as numbers.Number and leaves None out of `logo`; a type checker takes neither.
_CONFIG_DANFE: Any = DanfeConfig
_CONFIG_DANFCE: Any = DanfceConfig
_CONFIG_ETIQUETA: Any = DanfeEtiquetaConfig
LARGURA_SIMPLIFICADO_MM = 105
ALTURA_SIMPLIFICADO_MM = 148
_EMISSAO_NORMAL = "1"
_CONTINGENCIAS = {"4": " - EPEC", "6": " - SVC-AN", "7": " - SVC-RS"}


@dataclass(frozen=True, slots=True)
class OpcoesDanfe:
    """How to draw. `logo` is a PNG or JPEG file; `bobina_mm` the width of the receipt paper (80 or 58)."""

    cancelada: bool = False
    logo: bytes | None = None
    canhoto_embaixo: bool = False
    mostrar_pis_cofins: bool = False
    bobina_mm: int = 80
    epec: "RegistroEpec | None" = None


@dataclass(frozen=True, slots=True)
class RegistroEpec:
    """The registration under which the goods travel until SEFAZ authorises the note (NT 2014.001)."""

    protocolo: str
    quando: datetime

    def written(self, emissao: datetime) -> str:
        """Number, date and hour as the paper shows them, in the issuer's local time."""
        return f"{self.protocolo} - {self.quando.astimezone(emissao.tzinfo):%d/%m/%Y %H:%M:%S}"


PADRAO = OpcoesDanfe()


def render_danfe(nfeproc: bytes, opcoes: OpcoesDanfe = PADRAO) -> bytes:
    """PDF of the whole DANFE: A4 for model 55, paper roll for model 65.

    `nfeproc` may also be an NFe without protocol. Raises `XmlInvalido` for anything else.
    """
    modelo, emissao, texto = _read(nfeproc)
    if modelo is Modelo.NFCE:
        cupom = _CONFIG_DANFCE(
            logo=opcoes.logo, watermark_cancelled=opcoes.cancelada, paper_width=opcoes.bobina_mm
        )
        return _draw(lambda: Cupom(xml=texto, config=cupom), emissao)
    pagina = _CONFIG_DANFE(
        logo=opcoes.logo,
        watermark_cancelled=opcoes.cancelada,
        receipt_pos=ReceiptPosition.BOTTOM if opcoes.canhoto_embaixo else ReceiptPosition.TOP,
        display_pis_cofins=opcoes.mostrar_pis_cofins,
        infcpl_semicolon_newline=True,
    )
    avisado = _tell_contingency(nfeproc, texto, opcoes.epec, emissao)
    return _draw(lambda: Danfe(xml=avisado, config=pagina), emissao)


def render_danfe_simplificado(nfeproc: bytes, opcoes: OpcoesDanfe = PADRAO) -> bytes:
    """PDF of the simplified DANFE (NT 2020.004) on A6, with the items."""
    return _render_etiqueta(nfeproc, opcoes, LARGURA_SIMPLIFICADO_MM, ALTURA_SIMPLIFICADO_MM, itens=True)


def render_danfe_etiqueta(nfeproc: bytes, opcoes: OpcoesDanfe = PADRAO) -> bytes:
    """PDF of the label for the parcel, 100 x 150 mm (NT 2020.004)."""
    return _render_etiqueta(nfeproc, opcoes, 100, 150, itens=False)


def render_png(pdf: bytes, *, dpi: int = 203, pagina: int = 0) -> bytes:
    """One page of a PDF as PNG; 203 dpi is what label printers use."""
    documento = pypdfium2.PdfDocument(pdf)
    escala: Any = dpi / 72  # the library annotates it as int and documents a fraction
    try:
        imagem = documento[pagina].render(scale=escala).to_pil()
        saida = BytesIO()
        imagem.save(saida, format="PNG")
        return saida.getvalue()
    finally:
        documento.close()


def _render_etiqueta(nfeproc: bytes, opcoes: OpcoesDanfe, largura: int, altura: int, *, itens: bool) -> bytes:
    modelo, emissao, texto = _read(nfeproc)
    if modelo is not Modelo.NFE:
        raise XmlInvalido("DANFE-02", "A etiqueta e o DANFE simplificado são só da NF-e (modelo 55).")
    config = _CONFIG_ETIQUETA(
        paper_width=largura,
        paper_height=altura,
        display_items=itens,
        watermark_cancelled=opcoes.cancelada,
        epec_protocol="" if opcoes.epec is None else opcoes.epec.written(emissao),
    )
    return _draw(lambda: DanfeEtiqueta(xml=texto, config=config), emissao)


def _tell_contingency(nfeproc: bytes, texto: str, epec: RegistroEpec | None, emissao: datetime) -> str:
    """The text to draw: begin and reason of a contingency stand first in the additional information of the page
    (Ajuste SINIEF 07/2005, cl. 11, par. 11), where the library prints only what the issuer wrote.

    Until the note has a protocol of its own, that of its EPEC stands in the place of it: the goods travel with it, and
    without one the library writes over the page that it has no fiscal value.
    """
    raiz = parse_xml(nfeproc)
    infnfe = _infnfe(raiz)
    tipo = text_of(infnfe, "ide/tpEmis")
    if tipo in ("", _EMISSAO_NORMAL):
        return texto
    inicio = datetime.fromisoformat(text_of(infnfe, "ide/dhCont"))
    aviso = (
        f"DANFE EM CONTINGÊNCIA{_CONTINGENCIAS.get(tipo, '')}. Início: {inicio:%d/%m/%Y %H:%M:%S}."
        f" Motivo: {text_of(infnfe, 'ide/xJust')}"
    )
    if epec is not None:
        aviso = f"{aviso}; Protocolo de autorização do EPEC: {epec.written(emissao)}"
        if find_local(raiz, "protNFe") is None:
            registro = etree.SubElement(
                etree.SubElement(raiz, f"{{{NFE_NS}}}protNFe"), f"{{{NFE_NS}}}infProt"
            )
            quando = epec.quando.astimezone(emissao.tzinfo).isoformat(timespec="seconds")
            etree.SubElement(registro, f"{{{NFE_NS}}}dhRecbto").text = quando
            etree.SubElement(registro, f"{{{NFE_NS}}}nProt").text = epec.protocolo
    adicionais = find_local(infnfe, "infAdic")
    if adicionais is None:
        adicionais = etree.SubElement(infnfe, f"{{{NFE_NS}}}infAdic")
    complemento = find_local(adicionais, "infCpl")
    if complemento is None:
        complemento = etree.SubElement(adicionais, f"{{{NFE_NS}}}infCpl")
    complemento.text = f"{aviso};{complemento.text}" if complemento.text else aviso
    return etree.tostring(raiz, encoding="UTF-8").decode()


def _infnfe(raiz: Elemento) -> Elemento:
    achado = find_local(raiz, "NFe/infNFe")
    if achado is None:
        achado = find_local(raiz, "infNFe")
    if achado is None:
        raise XmlInvalido("DANFE-01", "O arquivo não é uma NF-e nem uma NFC-e: falta o grupo infNFe.")
    return achado


def _read(nfeproc: bytes) -> tuple[Modelo, datetime, str]:
    """Judge the bytes with the safe reader before a drawing library sees them."""
    infnfe = _infnfe(parse_xml(nfeproc))
    try:
        modelo = Modelo(text_of(infnfe, "ide/mod"))
        emissao = datetime.fromisoformat(text_of(infnfe, "ide/dhEmi"))
    except ValueError as erro:
        raise XmlInvalido("DANFE-01", "O arquivo não é uma NF-e nem uma NFC-e de leiaute 4.00.") from erro
    return modelo, emissao, nfeproc.decode("utf-8")


def _draw(desenhar: Callable[[], Any], emissao: datetime) -> bytes:
    folha = desenhar()
    folha.set_creation_date(emissao)
    return bytes(folha.output())
