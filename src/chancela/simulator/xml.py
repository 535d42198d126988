"""The simulator's own XML: a safe parser, the official schemas, canonical form, and a plain tree for the rules.

Nothing of `domain.xml` is used here: the judge reads with its own eyes.
"""

import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from lxml import etree

Elemento = Any
NFE = "http://www.portalfiscal.inf.br/nfe"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
_ZERO = Decimal(0)
_PROIBIDOS = (b"<!DOCTYPE", b"<!ENTITY", b"\x00")
_PREFIXO = re.compile(rb"</?[A-Za-z_][\w.\-]*:[A-Za-z_]")
_CDATA = re.compile(rb"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_DECLARACAO = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._\-]+)[\"']")


class XmlMalFormado(ValueError):
    """Not well-formed, or a construction that no fiscal message may carry (DTD, entity, NUL, depth)."""


def parse(conteudo: bytes) -> Elemento:
    """The root of `conteudo`: no DTD, entity, network or huge text; at most 256 levels deep."""
    if any(proibido in conteudo for proibido in _PROIBIDOS):
        raise XmlMalFormado("construção proibida")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, strip_cdata=True
    )
    try:
        return etree.fromstring(conteudo, parser)
    except (etree.XMLSyntaxError, ValueError) as erro:
        raise XmlMalFormado(str(erro)[:200]) from None


def declared_encoding(conteudo: bytes) -> str:
    """The encoding that the XML declaration names, in lower case; `utf-8` when it names none."""
    achado = _DECLARACAO.match(conteudo)
    return achado[1].decode("ascii").lower() if achado else "utf-8"


def is_utf8(conteudo: bytes) -> bool:
    """Whether the bytes are UTF-8 and say so."""
    if declared_encoding(conteudo) not in ("utf-8", "utf8", "us-ascii"):
        return False
    try:
        conteudo.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def uses_prefix(conteudo: bytes, *, lido: bool = False) -> bool:
    """Whether an element carries a namespace prefix (rejection 404). What the parser took (`lido`) declares its prefixes."""
    if lido and b"xmlns:" not in conteudo and b"<xml:" not in conteudo:
        return False
    return _PREFIXO.search(_CDATA.sub(b"", conteudo) if b"<![CDATA[" in conteudo else conteudo) is not None


def local_name(elemento: Elemento) -> str:
    """The tag without namespace; empty for a comment or instruction."""
    tag = elemento.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _alone(elemento: Elemento) -> Elemento:
    """A copy with the namespaces that are in scope where the element stands; C14N in place writes a wrong xmlns."""
    if len(elemento.nsmap) == 1:
        return deepcopy(elemento)
    copia = etree.Element(elemento.tag, dict(elemento.attrib), nsmap=elemento.nsmap)
    copia.text = elemento.text
    for filho in elemento:
        copia.append(deepcopy(filho))
    return copia


def canonicalize(elemento: Elemento) -> bytes:
    """Inclusive C14N 1.0 without comments of an element in its context."""
    return etree.tostring(_alone(elemento), method="c14n", exclusive=False, with_comments=False)


class Grupo:
    """An XML element as rules read it: children by tag, text, value. An absent group answers as an empty one."""

    __slots__ = ("atributos", "filhos", "tag", "texto_proprio")

    def __init__(
        self, tag: str, texto: str, filhos: "dict[str, list[Grupo]]", atributos: dict[str, str]
    ) -> None:
        self.tag = tag
        self.texto_proprio = texto
        self.filhos = filhos
        self.atributos = atributos

    def __bool__(self) -> bool:
        return bool(self.tag)

    def tem(self, tag: str) -> bool:
        """Whether a child `tag` exists."""
        return tag in self.filhos

    def texto(self, tag: str) -> str:
        """Text of the first child `tag`; empty when there is none."""
        achados = self.filhos.get(tag)
        return achados[0].texto_proprio if achados else ""

    def valor(self, tag: str) -> Decimal:
        """Number in the first child `tag`; an absent optional value is zero."""
        achados = self.filhos.get(tag)
        return Decimal(achados[0].texto_proprio) if achados else _ZERO

    def grupo(self, tag: str) -> "Grupo":
        """First child `tag`, or the empty group."""
        achados = self.filhos.get(tag)
        return achados[0] if achados else VAZIO

    def grupos(self, tag: str) -> "list[Grupo]":
        """All children `tag`."""
        return self.filhos.get(tag, [])

    def primeiro(self) -> "Grupo":
        """The first child of any tag, or the empty group."""
        for achados in self.filhos.values():
            return achados[0]
        return VAZIO


