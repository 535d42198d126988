"""Chave de acesso: the vectors of the specification, and the laws that hold for every key."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancela.domain.chave import CNF_PROIBIDOS, ChaveAcesso, choose_cnf, dv_chave
from chancela.domain.erros import RegraViolada
from chancela.domain.identidade import Cnpj, Cpf, Modelo, Uf, dv_cnpj

LOCAL = timezone(timedelta(hours=-3))
BASE_CNPJ = st.text("0123456789ABCDEFGHJKLMNPRSTVWXYZ", min_size=12, max_size=12).filter(
    lambda b: b != "0" * 12
)


def test_vector_of_the_specification_with_letters() -> None:
    assert dv_chave("3526111" + "2ABC34501DE35" + "55" + "001" + "000000123" + "1" + "48390217") == "8"
    chave = ChaveAcesso.parse("35261112ABC34501DE35550010000001231483902178")
    assert chave.uf is Uf.SP
    assert chave.ano_mes == "2611"
    assert chave.emitente == "12ABC34501DE35"
    assert chave.modelo == "55"
    assert chave.serie == 1
    assert chave.numero == 123
    assert chave.tp_emis == 1
    assert chave.cnf == "48390217"
    assert chave.dv == "8"
    assert str(chave) == chave.texto


@pytest.mark.parametrize(
    ("base", "resto", "dv"),
    [
        ("3526110000000000000055001000000002100000000", 0, "0"),
        ("3526110000000000000055001000000003110000000", 1, "0"),
        ("3526110000000000000055001000000004120000000", 2, "9"),
        ("3526110000000000000055001000000009100000000", 10, "1"),
    ],
)
def test_remainders_zero_and_one_give_the_digit_zero(base: str, resto: int, dv: str) -> None:
    """Weighed here by hand, from the right: MOC 7.0, Anexo I."""
    pesos = [2 + i % 8 for i in range(43)]
    assert sum(int(d) * p for d, p in zip(reversed(base), pesos, strict=True)) % 11 == resto
    assert dv_chave(base) == dv


@given(
    uf=st.sampled_from(list(Uf)),
    base=BASE_CNPJ,
    serie=st.integers(0, 999),
    numero=st.integers(1, 999_999_999),
    sorteio=st.integers(0, 99_999_999),
)
def test_compose_and_parse_agree(uf: Uf, base: str, serie: int, numero: int, sorteio: int) -> None:
    chave = ChaveAcesso.compose(
        uf=uf,
        emissao=datetime(2026, 11, 30, 23, 59, tzinfo=LOCAL),
        emitente=Cnpj(base + dv_cnpj(base)),
        modelo=Modelo.NFE,
        serie=serie,
        numero=numero,
        tp_emis=1,
        cnf=choose_cnf(sorteio, numero),
    )
    lida = ChaveAcesso.parse(" ".join(chave.texto[i : i + 4] for i in range(0, 44, 4)))
    assert lida == chave
    assert (lida.serie, lida.numero, lida.ano_mes) == (serie, numero, "2611")


def test_month_of_the_key_is_local_not_utc() -> None:
    chave = ChaveAcesso.compose(
        uf=Uf.SP,
        emissao=datetime(2026, 12, 31, 22, 30, tzinfo=LOCAL),
        emitente=Cpf("12345678909"),
        modelo=Modelo.NFE,
        serie=920,
        numero=1,
        tp_emis=1,
        cnf="10203040",
    )
    assert chave.ano_mes == "2612"
    assert chave.emitente == "00012345678909"


@given(st.integers(0, 10**9), st.integers(1, 999_999_999))
def test_chosen_cnf_is_never_one_that_rule_b03_10_refuses(sorteio: int, numero: int) -> None:
    cnf = choose_cnf(sorteio, numero)
    assert len(cnf) == 8
    assert cnf not in CNF_PROIBIDOS
    assert int(cnf) != numero


def test_values_of_cnf_that_rule_b03_10_refuses() -> None:
    """Eight equal digits, and eight digits in sequence, which go round from 9 to 0."""
    iguais = {str(d) * 8 for d in range(10)}
    sequencias = {"".join(str((d + i) % 10) for i in range(8)) for d in range(10)} - {"12345670"}
    assert iguais | sequencias == CNF_PROIBIDOS


@pytest.mark.parametrize(
    ("sorteio", "numero", "cnf"),
    [
        (48390217, 1, "48390217"),
        (99_999_998, 1, "99999998"),
        (100_000_007, 1, "00000007"),
        (7, 7, "00007926"),
        (12_345_678, 1, "12353597"),
        (99_999_999, 7_918, "00015837"),
    ],
)
def test_a_refused_draw_moves_on_and_goes_round(sorteio: int, numero: int, cnf: str) -> None:
    assert choose_cnf(sorteio, numero) == cnf


def test_the_prefix_of_the_attribute_is_forgiven() -> None:
    texto = "35261112ABC34501DE35550010000001231483902178"
    assert ChaveAcesso.parse(f"NFe{texto}") == ChaveAcesso(texto)


@pytest.mark.parametrize(
    ("texto", "codigo"),
    [
        ("", "CHAVE-01"),
        ("3526111", "CHAVE-01"),
        ("35261112ABC34501DE3555001000000123148390217", "CHAVE-01"),
        ("99261112ABC34501DE35550010000001231483902178", "CHAVE-02"),
        ("35261112ABC34501DE35550010000001231483902179", "CHAVE-03"),
    ],
)
def test_wrong_keys_say_why(texto: str, codigo: str) -> None:
    with pytest.raises(RegraViolada) as erro:
        ChaveAcesso.parse(texto)
    (violacao,) = erro.value.violacoes
    assert (violacao.codigo, violacao.caminho, violacao.valor) == (codigo, "chave", texto)
    assert violacao.correcao
