"""Why SEFAZ refused a document and what to do, in the words of a shop: the catalogue of rejections.

A row is found by cStat and, where the number was given another meaning over the years, by a fragment of xMotivo
(`variante`). xMotivo is also read: `[nItem: 3]`, `[nOcor: 2]` and `[chNFe: ...]` say which item, which occurrence and
which other document. The rows travel in `data/rejeicoes.csv`; the texts there are ours, `mensagem` is the official one.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from chancela.domain.tabelas.nomes import comparable
from chancela.kit.packaged import packaged_rows

ACEITES = frozenset({100, 101, 102, 103, 104, 107, 111, 112, 124, 128, 135, 136, 138, 150, 151, 155})
"""Answers that refuse nothing (MOC 7.0, table of answers)."""
_ITEM = re.compile(r"\[\s*nItem\s*:?\s*(\d{1,3})", re.IGNORECASE)
_OCORRENCIA = re.compile(r"\[\s*nOcor\s*:?\s*(\d{1,3})", re.IGNORECASE)
_CHAVE = re.compile(r"\[\s*chNFe\s*:?\s*([0-9A-Z]{44})\b", re.IGNORECASE)
_SEM_CAUSA = (
    "A SEFAZ recusou o documento pelo motivo que ela mesma escreveu; este código ainda não está no catálogo."
)
_SEM_CORRECAO = "Leia o motivo da SEFAZ, corrija o que ele aponta e envie de novo."


class Reenvio(StrEnum):
    """Whether sending again can help."""

    NUNCA = "nunca"
    """The number is spent, or the document is already there."""
    DEPOIS = "depois"
    """The same content may pass later: nothing is wrong with it."""
    CORRIGIDO = "corrigido"
    """After the request, the company's registry or the certificate was put right."""


@dataclass(frozen=True, slots=True)
class Entrada:
    """One row. `campos` are paths of the request (`itens[].ncm`), the most likely first."""

    c_stat: int
    documento: str
    variante: str
    mensagem: str
    causa: str
    correcao: str
    reenvio: Reenvio
    campos: tuple[str, ...]
    referencia: str


@dataclass(frozen=True, slots=True)
class Rejeicao:
    """A rejection explained. `item` and `ocorrencia` count from 1, as xMotivo does; None when it names none.

    `conhecida` is false when only SEFAZ's own text is known.
    """

    c_stat: int
    motivo: str
    mensagem: str
    causa: str
    correcao: str
    reenvio: Reenvio
    campos: tuple[str, ...] = ()
    referencia: str = ""
    item: int | None = None
    ocorrencia: int | None = None
    chave: str = ""
    conhecida: bool = True

    def paths(self, quantidade_itens: int | None = None) -> tuple[str, ...]:
        """`campos` with their positions (from 0); what cannot be decided is cut where the doubt begins.

        With one item in the document (`quantidade_itens`), that is the item.
        """
        item = self.item if self.item is not None or quantidade_itens != 1 else 1
        achados = [_place(campo, item, self.ocorrencia) for campo in self.campos]
        if not achados and self.item is not None:
            achados = [f"itens[{self.item - 1}]"]
        return tuple(dict.fromkeys(achados))


class Catalogo:
    """The rows by cStat. ValueError when two rows of a code cannot be told apart."""

    def __init__(self, entradas: Iterable[Entrada]) -> None:
        self._por_codigo: dict[int, list[Entrada]] = {}
        for entrada in entradas:
            irmas = self._por_codigo.setdefault(entrada.c_stat, [])
            if any(comparable(irma.variante) == comparable(entrada.variante) for irma in irmas):
                raise ValueError(f"{entrada.c_stat}: variante repetida")
            irmas.append(entrada)

    @property
    def entradas(self) -> tuple[Entrada, ...]:
        """All rows, ordered by code."""
        return tuple(e for c_stat in sorted(self._por_codigo) for e in self._por_codigo[c_stat])

    def find(self, c_stat: int, motivo: str) -> Entrada | None:
        """The row of this code whose fragment is in the text, else the row of this code without a fragment."""
        texto = comparable(motivo)
        irmas = self._por_codigo.get(c_stat, [])
        certa = next((e for e in irmas if e.variante and comparable(e.variante) in texto), None)
        return certa or next((e for e in irmas if not e.variante), None)

    def explain(self, c_stat: int, motivo: str) -> Rejeicao | None:
        """What this answer means; None when it refuses nothing. An unknown code is explained by its own text."""
        if c_stat in ACEITES:
            return None
        item, ocorrencia, chave = _number(_ITEM, motivo), _number(_OCORRENCIA, motivo), _CHAVE.search(motivo)
        onde = (item, ocorrencia, chave[1].upper() if chave else "")
        entrada = self.find(c_stat, motivo)
        if entrada is None:
            return Rejeicao(
                c_stat, motivo, motivo, _SEM_CAUSA, _SEM_CORRECAO, Reenvio.CORRIGIDO, (), "", *onde, conhecida=False
            )  # fmt: skip
        return Rejeicao(
            c_stat, motivo, entrada.mensagem, entrada.causa, entrada.correcao, entrada.reenvio, entrada.campos,
            entrada.referencia, *onde,
        )  # fmt: skip


def read_entrada(linha: Mapping[str, str]) -> Entrada:
    """A row of the table. ValueError when a column holds what it must not."""
    return Entrada(
        c_stat=int(linha["c_stat"]),
        documento=linha["documento"],
        variante=linha["variante"],
        mensagem=linha["mensagem"],
        causa=linha["causa"],
        correcao=linha["correcao"],
        reenvio=Reenvio(linha["reenvio"]),
        campos=tuple(linha["campos"].split()),
        referencia=linha["referencia"],
    )


@lru_cache(maxsize=8)
def load_catalogo(documento: str = "nfe") -> Catalogo:
    """The packaged catalogue of one family of documents: the same number means something else in another."""
    linhas = (read_entrada(linha) for linha in packaged_rows("rejeicoes.csv"))
    return Catalogo(entrada for entrada in linhas if entrada.documento == documento)


def explain_rejeicao(c_stat: int, motivo: str) -> Rejeicao | None:
    """Explain an answer about an NF-e or NFC-e from the packaged catalogue (see `Catalogo.explain`)."""
    return load_catalogo().explain(c_stat, motivo)


def _number(forma: re.Pattern[str], motivo: str) -> int | None:
    achado = forma.search(motivo)
    return int(achado[1]) if achado is not None and int(achado[1]) > 0 else None


def _place(campo: str, item: int | None, ocorrencia: int | None) -> str:
    """Fill `[]` by the position of its list; the first position that is not known ends the path at its list."""
    escrito = ""
    for parte in campo.split("."):
        nome, lista, _ = parte.partition("[]")
        ponto = f"{escrito}.{nome}" if escrito else nome
        if not lista:
            escrito = ponto
            continue
        numero = item if nome == "itens" else ocorrencia
        if numero is None:
            return ponto
        escrito = f"{ponto}[{numero - 1}]"
    return escrito