VAZIO = Grupo("", "", {}, {})


def read_grupo(elemento: Elemento) -> Grupo:
    """Turn an element into a plain tree."""
    filhos: dict[str, list[Grupo]] = {}
    for filho in elemento:
        tag = filho.tag
        if isinstance(tag, str):
            filhos.setdefault(tag[tag.rfind("}") + 1 :], []).append(read_grupo(filho))
    tag = elemento.tag
    return Grupo(tag[tag.rfind("}") + 1 :], elemento.text or "", filhos, dict(elemento.attrib))


def element_names(grupos: Iterable[Grupo]) -> set[str]:
    """The tags below these elements, at any depth."""
    nomes: set[str] = set()
    abertos = list(grupos)
    while abertos:
        grupo = abertos.pop()
        nomes.update(grupo.filhos)
        for irmaos in grupo.filhos.values():
            abertos += [filho for filho in irmaos if filho.filhos]
    return nomes


def find_grupo(texto: str, tag: str) -> Grupo:
    """The first element `tag` of a stored document, at any depth; the empty group when there is none."""
    for elemento in parse(texto.encode()).iter():
        if local_name(elemento) == tag:
            return read_grupo(elemento)
    return VAZIO


@dataclass(frozen=True, slots=True)
class FalhaEsquema:
    """Where and why a document breaks its schema."""

    linha: int
    mensagem: str


class Esquema:
    """One official XSD, compiled once per process."""

    def __init__(self, pacote: str, caminho: str) -> None:
        origem = files(pacote).joinpath(*caminho.split("/"))
        with origem.open("rb") as arquivo:
            self._schema = etree.XMLSchema(etree.parse(arquivo, base_url=str(origem)))

    def check(self, elemento: Elemento) -> FalhaEsquema | None:
        """The first failure, or None."""
        if self._schema.validate(elemento):
            return None
        erro = self._schema.error_log[0]
        return FalhaEsquema(erro.line, erro.message)


@cache
def esquema_nfe(nome: str) -> Esquema:
    """A schema by file name without suffix: of the NF-e 4.00 package, or with its folder in nfelib, or `@nfe/...`, our own."""
    if nome.startswith("@"):
        return Esquema("chancela", f"schemas/{nome[1:]}.xsd")
    return Esquema("nfelib", f"{nome if '/' in nome else 'nfe/schemas/v4_0/' + nome}.xsd")


_LETRA = re.compile(rb"[A-Z]")
_IDENTIDADES = frozenset(
    {"CNPJ", "chNFe", "chNFeRef", "CNPJPag", "CNPJIF", "CNPJReceb", "idPedidoCancelado", "CNPJDest"}
)


def identities(grupo: Grupo) -> set[str]:
    """Every CNPJ and key in a tree, wherever it stands."""
    achadas: set[str] = set()
    for tag, filhos in grupo.filhos.items():
        for filho in filhos:
            if tag in _IDENTIDADES:
                achadas.add(filho.texto_proprio.removeprefix("ID"))
            achadas |= identities(filho)
    return achadas


def without_letters(conteudo: bytes, identidades: set[str]) -> bytes:
    """The letters of these keys and CNPJs as zeros, for the published schemas that know digits only."""
    for identidade in sorted(i.encode() for i in identidades):
        if _LETRA.search(identidade):
            conteudo = conteudo.replace(identidade, _LETRA.sub(b"0", identidade))
    return conteudo


def slices(conteudo: bytes, tag: str) -> list[bytes]:
    """The literal bytes of each `<tag>...</tag>`, in order. The tag must not nest and must have no prefix."""
    nome = tag.encode()
    abre, fecha = re.compile(rb"<" + nome + rb"(?=[\s>])"), re.compile(rb"</" + nome + rb"\s*>")
    fatias: list[bytes] = []
    fim = 0
    while (inicio := abre.search(conteudo, fim)) and (termo := fecha.search(conteudo, inicio.end())):
        fim = termo.end()
        fatias.append(conteudo[inicio.start() : fim])
    return fatias


def serialize(elemento: Elemento) -> bytes:
    """The element as bytes of its own; only for the rare lot whose literal bytes cannot be cut out."""
    return etree.tostring(elemento, encoding="utf-8", with_tail=False)
