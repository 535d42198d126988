"""A JSON body of flat names, read by the dictionary into plain nested values of the neutral request.

Lenient where unchanged clients need it: numbers as text and text as numbers, punctuation in digits, `null` and `""` for
absent. A value that no reading fits is a violation at the caller's own path.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from chancela.documents.nfe.coleta import Coleta
from chancela.faces.focus.nfe.dicionario import FORA_DO_LEIAUTE, Campo, No, raiz

_PONTUACAO = re.compile(r"[.\-/\s()+]")
_NUMERO = re.compile(r"[+-]?\d{1,30}(\.\d{0,30})?", re.ASCII)
_DIA = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?", re.ASCII)
_DIA_BR = re.compile(r"(\d{2})/(\d{2})/(\d{4})", re.ASCII)
_LOGICOS = {"true": True, "1": True, "false": False, "0": False}
MAXIMO_LISTA = 5_000
_MAIOR_EXPOENTE = 60
_TEXTO_MOSTRADO = 60
_SO_O_VALOR = ""
"""Key of a member of a list of plain values."""

Posicoes = tuple[int, ...]
Arvore = dict[Any, Any]


@dataclass(slots=True)
class Leitura:
    """What a body said. Lists of `dados` are mappings by position until `listed` makes them lists."""

    dados: Arvore = field(default_factory=dict[Any, Any])
    coleta: Coleta = field(default_factory=Coleta)
    ignorados: list[str] = field(default_factory=list[str])
    """Paths that the dictionary does not have, or that the current layout has no element for."""


def read_corpo(corpo: Mapping[str, Any]) -> Leitura:
    """Read a whole body."""
    leitura = Leitura()
    _read(leitura, raiz(), corpo, "", "", ())
    return leitura


def _read(
    leitura: Leitura, no: No, dados: Mapping[str, Any], onde: str, modelo: str, posicoes: Posicoes
) -> None:
    """`onde` is the caller's path so far, `modelo` the same without positions."""
    for nome, valor in dados.items():
        if valor is None or valor == "" or (isinstance(valor, str) and not valor.strip()):
            continue
        if nome in no.campos:
            _read_field(leitura, no.campos[nome], valor, onde + nome, posicoes)
        elif nome in no.listas:
            _read_list(leitura, no.listas[nome], valor, onde + nome, f"{modelo}{nome}[]", posicoes)
        elif modelo + nome not in FORA_DO_LEIAUTE:
            leitura.ignorados.append(onde + nome)


def _read_list(leitura: Leitura, no: No, valor: Any, onde: str, modelo: str, posicoes: Posicoes) -> None:
    if not isinstance(valor, list):
        _refuse(leitura, "FOCUS-LISTA-01", onde, "Este campo é uma lista.", "Envie uma lista JSON.", valor)
        return
    membros = cast("list[Any]", valor)
    if len(membros) > MAXIMO_LISTA:
        _refuse(
            leitura,
            "FOCUS-LISTA-02",
            onde,
            f"A lista passa de {MAXIMO_LISTA} membros.",
            "Divida a nota.",
            str(len(membros)),
        )
        return
    base = modelo if modelo.startswith("items") else modelo.replace("itens[]", "items[]", 1)
    for posicao, membro in enumerate(membros):
        aqui = f"{onde}[{posicao}]"
        if isinstance(membro, Mapping):
            _make_room(leitura, no, (*posicoes, posicao))
            _read(
                leitura, no, cast("Mapping[str, Any]", membro), f"{aqui}.", f"{base}.", (*posicoes, posicao)
            )
        else:
            _refuse(
                leitura,
                "FOCUS-OBJETO-01",
                aqui,
                "Cada membro da lista é um objeto.",
                "Envie um objeto JSON.",
                membro,
            )


def _make_room(leitura: Leitura, no: No, posicoes: Posicoes) -> None:
    """A member without any known field still holds its position, so that paths keep naming the caller's."""
    for campo in no.campos.values():
        for destino in campo.destinos:
            lista, _, resto = destino.rpartition("[]")
            if lista and resto and destino.count("[]") == len(posicoes):
                _at(leitura.dados, f"{lista}[]".split("."), posicoes)
                return


def _read_field(leitura: Leitura, campo: Campo, valor: Any, onde: str, posicoes: Posicoes) -> None:
    if not campo.destinos:
        leitura.ignorados.append(onde)
        return
    if isinstance(valor, list | Mapping):
        _refuse(
            leitura, "FOCUS-TIPO-01", onde, "Este campo é um valor só.", "Envie um texto ou um número.", ""
        )
        return
    lido = _convert(leitura, campo, valor, onde)
    if lido is None:
        return
    for destino in campo.destinos:
        if destino.count("[]") < len(posicoes) and destino.startswith("itens") and posicoes[-1] > 0:
            _refuse(
                leitura,
                "FOCUS-LISTA-03",
                onde,
                "O leiaute leva uma só observação destas por item.",
                "Retire as demais.",
                valor,
            )
            return
        *caminho, folha = destino.split(".")
        if destino.startswith("totais."):
            _at(leitura.dados, ["totais"], ())[destino.removeprefix("totais.")] = lido
        elif folha.endswith("[]"):
            _at(leitura.dados, [*caminho, folha], posicoes)[_SO_O_VALOR] = lido
        else:
            _at(leitura.dados, caminho, posicoes)[folha] = lido


