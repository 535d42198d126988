"""Cuts elements out of XML text byte for byte.

A protocol or a signed event is evidence: it is stored as it came, never parsed and written again. The text must
already have passed the safe reader; this scanner only finds where elements start and end.
"""

import re
from functools import cache

_PROLOGO = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>)?\s*")
_CODIFICACAO = re.compile(rb"\A\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")


@cache
def _marks(nome: str) -> re.Pattern[bytes]:
    """The tags of a local name, whatever their prefix, and what may spell one and is none. An attribute holds no `<`."""
    return re.compile(
        rb"<(?:!--.*?--|!\[CDATA\[.*?\]\]|\?.*?\?"
        rb"|(?P<fim>/?)(?:[^\s/<>:\"']++:)?+(?P<nome>" + re.escape(nome.encode()) + rb")(?=[\s/>])"
        rb"(?:[^>\"']|\"[^\"]*\"|'[^']*')*?(?P<vazio>/?))>",
        re.DOTALL,
    )


def slice_elements(xml: bytes, nome: str) -> tuple[bytes, ...]:
    """Every outermost element of local name `nome`, whatever its prefix, in document order, byte for byte.

    ValueError when one is never closed.
    """
    fatias: list[bytes] = []
    inicio = -1
    profundidade = 0
    for marca in _marks(nome).finditer(xml):
        if marca["nome"] is None:
            continue
        if marca["fim"]:
            profundidade -= 1
            if profundidade == 0:
                fatias.append(xml[inicio : marca.end()])
        elif marca["vazio"]:
            if profundidade == 0:
                fatias.append(marca[0])
        else:
            if profundidade == 0:
                inicio = marca.start()
            profundidade += 1
    if profundidade != 0:
        raise ValueError(f"{nome} is not closed")
    return tuple(fatias)


def strip_prologue(xml: bytes) -> bytes:
    """Without byte order mark, XML declaration and the blanks around them."""
    return xml[_PROLOGO.match(xml).end() :]  # type: ignore[union-attr] - the pattern matches the empty text too


def to_utf8(xml: bytes) -> bytes:
    """The same text in UTF-8 without prologue. ValueError when it is not in the encoding that it declares."""
    if xml.startswith((b"\xff\xfe", b"\xfe\xff")):
        return strip_prologue(xml.decode("utf-16").encode())
    declarada = _CODIFICACAO.match(xml.removeprefix(b"\xef\xbb\xbf"))
    codificacao = declarada[1].decode("ascii").lower() if declarada else "utf-8"
    if codificacao in ("utf-8", "utf8", "us-ascii", "ascii"):
        xml.decode("utf-8")
        return strip_prologue(xml)
    if codificacao not in ("iso-8859-1", "latin1", "iso-8859-15", "windows-1252", "utf-16"):
        raise ValueError(f"unknown encoding {codificacao}")
    return strip_prologue(xml.decode(codificacao).encode())
