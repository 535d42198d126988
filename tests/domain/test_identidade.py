"""CNPJ, CPF and UF."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancela.domain.erros import RegraViolada
from chancela.domain.identidade import Cnpj, Cpf, Uf, dv_cnpj, dv_cpf


def test_cnpj_with_letters_and_its_vector() -> None:
    assert dv_cnpj("12ABC34501DE") == "35"
    cnpj = Cnpj("12.abc.345/01de-35")
    assert cnpj == "12ABC34501DE35"
    assert cnpj.raiz == "12ABC345"
    assert cnpj.formatado == "12.ABC.345/01DE-35"


def test_the_homologation_placeholder_is_valid() -> None:
    assert Cnpj("99999999000191") == "99999999000191"


@pytest.mark.parametrize(
    ("texto", "codigo"),
    [
        ("123", "IDENT-CNPJ-01"),
        ("12ABC34501DEXX", "IDENT-CNPJ-01"),
        ("00000000000000", "IDENT-CNPJ-02"),
        ("12345678000199", "IDENT-CNPJ-03"),
        ("٣٣٣٣٣٣٣٣٣٣٣٣٣٣", "IDENT-CNPJ-01"),
    ],
)
def test_wrong_cnpj_says_why(texto: str, codigo: str) -> None:
    with pytest.raises(RegraViolada) as erro:
        Cnpj(texto)
    assert erro.value.codigo == codigo


def test_cpf_forms() -> None:
    assert Cpf("123.456.789-09") == "12345678909"
    assert Cpf("12345678909").formatado == "123.456.789-09"
    for texto, codigo in (
        ("123", "IDENT-CPF-01"),
        ("11111111111", "IDENT-CPF-02"),
        ("12345678900", "IDENT-CPF-03"),
    ):
        with pytest.raises(RegraViolada) as erro:
            Cpf(texto)
        assert erro.value.codigo == codigo


@given(st.text("0123456789", min_size=9, max_size=9).filter(lambda b: len(set(b)) > 1))
def test_computed_digits_are_accepted_and_their_neighbours_are_not(base: str) -> None:
    digitos = dv_cpf(base)
    assert Cpf(base + digitos) == base + digitos
    with pytest.raises(RegraViolada):
        Cpf(base + f"{(int(digitos) + 1) % 100:02d}")


def test_every_uf_has_its_code() -> None:
    assert len(Uf) == 27
    assert {Uf.from_codigo(uf.codigo) for uf in Uf} == set(Uf)
    assert Uf.SP.codigo == "35"
