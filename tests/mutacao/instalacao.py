"""A mutant takes the place of a module that is already imported.

Functions, methods and properties keep their identity and get the code of the mutant, so that whoever imported them runs it;
a constant is bound anew in every module that imported it. Nothing has to be imported again: a mutant costs a fork.
"""

import sys
from types import CodeType, FunctionType, ModuleType
from typing import Any

_PACOTES = ("chancela", "tests")


def install(modulo: ModuleType, codigo: CodeType, *, constantes: bool) -> None:
    """Make the module behave as the code. `constantes`: the change is in what runs at import, so its values count too."""
    nomes = vars(modulo)
    antigos = dict(nomes)
    exec(codigo, nomes)
    for nome, antigo in antigos.items():
        novo = nomes[nome]
        if novo is antigo or nome.startswith("__"):
            continue
        if _transplant(antigo, novo, modulo.__name__, constantes):
            nomes[nome] = antigo
        elif constantes:
            _rebind(nome, antigo, novo)
        else:
            nomes[nome] = antigo


def forget(modulo: ModuleType) -> None:
    """Empty what its cached functions remember: the next test runs every line that it needs, whoever needed it before."""
    for valor in vars(modulo).values():
        if isinstance(getattr(valor, "__wrapped__", None), FunctionType):
            valor.cache_clear()


def _transplant(antigo: Any, novo: Any, modulo: str, constantes: bool) -> bool:
    """Give the old object the code of the new one; False if it is a plain value."""
    if isinstance(antigo, FunctionType):
        if antigo.__module__ == modulo and isinstance(novo, FunctionType):
            _recode(antigo, novo)
        return True
    if isinstance(antigo, type):
        if antigo.__module__ == modulo:
            _recode_class(antigo, novo, constantes)
        return True
    envolta = getattr(antigo, "__wrapped__", None)
    if isinstance(envolta, FunctionType):  # functools.cache
        _recode(envolta, novo.__wrapped__)
        antigo.cache_clear()
        return True
    return False


def _recode(antiga: FunctionType, nova: FunctionType) -> None:
    if len(antiga.__code__.co_freevars) == len(nova.__code__.co_freevars):
        antiga.__code__ = nova.__code__
        antiga.__defaults__ = nova.__defaults__
        antiga.__kwdefaults__ = nova.__kwdefaults__


def _recode_class(antiga: type, nova: type, constantes: bool) -> None:
    for nome, membro in list(vars(antiga).items()):
        outro = vars(nova).get(nome)
        pares: list[tuple[Any, Any]] = [(membro, outro)]
        if isinstance(membro, property) and isinstance(outro, property):
            pares = [(membro.fget, outro.fget)]
        elif isinstance(membro, classmethod | staticmethod) and isinstance(outro, classmethod | staticmethod):
            pares = [(membro.__func__, outro.__func__)]
        for velho, novo in pares:
            if isinstance(velho, FunctionType) and isinstance(novo, FunctionType):
                _recode(velho, novo)
            elif (
                constantes and not nome.startswith("__") and isinstance(velho, str | int | tuple | frozenset)
            ):
                setattr(antiga, nome, novo)


def _rebind(nome: str, antigo: Any, novo: Any) -> None:
    for outro in list(sys.modules.values()):
        if outro.__name__.split(".")[0] in _PACOTES and vars(outro).get(nome) is antigo:
            setattr(outro, nome, novo)
