"""The one text normaliser: makes any text fit the official set (`TString`) and tells what it changed.

`TString` holds the characters from space to ÿ, begins and ends visible, has no line break. Typographic signs become
their plain twins (– to -), letters outside the set lose what cannot be kept (ā to a), and what is left over (Chinese,
Japanese and Korean characters, emoji, control characters) is dropped.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from chancela.kit.frozen import frozen

_BOM = re.compile(r"[!-~¡-ÿ]+(?: [!-~¡-ÿ]+)*")
_BRANCOS = re.compile(r"[\s\x00-\x20\x7f-\xa0\u2028\u2029]+")
_FORA = re.compile(r"[^ -~¡-ÿ]")
_TROCAS = str.maketrans(
    {
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "•": "-", "…": "...",
        "‘": "'", "’": "'", "‚": "'", "′": "'", "“": '"', "”": '"', "„": '"', "″": '"', "‹": "<", "›": ">",
        "€": "EUR", "™": "(TM)", "Œ": "OE", "œ": "oe", "Š": "S", "š": "s", "Ž": "Z", "ž": "z", "Ÿ": "Y", "ƒ": "f",
        "№": "No", "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "ı": "i", "⁄": "/", "\u00ad": "",
    }
)  # fmt: skip


@frozen
class Ajuste:
    """One text that could not travel as it came. `caminho` is in the document's own terms."""

    caminho: str
    antes: str
    depois: str


def is_clean(texto: str, maximo: int) -> bool:
    """Whether a text can travel as it is in a field of `maximo` characters."""
    if not texto or len(texto) > maximo:
        return False
    if texto.isascii():  # printable ASCII is all inside the set: only blanks are left to judge
        return texto.isprintable() and texto[0] != " " and texto[-1] != " " and "  " not in texto
    return _BOM.fullmatch(texto) is not None


def clean_texto(texto: str) -> str:
    """The text inside the official set: trimmed, blanks collapsed, plain signs; may come out empty."""
    composto = unicodedata.normalize("NFC", _BRANCOS.sub(" ", texto)).translate(_TROCAS)
    if _FORA.search(composto):
        composto = _FORA.sub(_approximate, composto)
    return re.sub(" +", " ", composto).strip()


def _approximate(achado: re.Match[str]) -> str:
    """The nearest spelling of one character inside the set, or nothing."""
    return _FORA.sub("", unicodedata.normalize("NFKD", achado[0]))


@dataclass(slots=True)
class Normalizador:
    """Normalises the texts of one document and remembers the changes, in order."""

    ajustes: list[Ajuste] = field(default_factory=list[Ajuste])

    def limpa(self, caminho: str, texto: str, maximo: int) -> str:
        """Clean `texto` and cut it at `maximo` characters (never leaving a blank at the end)."""
        if is_clean(texto, maximo):
            return texto
        limpo = clean_texto(texto)
        if len(limpo) > maximo:
            limpo = limpo[:maximo].rstrip()
        if limpo != texto:
            self.ajustes.append(Ajuste(caminho, texto, limpo))
        return limpo

    def opcional(self, caminho: str, texto: str | None, maximo: int) -> str | None:
        """As `limpa`; a text that comes out empty becomes None."""
        if texto is None:
            return None
        return self.limpa(caminho, texto, maximo) or None
