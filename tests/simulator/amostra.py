"""Sample NF-e and NFC-e written as text templates, and a signer of our own: nothing of the issuing side is used."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from lxml import etree

NS = "http://www.portalfiscal.inf.br/nfe"
DS = "http://www.w3.org/2000/09/xmldsig#"
AGORA = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
BRASILIA = timezone(timedelta(hours=-3))
CNPJ = "11222333000181"
CNPJ_DEST = "99999999000191"
IE_SP = "110042490114"
SENHA = "senha-de-teste"


def dv(base: str) -> str:
    soma = sum((ord(c) - 48) * (2 + i % 8) for i, c in enumerate(reversed(base)))
    return "0" if soma % 11 < 2 else str(11 - soma % 11)


def build_key(
    *,
    numero: int = 1,
    serie: int = 1,
    modelo: str = "55",
    cnf: str = "48390217",
    tp_emis: str = "1",
    cnpj: str = CNPJ,
    aamm: str = "2611",
) -> str:
    base = f"35{aamm}{cnpj:0>14}{modelo}{serie:03d}{numero:09d}{tp_emis}{cnf}"
    return base + dv(base)


def node(tag: str, conteudo: Any) -> str:
    """`conteudo`: text, a dict (children in order; a list repeats), or None (nothing)."""
    if conteudo is None:
        return ""
    if isinstance(conteudo, list):
        return "".join(node(tag, c) for c in conteudo)
    if isinstance(conteudo, dict):
        atributos = "".join(f' {k[1:]}="{v}"' for k, v in conteudo.items() if k.startswith("@"))
        return f"<{tag}{atributos}>{''.join(node(k, v) for k, v in conteudo.items() if not k.startswith('@'))}</{tag}>"
    return f"<{tag}>{conteudo}</{tag}>"


def ibscbs(base: str = "100.00") -> dict[str, Any]:
    return {
        "CST": "000", "cClassTrib": "000001",
        "gIBSCBS": {
            "vBC": base,
            "gIBSUF": {"pIBSUF": "0.1000", "vIBSUF": "0.10"},
            "gIBSMun": {"pIBSMun": "0.0000", "vIBSMun": "0.00"},
            "vIBS": "0.10",
            "gCBS": {"pCBS": "0.9000", "vCBS": "0.90"},
        },
    }  # fmt: skip


def item(numero: int = 1) -> dict[str, Any]:
    return {
        "@nItem": str(numero),
        "prod": {
            "cProd": "P1", "cEAN": "SEM GTIN", "xProd": "Teclado", "NCM": "84716052", "CFOP": "5102", "uCom": "UN", "qCom": "2.0000",
            "vUnCom": "50.0000000000", "vProd": "100.00", "cEANTrib": "SEM GTIN", "uTrib": "UN", "qTrib": "2.0000", "vUnTrib": "50.0000000000",
            "indTot": "1",
        },
        "imposto": {
            "ICMS": {"ICMS00": {"orig": "0", "CST": "00", "modBC": "3", "vBC": "100.00", "pICMS": "18.0000", "vICMS": "18.00"}},
            "PIS": {"PISAliq": {"CST": "01", "vBC": "82.00", "pPIS": "1.6500", "vPIS": "1.35"}},
            "COFINS": {"COFINSAliq": {"CST": "01", "vBC": "82.00", "pCOFINS": "7.6000", "vCOFINS": "6.23"}},
            "IBSCBS": ibscbs(),
        },
    }  # fmt: skip


def document(
    *,
    numero: int = 1,
    serie: int = 1,
    cnf: str = "48390217",
    emissao: datetime = AGORA - timedelta(minutes=1),
) -> dict[str, Any]:
    """A good NF-e of SP in homologation, one item, as an editable tree of infNFe."""
    chave = build_key(numero=numero, serie=serie, cnf=cnf, aamm=f"{emissao.astimezone(BRASILIA):%y%m}")
    endereco = {
        "xLgr": "Rua das Flores", "nro": "10", "xBairro": "Centro", "cMun": "3550308", "xMun": "Sao Paulo", "UF": "SP", "CEP": "01001000",
        "cPais": "1058", "xPais": "BRASIL",
    }  # fmt: skip
    return {
        "@versao": "4.00", "@Id": f"NFe{chave}",
        "ide": {
            "cUF": "35", "cNF": cnf, "natOp": "Venda", "mod": "55", "serie": str(serie), "nNF": str(numero),
            "dhEmi": emissao.astimezone(BRASILIA).isoformat(timespec="seconds"), "tpNF": "1", "idDest": "1", "cMunFG": "3550308", "tpImp": "1",
            "tpEmis": "1", "cDV": chave[-1], "tpAmb": "2", "finNFe": "1", "indFinal": "1", "indPres": "1", "indIntermed": "0", "procEmi": "0",
            "verProc": "amostra 1.0",
        },
        "emit": {"CNPJ": CNPJ, "xNome": "Empresa de Amostra Ltda", "enderEmit": dict(endereco), "IE": IE_SP, "CRT": "3"},
        "dest": {
            "CNPJ": CNPJ_DEST, "xNome": "NF-E EMITIDA EM AMBIENTE DE HOMOLOGACAO - SEM VALOR FISCAL", "enderDest": dict(endereco),
            "indIEDest": "9",
        },
        "det": [item()],
        "total": {
            "ICMSTot": {
                "vBC": "100.00", "vICMS": "18.00", "vICMSDeson": "0.00", "vFCP": "0.00", "vBCST": "0.00", "vST": "0.00", "vFCPST": "0.00",
                "vFCPSTRet": "0.00", "vProd": "100.00", "vFrete": "0.00", "vSeg": "0.00", "vDesc": "0.00", "vII": "0.00", "vIPI": "0.00",
                "vIPIDevol": "0.00", "vPIS": "1.35", "vCOFINS": "6.23", "vOutro": "0.00", "vNF": "100.00",
            },
            "IBSCBSTot": {
                "vBCIBSCBS": "100.00",
                "gIBS": {
                    "gIBSUF": {"vDif": "0.00", "vDevTrib": "0.00", "vIBSUF": "0.10"},
                    "gIBSMun": {"vDif": "0.00", "vDevTrib": "0.00", "vIBSMun": "0.00"},
                    "vIBS": "0.10", "vCredPres": "0.00", "vCredPresCondSus": "0.00",
                },
                "gCBS": {"vDif": "0.00", "vDevTrib": "0.00", "vCBS": "0.90", "vCredPres": "0.00", "vCredPresCondSus": "0.00"},
            },
        },
        "transp": {"modFrete": "9"},
        "pag": {"detPag": {"tPag": "01", "vPag": "100.00"}},
    }  # fmt: skip


def consumer_document(
    *, numero: int = 1, emissao: datetime = AGORA - timedelta(minutes=1), tp_emis: str = "1"
) -> tuple[dict[str, Any], str]:
    """A good NFC-e of SP in homologation, and its infNFeSupl."""
    d = document(numero=numero, emissao=emissao)
    chave = build_key(
        numero=numero, modelo="65", tp_emis=tp_emis, aamm=f"{emissao.astimezone(BRASILIA):%y%m}"
    )
    d["@Id"] = f"NFe{chave}"
    d["ide"] |= {"mod": "65", "tpImp": "4", "tpEmis": tp_emis, "cDV": chave[-1]}
    if tp_emis == "9":
        d["ide"] |= {"dhCont": d["ide"]["dhEmi"], "xJust": "Sem internet na loja"}
    del d["dest"]
    d["det"][0]["prod"]["xProd"] = "NOTA FISCAL EMITIDA EM AMBIENTE DE HOMOLOGACAO - SEM VALOR FISCAL"
    qr = f"https://www.homologacao.nfce.fazenda.sp.gov.br/qrcode?p={chave}|3|2"
    url = "https://www.homologacao.nfce.fazenda.sp.gov.br/consulta"
    return d, f"<infNFeSupl><qrCode><![CDATA[{qr}]]></qrCode><urlChave>{url}</urlChave></infNFeSupl>"


@dataclass(frozen=True)
class A1:
    """Key and certificate of a PKCS#12 file."""

    pfx: bytes
    chave: Any
    der: bytes

    @classmethod
    def load(cls, pfx: bytes) -> "A1":
        chave, certificado, _ = pkcs12.load_key_and_certificates(pfx, SENHA.encode())
        assert certificado is not None
        return cls(pfx, chave, certificado.public_bytes(Encoding.DER))


