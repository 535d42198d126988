"""`NotaEntrada` to the neutral `PedidoNfe`. The way back, for answers, is in `respostas`; for paths, in `caminhos`."""

from decimal import Decimal

from chancela.documents.nfe.pedido import (
    AdicaoPedido,
    CartaoPedido,
    DeclaracaoPedido,
    ImportacaoPedido,
    ItemPedido,
    PagamentoPedido,
    PartePedido,
    PedidoNfe,
    ReferenciaPedido,
    RetencaoFretePedido,
    TransportadorPedido,
    TransportePedido,
    VeiculoPedido,
    VolumePedido,
)
from chancela.domain.identidade import Ambiente, Modelo
from chancela.domain.tributos.entrada import TipoOperacao
from chancela.faces.tffiscal.categoria.mapping import inline_category, rate_of
from chancela.faces.tffiscal.erros import ErroCampo
from chancela.faces.tffiscal.nota.schemas import (
    ClienteEntrada,
    DeclaracaoEntrada,
    NotaEntrada,
    PagamentoEntrada,
    Pessoa,
    ProdutoEntrada,
    TransporteEntrada,
    VeiculoEntrada,
    VolumeEntrada,
)

_AMBIENTES = {str(ambiente.value): ambiente for ambiente in Ambiente}
_OPERACOES = {
    "0": TipoOperacao.ENTRADA,
    "1": TipoOperacao.SAIDA,
    "2": TipoOperacao.IMPORTACAO,
    "3": TipoOperacao.EXPORTACAO,
}


def request_of(nota: NotaEntrada) -> PedidoNfe:
    """The neutral request. Text stays raw; nothing is derived here."""
    cliente = nota.cliente
    tipo_pessoa = "fisica" if cliente.cpf else "juridica"
    return PedidoNfe(
        natureza_operacao=nota.nature_of_operation,
        tipo_operacao=_OPERACOES[nota.transaction_type],
        ambiente=_AMBIENTES[nota.ambiente],
        modelo=Modelo.NFE,
        referencia=nota.id,
        tipo_emissao=nota.issuance_type,
        finalidade=nota.finalidade,
        destinatario=_recipient(cliente),
        retirada=None if nota.shipping_address is None else party_of(nota.shipping_address),
        entrega=None if nota.delivery_address is None else party_of(nota.delivery_address),
        referencias=(ReferenciaPedido(chave=nota.ref_nfe_chave),) if nota.ref_nfe_chave else (),
        saida_entrada=nota.dh_sai_ent,
        desconto=nota.total_discount_amount,
        seguro=nota.seguro,
        outras_despesas=nota.outras_despesas,
        troco=nota.troco,
        consumidor_final=nota.ind_final,
        presenca=nota.ind_pres,
        informacoes_complementares=nota.informacoes_complementares,
        informacoes_fisco=nota.informacoes_fisco,
        itens=tuple([_item(produto, tipo_pessoa) for produto in nota.products]),
        transporte=None if nota.transportation is None else _transport(nota.transportation),
        pagamentos=tuple([_payment(pagamento) for pagamento in nota.pag_info]),
    )


def find_warnings(nota: NotaEntrada) -> list[ErroCampo]:
    """`industria` holding words cannot be a rate: it is left aside, and the caller is told."""
    avisos: list[ErroCampo] = []
    for posicao, produto in enumerate(nota.products):
        nome = "impostos" if produto.impostos is not None else "tax_info"
        impostos = produto.impostos or produto.tax_info
        if impostos is None:
            continue
        candidatos = [(f"{nome}.industria", impostos.industria), (f"{nome}.aliquota", impostos.aliquota)]
        if impostos.icms is not None:
            candidatos += [
                (f"{nome}.icms.industria", impostos.icms.industria),
                (f"{nome}.icms.aliquota", impostos.icms.aliquota),
            ]
        avisos += [
            ErroCampo(
                f"products[{posicao}].{campo}", "NOTA-INDUSTRIA", "Este texto não é uma alíquota e foi ignorado.",
                "Envie a alíquota do ICMS em números (18.00).", texto, "Alíquota do ICMS (%)",
            )
            for campo, texto in candidatos
            if texto and rate_of(texto) is None
        ]  # fmt: skip
    return avisos


def _recipient(cliente: ClienteEntrada) -> PartePedido:
    return PartePedido(
        cpf=cliente.cpf,
        cnpj=cliente.cnpj,
        id_estrangeiro=cliente.id_estrangeiro,
        inscricao_estadual=cliente.ie,
        indicador_ie=cliente.ind_ie_dest,
        nome=cliente.name,
        logradouro=cliente.endereco,
        numero=cliente.numero or cliente.number,
        complemento=cliente.complemento,
        bairro=cliente.bairro,
        municipio=cliente.city,
        uf=cliente.uf,
        cep=cliente.cep,
        codigo_pais=cliente.c_pais,
        pais=cliente.x_pais,
        telefone=cliente.telefone,
        email=cliente.email,
    )


