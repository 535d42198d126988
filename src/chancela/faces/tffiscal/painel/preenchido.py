"""A filled form: read from the bytes of a POST, and turned into the very body that `invoice/create` reads."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import parse_qsl

from chancela.faces.tffiscal.painel.campos import (
    CLIENTE,
    DOCUMENTO,
    ITEM,
    ITENS_MAXIMO,
    OPERACAO,
    PAGAMENTO,
    item_fields,
)
from chancela.kit.ids import is_id

_PREFIXO = "painel-"
_CAMPOS_MAXIMO = 1_000
_ITEM_ENVIADO = re.compile(r"products\[(\d{1,3})\]\.name")
_NUMERO = re.compile(r"\d{1,15}(\.\d{1,15})?", re.ASCII)
_PONTUACAO = re.compile(r"[.\-/\s]")
_CPF_DIGITOS = 11
_FIXO: Mapping[str, Any] = {"transaction_type": "1", "model": "55", "issuance_type": "1", "finalidade": "1"}


@dataclass(frozen=True, slots=True)
class Preenchido:
    """What was typed, as it was typed. `referencia` is the id of the note that this form becomes, however often it is sent."""

    referencia: str
    valores: Mapping[str, str]
    itens: int = 1
    acao: str = ""
    marca: str = ""

    def with_item(self) -> "Preenchido":
        """One more item, empty, if there is room."""
        return replace(self, itens=min(self.itens + 1, ITENS_MAXIMO))

    def without_item(self, posicao: int) -> "Preenchido":
        """The same without one item; those after it move up. The last one left stays."""
        if not 0 <= posicao < self.itens or self.itens == 1:
            return self
        valores = dict(self.valores)
        for destino in range(posicao, self.itens):
            for nome, seguinte in zip(item_fields(destino), item_fields(destino + 1), strict=True):
                valores.pop(nome, None)
                if seguinte in valores:
                    valores[nome] = valores[seguinte]
        return replace(self, valores=valores, itens=self.itens - 1)


def blank(referencia: str) -> Preenchido:
    """A form that nobody filled yet."""
    campos = (*OPERACAO, *CLIENTE, *PAGAMENTO)
    itens = zip(item_fields(0), ITEM, strict=True)
    valores = {campo.nome: campo.padrao for campo in campos} | {nome: campo.padrao for nome, campo in itens}
    return Preenchido(f"{_PREFIXO}{referencia}", valores)


def read_form(corpo: bytes) -> Preenchido | None:
    """A filled form; None for what no form of ours sends."""
    try:
        pares = parse_qsl(
            corpo.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_CAMPOS_MAXIMO
        )
    except ValueError:
        return None
    valores = {nome: valor.replace("\0", "") for nome, valor in pares}
    referencia = valores.get("id", "")
    if not referencia.startswith(_PREFIXO) or not is_id(referencia.removeprefix(_PREFIXO)):
        return None
    posicoes = [int(achado[1]) for nome in valores if (achado := _ITEM_ENVIADO.fullmatch(nome))]
    itens = min(max(posicoes, default=0) + 1, ITENS_MAXIMO)
    return Preenchido(referencia, valores, itens, valores.get("acao", ""), valores.get("marca", ""))


def request_body(form: Preenchido) -> dict[str, Any]:
    """The body of `invoice/create` that says the same."""
    valores = form.valores
    corpo: dict[str, Any] = {**_FIXO, "id": form.referencia}
    corpo |= {campo.nome: valores.get(campo.nome, "") for campo in OPERACAO}
    corpo["informacoes_complementares"] = valores.get("informacoes_complementares", "").replace("\r\n", "\n")
    corpo["cliente"] = _customer(valores)
    corpo["products"] = [_item(valores, posicao) for posicao in range(form.itens)]
    corpo["pag_info"] = [
        {nome: valores.get(f"pag_info[0].{nome}", "") for nome in ("payment_method", "payment_indicator")}
    ]
    return corpo


def _customer(valores: Mapping[str, str]) -> dict[str, str]:
    documento = valores.get(DOCUMENTO, "")
    cpf = len(_PONTUACAO.sub("", documento)) <= _CPF_DIGITOS
    nomes = [campo.nome for campo in CLIENTE if campo.nome != DOCUMENTO]
    return {"cpf" if cpf else "cnpj": documento} | {
        nome.removeprefix("cliente."): valores.get(nome, "") for nome in nomes
    }


def _item(valores: Mapping[str, str], posicao: int) -> dict[str, str]:
    item = {campo.nome: valores.get(nome, "") for nome, campo in zip(item_fields(posicao), ITEM, strict=True)}
    return {**item, "total_price": _total(item["count"], item["unit_price"]), "indicador_total": "1"}


def _total(quantidade: str, unitario: str) -> str:
    """Quantity by unit price, to the cent. Where either is no number, that is what is refused, not their product."""
    if _NUMERO.fullmatch(quantidade.strip()) is None or _NUMERO.fullmatch(unitario.strip()) is None:
        return "0.00"
    produto = Decimal(quantidade.strip()) * Decimal(unitario.strip())
    return format(produto.quantize(Decimal("0.01"), ROUND_HALF_UP), "f")
