"""Field types of the wire: what the contract's examples really send.

The examples send numbers where the tables say text and the other way round, and empty text for absent fields. So a
field takes both spellings of its value, an empty or blank text or a null is the same as leaving it out, and what does
not fit is refused in Portuguese with what was sent and what is expected. Unknown fields are kept aside, so that
the answer can say that they were ignored.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, LiteralString, NoReturn, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    PlainValidator,
    model_validator,
)
from pydantic_core import PydanticCustomError, core_schema

_NAO_TEXTO, _ENTRE_ASPAS = "Este campo é um texto.", "Envie o valor entre aspas."
_NUMERO = re.compile(r"[+-]?[0-9]{1,25}(\.[0-9]{1,25})?", re.ASCII)
_INTEIRO = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_PONTUACAO = re.compile(r"[.\-/\s()]")
MAXIMO_DOCUMENTO = 500
_VERDADEIROS = frozenset({"true", "1", "sim", "s"})
_FALSOS = frozenset({"false", "0", "nao", "não", "n"})


class Corpo(BaseModel):
    """Base of every request object: immutable once read, blanks absent, unknown fields kept in `model_extra`."""

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        populate_by_name=True,
        arbitrary_types_allowed=False,
        defer_build=True,  # each is made for the first call that needs it: a start would wait for dozens
    )

    @model_validator(mode="before")
    @classmethod
    def _drop_blanks(cls, dados: Any) -> Any:
        if not isinstance(dados, dict):
            return dados
        campos: dict[str, Any] = dados
        for valor in campos.values():
            if valor is None or (isinstance(valor, str) and (not valor or valor.isspace())):
                return {nome: valor for nome, valor in campos.items() if not _is_blank(valor)}
        return campos


def _is_blank(valor: Any) -> bool:
    return valor is None or (isinstance(valor, str) and (not valor or valor.isspace()))


def refusal(codigo: str, mensagem: str, correcao: str) -> PydanticCustomError:
    """A refusal of one value, in the shape that `validacao` hands on untouched."""
    return PydanticCustomError(
        cast("LiteralString", codigo), "{mensagem}", {"mensagem": mensagem, "correcao": correcao}
    )


def _text(valor: Any) -> Any:
    if isinstance(valor, bool) or not isinstance(valor, str | int | Decimal):
        raise refusal("CAMPO-TEXTO", _NAO_TEXTO, _ENTRE_ASPAS)
    if isinstance(valor, str):
        return valor
    return str(valor) if isinstance(valor, int) else format(valor, "f")


@dataclass(frozen=True, slots=True)
class _TextoDoFio:
    """A text of at most `maximo` characters, out of a text or a number. What comes as text never leaves the compiled core
    of pydantic: these are most of the fields of a request."""

    maximo: int
    apara: bool = False
    """Blanks around it are dropped."""

    def __get_pydantic_core_schema__(
        self, _tipo: Any, _resto: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        numero = core_schema.no_info_plain_validator_function(
            _text, json_schema_input_schema=core_schema.str_schema()
        )
        escolha = core_schema.union_schema(
            [core_schema.str_schema(strict=True), numero], mode="left_to_right", custom_error_type="CAMPO-TEXTO",
            custom_error_message="{mensagem}", custom_error_context={"mensagem": _NAO_TEXTO, "correcao": _ENTRE_ASPAS},
        )  # fmt: skip
        limite = core_schema.str_schema(max_length=self.maximo, strip_whitespace=self.apara)
        return core_schema.chain_schema([escolha, limite])


def _document(valor: Any) -> Any:
    texto: str = valor if isinstance(valor, str) else _text(valor)
    if not texto.isalnum():
        texto = _PONTUACAO.sub("", texto)
    return texto.upper() if len(texto) <= MAXIMO_DOCUMENTO else _refuse_length(MAXIMO_DOCUMENTO)


def _number(valor: Any) -> Any:
    if isinstance(valor, Decimal):
        return valor
    if isinstance(valor, bool) or not isinstance(valor, str | int):
        raise refusal("CAMPO-NUMERO", "Este campo é um número.", "Envie um número decimal, como 150.00.")
    if isinstance(valor, str):
        texto = valor.strip()
        if _NUMERO.fullmatch(texto) is None:
            raise refusal(
                "CAMPO-NUMERO",
                "Este campo é um número decimal.",
                "Use ponto como separador decimal, sem separador de milhar e sem símbolo de moeda (1500.00).",
            )
        valor = texto
    try:
        return Decimal(valor)
    except InvalidOperation:  # pragma: no cover - the form was checked
        raise refusal(
            "CAMPO-NUMERO", "Este campo é um número.", "Envie um número decimal, como 150.00."
        ) from None


def _amount(valor: Any) -> Any:
    numero = _number(valor)
    if numero < 0:
        raise refusal(
            "CAMPO-NEGATIVO", "Este valor não pode ser negativo.", "Envie zero ou um número positivo."
        )
    return numero


def _integer(valor: Any) -> Any:
    if isinstance(valor, Decimal) and valor == valor.to_integral_value():
        return int(valor)
    if isinstance(valor, str) and _INTEIRO.fullmatch(valor.strip()):
        return int(valor.strip())
    if isinstance(valor, bool) or not isinstance(valor, int):
        raise refusal(
            "CAMPO-INTEIRO", "Este campo é um número inteiro.", "Envie um inteiro, sem casas decimais."
        )
    return valor


def _boolean(valor: Any) -> Any:
    if isinstance(valor, bool):
        return valor
    if isinstance(valor, int | str):
        texto = str(valor).strip().lower()
        if texto in _VERDADEIROS:
            return True
        if texto in _FALSOS:
            return False
    raise refusal("CAMPO-LOGICO", "Este campo é verdadeiro ou falso.", "Envie true ou false.")


def one_of(*opcoes: str) -> AfterValidator:
    """A code out of a closed list."""

    def check(valor: str) -> str:
        if valor not in opcoes:
            raise refusal(
                "CAMPO-OPCAO", "Este valor não está entre os aceitos.", f"Use um destes: {', '.join(opcoes)}."
            )
        return valor

    return AfterValidator(check)


def matching(padrao: str, codigo: str, mensagem: str, correcao: str) -> AfterValidator:
    """A text of a fixed form (whole match, ASCII)."""
    forma = re.compile(padrao, re.ASCII)

    def check(valor: str) -> str:
        if forma.fullmatch(valor) is None:
            raise refusal(codigo, mensagem, correcao)
        return valor

    return AfterValidator(check)


def at_most(caracteres: int) -> AfterValidator:
    """A text that is not absurdly long; the layout's own limits are rules of the document, with their own codes."""

    def check(valor: str) -> str:
        return valor if len(valor) <= caracteres else _refuse_length(caracteres)

    return AfterValidator(check)


def _refuse_length(caracteres: int) -> NoReturn:
    raise refusal("CAMPO-TAMANHO", f"Este texto passa de {caracteres} caracteres.", "Encurte o texto.")


Texto = Annotated[str, _TextoDoFio(20_000)]
"""Free text, kept as it came."""
Codigo = Annotated[str, _TextoDoFio(500, apara=True)]
"""A short code; blanks around it are dropped."""
Url = Annotated[str, _TextoDoFio(100_000, apara=True)]
"""A URL, which may hold a small file (`data:`)."""
Documento = Annotated[str, PlainValidator(_document, json_schema_input_type=str)]
"""CNPJ, CPF, CEP, IE, NCM...: the punctuation that people write is dropped, letters become upper case."""
Numero = Annotated[Decimal, PlainValidator(_number, json_schema_input_type=Decimal)]
Valor = Annotated[Decimal, PlainValidator(_amount, json_schema_input_type=Decimal)]
"""A decimal that is not negative: money, quantity, rate."""
Inteiro = Annotated[int, BeforeValidator(_integer)]
Logico = Annotated[bool, BeforeValidator(_boolean)]
