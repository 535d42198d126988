"""The regression guard of speed: how often the costly things happen per document, which no machine's mood changes.

A document that needs one more parse, one more schema validation or a tenth more calls fails here, at once and everywhere;
how long the same work takes is the business of `make bench`.
"""

from collections.abc import Iterator

import pytest
from benchmarks.lados.protocolo import Operacao
from benchmarks.provas import surroundings
from tests.benchmarks.contagem import Contagem, counting

COMPILACAO = "chancela.domain.xml.esquemas._compile"
VALIDACAO = "chancela.domain.xml.esquemas._Compilado.accepts"
LEITURA_SEGURA = "chancela.domain.xml.leitura.parse_xml"
CARGA_DA_CHAVE = "chancela.domain.assinatura.certificado.load_pkcs12"
ASSINATURA = "RSAPrivateKey.sign"
JSON = "chancela.kit.json_exact.read_json"
PLANO_DO_DOCUMENTO = "chancela.documents.nfe.regras._planned"
REGRA_DE_UM_LUGAR = "chancela.documents.nfe.regras_base.no_documento.<locals>.verificar"
SOMAS = "chancela.documents.nfe.regras_somas.sum_itens"
CHAMADAS_DE_UM_ITEM = 370
CHAMADAS_POR_ITEM = 110
"""Calls of Python functions that one more item may cost, and that a note of one item may cost in all."""


@pytest.fixture(scope="module")
def pedido() -> Iterator[Operacao]:
    """The way from a request of one item to its signed XML, everything loaded and once run."""
    with pytest.MonkeyPatch.context() as ambiente, surroundings() as variaveis:
        for nome, valor in variaveis.items():
            ambiente.setenv(nome, valor)
        yield _warm(1)


def _warm(itens: int) -> Operacao:
    from benchmarks.lados.pedido import OPERACOES

    operacao = OPERACOES["pedido"](itens)
    operacao(1)
    return operacao


def _count(operacao: Operacao, numero: int = 2) -> Contagem:
    with counting() as contagem:
        operacao(numero)
    return contagem


def test_a_document_loads_nothing_and_is_judged_and_read_once(pedido: Operacao) -> None:
    contagem = _count(pedido)
    assert contagem.python[COMPILACAO] == 0
    assert contagem.python[CARGA_DA_CHAVE] == 0
    assert contagem.python[VALIDACAO] == 1
    assert contagem.python[LEITURA_SEGURA] == 0
    assert list(contagem.lidos.values()) == [1]
    assert contagem.python[JSON] == 1
    assert contagem.c[ASSINATURA] == 1


def test_an_ordinary_sale_is_asked_no_rule(pedido: Operacao) -> None:
    """Of the 137 rules for an NF-e it could break none; the plan is made by the first document of its kind."""
    contagem = _count(pedido)
    assert contagem.python[PLANO_DO_DOCUMENTO] == 0
    assert contagem.python[REGRA_DE_UM_LUGAR] == 0
    assert contagem.python[SOMAS] == 1


def test_documents_do_not_grow_dearer_with_their_number(pedido: Operacao) -> None:
    assert _count(pedido, 3).python == _count(pedido, 400_000_000).python


def test_calls_of_a_document_stay_within_their_budget(pedido: Operacao) -> None:
    """Raise the budget only with the reason in the commit."""
    assert _count(pedido).total <= CHAMADAS_DE_UM_ITEM


def test_every_item_costs_the_same(pedido: Operacao) -> None:
    um = _count(pedido).total
    dez, cinquenta, duzentos = (_count(_warm(itens)).total for itens in (10, 50, 200))
    por_item = (cinquenta - dez) / 40
    assert por_item <= CHAMADAS_POR_ITEM
    assert (duzentos - cinquenta) / 150 <= por_item * 1.01
    assert dez - um <= 9 * por_item * 1.05
