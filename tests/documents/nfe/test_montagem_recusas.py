"""What a request is refused or warned for, one mistake at a time: code and the caller's own field."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from chancela.documents.nfe.modelo import LocalExportacao, Pagamento
from chancela.documents.nfe.pedido import (
    CartaoPedido,
    CobrancaPedido,
    DuplicataPedido,
    ExportacaoPedido,
    ImportacaoPedido,
    IntermediadorPedido,
    ItemPedido,
    ObservacaoPedido,
    PagamentoPedido,
    PartePedido,
    PedidoNfe,
    ProcessoPedido,
    ReferenciaPedido,
    RetencaoFretePedido,
    TransportadorPedido,
    TransportePedido,
    VeiculoPedido,
    VolumePedido,
)
from chancela.domain.identidade import Modelo, Uf
from chancela.domain.tributos.entrada import TipoOperacao

from . import pedidos as p
from .montar import montar, recusas

RETENCAO = RetencaoFretePedido(D("150.00"), D("150.00"), D("12.00"), "5932")
NOTA = ReferenciaPedido(
    tipo="nf", uf="SP", ano_mes="2601", cnpj="11222333000181", modelo="01", serie="1", numero="9"
)
ECF = ReferenciaPedido(tipo="ecf", modelo="2D", numero_ecf="7", coo="123")
DINHEIRO = PagamentoPedido(meio="01", valor=D("300.00"))
CARTAO = PagamentoPedido(meio="03", valor=D("300.00"), cartao=CartaoPedido("2"))


def codes(pedido: PedidoNfe) -> set[tuple[str, str]]:
    return {(v.codigo, v.caminho) for v in recusas(pedido)}


def warnings_of(pedido: PedidoNfe) -> set[tuple[str, str]]:
    return {(v.codigo, v.caminho) for v in montar(pedido).avisos}


def shipped(**campos: object) -> PedidoNfe:
    return replace(p.SIMPLES, transporte=TransportePedido(modalidade="0", **campos))  # type: ignore[arg-type]


def product(**campos: object) -> PedidoNfe:
    return replace(p.SIMPLES, itens=(replace(p.PRODUTO, **campos),))  # type: ignore[arg-type]


def paid(*pagamentos: PagamentoPedido, **campos: object) -> PedidoNfe:
    return replace(p.SIMPLES, pagamentos=pagamentos, **campos)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pedido", "esperado"),
    [
        (shipped(reboques=(VeiculoPedido("ABC1D23", "SP"),) * 6), ("PEDIDO-TRANSPORTE-02", "transporte.reboques")),
        (shipped(veiculo=VeiculoPedido("", "SP")), ("PEDIDO-FALTA-01", "transporte.veiculo.placa")),
        (shipped(veiculo=VeiculoPedido("A-1", "SP")), ("PEDIDO-PLACA-01", "transporte.veiculo.placa")),
        (shipped(volumes=(VolumePedido(-1),)), ("PEDIDO-VOLUME-01", "transporte.volumes[0].quantidade")),
        (
            shipped(retencao=replace(RETENCAO, codigo_municipio="3599999")),
            ("PEDIDO-MUNICIPIO-03", "transporte.retencao.codigo_municipio"),
        ),
        (shipped(retencao=replace(RETENCAO, cep="00000001")), ("PEDIDO-CEP-03", "transporte.retencao.cep")),
        (shipped(retencao=RETENCAO), ("PEDIDO-FALTA-01", "transporte.retencao.cep")),
        (
            replace(p.SIMPLES, referencias=(ReferenciaPedido(chave="123"),)),
            ("CHAVE-01", "referencias[0].chave"),
        ),
        (
            replace(p.SIMPLES, referencias=(replace(ECF, modelo="2X"),)),
            ("PEDIDO-CODIGO-01", "referencias[0].modelo"),
        ),
        (replace(p.SIMPLES, referencias=(replace(ECF, coo=""),)), ("PEDIDO-FALTA-01", "referencias[0].coo")),
        (
            replace(p.SIMPLES, referencias=(ReferenciaPedido(tipo="carta"),)),
            ("PEDIDO-CODIGO-01", "referencias[0].tipo"),
        ),
        (
            replace(p.SIMPLES, referencias=(replace(NOTA, cnpj="", cpf="12345678909"),)),
            ("PEDIDO-FALTA-01", "referencias[0].cnpj"),
        ),
        (replace(p.SIMPLES, referencias=(replace(NOTA, cnpj=""),)), ("PEDIDO-FALTA-01", "referencias[0].cnpj")),
        (
            replace(p.SIMPLES, observacoes_contribuinte=(ObservacaoPedido("", "x"),)),
            ("PEDIDO-FALTA-01", "observacoes_contribuinte[0].campo"),
        ),
        (
            replace(p.SIMPLES, observacoes_fisco=(ObservacaoPedido("x", ""),)),
            ("PEDIDO-FALTA-01", "observacoes_fisco[0].texto"),
        ),
        (replace(p.SIMPLES, processos=(ProcessoPedido("1", "7"),)), ("PEDIDO-CODIGO-01", "processos[0].origem")),
        (
            replace(p.SIMPLES, processos=(ProcessoPedido("1", "0", "99"),)),
            ("PEDIDO-CODIGO-01", "processos[0].tipo_ato"),
        ),
        (replace(p.SIMPLES, processos=(ProcessoPedido("", "0"),)), ("PEDIDO-FALTA-01", "processos[0].numero")),
        (
            replace(p.SIMPLES, intermediador=IntermediadorPedido("", "loja")),
            ("PEDIDO-FALTA-01", "intermediador.cnpj"),
        ),
        (replace(p.SIMPLES, itens=()), ("PEDIDO-FALTA-01", "itens")),
        (replace(p.SIMPLES, itens=(p.PRODUTO,) * 991), ("PEDIDO-ITENS-01", "itens")),
        (replace(p.SIMPLES, destinatario=None), ("PEDIDO-FALTA-01", "destinatario")),
        (
            replace(p.SIMPLES, destinatario=replace(p.CLIENTE, indicador_ie="7")),
            ("PEDIDO-CODIGO-01", "destinatario.indicador_ie"),
        ),
        (
            replace(p.SIMPLES, destinatario=replace(p.CLIENTE, id_estrangeiro="a b")),
            ("PEDIDO-ESTRANGEIRO-01", "destinatario.id_estrangeiro"),
        ),
        (
            replace(p.SIMPLES, destinatario=replace(p.CLIENTE, municipio="Lugar Nenhum", cep="")),
            ("PEDIDO-MUNICIPIO-01", "destinatario.municipio"),
        ),
        (
            replace(p.SIMPLES, retirada=replace(p.local("São Paulo", "01001000"), cnpj="")),
            ("PEDIDO-FALTA-01", "retirada.cnpj"),
        ),
        (
            replace(p.SIMPLES, entrega=replace(p.local("São Paulo", "01001000"), logradouro="")),
            ("PEDIDO-FALTA-01", "entrega.logradouro"),
        ),
        (replace(p.SIMPLES, modelo=Modelo.CTE), ("PEDIDO-CODIGO-01", "modelo")),
        (replace(p.SIMPLES, destino="3"), ("PEDIDO-DESTINO-01", "destino")),
        (product(fci="x"), ("PEDIDO-FORMA-01", "itens[0].fci")),
        (product(desconto=D("1E+20")), ("PEDIDO-NUMERO-03", "itens[0].desconto")),
        (
            product(quantidade_tributavel=D("0.0001"), valor_total=D("99999999999.00"), valor_unitario=D("49999999999.50")),
            ("PEDIDO-NUMERO-03", "itens[0].quantidade_tributavel"),
        ),
        (paid(PagamentoPedido()), ("PEDIDO-FALTA-01", "pagamentos[0].meio")),
        (paid(replace(DINHEIRO, meio="77")), ("PEDIDO-CODIGO-01", "pagamentos[0].meio")),
        (paid(replace(DINHEIRO, uf_pagador="SP")), ("PEDIDO-FALTA-01", "pagamentos[0].cnpj_pagador")),
        (
            paid(replace(DINHEIRO, cnpj_pagador="11222333000181")),
            ("PEDIDO-FALTA-01", "pagamentos[0].uf_pagador"),
        ),
        (
            paid(replace(CARTAO, cartao=CartaoPedido("", "01"))),
            ("PEDIDO-FALTA-01", "pagamentos[0].cartao.integracao"),
        ),
        (
            paid(replace(CARTAO, cartao=CartaoPedido("3"))),
            ("PEDIDO-CODIGO-01", "pagamentos[0].cartao.integracao"),
        ),
        (
            paid(replace(CARTAO, cartao=CartaoPedido("2", "visa"))),
            ("PEDIDO-BANDEIRA-01", "pagamentos[0].cartao.bandeira"),
        ),
    ],
)  # fmt: skip
def test_refused(pedido: PedidoNfe, esperado: tuple[str, str]) -> None:
    assert esperado in codes(pedido)


@pytest.mark.parametrize(
    ("pedido", "esperado"),
    [
        (paid(replace(DINHEIRO, descricao="Vale")), ("PEDIDO-PAG-02", "pagamentos[0].descricao")),
        (paid(DINHEIRO, PagamentoPedido(meio="90", valor=D("5"))), ("PEDIDO-PAG-03", "pagamentos[1].valor")),
        (paid(replace(DINHEIRO, valor=D("299.00"))), ("PEDIDO-PAG-01", "pagamentos")),
        (
            paid(replace(CARTAO, cartao=CartaoPedido("1", "01"))),
            ("PEDIDO-CARTAO-01", "pagamentos[0].cartao.integracao"),
        ),
        (
            replace(p.SIMPLES, destinatario=replace(p.CLIENTE, email="a" * 60 + "@b.c")),
            ("PEDIDO-EMAIL-01", "destinatario.email"),
        ),
        (
            replace(p.SIMPLES, destinatario=replace(p.CLIENTE, telefone="12")),
            ("PEDIDO-TELEFONE-01", "destinatario.telefone"),
        ),
        (
            replace(p.SIMPLES, destinatario=replace(p.CLIENTE, municipio="Lugar Nenhum")),
            ("PEDIDO-MUNICIPIO-02", "destinatario.municipio"),
        ),
        (
            replace(p.SIMPLES, referencia="um identificador longo demais"),
            ("PEDIDO-REFERENCIA-01", "referencia"),
        ),
    ],
)
def test_warned(pedido: PedidoNfe, esperado: tuple[str, str]) -> None:
    assert esperado in warnings_of(pedido)


def test_withholding_by_the_code_of_the_municipality() -> None:
    lida = montar(shipped(retencao=replace(RETENCAO, codigo_municipio="3509502", valor=D("17.99")))).nfe
    assert lida.transporte is not None
    assert lida.transporte.retencao is not None
    assert (lida.transporte.retencao.municipio_fato_gerador, lida.transporte.retencao.valor) == (
        "3509502",
        D("17.99"),
    )


def test_empty_groups_are_no_groups() -> None:
    transporte = montar(
        shipped(
            volumes=(VolumePedido(),), transportador=TransportadorPedido(), retencao=RetencaoFretePedido()
        )
    ).nfe.transporte
    assert (transporte.volumes, transporte.transportador, transporte.retencao) == ((), None, None)
    assert montar(paid(replace(CARTAO, cartao=CartaoPedido()))).nfe.pagamentos[0].cartao is None
    assert montar(replace(p.SIMPLES, cobranca=CobrancaPedido())).nfe.cobranca is None


def test_carrier_from_abroad_and_from_the_cep() -> None:
    fora = montar(
        shipped(transportador=TransportadorPedido(nome="Overland", uf="ex", municipio="Colonia"))
    ).nfe
    assert fora.transporte.transportador is not None
    assert (fora.transporte.transportador.uf, fora.transporte.transportador.municipio) == ("EX", "Colonia")
    do_cep = montar(shipped(transportador=TransportadorPedido(nome="Rápida", cep="13010000"))).nfe
    assert do_cep.transporte.transportador is not None
    assert (do_cep.transporte.transportador.uf, do_cep.transporte.transportador.municipio) == (
        Uf.SP,
        "Campinas",
    )


def test_other_means_of_payment_have_a_name() -> None:
    (um,) = montar(paid(PagamentoPedido(meio="99", valor=D("300.00")))).nfe.pagamentos
    assert um == Pagamento("99", D("300.00"), descricao="Outros")
    (outro,) = montar(paid(PagamentoPedido(meio="99", valor=D("300.00"), descricao="Permuta"))).nfe.pagamentos
    assert outro.descricao == "Permuta"
    (curto,) = montar(paid(PagamentoPedido(meio="1", valor=D("300.00")))).nfe.pagamentos
    assert curto.meio == "01"


def test_instalments_number_themselves() -> None:
    cobranca = montar(
        replace(
            p.SIMPLES,
            cobranca=CobrancaPedido(
                duplicatas=(
                    DuplicataPedido("", "2026-12-20", D("100")),
                    DuplicataPedido("", "2027-01-20", D("200")),
                )
            ),
        )
    ).nfe.cobranca
    assert cobranca is not None
    assert cobranca.fatura is None
    assert [(d.numero, d.valor) for d in cobranca.duplicatas] == [("001", D("100.00")), ("002", D("200.00"))]


def test_an_export_says_where_the_goods_leave() -> None:
    fora = PartePedido(
        nome="BUYER", logradouro="Street", numero="1", municipio="Austin", codigo_pais="2496", pais="EUA"
    )
    pedido = replace(
        p.SIMPLES, tipo_operacao=TipoOperacao.EXPORTACAO, destinatario=fora,
        exportacao=ExportacaoPedido("PR", "Paranaguá", "Curitiba"), itens=(replace(p.PRODUTO, cfop="7102"),),
    )  # fmt: skip
    assert montar(pedido).nfe.exportacao == LocalExportacao(Uf.PR, "Paranaguá", "Curitiba")


def test_an_import_without_its_tax_is_told_and_written_as_zero() -> None:
    sem = replace(p.IMPORTACAO, itens=(replace(p.IMPORTACAO.itens[1], importacao=None),))
    montada = montar(sem)
    assert ("PEDIDO-II-01", "itens[0].importacao") in {(v.codigo, v.caminho) for v in montada.avisos}
    ii = montada.nfe.itens[0].tributos.ii
    assert ii is not None
    assert (ii.base_calculo, ii.valor) == (D("0.00"), D("0.00"))
    so_base = replace(p.IMPORTACAO.itens[1], importacao=ImportacaoPedido(D("10.00")))
    ii = montar(replace(p.IMPORTACAO, itens=(so_base,))).nfe.itens[0].tributos.ii
    assert ii is not None
    assert (ii.base_calculo, ii.valor) == (D("10.00"), D("0.00"))


def test_the_generic_ncm_is_taken_as_it_is() -> None:
    assert montar(product(ncm="00")).nfe.itens[0].produto.ncm == "00"


def test_a_stated_taxable_price_stands() -> None:
    produto = montar(
        product(quantidade_tributavel=D("4"), valor_unitario_tributavel=D("75.0000"))
    ).nfe.itens[0].produto  # fmt: skip
    assert (produto.quantidade_tributavel, produto.valor_unitario_tributavel) == (D("4.0000"), D("75.00"))


def test_blanks_are_no_code() -> None:
    assert montar(product(fci="  ")).nfe.itens[0].produto.fci is None


def test_an_empty_item_is_named_field_by_field() -> None:
    faltas = codes(replace(p.SIMPLES, itens=(ItemPedido(),)))
    assert {c for c, _ in faltas} == {"PEDIDO-FALTA-01", "TRIB-CAT-02"}
    assert {f"itens[0].{nome}" for nome in ("descricao", "ncm", "unidade", "quantidade")} <= {
        c for _, c in faltas
    }
