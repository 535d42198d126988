"""`@frozen`: a frozen, slotted dataclass that is made, and changed into another, without one call for each of its fields.

A frozen dataclass of the standard library stores each field through `object.__setattr__`. Ours is filled by plain
assignment while it is of an open subclass, which has no field of its own, and then closed (docs/adr/0101). Everything
else is that of `dataclasses`: `fields`, equality, hash, `__post_init__`, pickling.
"""

from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, TypeVar, cast, dataclass_transform

T = TypeVar("T")
_SET_CLASS = object.__dict__["__class__"].__set__
"""Gives an object another class, whatever its own says of assignment."""


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(classe: type[T]) -> type[T]:
    """The class as `dataclass(frozen=True, slots=True)` makes it, but for how it is filled."""
    feita: Any = dataclass(frozen=True, slots=True)(classe)
    abre = {"__slots__": (), "__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    aberta = type(feita.__name__, (feita,), abre)
    feita.__init__ = _compile(feita, aberta, "__init__", _lines_of_init)
    feita.__replace__ = _compile(feita, aberta, "__replace__", _lines_of_replace)
    return cast("type[T]", feita)


def replace(objeto: T, **mudancas: Any) -> T:
    """Another of the same class with those fields changed; the object must be of a `frozen` class."""
    trocar: Callable[..., T] = objeto.__replace__  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue, reportUnknownVariableType]
    return trocar(**mudancas)


def _compile(
    feita: Any,
    aberta: type,
    nome: str,
    write_lines: Callable[[tuple[Field[Any], ...], dict[str, Any]], list[str]],
) -> Callable[..., Any]:
    """The method of that name, from lines that leave in `eu` an object to close."""
    nomes: dict[str, Any] = {"aberta": aberta, "novo": object.__new__, "abre": _SET_CLASS}
    linhas = [*write_lines(fields(feita), nomes), " eu.__class__ = classe"]
    if hasattr(feita, "__post_init__"):
        linhas.append(" eu.__post_init__()")
    if nome == "__replace__":
        linhas.append(" return eu")
    exec("\n".join(linhas), nomes)  # noqa: S102 - only names of fields of our own classes, as `dataclasses` itself does
    feito: Callable[..., Any] = nomes[nome]
    feito.__qualname__, feito.__module__ = f"{feita.__qualname__}.{nome}", feita.__module__
    return feito


def _lines_of_init(campos: tuple[Field[Any], ...], nomes: dict[str, Any]) -> list[str]:
    parametros = [_parameter(campo, nomes) for campo in campos]
    linhas = [
        f"def __init__(eu, {', '.join(parametros)}):",
        " classe = eu.__class__",
        " abre(eu, aberta)",
    ]
    for campo in campos:
        if campo.default_factory is not MISSING:
            linhas.append(f" if {campo.name} is AUSENTE: {campo.name} = fabrica_{campo.name}()")
        linhas.append(f" eu.{campo.name} = {campo.name}")
    return linhas


def _lines_of_replace(campos: tuple[Field[Any], ...], _nomes: dict[str, Any]) -> list[str]:
    return [
        "def __replace__(este, /, **mudancas):",
        " classe = este.__class__",
        " eu = novo(aberta)",
        *(f" eu.{campo.name} = este.{campo.name}" for campo in campos),
        " for nome, valor in mudancas.items(): setattr(eu, nome, valor)",
    ]


def _parameter(campo: Field[Any], nomes: dict[str, Any]) -> str:
    assert campo.init, "every field is given or has a default"
    assert not campo.kw_only, "fields come in their order"
    if campo.default_factory is not MISSING:
        nomes |= {"AUSENTE": MISSING, f"fabrica_{campo.name}": campo.default_factory}
        return f"{campo.name}=AUSENTE"
    if campo.default is MISSING:
        return campo.name
    nomes[f"padrao_{campo.name}"] = campo.default
    return f"{campo.name}=padrao_{campo.name}"
