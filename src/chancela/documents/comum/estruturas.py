"""Frozen dataclasses out of plain JSON values, and the JSON Schema that describes what they take.

For input that a person writes for a command (neutral items, company settings): unknown names, missing ones and values
that do not fit are all told at once, by their path, with what is expected. Numbers come as JSON numbers read exactly
(int or Decimal) or as text with a point; never as binary floats.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from chancela.domain.erros import RegraViolada, Violacao

_T = TypeVar("_T")
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?", re.ASCII)
_VERDADEIROS = frozenset({"true", "sim", "1"})
_FALSOS = frozenset({"false", "nao", "não", "0"})


def read_estrutura(classe: type[_T], dados: object, *, prefixo: str = "") -> _T:
    """The object that `dados` describes; `RegraViolada` (`CAMPO-*`) with everything that is wrong with it."""
    leitor = _Leitor()
    lido = leitor.objeto(classe, dados, prefixo)
    if leitor.violacoes:
        raise RegraViolada(tuple(leitor.violacoes))
    return cast("_T", lido)


def read_valor(tipo: Any, valor: object, caminho: str) -> Any:
    """One value of a type as annotations name it; `RegraViolada` when it does not fit."""
    leitor = _Leitor()
    lido = leitor.valor(tipo, valor, caminho)
    if leitor.violacoes:
        raise RegraViolada(tuple(leitor.violacoes))
    return lido


def describe_schema(classe: type[Any], titulo: str, descricoes: Mapping[str, str]) -> dict[str, Any]:
    """JSON Schema (2020-12) of what `read_estrutura` takes. `descricoes`: field name to Portuguese text."""
    definicoes: dict[str, Any] = {}
    raiz = _schema_of_class(classe, definicoes, descricoes)
    definicoes.pop(classe.__name__, None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": titulo,
        **raiz,
        "$defs": definicoes,
    }


@cache
def types_of(classe: type[Any]) -> Mapping[str, Any]:
    """Annotation of every field, resolved."""
    return get_type_hints(classe)


def required(campo: "Field[Any]") -> bool:
    """Whether a field has no default."""
    return campo.default is MISSING and campo.default_factory is MISSING


class _Leitor:
    """Reads values and collects what is wrong with them."""

    def __init__(self) -> None:
        self.violacoes: list[Violacao] = []

    def objeto(self, classe: type[Any], dados: object, prefixo: str) -> Any:
        if not isinstance(dados, Mapping):
            self._refuse("CAMPO-OBJETO", prefixo, "Este campo é um objeto.", "Envie um objeto JSON.", dados)
            return None
        mapa = cast("Mapping[str, object]", dados)
        tipos = types_of(classe)
        conhecidos = {campo.name: campo for campo in fields(classe)}
        for nome in mapa:
            if nome not in conhecidos:
                onde = _join(prefixo, nome)
                opcoes = ", ".join(sorted(conhecidos))
                self._refuse(
                    "CAMPO-DESCONHECIDO", onde, "Este campo não existe.", f"Existem: {opcoes}.", None
                )
        lidos: dict[str, Any] = {}
        completo = True
        for nome, campo in conhecidos.items():
            onde = _join(prefixo, nome)
            if mapa.get(nome) is None:
                if required(campo) and not _optional(tipos[nome]):
                    self._refuse("CAMPO-AUSENTE", onde, "Este campo é obrigatório.", "Envie o campo.", None)
                    completo = False
                elif required(campo):
                    lidos[nome] = None
                continue
            antes = len(self.violacoes)
            lidos[nome] = self.valor(tipos[nome], mapa[nome], onde)
            completo = completo and len(self.violacoes) == antes
        return classe(**lidos) if completo else None

    def valor(self, tipo: Any, valor: object, onde: str) -> Any:
        origem = get_origin(tipo)
        if origem in (Union, UnionType):
            return self._uniao([t for t in get_args(tipo) if t is not NoneType], valor, onde)
        if origem is Literal:
            return self._literal(get_args(tipo), valor, onde)
        if origem in (tuple, frozenset):
            return origem(self._lista(get_args(tipo)[0], valor, onde))
        if origem is not None and issubclass(origem, Mapping):
            chave, conteudo = get_args(tipo)
            return self._mapa(chave, conteudo, valor, onde)
        if is_dataclass(tipo) and not hasattr(tipo, "parse"):
            return self.objeto(cast("type[Any]", tipo), valor, onde)
        return self._simples(tipo, valor, onde)

    def _uniao(self, tipos: list[Any], valor: object, onde: str) -> Any:
        if len(tipos) == 1:
            return self.valor(tipos[0], valor, onde)
        falhas: list[Violacao] = []
        for tipo in tipos:
            tentativa = _Leitor()
            lido = tentativa.valor(tipo, valor, onde)
            if not tentativa.violacoes:
                return lido
            falhas = tentativa.violacoes
        self.violacoes += falhas
        return None

    def _lista(self, tipo: Any, valor: object, onde: str) -> list[Any]:
        itens: Iterable[object]
        if isinstance(valor, str):
            itens = [parte.strip() for parte in valor.split(",") if parte.strip()]
        elif isinstance(valor, list | tuple):
            itens = cast("list[object]", valor)
        else:
            self._refuse("CAMPO-LISTA", onde, "Este campo é uma lista.", "Envie uma lista JSON.", valor)
            return []
        return [self.valor(tipo, item, f"{onde}[{n}]") for n, item in enumerate(itens)]

    def _mapa(self, chave: Any, conteudo: Any, valor: object, onde: str) -> dict[Any, Any]:
        if not isinstance(valor, Mapping):
            self._refuse("CAMPO-OBJETO", onde, "Este campo é um objeto.", "Envie um objeto JSON.", valor)
            return {}
        pares = cast("Mapping[str, object]", valor)
        return {
            self._simples(chave, k, onde): self.valor(conteudo, v, f"{onde}.{k}") for k, v in pares.items()
        }

    def _simples(self, tipo: Any, valor: object, onde: str) -> Any:
        if tipo is bool:
            return self._logico(valor, onde)
        if tipo is Decimal:
            return self._decimal(valor, onde)
        if tipo is int:
            if isinstance(valor, int) and not isinstance(valor, bool):
                return valor
            if isinstance(valor, str) and re.fullmatch(r"-?[0-9]{1,18}", valor, re.ASCII):
                return int(valor)
            return self._refuse(
                "CAMPO-INTEIRO", onde, "Este campo é um número inteiro.", "Envie um inteiro.", valor
            )
        if isinstance(valor, bool) or not isinstance(valor, str | int | Decimal):
            return self._refuse("CAMPO-TEXTO", onde, "Este campo é um texto.", "Envie um texto.", valor)
        texto = valor if isinstance(valor, str) else str(valor)
        if tipo is datetime:
            return self._data_hora(texto, onde)
        if tipo is date:
            try:
                return date.fromisoformat(texto)
            except ValueError:
                return self._refuse("CAMPO-DATA", onde, "Esta data não existe.", "Envie AAAA-MM-DD.", valor)
        if isinstance(tipo, type) and issubclass(tipo, Enum):
            return self._opcao(tipo, texto, onde)
        return texto if tipo is str else self._documento(tipo, texto, onde)

    def _data_hora(self, texto: str, onde: str) -> Any:
        """An instant with its offset, to the second."""
        try:
            lido = datetime.fromisoformat(texto.strip())
        except ValueError:
            lido = None
        if lido is None or lido.utcoffset() is None:
            correcao = "Envie AAAA-MM-DDThh:mm:ss-03:00, com o fuso."
            return self._refuse("CAMPO-DATA-HORA", onde, "Esta data e hora não valem.", correcao, texto)
        return lido.replace(microsecond=0)

    def _literal(self, aceitos: tuple[Any, ...], valor: object, onde: str) -> Any:
        if valor in aceitos:
            return valor
        opcoes = ", ".join(map(str, aceitos))
        return self._refuse(
            "CAMPO-OPCAO", onde, "Este valor não está entre os aceitos.", f"Use um destes: {opcoes}.", valor
        )

    def _documento(self, tipo: Any, texto: str, onde: str) -> Any:
        try:
            return getattr(tipo, "parse", tipo)(texto)
        except RegraViolada as erro:
            for v in erro.violacoes:
                self._refuse(v.codigo, onde, v.mensagem, v.correcao, texto)
            return None

    def _opcao(self, tipo: type[Enum], texto: str, onde: str) -> Any:
        procurado = texto.strip().lower()
        for membro in tipo:
            if procurado in (str(membro.value).lower(), membro.name.lower()):
                return membro
        aceitos = ", ".join(_option(membro) for membro in tipo)
        return self._refuse(
            "CAMPO-OPCAO", onde, "Este valor não está entre os aceitos.", f"Use um destes: {aceitos}.", texto
        )

    def _decimal(self, valor: object, onde: str) -> Any:
        if isinstance(valor, int | Decimal) and not isinstance(valor, bool):
            texto = format(Decimal(valor), "f")
        else:
            texto = valor.strip() if isinstance(valor, str) else ""
        if _DECIMAL.fullmatch(texto) is None:
            return self._refuse(
                "CAMPO-NUMERO",
                onde,
                "Este campo é um número decimal.",
                "Use ponto, até 10 casas (1500.00).",
                valor,
            )
        return Decimal(texto)

    def _logico(self, valor: object, onde: str) -> Any:
        texto = str(valor).strip().lower()
        if texto in _VERDADEIROS:
            return True
        if texto in _FALSOS:
            return False
        return self._refuse(
            "CAMPO-LOGICO", onde, "Este campo é verdadeiro ou falso.", "Envie true ou false.", valor
        )

    def _refuse(self, codigo: str, caminho: str, mensagem: str, correcao: str, valor: object) -> None:
        mostrado = str(valor)[:120] if isinstance(valor, str | int | Decimal) else ""
        self.violacoes.append(Violacao(codigo, caminho, mensagem, correcao, valor=mostrado))


def _join(prefixo: str, nome: str) -> str:
    return f"{prefixo}.{nome}" if prefixo else nome


def _optional(tipo: Any) -> bool:
    return get_origin(tipo) in (Union, UnionType) and NoneType in get_args(tipo)


def _option(membro: Enum) -> str:
    """How an option is written: text as it is, numbers by their name."""
    return str(membro.value) if isinstance(membro.value, str) else membro.name.lower()


def _schema_of_class(
    classe: type[Any], definicoes: dict[str, Any], descricoes: Mapping[str, str]
) -> dict[str, Any]:
    tipos = types_of(classe)
    propriedades: dict[str, Any] = {}
    obrigatorios: list[str] = []
    definicoes[classe.__name__] = {}
    for campo in fields(classe):
        descrito = _schema_of(tipos[campo.name], definicoes, descricoes)
        if campo.name in descricoes:
            descrito = {**descrito, "description": descricoes[campo.name]}
        propriedades[campo.name] = descrito
        if required(campo) and not _optional(tipos[campo.name]):
            obrigatorios.append(campo.name)
    esquema: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": propriedades,
        "required": obrigatorios,
    }
    definicoes[classe.__name__] = esquema
    return esquema


def _schema_of(tipo: Any, definicoes: dict[str, Any], descricoes: Mapping[str, str]) -> dict[str, Any]:
    origem = get_origin(tipo)
    if origem in (Union, UnionType):
        reais = [_schema_of(t, definicoes, descricoes) for t in get_args(tipo) if t is not NoneType]
        return reais[0] if len(reais) == 1 else {"anyOf": reais}
    if origem is Literal:
        return {"enum": list(get_args(tipo))}
    if origem in (tuple, frozenset):
        return {"type": "array", "items": _schema_of(get_args(tipo)[0], definicoes, descricoes)}
    if origem is not None and issubclass(origem, Mapping):
        chave, conteudo = get_args(tipo)
        return {
            "type": "object",
            "propertyNames": _schema_of(chave, definicoes, descricoes),
            "additionalProperties": _schema_of(conteudo, definicoes, descricoes),
        }
    if is_dataclass(tipo):
        classe = cast("type[Any]", tipo)
        if classe.__name__ not in definicoes:
            _schema_of_class(classe, definicoes, descricoes)
        return {"$ref": f"#/$defs/{classe.__name__}"}
    if isinstance(tipo, type) and issubclass(tipo, Enum):
        return {"enum": [_option(membro) for membro in tipo]}
    return _SIMPLES.get(tipo, {"type": "string"})


_SIMPLES: Mapping[Any, dict[str, Any]] = {
    Decimal: {
        "anyOf": [{"type": "number"}, {"type": "string", "pattern": "^-?[0-9]{1,15}([.][0-9]{1,10})?$"}]
    },
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    str: {"type": "string"},
}
