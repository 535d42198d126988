"""Dataclasses out of JSON: every kind of value, its refusal, and its schema."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Literal

import pytest

from chancela.documents.comum.estruturas import describe_schema, read_estrutura, read_valor
from chancela.domain.erros import RegraViolada
from chancela.domain.identidade import Cnpj, Cpf, Uf


class Cor(Enum):
    AZUL = 1
    VERDE = 2


@dataclass(frozen=True, slots=True)
class Dentro:
    nome: str
    valor: Decimal | None


@dataclass(frozen=True, slots=True)
class Tudo:
    texto: str
    numero: int
    quantia: Decimal
    sim: bool
    dia: date
    cor: Cor
    quem: Cnpj | Cpf
    dentro: Dentro
    lista: tuple[Dentro, ...] = ()
    ufs: frozenset[Uf] = frozenset()
    por_uf: Mapping[Uf, Decimal] = field(default_factory=dict[Uf, Decimal])
    de_novo: Dentro | None = None


BOM = {
    "texto": 5, "numero": "7", "quantia": Decimal("1.50"), "sim": "não", "dia": "2026-02-28", "cor": "verde",
    "quem": "123.456.789-09", "dentro": {"nome": "a"}, "lista": [{"nome": "b", "valor": 1}], "ufs": ["sp"],
    "por_uf": {"RJ": "2.5"}, "de_novo": None,
}  # fmt: skip


def test_every_kind_is_read() -> None:
    assert read_estrutura(Tudo, BOM) == Tudo(
        "5", 7, Decimal("1.50"), False, date(2026, 2, 28), Cor.VERDE, Cpf("12345678909"), Dentro("a", None),
        (Dentro("b", Decimal(1)),), frozenset({Uf.SP}), {Uf.RJ: Decimal("2.5")},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("nome", "valor", "codigo", "caminho"),
    [
        ("texto", None, "CAMPO-AUSENTE", "texto"),
        ("texto", ["a"], "CAMPO-TEXTO", "texto"),
        ("numero", "1.5", "CAMPO-INTEIRO", "numero"),
        ("numero", True, "CAMPO-INTEIRO", "numero"),
        ("quantia", "1,5", "CAMPO-NUMERO", "quantia"),
        ("quantia", True, "CAMPO-NUMERO", "quantia"),
        ("quantia", [], "CAMPO-NUMERO", "quantia"),
        ("sim", "talvez", "CAMPO-LOGICO", "sim"),
        ("dia", "2026-02-30", "CAMPO-DATA", "dia"),
        ("cor", "preto", "CAMPO-OPCAO", "cor"),
        ("quem", "1", "IDENT-CPF-01", "quem"),
        ("dentro", 1, "CAMPO-OBJETO", "dentro"),
        ("dentro", {}, "CAMPO-AUSENTE", "dentro.nome"),
        ("lista", 1, "CAMPO-LISTA", "lista"),
        ("lista", [{"nome": "b", "outro": 1}], "CAMPO-DESCONHECIDO", "lista[0].outro"),
        ("por_uf", 1, "CAMPO-OBJETO", "por_uf"),
        ("por_uf", {"XX": 1}, "CAMPO-OPCAO", "por_uf"),
        ("por_uf", {"SP": "x"}, "CAMPO-NUMERO", "por_uf.SP"),
    ],
)
def test_what_does_not_fit_is_named(nome: str, valor: object, codigo: str, caminho: str) -> None:
    with pytest.raises(RegraViolada) as erro:
        read_estrutura(Tudo, {**BOM, nome: valor}, prefixo="x")
    assert [(v.codigo, v.caminho) for v in erro.value.violacoes] == [(codigo, f"x.{caminho}")]


def test_one_value() -> None:
    assert read_valor(frozenset[Uf], "SP, RJ", "ufs") == frozenset({Uf.SP, Uf.RJ})
    with pytest.raises(RegraViolada):
        read_valor(bool, "x", "a")


def test_the_schema_tells_the_same() -> None:
    esquema = describe_schema(Tudo, "Tudo", {"nome": "Nome"})
    assert esquema["required"] == ["texto", "numero", "quantia", "sim", "dia", "cor", "quem", "dentro"]
    propriedades = esquema["properties"]
    assert propriedades["cor"] == {"enum": ["azul", "verde"]}
    assert propriedades["quem"] == {"anyOf": [{"type": "string"}, {"type": "string"}]}
    assert propriedades["ufs"]["items"]["enum"][0] == "AC"
    assert propriedades["por_uf"]["propertyNames"]["enum"][0] == "AC"
    assert propriedades["lista"] == {"type": "array", "items": {"$ref": "#/$defs/Dentro"}}
    assert esquema["$defs"]["Dentro"]["required"] == ["nome"]
    assert esquema["$defs"]["Dentro"]["properties"]["nome"]["description"] == "Nome"


@dataclass(frozen=True, slots=True)
class Ponto:
    """A type with its own reading."""

    x: int

    @classmethod
    def parse(cls, texto: str) -> "Ponto":
        return cls(int(texto))


@dataclass(frozen=True, slots=True)
class Lugar:
    uf: Uf | Literal["EX"]
    ponto: Ponto | None = None


def test_fixed_values_and_types_with_their_own_reading() -> None:
    assert read_estrutura(Lugar, {"uf": "EX", "ponto": "7"}) == Lugar("EX", Ponto(7))
    assert read_estrutura(Lugar, {"uf": "sp"}) == Lugar(Uf.SP)
    with pytest.raises(RegraViolada) as erro:
        read_estrutura(Lugar, {"uf": "XX"})
    assert {v.codigo for v in erro.value.violacoes} == {"CAMPO-OPCAO"}
    assert describe_schema(Lugar, "Lugar", {})["properties"]["uf"]["anyOf"][1] == {"enum": ["EX"]}


def test_instants_carry_their_offset_and_no_fractions() -> None:
    lido = read_valor(datetime, " 2026-11-20T10:30:15.987-03:00 ", "quando")
    assert lido == datetime(2026, 11, 20, 10, 30, 15, tzinfo=timezone(timedelta(hours=-3)))
    assert read_valor(int, 7, "n") == 7
    assert read_valor(bool, " SIM ", "x") is True
    for valor in ("2026-11-20T10:30:15", "ontem", ""):
        with pytest.raises(RegraViolada) as erro:
            read_valor(datetime, valor, "quando")
        assert [(v.codigo, v.caminho, v.valor) for v in erro.value.violacoes] == [
            ("CAMPO-DATA-HORA", "quando", valor)
        ]
