"""Layout machine: tables of tags and attributes, compiled once into a writer and a reader.

A table states, in the order of the official schema, which attribute of a frozen dataclass goes into which tag and
in which form. `Tabela.escrever` gives canonical text (C14N 1.0: no blanks, escaped, no empty-element form), so the
bytes that are signed are written directly; `Tabela.ler` is its inverse. Nothing here knows a fiscal document.

    ENDERECO = (
        campo("xLgr", "logradouro", TEXTO),
        campo("nro", "numero", TEXTO),
    )
    LOCAL = Tabela("retirada", Local, campo("CNPJ", "cnpj", TEXTO), embutido("endereco", Endereco, *ENDERECO))

Attribute paths may have one dot (`produto.ncm`): the table then builds both objects when it reads (`sub`).
An attribute that is None, and an empty list, are not written.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import takewhile
from operator import attrgetter
from typing import Any

from chancela.domain.erros import XmlInvalido
from chancela.domain.xml.escrita import escape_attribute
from chancela.domain.xml.formatos import Formato
from chancela.domain.xml.geracao import compile_writer
from chancela.domain.xml.leiaute_base import (
    DeAtributo,
    Elemento,
    Envolvida,
    Escolhida,
    Fixa,
    Folha,
    Grupo,
    Lido,
    Mapa,
    Parte,
    PorTipo,
    Repetida,
    Valores,
    ValorNaoCabe,
    below,
    local_name,
    open_element,
    read_text,
)

__all__ = [
    "Elemento", "Parte", "Tabela", "ValorNaoCabe", "atributo", "campo", "constante", "derivado", "documento_de", "embutido",
    "envolve", "grupo", "lista", "lista_simples", "local_name", "por_tipo", "so_texto", "variantes",
]  # fmt: skip


def campo(tag: str, caminho: str, formato: Formato) -> Parte:
    """One tag with text."""
    abre, fecha = f"<{tag}>", f"</{tag}>"
    para_texto = formato.escrever

    def escrever(valor: Any) -> str:
        try:
            return abre + para_texto(valor) + fecha
        except (ValueError, XmlInvalido) as erro:
            raise ValorNaoCabe(tag, valor, erro) from erro

    def escrever_se_ha(valor: Any) -> str:
        try:
            texto = para_texto(valor)
        except (ValueError, XmlInvalido) as erro:
            raise ValorNaoCabe(tag, valor, erro) from erro
        return abre + texto + fecha if texto else ""

    def ler(lido: Lido, destino: Valores) -> None:
        achados = lido.filhos.get(tag)
        if achados and (achados[0].text or not formato.omite_vazio):
            destino[caminho] = read_text(formato, achados[0], tag)

    escritor = escrever_se_ha if formato.omite_vazio else escrever
    return Parte(caminho, (tag,), escritor, ler, Folha(tag, formato), nomes=(tag,), mapa=((tag, caminho),))


def derivado(tag: str, caminho: str, formato: Formato) -> Parte:
    """A tag that repeats what another part of the document says: written, and passed over when read."""
    escrito = campo(tag, caminho, formato)
    return Parte(
        caminho, (tag,), escrito.escrever, _read_nothing, escrito.forma, nomes=(tag,), mapa=escrito.mapa
    )


def constante(tag: str, texto: str) -> Parte:
    """A tag that always has the same text."""
    pronto = f"<{tag}>{texto}</{tag}>"
    return Parte("", (tag,), lambda _objeto: pronto, _read_nothing, Fixa(pronto), nomes=(tag,))


def _read_nothing(_lido: Lido, _destino: Valores) -> None:
    return None


def atributo(nome: str, caminho: str, formato: Formato) -> Parte:
    """An XML attribute of the table's own tag."""

    def escrever(valor: Any) -> str:
        return f' {nome}="{escape_attribute(formato.escrever(valor))}"'

    def ler(lido: Lido, destino: Valores) -> None:
        texto = lido.elemento.get(nome)
        if texto is not None:
            destino[caminho] = formato.ler(texto)

    return Parte(
        caminho, (), escrever, ler, DeAtributo(nome, formato), de_atributo=True, nomes=(f"@{nome}",),
        mapa=((f"@{nome}", caminho),),
    )  # fmt: skip


