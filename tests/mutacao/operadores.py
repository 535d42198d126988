"""One small wrong change at a time: the mutants of a module's source.

Changed are comparisons, arithmetic, `and`/`or`/`not`, truth tests, constants and returned values. Left alone is what no
value can show: assertions, annotations, decorators, docstrings, prose (texts with a blank in them: tests assert codes,
not sentences), format specifications and the members of enumerations.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import CodeType
from typing import Any, cast

_COMPARACOES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_ARITMETICA: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
_FORA_DO_VALOR = {"annotation", "returns", "decorator_list", "format_spec", "type_params", "bases"}


@dataclass(frozen=True, slots=True)
class Mutante:
    """A module with one change; the lines are those of the statement that holds it."""

    linha: int
    ultima_linha: int
    no_modulo: bool
    """The change is in code that runs when the module is imported."""
    antes: str
    depois: str
    codigo: CodeType


@dataclass(slots=True)
class _Lugar:
    """Where a node hangs, so that it can be taken out and put back."""

    dono: ast.AST
    campo: str
    indice: int | None

    def put(self, no: ast.AST) -> None:
        if self.indice is None:
            setattr(self.dono, self.campo, no)
        else:
            getattr(self.dono, self.campo)[self.indice] = no


@dataclass(frozen=True, slots=True)
class _Contexto:
    instrucao: tuple[int, int] = (1, 1)
    no_modulo: bool = True


def mutants(fonte: str, nome: str) -> Iterator[Mutante]:
    """Every mutant of the source, in the order of the lines."""
    arvore = ast.parse(fonte)
    for lugar, no, contexto in _places(arvore, _Contexto()):
        for novo in _wrong(no):
            ast.copy_location(novo, no)
            ast.fix_missing_locations(novo)
            lugar.put(novo)
            codigo = compile(arvore, nome, "exec")
            lugar.put(no)
            yield Mutante(*contexto.instrucao, contexto.no_modulo, _short(no), _short(novo), codigo)


def _short(no: ast.AST) -> str:
    texto = " ".join(ast.unparse(no).split())
    return texto if len(texto) <= 90 else texto[:87] + "..."


def _places(no: ast.AST, contexto: _Contexto) -> Iterator[tuple[_Lugar, ast.AST, _Contexto]]:
    if isinstance(no, ast.Assert) or _is_enumeration(no) or _is_typing_call(no) or _is_names(no):
        return
    if isinstance(no, ast.stmt):
        contexto = _Contexto(_lines(no), contexto.no_modulo)
    for campo, valor in ast.iter_fields(no):
        if campo in _FORA_DO_VALOR:
            continue
        dentro = contexto
        if campo == "body" and isinstance(no, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            dentro = _Contexto(contexto.instrucao, no_modulo=False)
        lista = isinstance(valor, list)
        for indice, filho in enumerate(cast("list[Any]", valor) if lista else [valor]):
            if not isinstance(filho, ast.AST) or _is_text_alone(filho):
                continue
            if isinstance(filho, ast.expr | ast.Return | ast.AugAssign):
                aqui = _Contexto(_lines(filho), dentro.no_modulo) if isinstance(filho, ast.stmt) else dentro
                yield _Lugar(no, campo, indice if lista else None), filho, aqui
            yield from _places(filho, dentro)


def _lines(no: ast.stmt) -> tuple[int, int]:
    """First and last line of the statement itself, without the block below it."""
    corpo = getattr(no, "body", None)
    if isinstance(corpo, list) and corpo:
        return no.lineno, max(no.lineno, cast("ast.stmt", corpo[0]).lineno - 1)
    return no.lineno, no.end_lineno or no.lineno


def _is_enumeration(no: ast.AST) -> bool:
    return isinstance(no, ast.ClassDef) and any("Enum" in ast.unparse(base) for base in no.bases)


def _is_names(no: ast.AST) -> bool:
    """`__slots__` and `__all__` list names, which nothing but their use can prove."""
    return isinstance(no, ast.Assign) and ast.unparse(no.targets[0]) in ("__slots__", "__all__")


def _is_typing_call(no: ast.AST) -> bool:
    return isinstance(no, ast.Call) and ast.unparse(no.func) in ("cast", "TypeVar")


def _is_text_alone(no: ast.AST) -> bool:
    """A docstring, of a function or of a constant."""
    return isinstance(no, ast.Expr) and isinstance(no.value, ast.Constant)


def _wrong(no: ast.AST) -> Iterator[ast.AST]:
    """The wrong nodes that may stand in the place of this one."""
    match no:
        case ast.Compare():
            for indice, operador in enumerate(no.ops):
                ops = [*no.ops]
                ops[indice] = _COMPARACOES[type(operador)]()
                yield ast.Compare(no.left, ops, no.comparators)
        case ast.BinOp() if type(no.op) in _ARITMETICA:
            yield ast.BinOp(no.left, _ARITMETICA[type(no.op)](), no.right)
        case ast.AugAssign() if type(no.op) in _ARITMETICA:
            yield ast.AugAssign(no.target, _ARITMETICA[type(no.op)](), no.value)
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(no.op, ast.And) else ast.And(), no.values)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield no.operand
        case ast.IfExp(test=ast.Name() | ast.Attribute() | ast.Call()):
            yield ast.IfExp(ast.UnaryOp(ast.Not(), no.test), no.body, no.orelse)
        case ast.Return(value=ast.expr()) if not _is_none(no.value):
            yield ast.Return(ast.Constant(None))
        case ast.Constant():
            outro = _other(no.value)
            if outro is not None:
                yield ast.Constant(outro)
        case _:
            pass


def _is_none(no: ast.expr | None) -> bool:
    return isinstance(no, ast.Constant) and no.value is None


def _other(valor: object) -> object | None:
    """Another constant of the same kind; None where the constant is left alone."""
    match valor:
        case bool():
            return not valor
        case int():
            return valor + 1
        case str() if valor and not any(letra.isspace() for letra in valor):
            return _other_text(valor)
        case _:
            return None


def _other_text(valor: str) -> str:
    """Another number for a number, so that the mutant is wrong and not merely unreadable; a mark on both sides of a word."""
    try:
        return str(Decimal(valor) + 1)
    except InvalidOperation:
        return f"XX{valor}XX"
