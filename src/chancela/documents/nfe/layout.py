"""XML of the NF-e and NFC-e, layout 4.00: written as canonical text, composed with its signature, read back.

The tables stand in schema order (leiauteNFe_v4.00.xsd, PL_010f) in this module and in the `layout_*` modules beside it;
official tags appear nowhere else.
"""

import base64
import hashlib

from chancela.documents.nfe import layout_grupos as g
from chancela.documents.nfe.enumeracoes import Destino, Finalidade, FormatoDanfe, Presenca, TipoOperacao
from chancela.documents.nfe.layout_itens import DET
from chancela.documents.nfe.layout_totais import TOTAIS
from chancela.documents.nfe.modelo import Contingencia, Identificacao, Nfe, Suplemento
from chancela.domain.chave import ChaveAcesso
from chancela.domain.erros import XmlInvalido
from chancela.domain.identidade import Ambiente, Modelo
from chancela.domain.xml.escrita import DSIG_NS, NFE_NS
from chancela.domain.xml.formatos import (
    CHAVE,
    DATA,
    DATA_HORA,
    INTEIRO,
    SIM_NAO,
    TEXTO,
    UF_IBGE,
    VALOR,
    enumerado,
    enumerado_inteiro,
)
from chancela.domain.xml.leiaute import (
    Elemento,
    Tabela,
    campo,
    derivado,
    embutido,
    envolve,
    grupo,
    lista,
    lista_simples,
    local_name,
    so_texto,
)
from chancela.domain.xml.leitura import parse_xml
from chancela.kit.frozen import frozen, replace

VERSAO = "4.00"


@frozen
class DocumentoNfe:
    """A document together with what numbering gave it; `suplemento` is the NFC-e's."""

    nfe: Nfe
    identificacao: Identificacao
    suplemento: Suplemento | None = None


_IDE = envolve(
    "ide",
    derivado("cUF", "identificacao.chave.uf", UF_IBGE),
    derivado("cNF", "identificacao.chave.cnf", TEXTO),
    campo("natOp", "nfe.natureza_operacao", TEXTO),
    campo("mod", "nfe.modelo", enumerado(Modelo)),
    derivado("serie", "identificacao.chave.serie", INTEIRO),
    derivado("nNF", "identificacao.chave.numero", INTEIRO),
    campo("dhEmi", "identificacao.emissao", DATA_HORA),
    campo("dhSaiEnt", "nfe.saida_entrada", DATA_HORA),
    campo("dPrevEntrega", "nfe.previsao_entrega", DATA),
    campo("tpNF", "nfe.tipo_operacao", enumerado(TipoOperacao)),
    campo("idDest", "nfe.destino", enumerado(Destino)),
    campo("cMunFG", "nfe.municipio_fato_gerador", TEXTO),
    campo("cMunFGIBS", "nfe.municipio_fato_gerador_ibs", TEXTO),
    campo("tpImp", "nfe.formato_danfe", enumerado(FormatoDanfe)),
    derivado("tpEmis", "identificacao.chave.tp_emis", INTEIRO),
    derivado("cDV", "identificacao.chave.dv", TEXTO),
    campo("tpAmb", "identificacao.ambiente", enumerado_inteiro(Ambiente)),
    campo("finNFe", "nfe.finalidade", enumerado(Finalidade)),
    campo("tpNFDebito", "nfe.tipo_nota_debito", TEXTO),
    campo("tpNFCredito", "nfe.tipo_nota_credito", TEXTO),
    campo("indFinal", "nfe.consumidor_final", SIM_NAO),
    campo("indPres", "nfe.presenca", enumerado(Presenca)),
    campo("indIntermed", "nfe.com_intermediador", SIM_NAO),
    campo("cIndOp", "nfe.indicador_operacao", TEXTO),
    campo("procEmi", "nfe.processo_emissao", TEXTO),
    campo("verProc", "nfe.versao_aplicativo", TEXTO),
    embutido(
        "identificacao.contingencia",
        Contingencia,
        campo("dhCont", "inicio", DATA_HORA),
        campo("xJust", "justificativa", TEXTO),
    ),
    lista("nfe.referencias", g.REFERENCIA),
    grupo("nfe.compra_governamental", g.COMPRA_GOVERNAMENTAL),
    envolve("gPagAntecipado", lista_simples("refNFe", "nfe.pagamentos_antecipados", CHAVE)),
)

