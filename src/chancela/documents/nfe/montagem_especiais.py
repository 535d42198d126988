"""Groups that come already typed in a request (fuels, batches, government purchase, ...): their numbers made to fit.

What they are is the face's business; here only the decimals are held to their fields, so that the layout can write them.
"""

from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from operator import attrgetter
from typing import Any, TypeVar, cast

from chancela.documents.nfe import itens as m
from chancela.documents.nfe.coleta import Coleta
from chancela.documents.nfe.pedido_itens import ItemPedido
from chancela.domain.tributos.entrada import CompraGovernamental

_T = TypeVar("_T")
_GRUPOS = ("creditos_presumidos", "exportacoes", "lotes", "embalagem", "medicamento", "combustivel")
_grupos_of = attrgetter(*_GRUPOS)
_FORMAS: dict[type[Any], dict[str, tuple[int, int]]] = {
    m.CreditoPresumidoIcms: {"percentual": (3, 4)},
    m.ExportacaoIndireta: {"quantidade": (11, 4)},
    m.Lote: {"quantidade": (8, 3)},
    m.Embalagem: {"quantidade": (8, 3)},
    m.Combustivel: {
        "percentual_glp": (3, 4),
        "percentual_gas_nacional": (3, 4),
        "percentual_gas_importado": (3, 4),
        "quantidade_temperatura": (12, 4),
        "percentual_biodiesel": (3, 4),
    },
    m.Cide: {"quantidade": (11, 4), "aliquota": (11, 4)},
    m.Encerrante: {"inicial": (12, 3), "final": (12, 3)},
    m.OrigemCombustivel: {"percentual": (3, 4)},
    CompraGovernamental: {"redutor": (3, 4)},
}
"""Integer digits and decimals of what is not an amount in reais (13 and 2)."""


def fit_item(coleta: Coleta, item: ItemPedido, posicao: int) -> ItemPedido:
    """The item with the numbers of its typed groups inside their fields; what does not fit is collected."""
    if not any(_grupos_of(item)):
        return item
    base, rotulo = f"itens[{posicao}]", f"Item {posicao + 1}"
    mudancas = {nome: _fit(coleta, getattr(item, nome), f"{base}.{nome}", rotulo) for nome in _GRUPOS}
    return replace(item, **mudancas)


def fit_group(coleta: Coleta, grupo: _T, caminho: str, rotulo: str) -> _T:
    """One typed group of the document, or None."""
    return cast("_T", _fit(coleta, grupo, caminho, rotulo))


def _fit(coleta: Coleta, valor: Any, caminho: str, rotulo: str) -> Any:
    if isinstance(valor, tuple):
        membros = cast("tuple[Any, ...]", valor)
        return tuple(_fit(coleta, v, f"{caminho}[{i}]", rotulo) for i, v in enumerate(membros))
    if not is_dataclass(valor) or isinstance(valor, type):
        return valor
    formas = _FORMAS.get(type(valor), {})
    mudancas: dict[str, Any] = {}
    for campo in fields(valor):
        atual = getattr(valor, campo.name)
        onde = f"{caminho}.{campo.name}"
        if isinstance(atual, Decimal):
            inteiros, casas = formas.get(campo.name, (13, 2))
            lido = coleta.quantia(onde, rotulo, atual, inteiros=inteiros, casas=casas)
            mudancas[campo.name] = atual if lido is None else lido
        elif isinstance(atual, tuple) or is_dataclass(atual):
            mudancas[campo.name] = _fit(coleta, atual, onde, rotulo)
    return replace(valor, **mudancas) if mudancas else valor
