"""The SOAP 1.2 envelope: composed as text around bytes that are already final, and read by local names.

Signed bytes are never parsed and written again on the way out. On the way in authorizers differ in prefixes, in the
names of the wrappers, and in whether the result is an element, CDATA or escaped text: only the name of the result
and the word Fault are relied upon (spec: MOC 7.0, web-service part; layout 4.00 has no SOAP header).
"""

import base64
import gzip
from dataclasses import dataclass

from lxml import etree

from chancela.domain.erros import XmlInvalido
from chancela.domain.xml.leitura import Elemento, Limites, iter_local, local_name, parse_xml
from chancela.gateways.soap.recorte import slice_elements, strip_prologue, to_utf8

SOAP12_NS = "http://www.w3.org/2003/05/soap-envelope"
_LIMITES = Limites(tamanho_bytes=8 * 1024 * 1024, texto_caracteres=8 * 1024 * 1024)
_PROFUNDIDADE_DE_TEXTO = 3
"""How many times a result may be text inside text before it is refused."""


@dataclass(frozen=True, slots=True)
class ServicoSoap:
    """A web service: its namespace ends in `nome`, its action adds `metodo`."""

    nome: str
    metodo: str
    raiz_resposta: str
    base: str = "http://www.portalfiscal.inf.br/nfe/wsdl/"
    envoltorio: str = "nfeDadosMsg"
    operacao: str = ""
    """An element of the service's namespace around the wrapper, where the WSDL asks for one."""
    compactado: bool = False
    """The message travels as base64 of gzip inside the wrapper, as text."""

    @property
    def namespace(self) -> str:
        return self.base + self.nome

    @property
    def content_type(self) -> str:
        """With the action inside, as SOAP 1.2 has it."""
        return f'application/soap+xml; charset=utf-8; action="{self.namespace}/{self.metodo}"'


@dataclass(frozen=True, slots=True)
class Carga:
    """The result that an answer carried: `xml` byte for byte, `elemento` the same, parsed, for reading only."""

    xml: bytes
    elemento: Elemento


class RespostaIlegivel(Exception):
    """What came is not the answer of the service: HTML, truncated XML, another root."""


class FalhaSoap(Exception):
    """A SOAP Fault. `do_remetente` when the host says that the request, not the host, was at fault: not processed."""

    def __init__(self, codigo: str, motivo: str) -> None:
        super().__init__(f"{codigo}: {motivo}")
        self.codigo = codigo
        self.motivo = motivo
        self.do_remetente = codigo.rpartition(":")[2] in (
            "Sender",
            "Client",
            "VersionMismatch",
            "MustUnderstand",
        )


def build_envelope(servico: ServicoSoap, carga: bytes) -> bytes:
    """The request: `carga` (UTF-8, one element, a declaration before it is dropped) goes in byte for byte, or packed."""
    conteudo = strip_prologue(carga)
    assert conteudo.startswith(b"<"), conteudo[:40]
    if servico.compactado:
        # Without the instant of packing, the same message is the same bytes in every try.
        conteudo = base64.b64encode(gzip.compress(conteudo, mtime=0))
    externo, *internos = (tag for tag in (servico.operacao, servico.envoltorio) if tag)
    abre = f'<{externo} xmlns="{servico.namespace}">' + "".join(f"<{tag}>" for tag in internos)
    fecha = "".join(f"</{tag}>" for tag in (*internos, externo))
    return b"".join(
        (
            b'<?xml version="1.0" encoding="UTF-8"?><soap12:Envelope xmlns:soap12="',
            SOAP12_NS.encode(),
            b'"><soap12:Body>',
            abre.encode(),
            conteudo,
            fecha.encode(),
            b"</soap12:Body></soap12:Envelope>",
        )
    )


def read_answer(corpo: bytes, raiz: str) -> Carga:
    """The element `raiz` of an answer, wherever it lies. Raises `FalhaSoap` or `RespostaIlegivel`."""
    return _find_result(corpo, raiz, _PROFUNDIDADE_DE_TEXTO)


def _find_result(corpo: bytes, raiz: str, profundidade: int) -> Carga:
    try:
        texto = to_utf8(corpo)
        documento = parse_xml(texto, limites=_LIMITES)
        achado = find_named(documento, raiz)
        if achado is not None:
            return Carga(slice_elements(texto, raiz)[0], achado)
    except (XmlInvalido, ValueError, UnicodeError) as erro:
        raise RespostaIlegivel(f"not XML: {erro}") from erro
    falha = find_named(documento, "Fault")
    if falha is not None:
        raise FalhaSoap(*_fault_words(falha))
    if profundidade > 0:
        for elemento in documento.iter(etree.Element):
            interno = (elemento.text or "").strip()
            if interno.startswith("<") and raiz in interno:
                return _find_result(interno.encode(), raiz, profundidade - 1)
    raise RespostaIlegivel(f"no {raiz} in <{local_name(documento)}>")


def _fault_words(falha: Elemento) -> tuple[str, str]:
    """Code and reason of a Fault of SOAP 1.2 or 1.1."""

    def words(*nomes: str) -> str:
        achados = (find_named(falha, nome) for nome in nomes)
        return next(((a.text or "").strip() for a in achados if a is not None), "")

    return words("Value", "faultcode"), words("Text", "faultstring")[:500]


def find_named(elemento: Elemento, nome: str) -> Elemento | None:
    """The first element of that local name at or below `elemento`."""
    return next(iter_local(elemento, nome), None)


def standalone(fatia: bytes, elemento: Elemento, namespace: str) -> bytes:
    """`fatia` itself when it keeps its meaning inside a parent whose default namespace is `namespace`.

    An answer that spells its elements with prefixes, or declares them further out, cannot be cut out as it is: then the
    same elements, attributes and texts are written again without prefixes.
    """
    if elemento.tag.startswith(f"{{{namespace}}}") and not _has_prefixes(elemento):
        return fatia
    return etree.tostring(_without_prefixes(elemento, namespace), encoding="UTF-8", xml_declaration=False)


def _has_prefixes(elemento: Elemento) -> bool:
    """Whether an element at or below this one, or an attribute of one, has a prefix."""
    return any(
        e.prefix is not None or any("{" in nome or ":" in nome for nome in e.attrib)
        for e in elemento.iter(etree.Element)
    )


def _without_prefixes(elemento: Elemento, namespace: str) -> Elemento:
    proprio = etree.QName(elemento).namespace
    de_fora = namespace if proprio in (None, "") else proprio
    copia = etree.Element(f"{{{de_fora}}}{local_name(elemento)}", nsmap={None: de_fora})
    for nome, valor in elemento.attrib.items():
        if "{" not in str(nome):
            copia.set(nome, valor)
    copia.text = elemento.text
    for filho in elemento.iterchildren(etree.Element):
        novo = _without_prefixes(filho, namespace)
        novo.tail = filho.tail
        copia.append(novo)
    return copia