class Tabela:
    """The layout of one element: its tag, the dataclass that it stands for and its rows.

    `fixos` are attribute values that the tag itself implies; `sub` gives the classes of dotted paths.
    """

    __slots__ = (
        "_atributos",
        "_conhecidas",
        "_escritor",
        "_linhas",
        "classe",
        "fixos",
        "mapa",
        "nomes",
        "partes",
        "sub",
        "tag",
    )

    def __init__(
        self,
        tag: str,
        classe: Callable[..., Any],
        *partes: Parte,
        fixos: Mapping[str, Any] | None = None,
        sub: Mapping[str, Callable[..., Any]] | None = None,
    ) -> None:
        self.tag = tag
        self.classe = classe
        self.fixos = dict(fixos or {})
        self.sub = dict(sub or {})
        self.partes = partes
        self._escritor: Callable[[Any], str] | None = None
        self._atributos = _compile(p for p in partes if p.de_atributo)
        self._linhas = _compile(p for p in partes if not p.de_atributo)
        self._conhecidas = frozenset(t for p in partes for t in p.tags)
        self.nomes = tuple(f"{tag}/{n}" if tag else n for p in partes for n in p.nomes)
        self.mapa: Mapa = tuple(par for p in partes for par in p.mapa)

    def escrever(self, objeto: Any) -> str:
        """Canonical text of the element, tag included (only the rows when the table has no tag).

        Raises `ValorNaoCabe` for a value that its field cannot hold.
        """
        escritor = self._escritor
        if escritor is None:
            escritor = self._escritor = compile_writer(self)
        try:
            return escritor(objeto)
        except (ValueError, XmlInvalido):
            return self.interpretar(objeto)

    def interpretar(self, objeto: Any) -> str:
        """`escrever`, row by row: what the generated writer has to equal, and what finds the way to a wrong value."""
        try:
            partes = _write(self._linhas, objeto)
        except ValorNaoCabe as erro:
            if self.tag:
                erro.passos.append(self.tag)
            raise
        if not self.tag:
            return partes
        abre = f"<{self.tag}{_write(self._atributos, objeto)}>" if self._atributos else f"<{self.tag}>"
        return f"{abre}{partes}</{self.tag}>"

    def ler(self, elemento: Elemento, sabidos: Mapping[str, Any] | None = None) -> Any:
        """The object that the element stands for, `sabidos` being attributes known from elsewhere.

        Raises `XmlInvalido` for what the layout does not know.
        """
        destino: Valores = dict(sabidos or {})
        lido = open_element(elemento, self._conhecidas, self.tag)
        self.ler_em(lido, destino)
        return self.construir(destino)

    def ler_em(self, lido: Lido, destino: Valores) -> None:
        """Read every row into `destino`."""
        for parte in self.partes:
            parte.ler(lido, destino)

    def construir(self, valores: Valores) -> Any:
        """Make the object out of what was read."""
        proprios: Valores = dict(self.fixos)
        por_sub: dict[str, Valores] = {nome: {} for nome in self.sub}
        for caminho, valor in valores.items():
            cabeca, ponto, resto = caminho.partition(".")
            if ponto:
                por_sub[cabeca][resto] = valor
            else:
                proprios[caminho] = valor
        try:
            for nome, classe in self.sub.items():
                proprios[nome] = classe(**por_sub[nome])
            return self.classe(**proprios)
        except (TypeError, AssertionError) as erro:
            raise XmlInvalido("XML-LEIAUTE-03", f"O grupo {self.tag} está incompleto: {erro}.") from erro


Pegadas = tuple[tuple[Callable[[Any], Any], Callable[[Any], str]], ...]


