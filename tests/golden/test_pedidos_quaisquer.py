"""Any request of the contract's types gives a good document or a list of violations, and never an exception.

The requests are examples with fields of the wire model set anew, at any depth, right and wrong ones; the categories too.
A document that results is held to everything that the examples are held to, SEFAZ apart.
"""

import copy
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, cast, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from tests.golden.apoio import Bancada, folders, read_exact

from chancela.documents.nfe.layout import build_infnfe, compose_unsigned, parse_nfe
from chancela.domain.erros import RegraViolada
from chancela.domain.xml.esquemas import Esquema
from chancela.faces.tffiscal.categoria.schemas import CategoriaEntrada
from chancela.faces.tffiscal.erros import FaceErro, describe
from chancela.faces.tffiscal.nota.caminhos import wire_path
from chancela.faces.tffiscal.nota.schemas import NotaEntrada
from chancela.server.simulacao.conferentes.dinheiro import examine_totals

BASES = [
    (
        read_exact(pasta / "empresa.json"),
        read_exact(pasta / "categorias.json") if (pasta / "categorias.json").exists() else [],
        read_exact(pasta / "entrada.json"),
    )
    for pasta in folders("nfe")
]
CODIGOS = [
    "", " ", "0", "1", "2", "3", "4", "7", "9", "01", "03", "10", "15", "17", "20", "51", "60", "90", "99", "101", "500", "900",
    "000", "200", "410", "000001", "200003", "5102", "6102", "1102", "3102", "7102", "SP", "RJ", "EX", "ISENTO", "1058",
    "11222333000181", "12ABC34501DE35", "12345678909", "01001000", "20040020", "69900970", "85176277", "00", "2106300",
    "7891234567895", "SEM GTIN", "2026-11-20", "2026-11-20T10:30:15-03:00", "31/12/2026", "padrao", "saida_fora_estado",
    "fisica", "juridica", "São Paulo", "Manaus", "0.01", "33.33", "100", "18.00", "CAT", "SP020001", "true", "A" * 130, "<&>",
    "ção “x” – 充电\t", "\x7f", "35261112345678000195550010000001231483902178",
]  # fmt: skip
NUMEROS = st.sampled_from(
    [Decimal(n) for n in ("0", "0.01", "0.005", "1", "2.5", "100", "300.00", "-1", "99999999999.99", "1E+20")]
)
VALORES = (
    st.sampled_from(CODIGOS)
    | NUMEROS
    | st.decimals(0, 10_000, places=2)
    | st.integers(-1, 10**7)
    | st.text(max_size=20)
    | st.booleans()
    | st.none()
    | st.sampled_from([[], {}, [{}], ["x"]])
)


def _gather(no: Any, achados: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Every value that the examples give a field, by its name: what is right in one is seldom absurd in another."""
    if isinstance(no, list):
        for membro in cast("list[Any]", no):
            _gather(membro, achados)
    elif isinstance(no, dict):
        for nome, valor in cast("dict[str, Any]", no).items():
            if valor not in achados.setdefault(nome, []):
                achados[nome].append(valor)
            _gather(valor, achados)
    return achados


DE_OUTROS = _gather([list(base[1:]) for base in BASES], {})


def wire_fields(modelo: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel] | None, bool]]:
    """Name on the wire, model below, and whether it is a list."""
    for nome, campo in modelo.model_fields.items():
        apelido = campo.validation_alias
        abaixo, lista = _below(campo.annotation)
        yield (apelido if isinstance(apelido, str) else nome), abaixo, lista


def _below(anotacao: Any, lista: bool = False) -> tuple[type[BaseModel] | None, bool]:
    if isinstance(anotacao, type) and issubclass(anotacao, BaseModel):
        return anotacao, lista
    lista = lista or getattr(anotacao, "__origin__", None) is list
    for parte in get_args(anotacao):
        achado = _below(parte, lista)
        if achado[0] is not None:
            return achado
    return None, lista


def mutate(draw: st.DrawFn, objeto: dict[str, Any], modelo: type[BaseModel]) -> None:
    """Set one field of the model, at any depth, to something else."""
    nome, abaixo, lista = draw(st.sampled_from(list(wire_fields(modelo))))
    if abaixo is None or draw(st.integers(0, 9)) == 0:
        proprios = DE_OUTROS.get(nome)
        fonte = VALORES if not proprios or draw(st.integers(0, 3)) == 0 else st.sampled_from(proprios)
        objeto[nome] = copy.deepcopy(draw(fonte))
        return
    if lista:
        if not isinstance(objeto.get(nome), list) or not objeto[nome]:
            objeto[nome] = [{}]
        membros = cast("list[Any]", objeto[nome])
        if draw(st.integers(0, 7)) == 0:
            membros.append(copy.deepcopy(membros[0]))
        filho = draw(st.sampled_from(membros))
    else:
        if not isinstance(objeto.get(nome), dict):
            objeto[nome] = {}
        filho = objeto[nome]
    if isinstance(filho, dict):
        mutate(draw, cast("dict[str, Any]", filho), abaixo)


@st.composite
def requests(draw: st.DrawFn) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any]]:
    empresa, categorias, nota = copy.deepcopy(draw(st.sampled_from(BASES)))
    for _ in range(draw(st.integers(0, 5))):
        if categorias and draw(st.integers(0, 2)) == 0:
            mutate(draw, draw(st.sampled_from(categorias)), CategoriaEntrada)
        else:
            mutate(draw, nota, NotaEntrada)
    return empresa, categorias, nota


def judge(bancada: Bancada, pedido: tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any]]) -> bool:
    """Whether a document came out; fails when what came is neither a good document nor a list of violations."""
    empresa, categorias, nota = pedido
    try:
        dona, preparada = bancada.prepare(empresa, categorias, nota)
    except (FaceErro, RegraViolada) as erro:
        resposta = erro if isinstance(erro, FaceErro) else describe(erro, lambda c: wire_path(c, nota))
        assert resposta is not None
        assert resposta.status == 400
        assert resposta.erros
        assert all(item.codigo and item.mensagem and item.correcao for item in resposta.erros)
        return False
    _, texto = bancada.number(dona, preparada, 1)
    assert bancada.esquemas.validate(Esquema.NFE, compose_unsigned(texto)) == ()
    lido = parse_nfe(compose_unsigned(texto))
    assert build_infnfe(lido.nfe, lido.identificacao) == texto
    assert examine_totals(texto) == []
    return True


CONFIGURACAO = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    database=None,
)


@settings(CONFIGURACAO, max_examples=300)
@given(requests())
def test_any_request(bancada: Bancada, pedido: Any) -> None:
    judge(bancada, pedido)


@pytest.mark.longo
@settings(CONFIGURACAO, max_examples=10_000)
@given(requests())
def test_any_request_campaign(bancada: Bancada, pedido: Any) -> None:
    judge(bancada, pedido)


def test_the_untouched_examples_are_all_good(bancada: Bancada) -> None:
    assert all(judge(bancada, copy.deepcopy(base)) for base in BASES)
