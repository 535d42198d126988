"""The papers: ours, and brazilfiscalreport called directly on the same bytes with the same options.

What ours adds is the safe reader, before a drawing library sees the bytes, and the document's own date.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

from brazilfiscalreport.dacce import DaCCe
from brazilfiscalreport.danfce import Danfce, DanfceConfig
from brazilfiscalreport.danfe import Danfe, DanfeConfig, DanfeEtiqueta, DanfeEtiquetaConfig

from benchmarks import venda as v
from benchmarks.lados.nosso import build_infnfe, build_value, certificado
from benchmarks.lados.protocolo import Operacao, serve
from chancela.documents.eventos.carta_correcao import CARTA_CORRECAO, CartaCorrecao
from chancela.documents.eventos.dacce import render_dacce
from chancela.documents.eventos.layout import build_infevento, compose_evento, compose_proc_evento
from chancela.documents.eventos.modelo import PedidoEvento
from chancela.documents.nfe import layout
from chancela.documents.nfe import modelo as m
from chancela.documents.nfe.danfe import render_danfe, render_danfe_etiqueta, render_danfe_simplificado
from chancela.domain.assinatura.perfil import sign
from chancela.domain.chave import ChaveAcesso
from chancela.domain.identidade import Ambiente, Cnpj, Modelo

_DANFE: Any = DanfeConfig
_CUPOM: Any = DanfceConfig
_ETIQUETA: Any = DanfeEtiquetaConfig
_SUPLEMENTO = m.Suplemento(
    "https://www.homologacao.nfce.fazenda.sp.gov.br/qrcode?p=0|3|2", "https://www.nfce.fazenda.sp.gov.br"
)
EMITENTE = {
    "nome": v.RAZAO_SOCIAL,
    "end": v.LOGRADOURO,
    "bairro": v.BAIRRO,
    "cep": v.CEP,
    "cidade": v.MUNICIPIO,
    "uf": v.UF,
}


def _protocol(versao: str, chave: str) -> bytes:
    return (
        f'<protNFe versao="{versao}"><infProt><tpAmb>2</tpAmb><verAplic>1</verAplic><chNFe>{chave}</chNFe>'
        f"<dhRecbto>{v.EMISSAO.isoformat()}</dhRecbto><nProt>135260000000001</nProt><digVal>AAAAAAAAAAAAAAAAAAAAAAAAAAA=</digVal>"
        "<cStat>100</cStat><xMotivo>Autorizado o uso da NF-e</xMotivo></infProt></protNFe>"
    ).encode()


@cache
def nota(itens: int, modelo: Modelo) -> bytes:
    """A signed document with a protocol of the right shape, as it is stored."""
    nfe = build_value(v.venda(itens))
    suplemento = None
    if modelo is Modelo.NFCE:
        nfe = replace(nfe, modelo=modelo, formato_danfe=m.FormatoDanfe.NFCE, saida_entrada=None)
        suplemento = layout.build_suplemento(_SUPLEMENTO)
    infnfe, identificador = build_infnfe(nfe, 1)
    assinada = layout.compose_nfe(infnfe, suplemento, sign(infnfe, identificador, certificado()).xml)
    return layout.compose_nfeproc(assinada, _protocol("4.00", identificador.removeprefix("NFe")))


@cache
def carta(itens: int) -> bytes:
    """A letter of correction of as many sentences as there are items, up to the limit of its field."""
    chave = ChaveAcesso.parse(build_infnfe(build_value(v.venda(1)), 1)[1])
    texto = " ".join(f"Item {n}: leia-se caixa com {n} pecas." for n in range(1, itens + 1))[:1000].strip()
    pedido = PedidoEvento(
        CARTA_CORRECAO,
        chave,
        Ambiente.HOMOLOGACAO,
        Cnpj(v.CNPJ),
        v.EMISSAO + timedelta(hours=1),
        1,
        CartaCorrecao(texto),
    )
    infevento = build_infevento(pedido)
    assinado = compose_evento(infevento, sign(infevento, pedido.identificador, certificado()).xml)
    retorno = (
        f'<retEvento versao="1.00"><infEvento><tpAmb>2</tpAmb><verAplic>1</verAplic><cOrgao>35</cOrgao><cStat>135</cStat>'
        f"<xMotivo>Evento registrado</xMotivo><chNFe>{chave}</chNFe><tpEvento>110110</tpEvento><nSeqEvento>1</nSeqEvento>"
        f"<dhRegEvento>{v.EMISSAO.isoformat()}</dhRegEvento><nProt>135260000000002</nProt></infEvento></retEvento>"
    )
    return compose_proc_evento(assinado, retorno.encode())


def _drawn(folha: Any) -> bytes:
    return bytes(folha.output())


def _direct_danfe(xml: bytes) -> bytes:
    config = _DANFE(logo=None, watermark_cancelled=False, infcpl_semicolon_newline=True)
    return _drawn(Danfe(xml=xml.decode(), config=config))


def _direct_label(largura: int, altura: int, *, itens: bool) -> Callable[[bytes], bytes]:
    def draw(xml: bytes) -> bytes:
        config = _ETIQUETA(paper_width=largura, paper_height=altura, display_items=itens)
        return _drawn(DanfeEtiqueta(xml=xml.decode(), config=config))

    return draw


def _direct_receipt(xml: bytes) -> bytes:
    return _drawn(Danfce(xml=xml.decode(), config=_CUPOM(logo=None, paper_width=80)))


def _of(desenhar: Callable[[bytes], bytes], modelo: Modelo) -> Callable[[int], Operacao]:
    def prepare(itens: int) -> Operacao:
        xml = nota(itens, modelo)
        return lambda _numero: desenhar(xml)

    return prepare


def _letter(itens: int) -> Operacao:
    xml = carta(itens)
    return lambda _numero: render_dacce(xml, EMITENTE)


def _direct_letter(itens: int) -> Operacao:
    xml = carta(itens).decode()
    folha: Any = DaCCe
    return lambda _numero: _drawn(folha(xml=xml, emitente=dict(EMITENTE)))


OPERACOES = {
    "danfe": _of(render_danfe, Modelo.NFE),
    "danfe_direto": _of(_direct_danfe, Modelo.NFE),
    "simplificado": _of(render_danfe_simplificado, Modelo.NFE),
    "simplificado_direto": _of(_direct_label(105, 148, itens=True), Modelo.NFE),
    "etiqueta": _of(render_danfe_etiqueta, Modelo.NFE),
    "etiqueta_direto": _of(_direct_label(100, 150, itens=False), Modelo.NFE),
    "cupom": _of(render_danfe, Modelo.NFCE),
    "cupom_direto": _of(_direct_receipt, Modelo.NFCE),
    "carta": _letter,
    "carta_direto": _direct_letter,
}

if __name__ == "__main__":
    serve(OPERACOES)
