"""Memória de cálculo of a document: kept as compact steps beside its text, put in words only when somebody asks.

The steps are stored and not computed again, because categories, tables and settings change and the working shown has to
be that of the document as issued (ADR 0017).
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from chancela.domain.tributos.memoria import REGRAS, PassoExplicado, explain_passos
from chancela.domain.tributos.resultado import Passo

_VERSAO = 1
_MAXIMO_BYTES = 64 * 1024 * 1024
_TRIBUTOS: Mapping[str, str] = {
    "rateio": "Rateio", "oper": "Operação", "ii": "II", "ipi": "IPI", "icms": "ICMS", "st": "ICMS-ST",
    "sn": "Crédito do Simples Nacional", "mono": "ICMS monofásico", "difal": "DIFAL", "iss": "ISSQN",
    "is": "Imposto Seletivo", "ibscbs": "IBS/CBS", "uf": "IBS", "municipio": "IBS", "ibs": "IBS", "cbs": "CBS",
    "pis": "PIS", "cofins": "COFINS", "aproximado": "Tributos aproximados", "transporte": "ICMS do frete",
    "total": "Total",
}  # fmt: skip
"""First word of a rule -> the tax that it belongs to, as a person calls it."""
_BASES = ("base", "base ST", "base destino", "operação", "operação com IPI", "quantidade", "total a ratear")
_TAXAS = ("alíquota %", "R$ por unidade", "interna %", "FCP %")


@dataclass(frozen=True, slots=True)
class LinhaMemoria:
    """One step as shown. `item` 0 is the document; base and rate are None where the rule has none."""

    item: int
    tributo: str
    regra: str
    titulo: str
    formula: str
    base: Decimal | None
    aliquota: Decimal | None
    operandos: tuple[tuple[str, Decimal], ...]
    valor: Decimal
    fonte: str
    texto: str


def pack_passos(passos: Sequence[Passo]) -> bytes:
    """The steps as compressed JSON, decimals as text with the digits that they have."""
    linhas = [
        [item, regra, [format(o, "f") for o in ops], format(valor, "f")] for item, regra, ops, valor in passos
    ]
    return zlib.compress(json.dumps([_VERSAO, linhas], separators=(",", ":")).encode(), 1)


def unpack_passos(guardados: bytes) -> tuple[Passo, ...]:
    """The steps that `pack_passos` wrote."""
    texto = zlib.decompressobj().decompress(guardados, _MAXIMO_BYTES)
    versao, linhas = cast("tuple[int, list[Any]]", json.loads(texto))
    assert versao == _VERSAO, versao
    return tuple(
        (item, regra, tuple(Decimal(o) for o in operandos), Decimal(valor))
        for item, regra, operandos, valor in linhas
    )


def explain_memoria(passos: Sequence[Passo]) -> tuple[LinhaMemoria, ...]:
    """Base, rate, value, rule, source and sentence of every step.

    A step whose rule this version tells otherwise, or no longer knows, is shown with its numbers alone.
    """
    return tuple(_explain(passo) for passo in passos)


def show_memoria(passos: Sequence[Passo]) -> list[dict[str, Any]]:
    """The same as JSON values; decimals as text."""
    return [
        {
            "item": linha.item,
            "tributo": linha.tributo,
            "regra": linha.regra,
            "titulo": linha.titulo,
            "formula": linha.formula,
            "base": None if linha.base is None else format(linha.base, "f"),
            "aliquota": None if linha.aliquota is None else format(linha.aliquota, "f"),
            "operandos": [{"nome": nome, "valor": format(valor, "f")} for nome, valor in linha.operandos],
            "valor": format(linha.valor, "f"),
            "fonte": linha.fonte,
            "texto": linha.texto,
        }
        for linha in explain_memoria(passos)
    ]


def _explain(passo: Passo) -> LinhaMemoria:
    item, regra, operandos, valor = passo
    conhecida = REGRAS.get(regra)
    if conhecida is not None and len(conhecida.operandos) == len(operandos):
        dito = explain_passos((passo,))[0]
    else:
        nomeados = tuple((f"operando {n}", o) for n, o in enumerate(operandos, 1))
        dito = PassoExplicado(
            item, regra, regra, "regra de uma versão anterior", nomeados, valor, "Versão anterior"
        )
    por_nome = dict(dito.operandos)
    return LinhaMemoria(
        item=item,
        tributo=_TRIBUTOS.get(regra.partition(".")[0], ""),
        regra=regra,
        titulo=dito.titulo,
        formula=dito.formula,
        base=_first(por_nome, _BASES),
        aliquota=_first(por_nome, _TAXAS),
        operandos=dito.operandos,
        valor=valor,
        fonte=dito.fonte,
        texto=dito.texto,
    )


def _first(valores: Mapping[str, Decimal], nomes: Sequence[str]) -> Decimal | None:
    return next((valores[nome] for nome in nomes if nome in valores), None)