def _itself(objeto: Any) -> Any:
    return objeto


def _compile(partes: Iterable[Parte]) -> Pegadas:
    return tuple((attrgetter(p.caminho) if p.caminho else _itself, p.escrever) for p in partes)


def _write(linhas: Pegadas, objeto: Any) -> str:
    saida: list[str] = []
    acrescenta = saida.append
    for pegar, escrever in linhas:
        valor = pegar(objeto)
        if valor is not None:
            acrescenta(escrever(valor))
    return "".join(saida)


def grupo(caminho: str, tabela: Tabela, *, lembrado: bool = False) -> Parte:
    """A tag with its own object.

    With `lembrado` the texts of the last objects are kept, by value: for what comes in document after document.
    """

    def ler(lido: Lido, destino: Valores) -> None:
        achados = lido.filhos.get(tabela.tag)
        if achados:
            destino[caminho] = tabela.ler(achados[0])

    return Parte(
        caminho,
        (tabela.tag,),
        tabela.interpretar,
        ler,
        Grupo(tabela, lembrado),
        nomes=tabela.nomes,
        mapa=below(tabela.mapa, tag=tabela.tag, caminho=caminho),
    )


def lista(caminho: str, tabela: Tabela) -> Parte:
    """A tag that repeats, one object each; a tuple in the model."""
    um = tabela.interpretar

    def escrever(valores: Any) -> str:
        try:
            return "".join([um(v) for v in valores])
        except ValorNaoCabe as erro:
            antes = sum(1 for _ in takewhile(partial(_fits, um), valores))
            erro.passos[-1] += f"[{antes + 1}]"
            raise

    def ler(lido: Lido, destino: Valores) -> None:
        achados = lido.filhos.get(tabela.tag)
        if achados:
            destino[caminho] = tuple(tabela.ler(e) for e in achados)

    mapa = below(tabela.mapa, tag=tabela.tag, caminho=f"{caminho}[]")
    forma = Repetida(Grupo(tabela))
    return Parte(caminho, (tabela.tag,), escrever, ler, forma, nomes=tabela.nomes, mapa=mapa)


def _fits(um: Callable[[Any], str], valor: Any) -> bool:
    try:
        um(valor)
    except ValorNaoCabe:
        return False
    return True


def lista_simples(tag: str, caminho: str, formato: Formato) -> Parte:
    """A tag with text that repeats; a tuple in the model."""
    um = campo(tag, caminho, formato).escrever

    def escrever(valores: Any) -> str:
        return "".join([um(v) for v in valores])

    def ler(lido: Lido, destino: Valores) -> None:
        achados = lido.filhos.get(tag)
        if achados:
            destino[caminho] = tuple(read_text(formato, e, tag) for e in achados)

    forma = Repetida(Folha(tag, formato))
    return Parte(caminho, (tag,), escrever, ler, forma, nomes=(tag,), mapa=((tag, f"{caminho}[]"),))


def embutido(
    caminho: str, classe: Callable[..., Any], *partes: Parte, fixos: Mapping[str, Any] | None = None
) -> Parte:
    """An object whose tags lie directly among those of its owner; absent when none of them is there."""
    tabela = Tabela("", classe, *partes, fixos=fixos)
    tags = tuple(t for p in partes for t in p.tags)

    def ler(lido: Lido, destino: Valores) -> None:
        proprios: Valores = {}
        tabela.ler_em(lido, proprios)
        if proprios:
            destino[caminho] = tabela.construir(proprios)

    return Parte(
        caminho, tags, tabela.interpretar, ler, Grupo(tabela), nomes=tabela.nomes,
        mapa=below(tabela.mapa, caminho=caminho),
    )  # fmt: skip