@cache
def _c14n_parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False)


def _c14n(texto: str) -> bytes:
    return etree.tostring(etree.fromstring(texto.encode(), _c14n_parser()), method="c14n")


def sign(inf: str, identidade: str, a1: A1, elemento: str = "infNFe") -> str:
    """The Signature element over `inf` (text of `<infNFe ...>` without xmlns)."""
    com_ns = inf.replace(f"<{elemento} ", f'<{elemento} xmlns="{NS}" ', 1)
    digest = base64.b64encode(hashlib.sha1(_c14n(com_ns)).digest()).decode()
    c14n = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
    informacao = (
        f'<SignedInfo xmlns="{DS}"><CanonicalizationMethod Algorithm="{c14n}"/><SignatureMethod Algorithm="{DS}rsa-sha1"/>'
        f'<Reference URI="#{identidade}"><Transforms><Transform Algorithm="{DS}enveloped-signature"/><Transform Algorithm="{c14n}"/></Transforms>'
        f'<DigestMethod Algorithm="{DS}sha1"/><DigestValue>{digest}</DigestValue></Reference></SignedInfo>'
    )
    valor = base64.b64encode(a1.chave.sign(_c14n(informacao), PKCS1v15(), hashes.SHA1())).decode()
    certificado = base64.b64encode(a1.der).decode()
    return _signature(informacao, valor, certificado)


