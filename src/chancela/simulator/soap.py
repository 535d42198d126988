"""SOAP as any client writes it: 1.1 or 1.2, prefixes or none, the message as child, CDATA or escaped text.

The message is cut out of the envelope as bytes, because the namespaces of an envelope around it would change
the canonical form under the signature.
"""

import base64
import binascii
import re
import zlib
from dataclasses import dataclass
from html import unescape
from xml.sax.saxutils import escape

from chancela.simulator import xml

SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
WSDL = "http://www.portalfiscal.inf.br/nfe/wsdl/"
TAMANHO_MAXIMO_ZIP = 8 * 1024 * 1024
_ABRE = re.compile(rb"<(?:([A-Za-z_][\w.\-]*):)?(nfeDadosMsg|nfeDadosMsgZip)(\s[^>]*)?>", re.IGNORECASE)
_CUF_DO_CABECALHO = re.compile(rb"<(?:[\w.\-]+:)?cUF\s*>\s*(\d{1,2})\s*<")
_NAMESPACE = re.compile(rb"xmlns(?::([\w.\-]+))?\s*=\s*[\"']([^\"']*)[\"']")


class EnvelopeInvalido(ValueError):
    """Not a SOAP envelope at all: answered with a fault."""


class MensagemAusente(ValueError):
    """An envelope without the message where it belongs: rejection 242."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a client sent: the bytes of the business XML and how they came."""

    conteudo: bytes
    soap11: bool
    zipado: bool
    c_uf: str = ""
    """cUF of the header that clients of older layouts still send; empty without it."""
    quebrado: bool = False
    """The envelope as a whole is not well-formed; the message is judged all the same (243)."""
    tamanho_compactado: int = 0
    """Bytes of a zipped message as it travelled."""


def open_envelope(corpo: bytes, servico: str) -> Envelope:
    """Cut the message out of a request to `servico`."""
    if b"Envelope" not in corpo:
        raise EnvelopeInvalido("sem Envelope")
    soap11 = SOAP11.encode() in corpo
    achado = _ABRE.search(corpo)
    quebrado = not _around_is_sound(corpo, achado) and not _is_sound(corpo)
    if achado is None:
        if quebrado:
            raise EnvelopeInvalido("XML mal formado")
        raise MensagemAusente("nfeDadosMsg")
    _check_namespace(corpo, achado, servico)
    zipado = achado[2].lower().endswith(b"zip")
    conteudo = _text_of(_inside(corpo, achado))
    while (dentro := _ABRE.match(conteudo)) is not None:
        conteudo = _text_of(_inside(conteudo, dentro))
    cabecalho = _CUF_DO_CABECALHO.search(corpo, 0, achado.start())
    c_uf = cabecalho[1].decode() if cabecalho else ""
    if zipado:
        return Envelope(_unzip(conteudo), soap11, True, c_uf, quebrado, len(conteudo))
    return Envelope(conteudo, soap11, False, c_uf, quebrado)


def _is_sound(corpo: bytes) -> bool:
    """Whether an envelope is well-formed XML. Raises `EnvelopeInvalido` when it is XML of something else."""
    try:
        raiz = xml.parse(corpo)
    except xml.XmlMalFormado:
        return False
    if xml.local_name(raiz) != "Envelope":
        raise EnvelopeInvalido("a raiz não é Envelope")
    return True


def _around_is_sound(corpo: bytes, achado: re.Match[bytes] | None) -> bool:
    """The same of what stands around a message that is a child: the message itself is parsed on its own (243)."""
    if achado is None or achado[0].endswith(b"/>"):
        return False
    fim = corpo.rfind(b"</", 0, corpo.rfind(achado[2]))
    dentro = corpo[achado.end() : fim].lstrip()
    filho = dentro.startswith(b"<") and not dentro.startswith((b"<!", b"<?"))
    return filho and _is_sound(corpo[: achado.end()] + corpo[fim:])


def _check_namespace(corpo: bytes, achado: re.Match[bytes], servico: str) -> None:
    prefixo = achado[1] or b""
    proprios = {(p or b""): ns for p, ns in _NAMESPACE.findall(achado[3] or b"")}
    ns = proprios.get(prefixo)
    if ns is None:
        ns = {(p or b""): ns for p, ns in _NAMESPACE.findall(corpo[: achado.start()])}.get(prefixo, b"")
    if ns.decode("utf-8", "replace").rstrip("/").lower() != (WSDL + servico).lower():
        raise MensagemAusente("namespace de nfeDadosMsg")


def _inside(corpo: bytes, achado: re.Match[bytes]) -> bytes:
    if achado[0].endswith(b"/>"):
        raise MensagemAusente("nfeDadosMsg vazio")
    nome = achado[2] if achado[1] is None else achado[1] + b":" + achado[2]
    fecho = re.compile(rb"</" + re.escape(nome) + rb"\s*>")
    fins = list(fecho.finditer(corpo, achado.end()))
    if not fins:
        raise MensagemAusente("nfeDadosMsg sem fim")
    return corpo[achado.end() : fins[-1].start()].strip()


