"""Generates the writer of a layout table: the table, turned once into straight-line Python.

`Tabela.interpretar` says what a table writes; what is compiled here does the same without a call per field (ADR 0016).
Only rows of tables of our own are turned into source: no value of a document, no text from outside, ever gets into it.
To read what was generated: `print(source_of(DET))`. The names in it:

    o0, o1...   objects of the document, `v` the value of a field and `t` its text
    w           appends a piece of text; `s` is the list of the pieces
    e1, e2...   `escrever` of a format, for values that are not common
    g1, g2...   writers of groups that keep their last texts
    m1, m2...   writers of the alternatives of a tag, each generated when it is first asked for

An error of a value leaves this code as it comes; `Tabela.escrever` then interprets the table, which names the field.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from chancela.domain.xml.escrita import escape_attribute
from chancela.domain.xml.formatos import Formato
from chancela.domain.xml.leiaute_base import (
    DeAtributo,
    Envolvida,
    Escolhida,
    Fixa,
    Folha,
    Forma,
    Grupo,
    Linhas,
    Parte,
    PorTipo,
    Repetida,
)

Acrescenta = Callable[[Any, Callable[[str], None], list[str]], None]
"""A generated function: writes an object through `w`, the append of `s`."""


_LEMBRADOS = 1_024
"""Texts that a group keeps."""


def compile_writer(tabela: Linhas) -> Callable[[Any], str]:
    """The writer of `tabela`: canonical text of an object, tag included."""
    acrescenta = _compile(tabela)

    def escrever(objeto: Any) -> str:
        partes: list[str] = []
        acrescenta(objeto, partes.append, partes)
        return "".join(partes)

    return escrever


def source_of(tabela: Linhas) -> str:
    """The generated source, for people and tests; alternatives are sources of their own."""
    return _Fonte(tabela).texto()


def _compile(tabela: Linhas) -> Acrescenta:
    fonte = _Fonte(tabela)
    nomes = dict(fonte.nomes)
    exec(compile(fonte.texto(), f"<leiaute {tabela.tag}>", "exec"), nomes)  # noqa: S102 - see the module's docstring
    return nomes["escrever"]


class _Alternativas(dict[Any, Acrescenta]):
    """Writers of the alternatives of a tag, generated when first asked for."""

    def __init__(self, tabelas: Mapping[Any, Linhas]) -> None:
        super().__init__()
        self._tabelas = tabelas

    def __missing__(self, qual: Any) -> Acrescenta:
        escritor = self[qual] = _compile(self._tabelas[qual])
        return escritor


class _Fonte:
    """Source of one function, being written."""

    def __init__(self, tabela: Linhas) -> None:
        self.nomes: dict[str, Any] = {"atributo": escape_attribute}
        self._linhas: list[str] = []
        self._recuo = 1
        self._contagem = 0
        self._pendente = ""
        """Constant text that waits for the next piece."""
        self._element(tabela, "o0", {})
        self._flush()

    def texto(self) -> str:
        return "def escrever(o0, w, s):\n" + "\n".join(self._linhas or ["    pass"]) + "\n"

    # Lines

    def _line(self, texto: str) -> None:
        self._linhas.append("    " * self._recuo + texto)

    def _open(self, texto: str) -> None:
        """A block; constant text must not fall into it by accident."""
        self._flush()
        self._line(texto)
        self._recuo += 1

    def _close(self) -> None:
        self._flush()
        self._recuo -= 1

    def _flush(self) -> None:
        if self._pendente:
            self._line(f"w({self._pendente!r})")
            self._pendente = ""

    def _name(self, prefixo: str, valor: Any = None) -> str:
        self._contagem += 1
        nome = f"{prefixo}{self._contagem}"
        if valor is not None:
            self.nomes[nome] = valor
        return nome

    # Rows

    def _element(self, tabela: Linhas, objeto: str, lidos: Mapping[str, str]) -> None:
        """The tag with its attributes, the rows and the end of the tag. `lidos` are paths already in a variable."""
        if tabela.tag:
            self._pendente += f"<{tabela.tag}"
            self._rows([p for p in tabela.partes if p.de_atributo], objeto, lidos)
            self._pendente += ">"
        self._rows([p for p in tabela.partes if not p.de_atributo], objeto, lidos)
        if tabela.tag:
            self._pendente += f"</{tabela.tag}>"

    def _rows(self, partes: list[Parte], objeto: str, lidos: Mapping[str, str]) -> None:
        lidos = dict(lidos)
        for parte in partes:
            self._hold(_owner(_path(parte)), objeto, lidos)
        for parte in partes:
            if parte.caminho:
                self._line_of_value(parte, objeto, lidos)
            else:
                self._row(parte.forma, objeto, objeto, lidos)

    def _hold(self, caminho: str, objeto: str, lidos: dict[str, str]) -> None:
        """Every step of `caminho` in a variable, so that rows that share it load it once."""
        if caminho and caminho not in lidos:
            self._hold(_owner(caminho), objeto, lidos)
            variavel = self._name("o")
            self._line(f"{variavel} = {_load(caminho, objeto, lidos)}")
            lidos[caminho] = variavel

    def _line_of_value(self, parte: Parte, objeto: str, lidos: Mapping[str, str]) -> None:
        variavel = "v" if isinstance(parte.forma, Folha | DeAtributo) else self._name("o")
        self._open(f"if ({variavel} := {_load(parte.caminho, objeto, lidos)}) is not None:")
        self._row(parte.forma, variavel, variavel, {})
        self._close()

    def _row(self, forma: Forma, valor: str, objeto: str, lidos: Mapping[str, str]) -> None:
        """One row over `valor`; rows without a path write from the whole `objeto`."""
        match forma:
            case Folha(tag, formato):
                self._text(formato, valor, f"<{tag}>", f"</{tag}>")
            case DeAtributo(nome, formato):
                self._convert(formato, valor)
                self._line("if not t.isalnum(): t = atributo(t)")
                self._line(f"w(f' {nome}=\"{{t}}\"')")
            case Fixa(texto):
                self._pendente += texto
            case Grupo(tabela, True):
                lembrado = self._name("g", lru_cache(_LEMBRADOS)(compile_writer(tabela)))
                self._flush()
                self._line(f"w({lembrado}({valor}))")
            case Grupo(tabela):
                self._element(tabela, valor, {})
            case Repetida(uma):
                item = "v" if isinstance(uma, Folha) else self._name("o")
                self._open(f"for {item} in {valor}:")
                self._row(uma, item, item, {})
                self._close()
            case Envolvida():
                self._wrap(forma, objeto, lidos)
            case Escolhida(discriminador, tabelas):
                escritores = self._name("m", _Alternativas(tabelas))
                self._flush()
                self._line(f"{escritores}[{_load(discriminador, objeto, lidos)}]({objeto}, w, s)")
            case _:
                self._by_type(forma, objeto, lidos)

    def _text(self, formato: Formato, valor: str, abre: str, fecha: str) -> None:
        self._convert(formato, valor)
        quando = "if t: " if formato.omite_vazio else ""
        self._line(f"{quando}w(f{abre + '{t}' + fecha!r})")

    def _convert(self, formato: Formato, valor: str) -> None:
        """`t`, the text of `valor`."""
        escrever = self._name("e", formato.escrever)
        self._flush()
        if valor != "v":
            self._line(f"v = {valor}")
        for linha in formato.em_linha or ("t = escrever(v)",):
            self._line(linha.replace("escrever(", f"{escrever}("))

    def _wrap(self, forma: Envolvida, objeto: str, lidos: Mapping[str, str]) -> None:
        if forma.se:
            self._open(f"if {_load(forma.se, objeto, lidos)} is not None:")
        if forma.sempre:
            self._element(forma.tabela, objeto, lidos)
        else:
            antes = self._name("n")
            self._flush()  # the opening tag is a piece of its own, to be taken back
            self._pendente = f"<{forma.tabela.tag}>"
            self._flush()
            self._line(f"{antes} = len(s)")
            self._rows(list(forma.tabela.partes), objeto, lidos)
            self._open(f"if len(s) > {antes}:")
            self._pendente = f"</{forma.tabela.tag}>"
            self._close()
            self._open("else:")
            self._line("s.pop()")
            self._close()
        if forma.se:
            self._close()

    def _by_type(self, forma: PorTipo, objeto: str, lidos: Mapping[str, str]) -> None:
        valor = self._name("o")
        self._flush()
        self._line(f"{valor} = {_load(forma.caminho, objeto, lidos)}")
        self._open(f"if {valor} is None:")
        self._line(f"w({forma.sem_valor!r})" if forma.sem_valor else "pass")
        self._close()
        for tipo, parte in forma.opcoes.items():
            self._open(f"elif type({valor}) is {self._name('c', tipo)}:")
            self._row(parte.forma, valor, valor, {})
            self._close()
        self._open("else:")
        self._line(f"raise KeyError(type({valor}))")
        self._close()


def _path(parte: Parte) -> str:
    """The attribute path that a row loads from its object."""
    match parte.forma:
        case Escolhida(discriminador):
            return discriminador
        case PorTipo(caminho):
            return caminho
        case Envolvida(_, se):
            return se
        case _:
            return parte.caminho


def _owner(caminho: str) -> str:
    return caminho.rpartition(".")[0]


def _load(caminho: str, objeto: str, lidos: Mapping[str, str]) -> str:
    """Expression of an attribute path, from the nearest step that is in a variable."""
    dono = _owner(caminho)
    return f"{lidos[dono] if dono else objeto}.{caminho.rpartition('.')[2]}"