def _at(dados: Arvore, caminho: list[str], posicoes: Posicoes) -> Arvore:
    """The mapping at a path of the neutral request, made on the way."""
    restantes = list(posicoes)
    atual = dados
    for passo in caminho:
        nome = passo.removesuffix("[]")
        atual = atual.setdefault(nome, {})
        if passo.endswith("[]"):
            atual = atual.setdefault(restantes.pop(0), {})
    return atual


def _convert(leitura: Leitura, campo: Campo, valor: Any, onde: str) -> Any:
    if campo.decimal is not None:
        return _number(leitura, campo.decimal, valor, onde)
    if campo.forma == "B":
        logico = _LOGICOS.get(str(valor).strip().lower())
        if logico is None:
            _refuse(
                leitura,
                "FOCUS-LOGICO-01",
                onde,
                "Este campo é verdadeiro ou falso.",
                "Envie true ou false.",
                valor,
            )
        return logico
    if isinstance(valor, bool) and campo.forma == "C":
        valor = int(valor)
    if isinstance(valor, bool) or not isinstance(valor, str | int | Decimal) or _is_endless(valor):
        _refuse(leitura, "FOCUS-TIPO-01", onde, "Este campo é um texto.", "Envie um texto.", valor)
        return None
    return _text(campo, valor)


def _is_endless(valor: str | int | Decimal) -> bool:
    """Whether a number would fill a text with zeros (`1E+9999`), or is none."""
    return isinstance(valor, Decimal) and not (valor.is_finite() and abs(valor.adjusted()) <= _MAIOR_EXPOENTE)


def _text(campo: Campo, valor: str | int | Decimal) -> str:
    texto = valor if isinstance(valor, str) else format(Decimal(valor), "f")
    if campo.forma == "C":
        limpo = texto.strip()
        return limpo if limpo in campo.codigos or limpo.zfill(2) not in campo.codigos else limpo.zfill(2)
    if campo.forma == "DT":
        return _day(texto.strip())
    if campo.forma.startswith("I"):
        limpo = _PONTUACAO.sub("", texto)
        # A number loses the zeros that a CNPJ or a CEP begins with.
        return limpo if isinstance(valor, str) else limpo.zfill(campo.largura)
    return texto


def _day(texto: str) -> str:
    if (achado := _DIA_BR.fullmatch(texto)) is not None:
        dia, mes, ano = achado.groups()
        return f"{ano}-{mes}-{dia}"
    achado = _DIA.fullmatch(texto)
    return texto if achado is None else achado[1]


def _number(leitura: Leitura, forma: tuple[int, int, int], valor: Any, onde: str) -> Decimal | None:
    inteiros, minimo, maximo = forma
    texto = valor.strip() if isinstance(valor, str) else valor
    if isinstance(texto, bool) or (isinstance(texto, str) and _NUMERO.fullmatch(texto) is None):
        texto = None
    try:
        numero = None if texto is None else Decimal(cast("Any", texto))
    except (InvalidOperation, TypeError, ValueError):
        numero = None
    if numero is None:
        _refuse(
            leitura,
            "FOCUS-NUMERO-01",
            onde,
            "Este campo é um número.",
            "Envie um número com ponto decimal (1500.00).",
            valor,
        )
        return None
    lido = leitura.coleta.quantia(onde, "", numero, inteiros=inteiros, casas=maximo)
    return None if lido is None else _trim(lido, minimo)


def _trim(valor: Decimal, minimo: int) -> Decimal:
    """Without the zeros at its end beyond the least decimals of its field."""
    curto = valor.normalize() if valor else Decimal(0)
    expoente = curto.as_tuple().exponent
    assert isinstance(expoente, int), "the number is finite"
    return curto if -expoente >= minimo else curto.quantize(Decimal(1).scaleb(-minimo))


def _refuse(leitura: Leitura, codigo: str, onde: str, mensagem: str, correcao: str, valor: Any) -> None:
    mostrado = str(valor)[:_TEXTO_MOSTRADO] if isinstance(valor, str | int | Decimal | bool) else ""
    leitura.coleta.refuse(codigo, onde, "", mensagem, correcao, valor=mostrado)


def listed(no: Any) -> Any:
    """The tree with its positions made lists; a member that is a single value is that value."""
    if not isinstance(no, dict):
        return no
    ramo = cast("Arvore", no)
    if ramo and all(isinstance(chave, int) for chave in ramo):
        membros = [ramo.get(posicao, {}) for posicao in range(max(ramo) + 1)]
        if any(_SO_O_VALOR in membro for membro in membros):
            return [membro.get(_SO_O_VALOR, "") for membro in membros]
        return [listed(membro) for membro in membros]
    return {nome: listed(abaixo) for nome, abaixo in ramo.items()}