def _text_of(dentro: bytes) -> bytes:
    """The message itself, whether it came as child, CDATA or escaped text; without its XML declaration."""
    if dentro.startswith(b"<![CDATA[") and dentro.endswith(b"]]>"):
        dentro = dentro[9:-3].strip()
    elif dentro.startswith(b"&lt;"):
        dentro = unescape(dentro.decode("utf-8", "replace")).encode().strip()
    if not dentro:
        raise MensagemAusente("nfeDadosMsg vazio")
    return dentro.lstrip(b"\xef\xbb\xbf")


def _unzip(texto: bytes) -> bytes:
    try:
        bruto = base64.b64decode(re.sub(rb"\s", b"", texto), validate=True)
        saida = zlib.decompressobj(wbits=47)
        conteudo = saida.decompress(bruto, TAMANHO_MAXIMO_ZIP)
    except (binascii.Error, zlib.error):
        raise MensagemAusente("nfeDadosMsgZip") from None
    if saida.unconsumed_tail:
        raise MensagemAusente("nfeDadosMsgZip grande demais")
    return conteudo.strip()


def wrap(resposta: str, servico: str, resultado: tuple[str, ...], *, soap11: bool) -> bytes:
    """The answer in its envelope, inside the elements of `resultado`, outermost first."""
    ns = SOAP11 if soap11 else SOAP12
    fora, *dentro = resultado
    abre = f'<{fora} xmlns="{WSDL}{servico}">' + "".join(f"<{tag}>" for tag in dentro)
    fecha = "".join(f"</{tag}>" for tag in reversed(resultado))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="{ns}"><soap:Body>'
        f"{abre}{resposta}{fecha}</soap:Body></soap:Envelope>"
    ).encode()


def fault(motivo: str, *, soap11: bool) -> bytes:
    """A SOAP fault of the sender's making."""
    texto = escape(motivo)
    if soap11:
        dentro = (
            f"<soap:Fault><faultcode>soap:Client</faultcode><faultstring>{texto}</faultstring></soap:Fault>"
        )
    else:
        dentro = (
            "<soap:Fault><soap:Code><soap:Value>soap:Sender</soap:Value></soap:Code>"
            f'<soap:Reason><soap:Text xml:lang="pt-BR">{texto}</soap:Text></soap:Reason></soap:Fault>'
        )
    ns = SOAP11 if soap11 else SOAP12
    return f'<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="{ns}"><soap:Body>{dentro}</soap:Body></soap:Envelope>'.encode()


def content_type(*, soap11: bool) -> str:
    return "text/xml; charset=utf-8" if soap11 else "application/soap+xml; charset=utf-8"


def wsdl(servico: str, metodo: str, endereco: str) -> str:
    """A minimal WSDL 1.1: enough for a client that insists on reading one."""
    ns = WSDL + servico
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" '
        f'xmlns:s12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="{ns}" targetNamespace="{ns}">'
        f'<wsdl:types><xs:schema targetNamespace="{ns}" elementFormDefault="qualified">'
        '<xs:element name="nfeDadosMsg"><xs:complexType mixed="true"><xs:sequence><xs:any processContents="skip"/></xs:sequence></xs:complexType></xs:element>'
        '<xs:element name="nfeResultMsg"><xs:complexType mixed="true"><xs:sequence><xs:any processContents="skip"/></xs:sequence></xs:complexType></xs:element>'
        "</xs:schema></wsdl:types>"
        '<wsdl:message name="Entrada"><wsdl:part name="nfeDadosMsg" element="t:nfeDadosMsg"/></wsdl:message>'
        '<wsdl:message name="Saida"><wsdl:part name="nfeResultMsg" element="t:nfeResultMsg"/></wsdl:message>'
        f'<wsdl:portType name="{servico}Soap12"><wsdl:operation name="{metodo}"><wsdl:input message="t:Entrada"/>'
        '<wsdl:output message="t:Saida"/></wsdl:operation></wsdl:portType>'
        f'<wsdl:binding name="{servico}Soap12" type="t:{servico}Soap12"><s12:binding transport="http://schemas.xmlsoap.org/soap/http"/>'
        f'<wsdl:operation name="{metodo}"><s12:operation soapAction="{ns}/{metodo}" style="document"/>'
        '<wsdl:input><s12:body use="literal"/></wsdl:input><wsdl:output><s12:body use="literal"/></wsdl:output></wsdl:operation></wsdl:binding>'
        f'<wsdl:service name="{servico}"><wsdl:port name="{servico}Soap12" binding="t:{servico}Soap12">'
        f'<s12:address location="{escape(endereco)}"/></wsdl:port></wsdl:service></wsdl:definitions>'
    )