def party_of(local: Pessoa) -> PartePedido:
    """A place of pickup or delivery, or the consumer of an NFC-e: the names are the same."""
    return PartePedido(
        cpf=local.cpf,
        cnpj=local.cnpj,
        inscricao_estadual=local.ie,
        nome=local.name,
        logradouro=local.endereco,
        numero=local.number or local.numero,
        complemento=local.complemento,
        bairro=local.bairro,
        municipio=local.city,
        uf=local.uf,
        cep=local.cep,
        telefone=local.telefone,
        email=local.email,
    )


def _item(produto: ProdutoEntrada, tipo_pessoa: str) -> ItemPedido:
    impostos = produto.impostos or produto.tax_info
    disable_difal = produto.disable_difal
    if disable_difal is None and impostos is not None and impostos.difal is not None:
        disable_difal = impostos.difal.disable_difal
    ii = produto.ii
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
        impostos=None if impostos is None else inline_category(impostos, tipo_pessoa),
        disable_difal=disable_difal,
        desconta_icms_pis_cofins=produto.desconta_icms_pis_cofins,
        cfop=produto.cfop,
        importacao=None
        if ii is None
        else ImportacaoPedido(
            base=ii.base,
            despesas_aduaneiras=ii.despesas_aduaneiras,
            valor=ii.valor,
            iof=ii.iof,
            aliquota=ii.aliquota,
        ),
        declaracoes_importacao=tuple(map(_declaration, produto.import_declarations)),
        numero_item_pedido=produto.numero_item_pedido,
    )


def _declaration(declaracao: DeclaracaoEntrada) -> DeclaracaoPedido:
    return DeclaracaoPedido(
        numero=declaracao.numero,
        data_registro=declaracao.data,
        local_desembaraco=declaracao.local_desembaraco,
        uf_desembaraco=declaracao.uf_desembaraco,
        data_desembaraco=declaracao.data_desembaraco,
        exportador=declaracao.exportador,
        via_transporte=declaracao.via_transporte,
        intermediacao=declaracao.intermediacao,
        valor_afrmm=declaracao.valor_afrmm,
        adicoes=tuple(
            AdicaoPedido(
                numero=adicao.numero,
                numero_sequencial=adicao.sequencial,
                fabricante=adicao.fabricante,
                # The example sends 0 for "no discount"; the layout has no zero discount.
                desconto=adicao.desconto if adicao.desconto != Decimal(0) else None,
                drawback=adicao.drawback,
            )
            for adicao in declaracao.adicoes
        ),
    )


def _transport(transporte: TransporteEntrada) -> TransportePedido:
    transportador = transporte.carrier_info
    retencao = transporte.transport_tax_retention_info
    return TransportePedido(
        modalidade=transporte.transport_mode,
        frete=transporte.freight_amount,
        transportador=None
        if transportador is None
        else TransportadorPedido(
            cpf=transportador.cpf,
            cnpj=transportador.cnpj,
            inscricao_estadual=transportador.ie,
            nome=transportador.name,
            endereco=transportador.endereco,
            municipio=transportador.city,
            uf=transportador.uf,
            cep=transportador.cep,
        ),
        veiculo=None if transporte.vehicle_info is None else _vehicle(transporte.vehicle_info),
        reboques=() if transporte.trailer_info is None else (_vehicle(transporte.trailer_info),),
        volumes=tuple(_package(volume) for volume in transporte.packages),
        retencao=None
        if retencao is None
        else RetencaoFretePedido(
            valor_servico=retencao.freight_service_amount,
            base=retencao.tax_base,
            aliquota=retencao.tax_rate,
            cfop=retencao.cfop,
            cep=retencao.cep,
        ),
    )


def _vehicle(veiculo: VeiculoEntrada) -> VeiculoPedido:
    return VeiculoPedido(placa=veiculo.plate, uf=veiculo.uf, rntc=veiculo.rntc)


def _package(volume: VolumeEntrada) -> VolumePedido:
    return VolumePedido(
        quantidade=volume.qty,
        especie=volume.packaging_type,
        marca=volume.mark,
        numeracao=volume.number,
        peso_liquido=volume.net_weight,
        peso_bruto=volume.gross_weight,
        lacres=tuple(volume.seals),
    )


def _payment(pagamento: PagamentoEntrada) -> PagamentoPedido:
    cartao = pagamento.card_info
    return PagamentoPedido(
        meio=pagamento.payment_method,
        indicador=pagamento.payment_indicator,
        valor=pagamento.payment_value,
        cartao=None
        if cartao is None
        else CartaoPedido(
            integracao=cartao.integration_type,
            bandeira=cartao.brand_code,
            cnpj_credenciadora=cartao.acquirer_cnpj,
            autorizacao=cartao.authorization_code,
        ),
    )
