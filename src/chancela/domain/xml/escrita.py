"""Text primitives of canonical XML (C14N 1.0, section 2.3).

Documents are written in canonical form from the first character, so that the bytes that are hashed, signed, sent and
stored are one and the same. Layout tables (`leiaute.py`) build on these primitives; nothing here knows a tag.
"""

import re

from chancela.domain.erros import XmlInvalido

NFE_NS = "http://www.portalfiscal.inf.br/nfe"
DSIG_NS = "http://www.w3.org/2000/09/xmldsig#"
XML_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>'

# Characters that XML 1.0 (production 2, Char) does not have: they cannot be written, escaped or not.
_PROIBIDOS = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
_EM_TEXTO = re.compile(f"[&<>\r{_PROIBIDOS}]")
_EM_ATRIBUTO = re.compile(f'[&<"\t\n\r{_PROIBIDOS}]')
_TROCAS = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\t": "&#x9;",
    "\n": "&#xA;",
    "\r": "&#xD;",
}


def escape_text(texto: str) -> str:
    """`texto` as the content of an element in canonical form.

    Raises `XmlInvalido` (XML-ESCRITA-01) for a character that XML does not have, such as NUL or half a surrogate.
    """
    # Codes and numbers, which are most texts, are known to be plain without the search.
    if texto.isalnum() or _EM_TEXTO.search(texto) is None:
        return texto
    return _EM_TEXTO.sub(_replace, texto)


def escape_attribute(texto: str) -> str:
    """`texto` as the value of an attribute in double quotes, in canonical form. Errors as in `escape_text`."""
    return texto if _EM_ATRIBUTO.search(texto) is None else _EM_ATRIBUTO.sub(_replace, texto)


def _replace(achado: re.Match[str]) -> str:
    caractere = achado[0]
    try:
        return _TROCAS[caractere]
    except KeyError:
        raise XmlInvalido(
            "XML-ESCRITA-01",
            f"O texto traz o caractere de controle U+{ord(caractere):04X}, que não existe em XML.",
            "Retire o caractere do texto e envie novamente.",
        ) from None
