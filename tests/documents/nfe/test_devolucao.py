"""A return that the caller describes: what is recognised of the original, and what is left as it came."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from chancela.documents.nfe.devolucao import count_return, return_part
from chancela.documents.nfe.layout import DocumentoNfe
from chancela.documents.nfe.modelo import Identificacao
from chancela.documents.nfe.pedido import ReferenciaPedido
from chancela.domain.erros import RegraViolada
from chancela.domain.identidade import Cpf

from . import pedidos as p
from .montar import montar

CHAVE = "35261112ABC34501DE35550010000001231483902178"
CLIENTE = Cpf("12345678909")


@pytest.fixture(scope="module")
def original() -> DocumentoNfe:
    montada = montar(p.SIMPLES)
    identificacao = Identificacao.compose(
        montada.nfe, serie=1, numero=1, cnf="48390217", emissao=montada.emissao, ambiente=montada.ambiente
    )
    return DocumentoNfe(montada.nfe, identificacao)


def test_without_the_original_only_the_frame_is_set() -> None:
    feita = return_part(p.SIMPLES, None, devolve=CLIENTE, chave=CHAVE, cfop="1202")
    assert feita.itens == ()
    assert (feita.pedido.finalidade, feita.pedido.referencias) == ("4", (ReferenciaPedido(chave=CHAVE),))
    assert [item.cfop for item in feita.pedido.itens] == ["1202"]
    assert feita.pedido.pagamentos == p.SIMPLES.pagamentos


def test_what_is_not_of_the_original_is_left_as_it_came(original: DocumentoNfe) -> None:
    itens = (
        replace(p.PRODUTO, quantidade=None),
        replace(p.PRODUTO, quantidade=D(0)),
        replace(p.PRODUTO, codigo="OUTRO"),
        replace(p.PRODUTO, codigo="", descricao="Outra coisa"),
    )
    feita = return_part(replace(p.SIMPLES, itens=itens), original, devolve=CLIENTE, chave=CHAVE, cfop="1202")
    assert feita.itens == ()
    assert [item.extensoes.informado for item in feita.pedido.itens] == [None] * 4


def test_an_item_is_known_by_its_goods_when_it_has_no_code(original: DocumentoNfe) -> None:
    sem_codigo = replace(
        p.PRODUTO, codigo="", ncm="8517.62.77", descricao=" PRODUTO exemplo ", quantidade=D(1)
    )
    feita = return_part(
        replace(p.SIMPLES, itens=(sem_codigo,)), original, devolve=CLIENTE, chave=CHAVE, cfop="5202"
    )
    assert [(d.item, d.original, d.quantidade) for d in feita.itens] == [(1, 1, D(1))]
    informado = feita.pedido.itens[0].extensoes.informado
    assert informado is not None
    assert informado.icms is not None
    assert (informado.cfop, informado.icms.base_calculo, informado.icms.valor) == (
        "5202",
        D("150.00"),
        D("27.00"),
    )
    assert informado.ipi_devolvido is None


def test_own_taxes_stand_and_the_quantity_counts_all_the_same(original: DocumentoNfe) -> None:
    proprio = replace(p.PRODUTO, quantidade=D(1), impostos=p.EM_LINHA)
    resto = replace(p.PRODUTO, quantidade=D(1))
    feita = return_part(
        replace(p.SIMPLES, itens=(proprio, resto)), original, devolve=CLIENTE, chave=CHAVE, cfop="1202"
    )
    assert [(d.item, d.original, d.quantidade) for d in feita.itens] == [(1, 1, D(1)), (2, 1, D(1))]
    um, outro = feita.pedido.itens
    assert um.extensoes.informado is None
    assert outro.extensoes.informado is not None
    assert outro.extensoes.informado.icms is not None
    assert outro.extensoes.informado.icms.valor == D("27.00")


def test_a_return_that_says_everything_is_only_counted(original: DocumentoNfe) -> None:
    pedido = replace(p.SIMPLES, itens=(replace(p.PRODUTO, quantidade=D(1), impostos=p.EM_LINHA),))
    feita = count_return(pedido, original)
    assert feita.pedido is pedido
    assert [(d.item, d.original, d.quantidade) for d in feita.itens] == [(1, 1, D(1))]
    demais = replace(p.SIMPLES, itens=(replace(p.PRODUTO, quantidade=D(3)),))
    with pytest.raises(RegraViolada) as erro:
        count_return(demais, original)
    assert [v.caminho for v in erro.value.violacoes] == ["itens[0].quantidade"]
