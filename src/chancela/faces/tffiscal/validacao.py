"""From JSON to a request object: every refused field at once, in Portuguese, by its path in the caller's JSON."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, cast, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from chancela.faces.tffiscal.erros import ErroCampo, FaceErro, refuse_fields
from chancela.kit.json_exact import JsonInvalid, JsonLimits, read_json

Modelo = TypeVar("Modelo", bound=BaseModel)
_VALOR_MAXIMO = 120

_JSON: dict[str, tuple[str, str, str]] = {
    "size": ("JSON-01", "O corpo da requisição é grande demais.", "Envie no máximo {detail} bytes."),
    "utf8": (
        "JSON-02",
        "O corpo não é UTF-8 válido (byte {detail}).",
        "Codifique o JSON em UTF-8, sem bytes depois dele.",
    ),
    "bom": ("JSON-03", "O corpo começa com a marca BOM.", "Envie o JSON em UTF-8 sem BOM."),
    "empty": ("JSON-04", "O corpo da requisição está vazio.", "Envie um objeto JSON."),
    "depth": ("JSON-05", "O JSON tem níveis demais.", "Envie no máximo {detail} níveis."),
    "syntax": (
        "JSON-06",
        "O corpo não é um JSON válido (linha:coluna {detail}).",
        "Confira vírgulas, aspas e chaves.",
    ),
    "trailing": ("JSON-07", "Há conteúdo depois do JSON.", "Termine o corpo no fim do objeto JSON."),
    "repeated": (
        "JSON-08",
        "O campo “{detail}” aparece duas vezes no mesmo objeto.",
        "Envie cada campo uma vez.",
    ),
    "number": (
        "JSON-09",
        "O número {detail} não é aceito.",
        "Envie números decimais comuns, com até 40 caracteres.",
    ),
    "text": (
        "JSON-10",
        "O texto {detail} tem caracteres que não existem.",
        "Retire o NUL e os pares substitutos soltos.",
    ),
}

_TIPOS: dict[str, tuple[str, str, str]] = {
    "missing": ("CAMPO-AUSENTE", "Este campo é obrigatório.", "Envie o campo preenchido."),
    "model_type": ("CAMPO-OBJETO", "Este campo é um objeto.", "Envie um objeto JSON, entre chaves."),
    "model_attributes_type": (
        "CAMPO-OBJETO",
        "Este campo é um objeto.",
        "Envie um objeto JSON, entre chaves.",
    ),
    "dict_type": ("CAMPO-OBJETO", "Este campo é um objeto.", "Envie um objeto JSON, entre chaves."),
    "list_type": ("CAMPO-LISTA", "Este campo é uma lista.", "Envie uma lista JSON, entre colchetes."),
    "tuple_type": ("CAMPO-LISTA", "Este campo é uma lista.", "Envie uma lista JSON, entre colchetes."),
    "too_short": ("CAMPO-LISTA-VAZIA", "Esta lista tem itens de menos.", "Envie pelo menos um item."),
    "too_long": ("CAMPO-LISTA-GRANDE", "Esta lista tem itens demais.", "Envie menos itens."),
    "string_too_long": ("CAMPO-TAMANHO", "Este texto passa de {max_length} caracteres.", "Encurte o texto."),
}
_OUTRO = ("CAMPO-INVALIDO", "Este valor não é aceito aqui.", "Confira o tipo e o formato do campo.")


def parse_object(corpo: bytes, *, tamanho_maximo: int) -> dict[str, Any]:
    """The JSON object of a body. `FaceErro` 400 for anything else."""
    try:
        valor = read_json(corpo, JsonLimits(size_bytes=tamanho_maximo))
    except JsonInvalid as erro:
        codigo, mensagem, correcao = _JSON[erro.reason]
        detalhe = erro.detail
        raise FaceErro(
            400, codigo, mensagem.replace("{detail}", detalhe), correcao.replace("{detail}", detalhe)
        ) from None
    if not isinstance(valor, dict):
        raise FaceErro(
            400, "JSON-11", "O corpo da requisição não é um objeto JSON.", "Envie um objeto, entre chaves."
        )
    return cast("dict[str, Any]", valor)


def validate(modelo: type[Modelo], dados: object) -> Modelo:
    """The request object, or `FaceErro` 400 with one entry per refused field."""
    try:
        return modelo.model_validate(dados)
    except ValidationError as erro:
        raise refuse_fields([_field(modelo, item) for item in erro.errors(include_url=False)]) from None


def path_of(loc: Sequence[int | str]) -> str:
    """`("products", 1, "ncm")` as `products[1].ncm`."""
    texto = ""
    for parte in loc:
        if isinstance(parte, int):
            texto += f"[{parte}]"
        else:
            texto += f".{parte}" if texto else parte
    return texto


def unknown_fields(corpo: BaseModel, prefixo: str = "") -> list[str]:
    """Paths of the fields that nobody reads, in the order of the model."""
    achados = [f"{prefixo}{nome}" for nome in corpo.model_extra or {}]
    for nome, fio in _inner_fields(type(corpo)):
        valor = getattr(corpo, nome)
        if isinstance(valor, BaseModel):
            achados += unknown_fields(valor, f"{prefixo}{fio}.")
        elif isinstance(valor, list | tuple):
            for posicao, item in enumerate(cast("Sequence[Any]", valor)):
                if isinstance(item, BaseModel):
                    achados += unknown_fields(item, f"{prefixo}{fio}[{posicao}].")
    return achados


@cache
def _inner_fields(modelo: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """The fields of a model that may hold request objects, each with its name on the wire."""
    return tuple(
        (nome, _wire_name(nome, campo))
        for nome, campo in modelo.model_fields.items()
        if _inner_model(campo.annotation) is not None
    )


def ignored_fields(corpo: BaseModel) -> list[ErroCampo]:
    """One warning per field that nobody reads: most often a misspelt name."""
    return [
        ErroCampo(
            caminho,
            "CAMPO-IGNORADO",
            "Este campo não faz parte da operação e foi ignorado.",
            "Confira o nome do campo.",
        )
        for caminho in unknown_fields(corpo)
    ]


def label_of(modelo: type[BaseModel], loc: Sequence[int | str]) -> str:
    """The Portuguese label (the field's title) of a path, empty when it has none."""
    atual: type[BaseModel] | None = modelo
    rotulo = ""
    for parte in loc:
        if isinstance(parte, int):
            continue
        if atual is None:
            return rotulo
        campo = next((c for n, c in atual.model_fields.items() if parte in (n, _wire_name(n, c))), None)
        if campo is None:
            return ""
        rotulo = campo.title or ""
        atual = _inner_model(campo.annotation)
    return rotulo


def known_path(modelo: type[BaseModel], caminho: str) -> str:
    """`caminho` as far as the request has such fields: what it cannot express is led to what holds it."""
    atual: type[BaseModel] | None = modelo
    partes: list[str] = []
    for parte in caminho.split("."):
        if atual is None:
            break
        nome = parte.partition("[")[0]
        campo = next((c for n, c in atual.model_fields.items() if nome == _wire_name(n, c)), None)
        if campo is None:
            break
        partes.append(parte)
        atual = _inner_model(campo.annotation)
    return ".".join(partes)


def _wire_name(nome: str, campo: FieldInfo) -> str:
    apelido = campo.validation_alias or campo.alias
    return apelido if isinstance(apelido, str) else nome


def _inner_model(anotacao: Any) -> type[BaseModel] | None:
    if isinstance(anotacao, type) and issubclass(anotacao, BaseModel):
        return anotacao
    for argumento in get_args(anotacao):
        achado = _inner_model(argumento)
        if achado is not None:
            return achado
    return None


def _field(modelo: type[BaseModel], item: ErrorDetails) -> ErroCampo:
    tipo = item["type"]
    contexto: dict[str, Any] = item.get("ctx") or {}
    if "mensagem" in contexto:
        codigo, mensagem, correcao = tipo, str(contexto["mensagem"]), str(contexto["correcao"])
    else:
        codigo, mensagem, correcao = _TIPOS.get(tipo, _OUTRO)
        mensagem = mensagem.format_map(contexto)
    loc = item["loc"]
    campo = path_of(loc)
    # "Obrigatório" reports the whole parent object as input: that is not what the caller sent for the field.
    valor = "" if tipo == "missing" else shown_value(campo, item["input"])
    return ErroCampo(campo, codigo, mensagem, correcao, valor, label_of(modelo, loc))


def shown_value(campo: str, valor: Any) -> str:
    """A value as it may be shown to the caller: scalars only, secrets masked, at most 120 characters."""
    if campo.rsplit(".", 1)[-1] in _SIGILOSOS:
        return "***"
    if isinstance(valor, bool):
        return "true" if valor else "false"
    if isinstance(valor, str | int):
        texto = str(valor)
    elif isinstance(valor, Decimal):
        texto = format(valor, "f")
    else:
        return ""
    return texto if len(texto) <= _VALOR_MAXIMO else texto[: _VALOR_MAXIMO - 1] + "…"


_SIGILOSOS = frozenset({"cert_pwd", "cert_file", "csc", "authorization_code"})
