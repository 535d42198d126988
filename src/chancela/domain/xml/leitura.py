"""The one safe XML reader, and verbatim extraction of elements out of bytes.

Refused before the parser sees anything: what is not UTF-8, NUL, any DOCTYPE or entity declaration, too many bytes or
elements. Refused after it: too deep, too many attributes, too long texts, and, in content that is signed, comments
and processing instructions (they split a text that looks whole to a person). No network, no file, no entity but the
five of XML and numeric ones.
"""

import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from lxml import etree

from chancela.domain.erros import XmlInvalido

Elemento = etree._Element  # pyright: ignore[reportPrivateUsage] - lxml publishes no other name for the type
"""An element of a parsed document."""


@dataclass(frozen=True, slots=True)
class Limites:
    """What a document may cost. The defaults fit every message of the layouts but a page of distribution."""

    tamanho_bytes: int = 2 * 1024 * 1024
    profundidade: int = 48
    elementos: int = 250_000
    atributos: int = 32
    """Of one element, namespace declarations not counted."""
    namespaces: int = 1_000
    """Declarations in the whole document."""
    atributo_caracteres: int = 4_096
    texto_caracteres: int = 512 * 1024


LIMITES = Limites()
_BOM = b"\xef\xbb\xbf"
_DECLARACAO = re.compile(rb"<\?xml\s[^>]*?\?>")
_CODIFICACAO = re.compile(rb"""\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._\-]*)["']""")
_ACEITAS = (b"utf-8", b"utf8", b"us-ascii", b"ascii")
_CDATA = re.compile(rb"<!\[CDATA\[.*?\]\]>", re.DOTALL)
# Left to right, as a parser goes: whatever starts first hides what is inside it. What is left is a declaration.
_OPACOS = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<!", re.DOTALL)


def parse_xml(conteudo: bytes, *, assinado: bool = False, limites: Limites = LIMITES) -> Elemento:
    """The root element of `conteudo`.

    With `assinado`, content whose signature will be judged: no comment, no processing instruction, no byte order
    mark. Raises `XmlInvalido` with a code per reason (XML-LEITURA-01 to 12).
    """
    corpo = _check_bytes(conteudo, assinado=assinado, limites=limites)
    raiz = _parse(corpo, _parser("utf-8"))
    assert raiz.getroottree().docinfo.internalDTD is None, "a DOCTYPE does not pass the check of the bytes"
    _check_tree(raiz, corpo, limites)
    if assinado and (b"<!--" in corpo or b"<?" in corpo) and _has_comment_or_pi(raiz):
        raise XmlInvalido(
            "XML-LEITURA-11",
            "O XML assinado traz comentário ou instrução de processamento, o que o leiaute não permite.",
            "Gere o XML sem comentários.",
        )
    return raiz


def parse_own_xml(conteudo: bytes) -> Elemento:
    """The root element of a text that our own writer has just made, for the schema to judge.

    Such a text is UTF-8 without a declaration, has every value escaped and nests no deeper than its layout, so that of
    the limits only the size is left to check. Never for bytes that came from outside or that were stored: those are
    `parse_xml`'s. Raises `XmlInvalido` (XML-LEITURA-01 and 05).
    """
    _check_size(conteudo, LIMITES)
    return _parse(conteudo, _PROPRIO.parser)


def _parser(codificacao: str | None) -> etree.XMLParser:
    return etree.XMLParser(
        encoding=codificacao,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        collect_ids=False,
    )


class _Proprio(threading.local):
    """One parser for the texts of our own that each thread reads: threads that shared one would wait for each other."""

    def __init__(self) -> None:
        super().__init__()
        self.parser = _parser(None)


_PROPRIO = _Proprio()


def _parse(corpo: bytes, parser: etree.XMLParser) -> Elemento:
    try:
        return etree.fromstring(corpo, parser)
    except etree.XMLSyntaxError as erro:
        raise _malformed(erro) from None


_CORRECAO = "Gere o XML novamente; não o edite à mão."


def _check_size(conteudo: bytes, limites: Limites) -> None:
    if len(conteudo) > limites.tamanho_bytes:
        raise XmlInvalido(
            "XML-LEITURA-01",
            f"O XML tem {len(conteudo)} bytes; o limite é de {limites.tamanho_bytes}.",
            "Divida o envio em documentos menores.",
        )