_INFNFE = Tabela(
    "",
    DocumentoNfe,
    _IDE,
    grupo("nfe.emitente", g.EMITENTE, lembrado=True),
    grupo("nfe.avulsa", g.AVULSA),
    grupo("nfe.destinatario", g.DESTINATARIO),
    grupo("nfe.retirada", g.local("retirada")),
    grupo("nfe.entrega", g.local("entrega")),
    lista("nfe.autorizados", g.AUTORIZADO),
    lista("nfe.itens", DET),
    grupo("nfe.totais", TOTAIS),
    grupo("nfe.transporte", g.TRANSPORTE),
    grupo("nfe.cobranca", g.COBRANCA),
    envolve(
        "pag",
        lista("nfe.pagamentos", g.PAGAMENTO),
        campo("vTroco", "nfe.troco", VALOR),
        dono="nfe.pagamentos",
    ),
    grupo("nfe.intermediador", g.INTERMEDIADOR),
    grupo("nfe.informacoes", g.INFORMACOES),
    grupo("nfe.exportacao", g.EXPORTACAO),
    grupo("nfe.compra", g.COMPRA),
    grupo("nfe.cana", g.CANA),
    grupo("nfe.responsavel_tecnico", g.RESPONSAVEL_TECNICO),
    grupo("nfe.solicitacao_nff", so_texto("infSolicNFF", "xSolic", TEXTO)),
    g.AGROPECUARIO,
    grupo("nfe.assinatura_paa", g.ASSINATURA_PAA),
    sub={"nfe": Nfe, "identificacao": Identificacao},
)

CAMPOS = _INFNFE.nomes
"""Path of every tag and attribute (`@`) that the layout writes, in schema order; for coverage."""

MAPA = _INFNFE.mapa
"""The same paths, groups included, with the model path that each stands for (`nfe.itens[].produto.ncm`)."""

_ABRE_PROPRIO = f'<infNFe xmlns="{NFE_NS}" '.encode()
_ABRE_HERDADO = b"<infNFe "


def build_infnfe(nfe: Nfe, identificacao: Identificacao) -> bytes:
    """Canonical `infNFe` (C14N 1.0, own `xmlns`): exactly the bytes whose digest the signature carries.

    ValueError when a number has more decimals than its field. Environment texts are `modelo.apply_ambiente`'s.
    """
    corpo = _INFNFE.escrever(DocumentoNfe(nfe, identificacao))
    texto = f'<infNFe xmlns="{NFE_NS}" Id="NFe{identificacao.chave}" versao="{VERSAO}">{corpo}</infNFe>'
    return texto.encode()


def build_suplemento(suplemento: Suplemento) -> bytes:
    """`infNFeSupl`, which is not signed."""
    return g.SUPLEMENTO.escrever(suplemento).encode()


def compose_nfe(infnfe: bytes, suplemento: bytes | None, signature: bytes) -> bytes:
    """`NFe` around a canonical `infNFe`; inside it the element inherits the namespace, so the digest still holds."""
    assert infnfe.startswith(_ABRE_PROPRIO), "infNFe comes from build_infnfe"
    interno = _ABRE_HERDADO + infnfe[len(_ABRE_PROPRIO) :]
    return b'<NFe xmlns="%s">%s%s%s</NFe>' % (NFE_NS.encode(), interno, suplemento or b"", signature)


def compose_nfeproc(nfe: bytes, protnfe: bytes) -> bytes:
    """`nfeProc`: the signed bytes and the protocol, both verbatim; the file that the law says to keep."""
    partes = (
        b'<?xml version="1.0" encoding="UTF-8"?>',
        f'<nfeProc xmlns="{NFE_NS}" versao="{VERSAO}">'.encode(),
    )
    return b"".join((*partes, _drop_declaration(nfe), _drop_declaration(protnfe), b"</nfeProc>"))


