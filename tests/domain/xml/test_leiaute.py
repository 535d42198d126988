"""The layout machine over a small invented layout: every kind of row, both ways, and its refusals."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal as D
from enum import Enum, StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from chancela.domain.erros import XmlInvalido
from chancela.domain.xml import formatos as fmt
from chancela.domain.xml.leiaute import (
    Tabela,
    ValorNaoCabe,
    atributo,
    campo,
    constante,
    derivado,
    documento_de,
    embutido,
    envolve,
    grupo,
    lista,
    lista_simples,
    so_texto,
    variantes,
)


class Cor(StrEnum):
    AZUL = "1"


@dataclass(frozen=True, slots=True)
class Parte:
    nome: str
    nota: str = "n"


@dataclass(frozen=True, slots=True)
class Dono:
    rua: str
    casa: str | None = None


@dataclass(frozen=True, slots=True)
class Cabeca:
    titulo: str


@dataclass(frozen=True, slots=True)
class Tudo:
    cabeca: Cabeca
    tipo: str = "A"
    valor: D | None = None
    cor: Cor | None = None
    parte: Parte | None = None
    partes: tuple[Parte, ...] = ()
    marcas: tuple[str, ...] = ()
    lacres: tuple[str, ...] = ()
    dono: Dono | None = None
    dentro: str | None = None
    quem: str | int | None = None
    frete: D = D("0.00")


PARTE = Tabela("parte", Parte, atributo("nota", "nota", fmt.TEXTO_CRU), campo("nome", "nome", fmt.TEXTO))
TUDO = Tabela(
    "tudo",
    Tudo,
    constante("versao", "1"),
    campo("titulo", "cabeca.titulo", fmt.TEXTO),
    derivado("eco", "cabeca.titulo", fmt.TEXTO),
    variantes(
        "tipo",
        {
            "A": ("tipoA", (campo("valor", "valor", fmt.VALOR),)),
            "B": ("tipoB", (campo("cor", "cor", fmt.enumerado(Cor)),)),
        },
    ),
    grupo("parte", PARTE),
    lista("partes", Tabela("item", Parte, *(campo("nome", "nome", fmt.TEXTO),))),
    lista_simples("marca", "marcas", fmt.TEXTO),
    lista("lacres", so_texto("lacre", "n", fmt.TEXTO)),
    embutido("dono", Dono, campo("rua", "rua", fmt.TEXTO), campo("casa", "casa", fmt.TEXTO)),
    envolve("caixa", campo("dentro", "dentro", fmt.TEXTO)),
    documento_de("quem", ("texto", str, fmt.TEXTO_OPCIONAL), ("numero", int, fmt.INTEIRO), vazio="texto"),
    campo("frete", "frete", fmt.VALOR_OPCIONAL),
    sub={"cabeca": Cabeca},
)
CHEIO = Tudo(
    Cabeca("a & b"), "A", D("1.00"), None, Parte("<x>", 'aspas "'), (Parte("1"), Parte("2")), ("m1", "m2"), ("l1",), Dono("Rua", "1"),
    "dentro", 7, D("2.50"),
)  # fmt: skip


def test_writes_in_order_canonically() -> None:
    texto = TUDO.escrever(CHEIO)
    assert texto == (
        "<tudo><versao>1</versao><titulo>a &amp; b</titulo><eco>a &amp; b</eco><tipoA><valor>1.00</valor></tipoA>"
        '<parte nota="aspas &quot;"><nome>&lt;x&gt;</nome></parte><item><nome>1</nome></item><item><nome>2</nome></item>'
        "<marca>m1</marca><marca>m2</marca><lacre><n>l1</n></lacre><rua>Rua</rua><casa>1</casa><caixa><dentro>dentro</dentro></caixa>"
        "<numero>7</numero><frete>2.50</frete></tudo>"
    )
    assert etree.tostring(etree.fromstring(texto), method="c14n").decode() == texto


@pytest.mark.parametrize(
    "objeto", [CHEIO, Tudo(Cabeca("x")), Tudo(Cabeca("x"), "B", cor=Cor.AZUL, quem="eu")]
)
def test_reads_what_it_wrote(objeto: Tudo) -> None:
    assert TUDO.ler(etree.fromstring(TUDO.escrever(objeto))) == objeto


def test_absent_is_not_written() -> None:
    assert TUDO.escrever(Tudo(Cabeca("x"))) == (
        "<tudo><versao>1</versao><titulo>x</titulo><eco>x</eco><tipoA></tipoA><texto></texto></tudo>"
    )


def test_names_are_listed_for_coverage() -> None:
    assert TUDO.nomes[:5] == ("tudo/versao", "tudo/titulo", "tudo/eco", "tudo/tipoA/valor", "tudo/tipoB/cor")
    assert "tudo/parte/@nota" in TUDO.nomes


def test_comments_and_namespaces_are_looked_through() -> None:
    xml = '<tudo xmlns="urn:x"><!-- c --><titulo>x</titulo><tipoA/></tudo>'
    assert TUDO.ler(etree.fromstring(xml)) == Tudo(Cabeca("x"))


@pytest.mark.parametrize(
    ("xml", "codigo"),
    [
        ("<tudo><titulo>x</titulo><novo/></tudo>", "XML-LEIAUTE-01"),
        ("<tudo><titulo>x</titulo><tipoA><cor>1</cor></tipoA></tudo>", "XML-LEIAUTE-01"),
        ("<tudo><titulo>x</titulo><tipoB><cor>9</cor></tipoB></tudo>", "XML-LEIAUTE-02"),
        ("<tudo><titulo>x</titulo><tipoA><valor>NaN</valor></tipoA></tudo>", "XML-LEIAUTE-02"),
        ("<tudo><titulo>x</titulo><numero>-1</numero></tudo>", "XML-LEIAUTE-02"),
        ("<tudo><titulo>x</titulo><casa>1</casa></tudo>", "XML-LEIAUTE-03"),
        ("<tudo/>", "XML-LEIAUTE-03"),
    ],
)
def test_refusals_have_codes(xml: str, codigo: str) -> None:
    with pytest.raises(XmlInvalido) as erro:
        TUDO.ler(etree.fromstring(xml))
    assert erro.value.codigo == codigo


@pytest.mark.parametrize(
    ("formato", "valor", "texto"),
    [
        (fmt.VALOR, D("1"), "1.00"),
        (fmt.VALOR, D("1.5"), "1.50"),
        (fmt.VALOR, D("1E+2"), "100.00"),
        (fmt.VALOR, D("1.5000"), "1.50"),
        (fmt.VALOR, D("0E-10"), "0.00"),
        (fmt.ALIQUOTA, D("18"), "18.00"),
        (fmt.ALIQUOTA, D("0.1000"), "0.1000"),
        (fmt.ALIQUOTA, D("0.10000"), "0.1000"),
        (fmt.DEC_0A4, D("2"), "2"),
        (fmt.DEC_0A4, D("2.5000"), "2.5000"),
        (fmt.DEC_0A10, D("0E-10"), "0.0000000000"),
        (fmt.DEC_0A10, D("1E-9"), "0.000000001"),
        (fmt.DEC_3, D("2"), "2.000"),
        (fmt.DEC_4, D("2.5"), "2.5000"),
        (fmt.DATA, date(2026, 11, 20), "2026-11-20"),
        (
            fmt.DATA_HORA,
            datetime(2026, 11, 20, 1, 2, 3, tzinfo=timezone(timedelta(hours=-3))),
            "2026-11-20T01:02:03-03:00",
        ),
        (fmt.SIM_NAO, False, "0"),
        (fmt.MARCA, True, "1"),
        (fmt.enumerado(Cor), Cor.AZUL, "1"),
    ],
)
def test_forms_of_values(formato: fmt.Formato, valor: object, texto: str) -> None:
    assert formato.escrever(valor) == texto
    assert formato.ler(texto) == valor


def test_optional_forms_vanish() -> None:
    assert fmt.VALOR_OPCIONAL.escrever(D("0.00")) == ""
    assert fmt.MARCA.escrever(False) == ""


@pytest.mark.parametrize("valor", [D("1.001"), D("NaN"), D("Infinity")])
def test_what_does_not_fit_is_a_mistake(valor: D) -> None:
    with pytest.raises(ValueError):
        fmt.VALOR.escrever(valor)


def test_dates_need_their_offset() -> None:
    with pytest.raises(ValueError):
        fmt.DATA_HORA.escrever(datetime(2026, 11, 20))


@given(st.decimals(0, 10**9, places=4, allow_nan=False))
def test_decimals_survive(valor: D) -> None:
    for formato in (fmt.DEC_0A4, fmt.ALIQUOTA, fmt.DEC_4, fmt.DEC_0A10):
        texto = formato.escrever(valor)
        assert "E" not in texto
        assert formato.ler(texto) == valor


def test_enumerations_of_integers() -> None:
    class Numero(Enum):
        DOIS = 2

    formato = fmt.enumerado_inteiro(Numero)
    assert formato.escrever(Numero.DOIS) == "2"
    assert formato.ler("2") is Numero.DOIS


@dataclass(frozen=True, slots=True)
class Medida:
    peso: D


@dataclass(frozen=True, slots=True)
class Caixa:
    medida: Medida | None = None


@pytest.mark.parametrize(
    ("valor", "texto"), [("1", "1"), ("1.5", "1.5"), ("1.25", "1.25"), ("1.250", "1.25"), ("1E+1", "10")]
)
def test_a_span_of_few_decimals(valor: str, texto: str) -> None:
    tabela = Tabela("m", Medida, campo("p", "peso", fmt.decimal(0, 2)))
    assert tabela.escrever(Medida(D(valor))) == f"<m><p>{texto}</p></m>"


def test_a_wrong_value_in_rows_without_a_tag_of_their_own_is_found_all_the_same() -> None:
    tabela = Tabela("caixa", Caixa, embutido("medida", Medida, campo("peso", "peso", fmt.VALOR)))
    assert tabela.escrever(Caixa(Medida(D("1.5")))) == "<caixa><peso>1.50</peso></caixa>"
    with pytest.raises(ValorNaoCabe) as erro:
        tabela.escrever(Caixa(Medida(D("1.001"))))
    assert erro.value.passos == ["peso", "caixa"]


def test_an_attribute_that_is_not_there_leaves_the_default() -> None:
    assert PARTE.ler(etree.fromstring("<parte><nome>x</nome></parte>")) == Parte("x", "n")
