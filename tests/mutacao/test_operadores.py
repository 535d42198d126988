"""The mutator itself: what it changes, what it leaves alone, and that a mutant really takes the place of its module."""

import sys
from types import ModuleType

import pytest
from tests.mutacao.instalacao import forget, install
from tests.mutacao.operadores import mutants

FONTE = '''"""Docstring."""
from dataclasses import dataclass
from functools import cache
LIMITE = 10
__slots__ = ("a", "b")
def passa(valor: int, codigo: str = "07") -> bool:
    """Another."""
    assert valor != 3, "never"
    if codigo:
        return valor * 2 < LIMITE and not codigo == "a prose text"
    return False
@cache
def dobro(valor: int) -> int:
    return valor + valor
@dataclass(frozen=True)
class Caixa:
    lado: int = 2
    @property
    def area(self) -> int:
        return self.lado * self.lado
    @classmethod
    def de(cls, lado: int) -> "Caixa":
        return cls(lado - 1)
'''


def test_what_is_changed_and_what_is_not() -> None:
    trocas = {(m.antes, m.depois) for m in mutants(FONTE, "m")}
    assert {
        ("10", "11"), ("'07'", "'8'"), ("valor * 2 < LIMITE", "valor * 2 <= LIMITE"), ("valor * 2", "valor / 2"),
        ("2", "3"), ("not codigo == 'a prose text'", "codigo == 'a prose text'"),
        ("codigo == 'a prose text'", "codigo != 'a prose text'"), ("return False", "return None"), ("False", "True"),
        ("valor + valor", "valor - valor"), ("self.lado * self.lado", "self.lado / self.lado"), ("lado - 1", "lado + 1"),
        ("1", "2"),
    } <= trocas  # fmt: skip
    textos = " ".join(antes for antes, _ in trocas)
    for intocado in ("Docstring", "never", "frozen", "'a'", "!="):
        assert intocado not in textos


def test_lines_are_those_of_the_statement() -> None:
    linhas = {m.antes: (m.linha, m.ultima_linha, m.no_modulo) for m in mutants(FONTE, "m")}
    assert linhas["10"] == (4, 4, True)
    assert linhas["valor * 2"] == (10, 10, False)
    assert linhas["lado - 1"] == (23, 23, False)


@pytest.fixture
def modulo() -> ModuleType:
    # Under the name of a module that exists: its classes outlive the test, and who looks through all classes asks where
    # each is from (xsdata does).
    novo = ModuleType(__name__)
    exec(compile(FONTE, "m", "exec"), vars(novo))
    return novo


def plant(modulo: ModuleType, antes: str) -> None:
    mutante = next(m for m in mutants(FONTE, "m") if m.antes == antes)
    install(modulo, mutante.codigo, constantes=mutante.no_modulo)


def test_functions_methods_and_constants_keep_their_identity(
    modulo: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    outro = ModuleType("tests.modulo_que_importa")
    passa, dobro, caixa = modulo.passa, modulo.dobro, modulo.Caixa
    vars(outro)["LIMITE"] = modulo.LIMITE
    monkeypatch.setitem(sys.modules, "tests.modulo_que_importa", outro)
    assert (passa(4), dobro(4), caixa(3).area, caixa.de(3)) == (True, 8, 9, caixa(2))
    plant(modulo, "valor * 2")
    assert passa(12)
    plant(modulo, "valor + valor")
    assert dobro(4) == 0
    plant(modulo, "self.lado * self.lado")
    assert (caixa(3).area, modulo.Caixa) == (1, caixa)
    plant(modulo, "lado - 1")
    assert caixa.de(3) == caixa(4)
    plant(modulo, "10")
    assert (vars(outro)["LIMITE"], passa(5)) == (11, True)
    install(modulo, compile(FONTE, "m", "exec"), constantes=True)
    assert (passa(5), dobro(4), vars(outro)["LIMITE"]) == (False, 8, 10)


def test_what_a_cached_function_remembers_is_forgotten(modulo: ModuleType) -> None:
    assert modulo.dobro(4) == modulo.dobro(4) == 8
    assert modulo.dobro.cache_info().hits == 1
    forget(modulo)
    assert modulo.dobro.cache_info().currsize == 0
    assert modulo.dobro(4) == 8
