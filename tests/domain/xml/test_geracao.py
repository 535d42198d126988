"""The generated writer equals the interpreted table, row kind by row kind, value by value, refusal by refusal."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancela.domain.erros import XmlInvalido
from chancela.domain.identidade import Ambiente, Modelo
from chancela.domain.xml import escrita
from chancela.domain.xml import formatos as fmt
from chancela.domain.xml.geracao import source_of
from chancela.domain.xml.leiaute import (
    Tabela,
    ValorNaoCabe,
    campo,
    constante,
    embutido,
    envolve,
    grupo,
    lista,
)

from .test_leiaute import CHEIO, TUDO, Cabeca, Cor, Dono, Parte, Tudo


@dataclass(frozen=True, slots=True)
class Um:
    valor: object


DECIMAIS = [fmt.VALOR, fmt.VALOR_OPCIONAL, fmt.ALIQUOTA, fmt.DEC_3, fmt.DEC_4, fmt.DEC_0A4, fmt.DEC_0A10]
NUMEROS = st.one_of(
    st.decimals(allow_nan=True, allow_infinity=True),
    st.decimals(-(10**6), 10**6, places=4),
    st.integers(-(10**6), 10**6).map(D),
    st.sampled_from([D(t) for t in ["0", "-0", "0.00", "-0.00", "1E+2", "1.2E+3", "1.23E+30", "1E-7", "1.5E-8", "0E-10", "12.3E+4", ".5", "NaN", "-Infinity"]]),
)  # fmt: skip


def told(escrever: object, objeto: object) -> tuple[str, str, object]:
    """What a writer did: its text, or the place and the value that it refused."""
    try:
        return escrever(objeto), "", None  # type: ignore[operator]
    except ValorNaoCabe as erro:
        return "", erro.caminho, erro.valor
    except XmlInvalido as erro:
        return "", erro.codigo, None


def check(tabela: Tabela, objeto: object) -> None:
    assert told(tabela.escrever, objeto) == told(tabela.interpretar, objeto)


@pytest.mark.parametrize("formato", DECIMAIS)
@given(NUMEROS)
def test_decimals(formato: fmt.Formato, valor: D) -> None:
    check(Tabela("a", Um, campo("v", "valor", formato)), Um(valor))


@given(st.text())
@pytest.mark.parametrize("formato", [fmt.TEXTO, fmt.TEXTO_OPCIONAL])
def test_texts(formato: fmt.Formato, valor: str) -> None:
    check(Tabela("a", Um, campo("v", "valor", formato)), Um(valor))


@pytest.mark.parametrize(
    ("formato", "valor"),
    [
        (fmt.INTEIRO, 0),
        (fmt.SIM_NAO, False),
        (fmt.SIM_NAO, True),
        (fmt.MARCA, False),
        (fmt.MARCA, True),
        (fmt.DATA, date(2026, 11, 20)),
        (fmt.DATA_HORA, datetime(2026, 11, 20, tzinfo=timezone(timedelta(hours=-3)))),
        (fmt.DATA_HORA, datetime(2026, 11, 20)),
        (fmt.enumerado(Modelo), Modelo.NFCE),
        (fmt.enumerado_inteiro(Ambiente), Ambiente.HOMOLOGACAO),
        (fmt.TEXTO, None),
    ],
)
def test_other_forms(formato: fmt.Formato, valor: object) -> None:
    check(Tabela("a", Um, campo("v", "valor", formato)), Um(valor))


@pytest.mark.parametrize(
    "objeto",
    [
        CHEIO,
        Tudo(Cabeca("x")),
        Tudo(Cabeca("x"), "B", cor=Cor.AZUL, quem="eu"),
        Tudo(Cabeca("x"), quem=""),
        Tudo(Cabeca("x"), dono=Dono("Rua"), frete=D("1.5")),
        replace(CHEIO, cabeca=Cabeca("\x00")),
        replace(CHEIO, valor=D("1.001")),
        replace(CHEIO, parte=Parte("a", "\x01")),
        replace(CHEIO, partes=(Parte("1"), Parte("2"), Parte("\x02"))),
    ],
)
def test_every_kind_of_row(objeto: Tudo) -> None:
    check(TUDO, objeto)


@pytest.mark.parametrize("dentro", [None, "x"])
@pytest.mark.parametrize("sempre", [False, True])
@pytest.mark.parametrize("se", ["", "casa"])
def test_wrappers_in_wrappers(dentro: str | None, sempre: bool, se: str) -> None:
    interno = envolve(
        "b", campo("c", "dentro", fmt.TEXTO), embutido("dono", Dono, campo("d", "rua", fmt.TEXTO))
    )
    tabela = Tabela(
        "a", Tudo, grupo("dono", Tabela("g", Dono, envolve("h", interno_casa(se), se=se, sempre=sempre))), interno,
        envolve("e", interno, lista("marcas", Tabela("m", str)), sempre=sempre), constante("f", "1"),
    )  # fmt: skip
    for dono in (None, Dono("r"), Dono("r", "7")):
        check(tabela, Tudo(Cabeca("x"), dentro=dentro, dono=dono))
        check(tabela, Tudo(Cabeca("x"), dentro=dentro, dono=dono, marcas=("1", "2")))


def interno_casa(se: str) -> object:
    """A row that may find nothing, or a constant, which always writes."""
    return constante("k", "1") if se else campo("k", "casa", fmt.TEXTO)


def test_a_group_that_is_kept_is_written_once_for_each_value() -> None:
    feitos: list[object] = []
    rua = fmt.Formato(lambda v: feitos.append(v) or escrita.escape_text(v), str)
    tabela = Tabela("a", Tudo, grupo("dono", Tabela("g", Dono, campo("d", "rua", rua)), lembrado=True))
    um, outro = Tudo(Cabeca("x"), dono=Dono("Rua")), Tudo(Cabeca("y"), dono=Dono("R & F"))
    assert [tabela.escrever(o) for o in (um, outro, um, replace(um, dono=Dono("Rua")))] == [
        "<a><g><d>Rua</d></g></a>", "<a><g><d>R &amp; F</d></g></a>", "<a><g><d>Rua</d></g></a>", "<a><g><d>Rua</d></g></a>",
    ]  # fmt: skip
    assert feitos == ["Rua", "R & F"]
    for _ in range(2):  # a refusal is not kept
        check(tabela, replace(um, dono=Dono("\x00")))


def test_a_type_that_no_alternative_has() -> None:
    for escrever in (TUDO.escrever, TUDO.interpretar):
        with pytest.raises(KeyError):
            escrever(replace(CHEIO, quem=1.5))


def test_source_can_be_read_and_holds_no_value() -> None:
    fonte = source_of(TUDO)
    assert fonte.startswith("def escrever(o0, w, s):\n")
    assert "aspas" not in fonte
    compile(fonte, "fonte", "exec")
