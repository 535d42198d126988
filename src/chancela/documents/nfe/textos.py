"""The free texts of an NF-e and how long each may be; codes are never cut, so they are not here."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from operator import attrgetter, is_
from typing import Any, cast

from chancela.documents.comum.texto import Ajuste, Normalizador, is_clean
from chancela.documents.nfe.modelo import Emitente, Nfe, ResponsavelTecnico

_ENDERECO = {"logradouro": 60, "numero": 60, "complemento": 60, "bairro": 60, "municipio": 60, "pais": 60}
_LOCAL = {"nome": 60, "email": 60, "endereco": _ENDERECO}
_OBSERVACAO = {"campo": 20, "texto": 60}
_ESPECIAIS = {
    "medicamento": {"motivo_isencao": 255},
    "armas": {"descricao": 256},
    "veiculo": {"cor": 40},
    "combustivel": {"descricao_anp": 95},
    "declaracoes_importacao": {"local_desembaraco": 60, "exportador": 60, "adicoes": {"fabricante": 60}},
}  # fmt: skip
_PRODUTO = {"codigo": 60, "descricao": 120, "unidade": 6, "unidade_tributavel": 6, "pedido": 15} | _ESPECIAIS
_OBSERVACOES = {"observacao_contribuinte": _OBSERVACAO, "observacao_fisco": _OBSERVACAO}
_TEXTOS: dict[str, Any] = {
    "natureza_operacao": 60,
    "emitente": {"nome": 60, "nome_fantasia": 60, "endereco": _ENDERECO},
    "destinatario": {"nome": 60, "email": 60, "endereco": _ENDERECO},
    "retirada": _LOCAL,
    "entrega": _LOCAL,
    "itens": {"informacoes": 500, "produto": _PRODUTO} | _OBSERVACOES,
    "transporte": {
        "transportador": {"nome": 60, "endereco": 60, "municipio": 60},
        "volumes": {"especie": 60, "marca": 60, "numeracao": 60},
    },
    "cobranca": {"fatura": {"numero": 60}},
    "pagamentos": {"descricao": 60},
    "informacoes": {
        "fisco": 2000, "complementares": 5000, "observacoes_contribuinte": _OBSERVACAO, "observacoes_fisco": _OBSERVACAO,
    },
    "exportacao": {"local_embarque": 60, "local_despacho": 60},
    "compra": {"nota_empenho": 22, "pedido": 60, "contrato": 60},
    "responsavel_tecnico": {"contato": 60},
}  # fmt: skip
"""Attribute -> greatest length, or the texts of the object (or of each object of the tuple) that it holds."""


@dataclass(frozen=True, slots=True)
class _Plano:
    """The texts of one kind of object and the objects that it holds, each list with what fetches it at once."""

    limites: tuple[tuple[str, int], ...]
    textos_of: Callable[[Any], tuple[Any, ...]]
    partes: "tuple[tuple[str, _Plano], ...]"
    partes_of: Callable[[Any], tuple[Any, ...]]
    conteudo_of: Callable[[Any], tuple[Any, ...]]
    """Everything below that may be absent: where all of it is, an object without texts of its own has none."""


def _plan(textos: Mapping[str, Any]) -> _Plano:
    limites = tuple((nome, regra) for nome, regra in textos.items() if isinstance(regra, int))
    partes = tuple((nome, _plan(regra)) for nome, regra in textos.items() if not isinstance(regra, int))
    return _Plano(
        limites,
        _fetch([nome for nome, _ in limites]),
        partes,
        _fetch([nome for nome, _ in partes]),
        _fetch(list(_reach(partes))),
    )


def _reach(partes: "tuple[tuple[str, _Plano], ...]") -> Iterator[str]:
    for nome, plano in partes:
        if plano.limites:
            yield nome
        else:
            yield from (f"{nome}.{abaixo}" for abaixo in _reach(plano.partes))


def _fetch(nomes: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if not nomes:
        return lambda _objeto: ()
    fetch = attrgetter(*nomes)
    return fetch if len(nomes) > 1 else lambda objeto: (fetch(objeto),)


_PLANO = _plan(_TEXTOS)
_DA_TABELA = {"endereco": {"municipio": 60, "pais": 60}}
_LIDOS = {"destinatario": _DA_TABELA, "itens": {"produto": _ESPECIAIS} | _OBSERVACOES}
_PLANO_DE_LIDOS = _plan(
    {nome: regra for nome, regra in (_TEXTOS | _LIDOS).items() if nome != "natureza_operacao"}
)


def normalize_nfe(nfe: Nfe, *, lidos: bool = False) -> tuple[Nfe, tuple[Ajuste, ...]]:
    """The document with every free text inside the official set and length, and the changes that took.

    An optional text that comes out empty disappears; a required one stays empty for the rules to refuse. With
    `lidos` what a request states of operation, recipient and items was made to fit when it was read, and is not looked
    at again.
    """
    if lidos and _is_settled(nfe):
        return nfe, ()
    normalizador = Normalizador()
    plano = _PLANO_DE_LIDOS if lidos else _PLANO
    return _walk(nfe, plano, "", normalizador), tuple(normalizador.ajustes)


_DOS_CADASTROS = ("emitente", "responsavel_tecnico")
_OLHADOS = ("destinatario", "itens", "pagamentos", "transporte", *_DOS_CADASTROS)
_PARTES_DE_LIDOS = dict(_PLANO_DE_LIDOS.partes)
_RAROS = attrgetter(
    "transporte.transportador",
    "transporte.volumes",
    *(nome for nome in _PARTES_DE_LIDOS if nome not in _OLHADOS),
)
_DESCRICAO = attrgetter("descricao")
_DO_ITEM = _PARTES_DE_LIDOS["itens"].conteudo_of


def _is_settled(nfe: Nfe) -> bool:
    """Whether one look shows that a request, read already, leaves nothing to walk: the texts that are not its own come
    from registries and tables that were found clean before."""
    destinatario = nfe.destinatario
    if any(_RAROS(nfe)) or not _has_clean_registry(nfe.emitente, nfe.responsavel_tecnico):
        return False
    if destinatario is not None and destinatario.endereco is not None:
        endereco = destinatario.endereco
        if not _has_clean_names(endereco.municipio, endereco.pais):
            return False
    return not any(map(any, map(_DO_ITEM, nfe.itens))) and not any(map(_DESCRICAO, nfe.pagamentos))


@lru_cache(1_024)
def _has_clean_registry(emitente: Emitente, responsavel: ResponsavelTecnico | None) -> bool:
    """Of the same few issuers, again and again."""
    partes = zip(_DOS_CADASTROS, (emitente, responsavel), strict=True)
    return all(
        valor is None or _walk(valor, _PARTES_DE_LIDOS[nome], "", Normalizador()) is valor
        for nome, valor in partes
    )


@lru_cache(8_192)
def _has_clean_names(municipio: str, pais: str | None) -> bool:
    """Of the cities and countries of the tables."""
    return is_clean(municipio, 60) and (pais is None or is_clean(pais, 60))


def _walk(objeto: Any, plano: _Plano, caminho: str, normalizador: Normalizador) -> Any:
    mudancas: dict[str, Any] = {}
    for (nome, maximo), texto in zip(plano.limites, plano.textos_of(objeto), strict=True):
        if texto is None or is_clean(texto, maximo):
            continue
        limpo = normalizador.limpa(f"{caminho}{nome}", texto, maximo)
        if limpo != texto:
            mudancas[nome] = limpo if limpo or nome not in _optional(type(objeto)) else None
    for (nome, parte), valor in zip(plano.partes, plano.partes_of(objeto), strict=True):
        if not valor:
            continue
        if isinstance(valor, tuple):
            novo = _walk_all(cast("tuple[Any, ...]", valor), parte, f"{caminho}{nome}", normalizador)
        else:
            novo = _walk(valor, parte, f"{caminho}{nome}.", normalizador)
        if novo is not valor:
            mudancas[nome] = novo
    return replace(objeto, **mudancas) if mudancas else objeto


def _walk_all(
    objetos: tuple[Any, ...], plano: _Plano, caminho: str, normalizador: Normalizador
) -> tuple[Any, ...]:
    """The same tuple when nothing in it changed."""
    if not plano.limites and not any(any(plano.conteudo_of(o)) for o in objetos):
        return objetos
    novos = tuple(
        [_walk(o, plano, f"{caminho}[{posicao}].", normalizador) for posicao, o in enumerate(objetos)]
    )
    return objetos if all(map(is_, novos, objetos)) else novos


@cache
def _optional(classe: type[Any]) -> frozenset[str]:
    return frozenset(f.name for f in fields(classe) if f.default is None)
