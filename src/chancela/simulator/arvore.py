"""The plain tree of a message, cut out of its text in one pass.

Asking lxml for every element of a note costs as much as all the rules. A message that was found well-formed and is written
in the plain way of fiscal messages has nothing but marks and texts, and a regular expression tells them apart; whatever is
written otherwise (prefixes, CDATA, comments, odd attributes) is asked of the parser's tree, so that both give the same.
"""

import re

from chancela.simulator.xml import VAZIO, Elemento, Grupo, read_grupo

_SEM_ATRIBUTOS: dict[str, str] = {}
_NOME = r"[A-Za-z_][\w.\-]*"
_PECA = re.compile(rf"<({_NOME})>([^<]*)</\1>|<(/?)({_NOME})([^<>]*)>([^<]*)")
"""A leaf without attributes, whole; or one mark and the text behind it."""
_ATRIBUTO = re.compile(rf"""\s+({_NOME})\s*=\s*(?:"([^"&\t\n]*)"|'([^'&\t\n]*)')""")
_ATRIBUTOS = re.compile(rf"""(?:\s+{_NOME}\s*=\s*(?:"[^"&\t\n]*"|'[^'&\t\n]*'))*\s*/?""")
_ESCAPE = re.compile("&(?:#([0-9]+)|#x([0-9A-Fa-f]+)|(amp|lt|gt|quot|apos));")
_CARACTERES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_DO_ANALISADOR = ("<!", "<?", "\r")


def read_tree(conteudo: bytes, raiz: Elemento) -> Grupo:
    """The tree of `conteudo`, which the parser read into `raiz`."""
    try:
        return _cut(conteudo.decode()) or read_grupo(raiz)
    except UnicodeDecodeError:
        return read_grupo(raiz)


def _cut(texto: str) -> Grupo:
    """The tree of a well-formed text; the empty group when it is not written in the plain way."""
    if any(marca in texto for marca in _DO_ANALISADOR):
        return VAZIO
    acima = Grupo("", "", {}, {})
    filhos, abertos, marcas = acima.filhos, list[dict[str, list[Grupo]]](), 0
    for folha, valor, fecha, tag, atributos, dentro in _PECA.findall(texto):
        if folha:
            marcas += 2
            grupo = Grupo(folha, _plain(valor) if "&" in valor else valor, {}, _SEM_ATRIBUTOS)
            filhos.setdefault(folha, []).append(grupo)
            continue
        marcas += 1
        if fecha and abertos:
            filhos = abertos.pop()
            continue
        lidos = _attributes(atributos) if atributos else _SEM_ATRIBUTOS
        if fecha or lidos is None:
            return VAZIO
        aberta = not atributos.endswith("/")
        proprio = (_plain(dentro) if "&" in dentro else dentro) if aberta else ""
        grupo = Grupo(tag, proprio, {}, lidos)
        filhos.setdefault(tag, []).append(grupo)
        if aberta:
            abertos.append(filhos)
            filhos = grupo.filhos
    return acima.primeiro() if marcas == texto.count("<") else VAZIO


def _attributes(texto: str) -> dict[str, str] | None:
    """The attributes of a mark without its namespace; None when they are not plain."""
    if _ATRIBUTOS.fullmatch(texto) is None:
        return None
    return {nome: um or outro for nome, um, outro in _ATRIBUTO.findall(texto) if nome != "xmlns"}


def _plain(texto: str) -> str:
    return _ESCAPE.sub(_character, texto)


def _character(achado: re.Match[str]) -> str:
    decimal, hexadecimal, nome = achado.groups()
    if nome:
        return _CARACTERES[nome]
    return chr(int(decimal) if decimal else int(hexadecimal, 16))
