"""What an operation answers with, field by field, as the contract shows it in its examples.

A key that every example of an operation has is always there; one that only some have may be absent. A type is the
narrowest that fits all of the examples; where one shows null, or an empty list, nothing is promised.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

Esquema = dict[str, Any]
PODEM_SER_NULOS: Mapping[str, frozenset[str]] = {
    "nfce/company/get": frozenset({"serie_nfce", "number_nfce"}),
}
"""Fields without a value where there is nothing to tell, though the contract's example tells something."""


def describe_data(caminho: str, respostas: Sequence[Mapping[str, Any]]) -> Esquema | None:
    """The schema of `data` in a successful answer of an operation; None when no example has any."""
    dados = [resposta["data"] for resposta in respostas if resposta.get("data") is not None]
    if not dados:
        return None
    esquema = fit_all(dados)
    for nome in PODEM_SER_NULOS.get(caminho, ()):
        esquema["properties"][nome] = {"type": [esquema["properties"][nome]["type"], "null"]}
    return esquema


def fit_all(valores: Sequence[Any]) -> Esquema:
    """The narrowest schema that all of these values fit."""
    if any(valor is None for valor in valores):
        return {}
    if all(isinstance(valor, dict) for valor in valores):
        return _fit_objects(cast("Sequence[Mapping[str, Any]]", valores))
    if all(isinstance(valor, list) for valor in valores):
        itens = [item for lista in cast("Sequence[list[Any]]", valores) for item in lista]
        return {"type": "array", "items": fit_all(itens)} if itens else {"type": "array"}
    tipos = {_SIMPLES.get(cast("type[Any]", type(valor)), "") for valor in valores}
    if tipos == {"integer", "number"}:
        return {"type": "number"}
    return {"type": tipos.pop()} if len(tipos) == 1 and "" not in tipos else {}


def _fit_objects(objetos: Sequence[Mapping[str, Any]]) -> Esquema:
    nomes = dict.fromkeys(nome for objeto in objetos for nome in objeto)
    return {
        "type": "object",
        "required": [nome for nome in nomes if all(nome in objeto for objeto in objetos)],
        "properties": {nome: fit_all([o[nome] for o in objetos if nome in o]) for nome in nomes},
    }


_SIMPLES: Mapping[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}