def _signature(informacao: str, valor: str, certificado: str) -> str:
    dentro = informacao.replace(f' xmlns="{DS}"', "", 1)
    return (
        f'<Signature xmlns="{DS}">{dentro}<SignatureValue>{valor}</SignatureValue>'
        f"<KeyInfo><X509Data><X509Certificate>{certificado}</X509Certificate></X509Data></KeyInfo></Signature>"
    )


def signed(d: dict[str, Any], a1: A1, suplemento: str = "") -> str:
    """`<NFe>` signed."""
    inf = node("infNFe", d)
    return f'<NFe xmlns="{NS}">{inf}{suplemento}{sign(inf, d["@Id"], a1)}</NFe>'


def lot(*notas: str, ind_sinc: str = "1", versao: str = "4.00") -> str:
    return f'<enviNFe xmlns="{NS}" versao="{versao}"><idLote>1</idLote><indSinc>{ind_sinc}</indSinc>{"".join(notas)}</enviNFe>'


def query(chave: str, ambiente: str = "2") -> str:
    return f'<consSitNFe xmlns="{NS}" versao="4.00"><tpAmb>{ambiente}</tpAmb><xServ>CONSULTAR</xServ><chNFe>{chave}</chNFe></consSitNFe>'


def status(c_uf: str = "35", ambiente: str = "2") -> str:
    return f'<consStatServ xmlns="{NS}" versao="4.00"><tpAmb>{ambiente}</tpAmb><cUF>{c_uf}</cUF><xServ>STATUS</xServ></consStatServ>'


def receipt(recibo: str) -> str:
    return f'<consReciNFe xmlns="{NS}" versao="4.00"><tpAmb>2</tpAmb><nRec>{recibo}</nRec></consReciNFe>'


def envelope(
    mensagem: str, servico: str = "NFeAutorizacao4", *, soap: str = "http://www.w3.org/2003/05/soap-envelope"
) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="{soap}"><s:Body>'
        f'<nfeDadosMsg xmlns="http://www.portalfiscal.inf.br/nfe/wsdl/{servico}">{mensagem}</nfeDadosMsg></s:Body></s:Envelope>'
    ).encode()


def values(resposta: bytes, *tags: str) -> list[str]:
    """Texts of the first element of each local name; empty when absent."""
    raiz = etree.fromstring(resposta)
    return [next((e.text or "" for e in raiz.iter() if etree.QName(e).localname == tag), "") for tag in tags]
