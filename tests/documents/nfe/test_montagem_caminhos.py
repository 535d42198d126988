"""Every path of document and engine is led to a field of the request."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from chancela.documents.nfe.montagem_caminhos import path_in_pedido
from chancela.documents.nfe.pedido import (
    ExtensoesItem,
    PartePedido,
    PedidoNfe,
    ResponsavelTecnicoPedido,
    TransportadorPedido,
    TransportePedido,
)
from chancela.domain.tributos.entrada import Combustivel

from . import pedidos as p

PEDIDO = replace(
    p.COMPLETO,
    entrega=PartePedido(cpf="12345678909"),
    transporte=TransportePedido(transportador=TransportadorPedido(cnpj="1")),
)


@pytest.mark.parametrize(
    ("caminho", "esperado"),
    [
        ("itens[0].produto.ncm", "itens[0].ncm"),
        ("itens[0].produto.item_pedido", "itens[0].numero_item_pedido"),
        ("itens[0].produto.declaracoes_importacao[0].numero", "itens[0].declaracoes_importacao[0].numero"),
        ("itens[0].produto", "itens[0]"),
        ("itens[0]", "itens[0]"),
        ("itens[0].tributos.cfop", "itens[0].categoria"),
        ("itens[1].tributos.cfop", "itens[1].impostos.icms.codigo_cfop"),
        ("itens[0].tributos.valor_produto", "itens[0].valor_total"),
        ("itens[1].tributos.icms.aliquota", "itens[1].impostos.icms.aliquota"),
        ("itens[0].icms.situacao_tributaria", "itens[0].categoria"),
        ("itens[1].icms.situacao_tributaria", "itens[1].impostos.icms.situacao_tributaria"),
        ("itens[1].categoria.pis", "itens[1].impostos.pis"),
        ("itens[0].categoria.pis", "itens[0].categoria"),
        ("itens[0].categoria", "itens[0].categoria"),
        ("itens[0].tributos.ii", "itens[0].importacao"),
        ("itens[0].icms_retido.base", "itens[0].extensoes.icms_retido.base"),
        ("itens[0].valor_total", "itens[0].valor_total"),
        ("itens[0].informacoes", "itens[0].informacoes"),
        ("itens[0].tributos", "itens[0].categoria"),
        ("itens[9].produto.ncm", "itens"),
        ("destinatario.endereco.cep", "destinatario.cep"),
        ("destinatario.endereco", "destinatario"),
        ("destinatario.documento", "destinatario.cnpj"),
        ("entrega.documento", "entrega.cpf"),
        ("transporte.transportador.documento", "transporte.transportador.cnpj"),
        ("emitente.endereco.cep", "emitente.cep"),
        ("cobranca.fatura.valor_liquido", "cobranca.valor_liquido"),
        ("referencias[2].chave_nfe", "referencias[2].chave"),
        ("autorizados[0].documento", "autorizados[0]"),
        ("informacoes.complementares", "informacoes_complementares"),
        ("informacoes.observacoes_fisco[0].texto", "observacoes_fisco[0].texto"),
        ("tp_emis", "tipo_emissao"),
        ("totais.icms.valor_nota", "itens"),
        ("frete", "transporte.frete"),
        ("municipio_fato_gerador", "emitente.codigo_municipio"),
        ("totais.icms.valor", "itens"),
        ("responsavel_tecnico.cnpj", "emitente.responsavel_tecnico.cnpj"),
        ("itens[0].combustivel.aliquota_ad_rem", "itens[0].categoria"),
        ("itens[1].nada", "itens[1].impostos"),
        ("pagamentos[1].cartao.cnpj_credenciadora", "pagamentos[1].cartao.cnpj_credenciadora"),
    ],
)
def test_paths(caminho: str, esperado: str) -> None:
    assert path_in_pedido(caminho, PEDIDO) == esperado


def test_a_foreigner_is_named_by_the_foreign_document() -> None:
    pedido: PedidoNfe = replace(PEDIDO, destinatario=PartePedido(id_estrangeiro="P12345"))
    assert path_in_pedido("destinatario.documento", pedido) == "destinatario.id_estrangeiro"


def test_an_own_cfop_is_blamed_before_the_category() -> None:
    pedido = replace(PEDIDO, itens=(replace(p.PRODUTO, cfop="5102"),))
    assert path_in_pedido("itens[0].cfop", pedido) == "itens[0].cfop"


def test_what_the_request_states_itself_is_named_there() -> None:
    pedido = replace(
        PEDIDO, totais={"icms.valor": D("1.00")}, responsavel_tecnico=ResponsavelTecnicoPedido(),
        codigo_municipio_fato_gerador="3550308", transporte=None, entrega=None,
        itens=(replace(p.PRODUTO, extensoes=ExtensoesItem(monofasico=Combustivel(D("1")))),),
    )  # fmt: skip
    assert [
        path_in_pedido(caminho, pedido)
        for caminho in (
            "totais.icms.valor", "responsavel_tecnico.cnpj", "municipio_fato_gerador",
            "itens[0].combustivel.aliquota_ad_rem", "transporte.transportador.documento", "entrega.documento",
        )
    ] == [
        "totais.icms.valor", "responsavel_tecnico.cnpj", "codigo_municipio_fato_gerador",
        "itens[0].extensoes.monofasico.aliquota_ad_rem", "transporte.transportador.cnpj", "entrega.cnpj",
    ]  # fmt: skip
