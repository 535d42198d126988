"""Raw values become typed ones, or violations; never exceptions."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal as D
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancela.documents.nfe.coleta import Coleta
from chancela.documents.nfe.enumeracoes import Finalidade
from chancela.domain.erros import Severidade, Violacao

FUSO = ZoneInfo("America/Manaus")
AGORA = datetime(2026, 11, 20, 13, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("valor", "lido", "codigo"),
    [
        ("10", "10.00", None),
        ("10.005", None, "PEDIDO-NUMERO-04"),
        ("10.0000000000001", "10.00", None),
        ("9.9999999999999", "10.00", None),
        ("-0", "0.00", None),
        ("-1E-12", "0.00", None),
        ("-0.01", None, "PEDIDO-NUMERO-02"),
        ("1E-400", "0.00", None),
        ("9999999999999.99", "9999999999999.99", None),
        ("10000000000000", None, "PEDIDO-NUMERO-03"),
        ("1E+900000", None, "PEDIDO-NUMERO-03"),
        ("NaN", None, "PEDIDO-NUMERO-01"),
        ("-Infinity", None, "PEDIDO-NUMERO-01"),
    ],
)
def test_amounts(valor: str, lido: str | None, codigo: str | None) -> None:
    coleta = Coleta()
    achado = coleta.quantia("desconto", "Desconto", D(valor))
    assert (None if achado is None else str(achado)) == lido
    assert [v.codigo for v in coleta.violacoes] == ([] if codigo is None else [codigo])


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_an_amount_fits_its_field_or_is_refused(valor: D) -> None:
    coleta = Coleta()
    lido = coleta.quantia("x", "x", valor, inteiros=11, casas=4)
    assert (lido is None) == bool(coleta.violacoes)
    if lido is not None:
        assert 0 <= lido < D(10) ** 11
        assert lido == round(lido, 4)
        assert abs(lido - valor) <= D("0.0000001")


@pytest.mark.parametrize(
    ("bruto", "lida"),
    [
        ("2026-11-20", date(2026, 11, 20)),
        ("20/11/2026", date(2026, 11, 20)),
        ("2026-11-20T23:59:59-03:00", date(2026, 11, 20)),
        ("2026-02-30", None),
        ("1999-12-31", None),
        ("ontem", None),
    ],
)
def test_days(bruto: str, lida: date | None) -> None:
    coleta = Coleta()
    assert coleta.data("d", "Data", bruto) == lida
    assert bool(coleta.violacoes) == (lida is None)


def test_moments_are_of_the_zone_of_the_issuer() -> None:
    coleta = Coleta()

    def momento(bruto: str) -> str | None:
        lido = coleta.momento("d", "Data", bruto, agora=AGORA, fuso=FUSO)
        return None if lido is None else lido.isoformat()

    assert momento("2026-11-20") == "2026-11-20T09:30:15-04:00"
    assert momento("2026-11-20T10:00") == "2026-11-20T10:00:00-04:00"
    assert momento("2026-11-20T10:00:00-03:00") == "2026-11-20T09:00:00-04:00"
    assert momento("") is None
    assert coleta.violacoes == []
    assert momento("2099-12-31T23:59:59-11:00") is None
    assert [v.codigo for v in coleta.violacoes] == ["PEDIDO-DATA-01"]


@given(st.text(max_size=30))
def test_no_text_breaks_a_reader(bruto: str) -> None:
    coleta = Coleta()
    coleta.texto("t", "Texto", bruto, 10, minimo=2, obrigatorio=True)
    coleta.algarismos("a", "CEP", bruto, (8,))
    coleta.codigo("c", "Finalidade", bruto, Finalidade, Finalidade.NORMAL)
    coleta.sim_nao("s", "Sim ou não", bruto)
    coleta.uf("u", "UF", bruto)
    coleta.cnpj("n", "CNPJ", bruto)
    coleta.cpf("p", "CPF", bruto)
    coleta.chave("k", "Chave", bruto)
    coleta.data("d", "Data", bruto)
    coleta.momento("m", "Momento", bruto, agora=AGORA, fuso=FUSO)
    assert all(v.codigo and v.correcao for v in coleta.violacoes)


def test_digits_forgive_punctuation_and_say_how_many_they_are() -> None:
    coleta = Coleta()
    assert coleta.algarismos("c", "CEP", "01001-000", (8,)) == "01001000"
    assert coleta.algarismos("c", "CEP", "0100100O", (8,)) is None
    assert coleta.algarismos("c", "SUFRAMA", "1", (8, 9)) is None
    assert coleta.algarismos("c", "Série", "12345", range(1, 4)) is None
    assert [v.mensagem for v in coleta.violacoes] == [
        "O campo CEP tem 8 algarismos.",
        "O campo SUFRAMA tem de 8 a 9 algarismos.",
        "O campo Série tem de 1 a 3 algarismos.",
    ]


def test_a_person_is_a_cnpj_or_a_cpf() -> None:
    coleta = Coleta()
    lido = coleta.documento("x", "X", "", "11.222.333/0001-81", c_stat_cnpj=208, c_stat_cpf=237)
    assert lido == "11222333000181"
    assert coleta.documento("x", "X", "12345678909", "", c_stat_cnpj=208, c_stat_cpf=237) == "12345678909"
    assert coleta.documento("x", "X", "", "", c_stat_cnpj=208, c_stat_cpf=237) is None
    assert coleta.violacoes == []
    assert (
        coleta.documento("x", "X", "12345678909", "11222333000181", c_stat_cnpj=208, c_stat_cpf=237) is None
    )
    assert coleta.documento("x", "X", "", "11222333000182", c_stat_cnpj=208, c_stat_cpf=237) is None
    assert [(v.codigo, v.caminho, v.c_stat) for v in coleta.violacoes] == [
        ("PEDIDO-IDENT-01", "x.cpf", None),
        ("IDENT-CNPJ-03", "x.cnpj", 208),
    ]


@pytest.mark.parametrize(
    ("tamanhos", "palavras"), [((8,), "8"), ((8, 9), "de 8 a 9"), ((4, 6, 9), "4, 6 ou 9")]
)
def test_how_many_digits_in_words(tamanhos: tuple[int, ...], palavras: str) -> None:
    coleta = Coleta()
    assert coleta.algarismos("x", "X", "1", tamanhos) is None
    (violacao,) = coleta.violacoes
    assert f"{palavras} algarismos" in violacao.mensagem


def test_the_same_rejection_is_told_once_per_place() -> None:
    coleta = Coleta()
    uma = Violacao("A", "itens[0].ncm", "m", "c", c_stat=778)
    coleta.merge(
        [
            uma,
            replace(uma, codigo="B"),
            replace(uma, caminho="itens[1].ncm"),
            replace(uma, c_stat=None),
            replace(uma, severidade=Severidade.AVISO),
        ]
    )
    assert [(v.codigo, v.caminho) for v in coleta.violacoes] == [
        ("A", "itens[0].ncm"),
        ("A", "itens[1].ncm"),
        ("A", "itens[0].ncm"),
    ]
    assert [v.severidade for v in coleta.avisos] == [Severidade.AVISO]
