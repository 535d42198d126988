"""`NfceEntrada` to the neutral `PedidoNfe` of model 65."""

from chancela.documents.nfe.pedido import (
    CartaoPedido,
    ItemPedido,
    PagamentoPedido,
    PedidoNfe,
    TransportadorPedido,
    TransportePedido,
)
from chancela.domain.identidade import Ambiente, Modelo
from chancela.domain.tributos.entrada import TipoOperacao
from chancela.faces.tffiscal.categoria.mapping import inline_category
from chancela.faces.tffiscal.erros import ErroCampo
from chancela.faces.tffiscal.nfce.schemas import ConsumidorEntrada, NfceEntrada, PagamentoNfce, ProdutoNfce
from chancela.faces.tffiscal.nota.mapping import party_of
from chancela.issuing.empresa import Empresa

_ENTREGA_DOMICILIO = "4"
OFFLINE = "9"
"""`issuance_type` of a receipt to be issued in offline contingency."""
_FORA_DO_ESTABELECIMENTO = "5"
"""Sold in person elsewhere: the layout then wants a municipality for IBS (1005), and the contract has no field for it."""
_TRANSPORTE_PROPRIO = "3"
_COM_CARTAO = frozenset({"03", "3", "04", "4", "17"})
_NAO_INTEGRADO = "2"


def request_of(nota: NfceEntrada, empresa: Empresa) -> PedidoNfe:
    """The neutral request. A consumer without CPF or CNPJ is no recipient: the layout has no place for a name alone."""
    consumidor = nota.client if nota.client is not None and is_identified(nota.client) else None
    tipo_pessoa = (
        "juridica" if consumidor is not None and consumidor.cnpj and not consumidor.cpf else "fisica"
    )
    return PedidoNfe(
        natureza_operacao=nota.nature_of_operation,
        tipo_operacao=TipoOperacao.SAIDA,
        ambiente=Ambiente(int(nota.ambiente)),
        modelo=Modelo.NFCE,
        referencia=nota.id,
        destinatario=None if consumidor is None else party_of(consumidor),
        desconto=nota.total_discount_amount,
        seguro=nota.seguro,
        outras_despesas=nota.outras_despesas,
        troco=nota.troco,
        consumidor_final="1",
        presenca=nota.ind_pres,
        codigo_municipio_ibs=empresa.endereco.municipio_ibge
        if nota.ind_pres == _FORA_DO_ESTABELECIMENTO
        else "",
        com_intermediador=nota.ind_intermed,
        informacoes_complementares=nota.informacoes_complementares,
        informacoes_fisco=nota.informacoes_fisco,
        itens=tuple(_item(produto, tipo_pessoa) for produto in nota.products),
        transporte=_transport(nota, empresa),
        pagamentos=tuple(_payment(pagamento) for pagamento in nota.pag_info),
    )


def is_identified(cliente: ConsumidorEntrada) -> bool:
    """Whether the consumer brings a document."""
    return bool(cliente.cpf or cliente.cnpj)


def find_warnings(nota: NfceEntrada) -> list[ErroCampo]:
    """A named consumer without document does not reach the XML, and the caller is told."""
    if nota.client is None or is_identified(nota.client) or not nota.client.name:
        return []
    return [
        ErroCampo(
            "client.cpf", "NFCE-CONSUMIDOR", "Sem CPF ou CNPJ o consumidor não consta da NFC-e.",
            "Envie o CPF ou o CNPJ para identificar o consumidor.", "", "CPF",
        )
    ]  # fmt: skip


def _item(produto: ProdutoNfce, tipo_pessoa: str) -> ItemPedido:
    impostos = produto.impostos or produto.tax_info
    return ItemPedido(
        descricao=produto.name,
        codigo=produto.codigo,
        ncm=produto.ncm,
        cest=produto.cest,
        gtin=produto.gtin,
        gtin_tributavel=produto.gtin_tributavel,
        unidade=produto.unit,
        quantidade=produto.count,
        valor_unitario=produto.unit_price,
        valor_total=produto.total_price,
        desconto=produto.discount_price,
        origem=produto.origem,
        compoe_total=produto.indicador_total,
        categoria=produto.category_id,
        impostos=None if impostos is None else inline_category(impostos.as_nfe(), tipo_pessoa),
        cfop=produto.cfop,
        numero_item_pedido=produto.numero_item_pedido,
    )


def _transport(nota: NfceEntrada, empresa: Empresa) -> TransportePedido | None:
    """Freight is apportioned over the items. A home delivery names who carries (786): the shop itself, by its own means.

    In every other sale modFrete stays 9 (753).
    """
    if nota.ind_pres != _ENTREGA_DOMICILIO:
        return None if nota.frete is None else TransportePedido(frete=nota.frete)
    endereco = empresa.endereco
    return TransportePedido(
        modalidade=_TRANSPORTE_PROPRIO,
        frete=nota.frete,
        transportador=TransportadorPedido(
            cnpj=empresa.cnpj,
            inscricao_estadual=empresa.inscricao_estadual,
            nome=empresa.razao_social,
            endereco=f"{endereco.logradouro}, {endereco.numero}"[:60],
            municipio=endereco.municipio,
            uf=endereco.uf.value,
        ),
    )


def _payment(pagamento: PagamentoNfce) -> PagamentoPedido:
    """A card or PIX payment without `card_info` is one that the till is not integrated with (391)."""
    cartao = pagamento.card_info
    lido: CartaoPedido | None = None
    if cartao is not None:
        lido = CartaoPedido(
            integracao=cartao.integration_type,
            bandeira=cartao.brand_code,
            cnpj_credenciadora=cartao.acquirer_cnpj,
            autorizacao=cartao.authorization_code,
        )
    elif pagamento.payment_method in _COM_CARTAO:
        lido = CartaoPedido(integracao=_NAO_INTEGRADO)
    return PagamentoPedido(
        meio=pagamento.payment_method,
        indicador=pagamento.payment_indicator,
        valor=pagamento.amount if pagamento.amount is not None else pagamento.payment_value,
        cartao=lido,
    )