def _drop_declaration(xml: bytes) -> bytes:
    if xml.startswith(b"<?xml"):
        return xml[xml.index(b"?>") + 2 :].lstrip()
    return xml


def compose_unsigned(infnfe: bytes, suplemento: bytes | None = None) -> bytes:
    """The document with a signature of the right shape and no truth in it, so that the schema can judge it
    before a number is spent. Never to be sent."""
    inicio = infnfe.index(b'Id="') + 4
    return compose_nfe(infnfe, suplemento, _SEM_VERDADE % infnfe[inicio : infnfe.index(b'"', inicio)])


_C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_SEM_VERDADE = (
    f'<Signature xmlns="{DSIG_NS}"><SignedInfo><CanonicalizationMethod Algorithm="{_C14N}"></CanonicalizationMethod>'
    f'<SignatureMethod Algorithm="{DSIG_NS}rsa-sha1"></SignatureMethod><Reference URI="#%s"><Transforms>'
    f'<Transform Algorithm="{DSIG_NS}enveloped-signature"></Transform><Transform Algorithm="{_C14N}"></Transform>'
    f'</Transforms><DigestMethod Algorithm="{DSIG_NS}sha1"></DigestMethod><DigestValue>AAAAAAAAAAAAAAAAAAAAAAAAAAA=</DigestValue>'
    "</Reference></SignedInfo><SignatureValue>AA==</SignatureValue><KeyInfo><X509Data><X509Certificate>AA=="
    "</X509Certificate></X509Data></KeyInfo></Signature>"
).encode()
"""The shape of a signature, to be given the Id that it speaks of."""


def parse_nfe(conteudo: bytes) -> DocumentoNfe:
    """Read an `NFe`, `nfeProc` or bare `infNFe`. The signature is not judged here.

    Raises `XmlInvalido` for what is not a document of layout 4.00.
    """
    raiz: Elemento = parse_xml(conteudo)
    nfe = _child(raiz, "NFe") if local_name(raiz.tag) == "nfeProc" else raiz
    infnfe = _child(nfe, "infNFe") if local_name(nfe.tag) == "NFe" else nfe
    if local_name(infnfe.tag) != "infNFe":
        raise XmlInvalido("XML-NFE-01", "O arquivo não é uma NF-e: falta o grupo infNFe.")
    if infnfe.get("versao") != VERSAO:
        raise XmlInvalido("XML-NFE-02", f"O leiaute {infnfe.get('versao')} da NF-e não é o {VERSAO}.")
    chave = ChaveAcesso.parse(infnfe.get("Id") or "")
    lido = _read_infnfe(infnfe, chave)
    suplemento = (
        next((e for e in nfe if local_name(e.tag) == "infNFeSupl"), None) if nfe is not infnfe else None
    )
    return replace(lido, suplemento=None if suplemento is None else g.SUPLEMENTO.ler(suplemento))


def _child(elemento: Elemento, nome: str) -> Elemento:
    for filho in elemento:
        if local_name(filho.tag) == nome:
            return filho
    raise XmlInvalido("XML-NFE-01", f"O arquivo não é uma NF-e: falta o grupo {nome}.")


def _read_infnfe(infnfe: Elemento, chave: ChaveAcesso) -> DocumentoNfe:
    return _INFNFE.ler(infnfe, {"identificacao.chave": chave})


def apply_csrt(nfe: Nfe, chave: ChaveAcesso, csrt: str) -> Nfe:
    """Fill hashCSRT: base64 of the SHA-1 of CSRT and key (NT 2018.005). Done once the key is known."""
    if nfe.responsavel_tecnico is None:
        return nfe
    resumo = hashlib.sha1(f"{csrt}{chave}".encode(), usedforsecurity=False).digest()
    responsavel = replace(nfe.responsavel_tecnico, hash_csrt=base64.b64encode(resumo).decode())
    return replace(nfe, responsavel_tecnico=responsavel)