def _check_bytes(conteudo: bytes, *, assinado: bool, limites: Limites) -> bytes:
    """The bytes that go to the parser: size, encoding and markup declarations are settled here."""
    _check_size(conteudo, limites)
    if b"\x00" in conteudo:
        raise XmlInvalido(
            "XML-LEITURA-02", "O XML traz o byte nulo ou não está em UTF-8.", "Grave o XML em UTF-8."
        )
    if conteudo.startswith(_BOM):
        if assinado:
            raise XmlInvalido(
                "XML-LEITURA-03",
                "O XML começa com marca de ordem de bytes (BOM).",
                "Grave o XML em UTF-8 sem BOM.",
            )
        conteudo = conteudo[3:]
    declaracao = _DECLARACAO.match(conteudo)
    if declaracao is not None:
        codificacao = _CODIFICACAO.search(declaracao[0])
        if codificacao is not None and codificacao[1].lower() not in _ACEITAS:
            nome = codificacao[1].decode("ascii")
            raise XmlInvalido(
                "XML-LEITURA-04", f"O XML se declara em {nome}; só UTF-8 é aceito.", "Grave o XML em UTF-8."
            )
    try:
        conteudo.decode("utf-8")
    except UnicodeDecodeError:
        raise XmlInvalido("XML-LEITURA-02", "O XML não está em UTF-8.", "Grave o XML em UTF-8.") from None
    if _declares(conteudo):
        raise _declaration()
    if len(conteudo) > len(b"xmlns") * limites.namespaces and conteudo.count(b"xmlns") > limites.namespaces:
        raise _beyond("XML-LEITURA-09", f"mais de {limites.namespaces} declarações de namespace")
    if len(conteudo) > 4 * limites.elementos and _opening_tags(conteudo) > limites.elementos:
        raise _beyond("XML-LEITURA-08", f"mais de {limites.elementos} elementos")
    return conteudo


def _opening_tags(conteudo: bytes) -> int:
    """How many elements the bytes spell, those inside CDATA and comments too: a tree of them costs 60 ms to build."""
    return conteudo.count(b"<") - conteudo.count(b"</") - conteudo.count(b"<!") - conteudo.count(b"<?")


def _declares(conteudo: bytes) -> bool:
    """Whether a `<!` stands outside comments, CDATA sections and instructions."""
    # One byte is sought ten times as fast as two, and few documents have a "!" at all.
    return (
        b"!" in conteudo
        and b"<!" in conteudo
        and any(achado[0] == b"<!" for achado in _OPACOS.finditer(conteudo))
    )


def _declaration() -> XmlInvalido:
    return XmlInvalido(
        "XML-LEITURA-06",
        "O XML traz DOCTYPE ou declaração de entidade, o que o leiaute não permite.",
        "Gere o XML sem DOCTYPE.",
    )


def _malformed(erro: etree.XMLSyntaxError) -> XmlInvalido:
    linha, coluna = erro.position
    motivo = _MOTIVOS.get(erro.code, "está malformado")
    return XmlInvalido("XML-LEITURA-05", f"O XML {motivo} (linha {linha}, coluna {coluna}).", _CORRECAO)


_MOTIVOS = {
    etree.ErrorTypes.ERR_DOCUMENT_EMPTY: "está vazio ou não começa com uma tag",
    etree.ErrorTypes.ERR_DOCUMENT_END: "tem conteúdo depois do fim do documento",
    etree.ErrorTypes.ERR_INVALID_CHAR: "traz um caractere que não existe em XML",
    etree.ErrorTypes.ERR_INVALID_CHARREF: "traz uma referência a um caractere que não existe em XML",
    etree.ErrorTypes.ERR_UNDECLARED_ENTITY: "usa uma entidade que não existe",
    etree.ErrorTypes.ERR_TAG_NAME_MISMATCH: "abre uma tag e fecha outra",
    etree.ErrorTypes.ERR_TAG_NOT_FINISHED: "termina antes de fechar todas as tags",
    etree.ErrorTypes.ERR_ATTRIBUTE_REDEFINED: "repete um atributo na mesma tag",
    etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE: "usa um prefixo que não foi declarado",
    etree.ErrorTypes.ERR_NAME_TOO_LONG: "tem um nome ou texto longo demais",
    etree.ErrorTypes.ERR_RESOURCE_LIMIT: "passa dos limites de tamanho ou profundidade",
}


@cache
def _too_deep(profundidade: int) -> etree.XPath:
    return etree.XPath("boolean(" + "/*" * (profundidade + 1) + ")")


@cache
def _too_many_attributes(atributos: int) -> etree.XPath:
    # By way of the attributes, which are few, instead of the elements, which are many: four times as fast.
    return etree.XPath(f"boolean(//@*/parent::*[@*[{atributos + 1}]])")


@cache
def _too_long_attribute(caracteres: int) -> etree.XPath:
    return etree.XPath(f"boolean(//@*[string-length() > {caracteres}])")


@cache
def _too_long_text(caracteres: int) -> etree.XPath:
    return etree.XPath(f"boolean(//text()[string-length() > {caracteres}])")


