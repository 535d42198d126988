"""What the rows of the layout machine are made of: the row itself, what a reader sees, and the map of paths."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from chancela.domain.erros import FiscalError, XmlInvalido
from chancela.domain.xml.formatos import Formato

Valores = dict[str, Any]
"""What a reader found: attribute path to value."""


class ValorNaoCabe(ValueError):
    """A value that its field cannot hold (too many decimals, a forbidden character), with the way to it in tags."""

    def __init__(self, tag: str, valor: Any, motivo: Exception) -> None:
        super().__init__(f"{tag}: {motivo}")
        self.valor = str(valor)
        self.passos = [tag]
        """From the field outwards."""

    @property
    def caminho(self) -> str:
        """`det[2]/prod/qCom`."""
        return "/".join(reversed(self.passos))


class Elemento(Protocol):
    """What the reader needs of an XML element; lxml's elements have it."""

    @property
    def tag(self) -> Any: ...
    @property
    def text(self) -> str | None: ...
    def get(self, key: str, /) -> str | None: ...
    def __iter__(self) -> Iterator["Elemento"]: ...


Mapa = tuple[tuple[str, str], ...]


class Linhas(Protocol):
    """What the generator needs of a table."""

    @property
    def tag(self) -> str: ...
    @property
    def partes(self) -> "tuple[Parte, ...]": ...


# What a row writes, as data: the same meaning as its `escrever`, for `geracao.py`.


@dataclass(frozen=True, slots=True)
class Folha:
    """A tag with text."""

    tag: str
    formato: Formato


@dataclass(frozen=True, slots=True)
class Fixa:
    """The same text always."""

    texto: str


@dataclass(frozen=True, slots=True)
class DeAtributo:
    """An XML attribute of the table's tag."""

    nome: str
    formato: Formato


@dataclass(frozen=True, slots=True)
class Grupo:
    """The rows of another table over the value, in its tag if it has one; what was `lembrado` is not written again."""

    tabela: Linhas
    lembrado: bool = False


@dataclass(frozen=True, slots=True)
class Repetida:
    """A row over each of the values."""

    uma: "Folha | Grupo"


@dataclass(frozen=True, slots=True)
class Envolvida:
    """Rows of the same object in a tag: when `se` is not None, and something is inside or `sempre`."""

    tabela: Linhas
    se: str
    sempre: bool


@dataclass(frozen=True, slots=True)
class Escolhida:
    """The rows of the table that an attribute of the object names."""

    discriminador: str
    tabelas: "Mapping[Any, Linhas]"


@dataclass(frozen=True, slots=True)
class PorTipo:
    """The row of the value's type; `sem_valor` when there is no value."""

    caminho: str
    opcoes: "Mapping[type, Parte]"
    sem_valor: str


Forma = Folha | Fixa | DeAtributo | Grupo | Repetida | Envolvida | Escolhida | PorTipo


@dataclass(frozen=True, slots=True)
class Lido:
    """One element as the readers see it: children by local name, in document order."""

    elemento: Elemento
    filhos: Mapping[str, list[Elemento]]


@dataclass(frozen=True, slots=True)
class Parte:
    """One row of a table. An empty `caminho` means that the row writes from the whole object."""

    caminho: str
    tags: tuple[str, ...]
    escrever: Callable[[Any], str]
    ler: Callable[[Lido, Valores], None]
    forma: Forma
    de_atributo: bool = False
    nomes: tuple[str, ...] = ()
    """Every tag below this row as paths (`ICMS/ICMS00/vBC`), for coverage."""
    mapa: Mapa = ()
    """The same paths and those of the groups, with the attribute path that each stands for (`[]` after a list)."""


def join_paths(antes: str, depois: str) -> str:
    return f"{antes}.{depois}" if antes and depois else antes or depois


def below(mapa: Mapa, *, tag: str = "", caminho: str = "") -> Mapa:
    """A map seen from its owner: under a tag, under an attribute, or both; the tag itself stands for the attribute."""
    prefixo = f"{tag}/" if tag else ""
    proprio = ((tag, caminho),) if tag else ()
    return proprio + tuple((f"{prefixo}{t}", join_paths(caminho, c)) for t, c in mapa)


def local_name(tag: Any) -> str:
    """`{namespace}name` -> `name`; empty for comments and processing instructions."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def open_element(elemento: Elemento, conhecidas: frozenset[str], dono: str) -> Lido:
    filhos: dict[str, list[Elemento]] = {}
    for filho in elemento:
        nome = local_name(filho.tag)
        if not nome:
            continue
        if nome not in conhecidas:
            raise XmlInvalido("XML-LEIAUTE-01", f"O campo {nome} não existe no grupo {dono} do leiaute.")
        filhos.setdefault(nome, []).append(filho)
    return Lido(elemento, filhos)


def read_text(formato: Formato, elemento: Elemento, tag: str) -> Any:
    texto = elemento.text or ""
    try:
        return formato.ler(texto)
    except (ValueError, ArithmeticError, KeyError, FiscalError) as erro:
        raise XmlInvalido(
            "XML-LEIAUTE-02", f"O campo {tag} traz um valor fora do leiaute: {texto[:60]!r}."
        ) from erro