def envolve(tag: str, *partes: Parte, se: str = "", sempre: bool = False, dono: str = "") -> Parte:
    """A tag around rows of the same object.

    Written when something is inside, or `sempre`; with `se`, only when that attribute is not None. `dono` is the
    attribute that answers for the tag itself in the map.
    """
    tabela = Tabela(tag, dict, *partes)
    conhecidas = frozenset(t for p in partes for t in p.tags)
    vazio = f"<{tag}></{tag}>"
    guarda = attrgetter(se) if se else None

    def escrever(objeto: Any) -> str:
        if guarda is not None and guarda(objeto) is None:
            return ""
        texto = tabela.interpretar(objeto)
        return "" if texto == vazio and not sempre else texto

    def ler(lido: Lido, destino: Valores) -> None:
        achados = lido.filhos.get(tag)
        if achados:
            tabela.ler_em(open_element(achados[0], conhecidas, tag), destino)

    return Parte(
        "", (tag,), escrever, ler, Envolvida(tabela, se, sempre), nomes=tabela.nomes,
        mapa=((tag, dono), *below(tabela.mapa, tag=tag)[1:]),
    )  # fmt: skip


def variantes(discriminador: str, opcoes: Mapping[Any, tuple[str, tuple[Parte, ...]]]) -> Parte:
    """One of several tags around rows of the same object; an attribute of it tells which."""
    tabelas = {valor: Tabela(tag, dict, *partes) for valor, (tag, partes) in opcoes.items()}
    conhecidas = {
        valor: frozenset(t for p in partes for t in p.tags) for valor, (_, partes) in opcoes.items()
    }
    qual = attrgetter(discriminador)

    def escrever(objeto: Any) -> str:
        return tabelas[qual(objeto)].interpretar(objeto)

    def ler(lido: Lido, destino: Valores) -> None:
        for valor, tabela in tabelas.items():
            achados = lido.filhos.get(tabela.tag)
            if achados:
                destino[discriminador] = valor
                tabela.ler_em(open_element(achados[0], conhecidas[valor], tabela.tag), destino)
                return

    tags = tuple(t.tag for t in tabelas.values())
    nomes = tuple(n for t in tabelas.values() for n in t.nomes)
    mapa = tuple(par for t in tabelas.values() for par in below(t.mapa, tag=t.tag))
    return Parte("", tags, escrever, ler, Escolhida(discriminador, tabelas), nomes=nomes, mapa=mapa)


def por_tipo(caminho: str, opcoes: Mapping[type, Parte], *, vazio: str = "") -> Parte:
    """One of several tags, by the type of the value (CNPJ or CPF).

    `vazio` names the tag that is written empty when there is no value, where the schema wants one.
    """
    escritores = {tipo: parte.escrever for tipo, parte in opcoes.items()}
    sem_valor = f"<{vazio}></{vazio}>" if vazio else ""
    pegar = attrgetter(caminho)

    def escrever(objeto: Any) -> str:
        valor = pegar(objeto)
        return sem_valor if valor is None else escritores[type(valor)](valor)

    def ler(lido: Lido, destino: Valores) -> None:
        for parte in opcoes.values():
            parte.ler(lido, destino)

    tags = tuple(t for p in opcoes.values() for t in p.tags)
    nomes = tuple(n for p in opcoes.values() for n in p.nomes)
    return Parte(
        "", tags, escrever, ler, PorTipo(caminho, opcoes, sem_valor), nomes=nomes,
        mapa=tuple(par for p in opcoes.values() for par in p.mapa),
    )  # fmt: skip


def documento_de(caminho: str, *alternativas: tuple[str, type, Formato], vazio: str = "") -> Parte:
    """`por_tipo` over plain tags: (tag, type, format) each."""
    return por_tipo(
        caminho, {tipo: campo(tag, caminho, formato) for tag, tipo, formato in alternativas}, vazio=vazio
    )


def so_texto(tag: str, filho: str, formato: Formato) -> Tabela:
    """A tag that only wraps one text; the model has the bare value."""
    return Tabela(tag, _sole, campo(filho, "", formato))


def _sole(**valores: Any) -> Any:
    return valores[""]