def _check_tree(raiz: Elemento, corpo: bytes, limites: Limites) -> None:
    """Structure limits. A check is skipped when bytes so few, or with so few tags that close, cannot break it."""
    tamanho = len(corpo)
    if corpo.count(b"</") >= limites.profundidade and _too_deep(limites.profundidade)(raiz):
        raise _beyond("XML-LEITURA-07", f"mais de {limites.profundidade} níveis de tags")
    if corpo.count(b"=") > limites.atributos and _too_many_attributes(limites.atributos)(raiz):
        raise _beyond("XML-LEITURA-09", f"mais de {limites.atributos} atributos numa tag")
    if tamanho > limites.atributo_caracteres and _too_long_attribute(limites.atributo_caracteres)(raiz):
        raise _beyond("XML-LEITURA-09", f"um atributo com mais de {limites.atributo_caracteres} caracteres")
    if tamanho > limites.texto_caracteres and _too_long_text(limites.texto_caracteres)(raiz):
        raise _beyond("XML-LEITURA-10", f"um texto com mais de {limites.texto_caracteres} caracteres")


def _beyond(codigo: str, o_que: str) -> XmlInvalido:
    return XmlInvalido(
        codigo, f"O XML tem {o_que}.", "Confira o conteúdo: nenhum documento fiscal chega a isso."
    )


def _has_comment_or_pi(raiz: Elemento) -> bool:
    if next(raiz.iter(etree.Comment, etree.PI), None) is not None:
        return True
    return raiz.getprevious() is not None or raiz.getnext() is not None


def local_name(elemento: Elemento) -> str:
    """The tag without its namespace; empty for a comment or a processing instruction."""
    tag = elemento.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def iter_local(elemento: Elemento, nome: str) -> Iterator[Elemento]:
    """Every element with the local name `nome` in `elemento` (itself included), in document order."""
    return elemento.iter(f"{{*}}{nome}")


def find_local(elemento: Elemento, caminho: str) -> Elemento | None:
    """The first element along `caminho` (`infProt/cStat`): local names, direct children only."""
    atual: Elemento | None = elemento
    for nome in caminho.split("/"):
        assert atual is not None
        atual = next(atual.iterchildren(f"{{*}}{nome}"), None)
        if atual is None:
            return None
    return atual


def text_of(elemento: Elemento, caminho: str, padrao: str = "") -> str:
    """The text along `caminho` without blanks around it; `padrao` when the element is not there or is empty."""
    achado = find_local(elemento, caminho)
    texto = (achado.text or "").strip() if achado is not None else ""
    return texto or padrao


def texts_of(elemento: Elemento) -> Mapping[str, str]:
    """The text of every child by local name, as `text_of` gives it; of several of one name, the first.

    For a group of which many fields are wanted: one walk instead of one for each.
    """
    textos: dict[str, str] = {}
    for filho in elemento.iterchildren(etree.Element):
        nome = local_name(filho)
        if nome not in textos:
            textos[nome] = (filho.text or "").strip()
    return textos


def slice_element(conteudo: bytes, tag: str) -> bytes:
    """The only element `tag` of `conteudo`, byte for byte, tags included.

    `conteudo` must have passed `parse_xml(..., assinado=True)`. Only elements without prefix are found, and an
    element may not hold another of its own name. Raises `XmlInvalido` (XML-LEITURA-12) when there is not exactly one.
    """
    achados = slice_elements(conteudo, tag)
    if len(achados) != 1:
        raise XmlInvalido(
            "XML-LEITURA-12",
            f"O XML deveria ter um único elemento {tag} e tem {len(achados)}.",
            "Envie um documento de cada vez, inteiro.",
        )
    return achados[0]


def slice_elements(conteudo: bytes, tag: str) -> list[bytes]:
    """Every element `tag` of `conteudo`, byte for byte, in document order. Conditions as in `slice_element`."""
    return [conteudo[inicio:fim] for inicio, fim in _spans(conteudo, tag)]


@cache
def _opening(tag: str) -> re.Pattern[bytes]:
    return re.compile(rb"<" + re.escape(tag.encode()) + rb"(?=[\s/>])(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")


def _spans(conteudo: bytes, tag: str) -> Iterator[tuple[int, int]]:
    # CDATA may spell tags that are none: it is blanked, length kept, for the search only.
    busca = _CDATA.sub(_blank, conteudo) if b"<![CDATA[" in conteudo else conteudo
    fecho = re.compile(rb"</" + re.escape(tag.encode()) + rb"\s*>")
    posicao = 0
    while (abertura := _opening(tag).search(busca, posicao)) is not None:
        if abertura[0].endswith(b"/>"):
            posicao = abertura.end()
        else:
            fim = fecho.search(busca, abertura.end())
            if fim is None:
                raise XmlInvalido("XML-LEITURA-05", f"O XML não fecha a tag {tag}.", _CORRECAO)
            posicao = fim.end()
        yield abertura.start(), posicao


def _blank(achado: re.Match[bytes]) -> bytes:
    return b" " * len(achado[0])
