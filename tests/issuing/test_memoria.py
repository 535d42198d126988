"""The steps of a calculation: kept whole, told with base, rate, rule and law."""

import string
from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st
from tests.domain.tributos.fabrica import calcular, categoria, item

from chancela.domain.tributos.memoria import REGRAS, explain_passos
from chancela.issuing.memoria import explain_memoria, pack_passos, show_memoria, unpack_passos

_DECIMAIS = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=4
)
_PASSOS = st.lists(
    st.tuples(
        st.integers(0, 990),
        st.text(string.ascii_lowercase + "._", min_size=1),
        st.lists(_DECIMAIS, max_size=6).map(tuple),
        _DECIMAIS,
    )
)


@given(_PASSOS)
def test_what_is_kept_comes_back(passos: list[tuple[int, str, tuple[D, ...], D]]) -> None:
    assert unpack_passos(pack_passos(passos)) == tuple(passos)
    assert len(show_memoria(passos)) == len(passos)


def test_digits_are_kept_too() -> None:
    (passo,) = unpack_passos(pack_passos([(1, "icms.valor", (D("100.00"), D("18")), D("18.00"))]))
    assert str(passo[3]) == "18.00"


def test_every_rule_names_its_tax() -> None:
    passos = [(1, nome, (D(1),) * len(regra.operandos), D(2)) for nome, regra in REGRAS.items()]
    linhas = explain_memoria(passos)
    assert [linha.regra for linha in linhas if not linha.tributo] == []
    assert [linha.texto for linha in linhas] == [p.texto for p in explain_passos(passos)]


def test_a_step_of_another_version_keeps_its_numbers() -> None:
    extinta, mudada = show_memoria(
        [(2, "cpmf.valor", (D(9),), D("1.10")), (1, "icms.valor", (D(9),), D("1.10"))]
    )
    assert (extinta["tributo"], extinta["valor"], extinta["operandos"]) == (
        "", "1.10", [{"nome": "operando 1", "valor": "9"}],
    )  # fmt: skip
    assert (mudada["tributo"], mudada["base"], mudada["titulo"]) == ("ICMS", None, "icms.valor")


def test_a_calculation_is_told_in_order() -> None:
    resultado = calcular(item("100.00", categoria()), item("50.00", categoria()))
    linhas = explain_memoria(resultado.passos)
    icms = [linha for linha in linhas if linha.regra == "icms.valor"]
    assert [(linha.item, linha.base, linha.aliquota, linha.valor) for linha in icms] == [
        (1, D("100.00"), D("18.00"), D("18.00")),
        (2, D("50.00"), D("18.00"), D("9.00")),
    ]
