"""What a request is refused or warned for, one mistake at a time: code and the caller's own field."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from chancela.documents.nfe.modelo import LocalExportacao, Pagamento
from chancela.documents.nfe.participantes import IdEstrangeiro
from chancela.documents.nfe.pedido import (
    CartaoPedido,
    CobrancaPedido,
    CompraPedido,
    DuplicataPedido,
    EmitentePedido,
    ExportacaoPedido,
    ExtensoesItem,
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
from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.domain.tributos.entrada import TipoOperacao, TributosInformados
from chancela.domain.tributos.resultado import Contribuicao, Icms, Issqn

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
        (
            replace(p.SIMPLES, referencias=(replace(NOTA, ano_mes="0126x"),)),
            ("PEDIDO-AAMM-01", "referencias[0].ano_mes"),
        ),
        (
            replace(p.SIMPLES, destinatario=replace(p.CLIENTE, codigo_municipio="3599999")),
            ("PEDIDO-MUNICIPIO-03", "destinatario.codigo_municipio"),
        ),
        (
            replace(p.SIMPLES, destinatario=replace(p.CLIENTE, codigo_municipio="3304557")),
            ("PEDIDO-MUNICIPIO-03", "destinatario.codigo_municipio"),
        ),
        (replace(p.SIMPLES, destinatario=replace(p.CLIENTE, cep="00000001")), ("PEDIDO-CEP-01", "destinatario.cep")),
        (
            replace(p.SIMPLES, destinatario=replace(p.CLIENTE, codigo_pais="9999", cep="")),
            ("PEDIDO-PAIS-01", "destinatario.codigo_pais"),
        ),
        (
            replace(p.SIMPLES, destinatario=replace(p.CLIENTE, cpf="1")),
            ("IDENT-CPF-01", "destinatario.cpf"),
        ),
        (
            replace(p.SIMPLES, destinatario=replace(p.CLIENTE, cpf="", cnpj="1")),
            ("IDENT-CNPJ-01", "destinatario.cnpj"),
        ),
        (
            replace(p.SIMPLES, destinatario=replace(p.CLIENTE, cpf="")),
            ("PEDIDO-FALTA-01", "destinatario.cnpj"),
        ),
        (
            replace(p.SIMPLES, destinatario=replace(p.EMPRESA, inscricao_estadual="x")),
            ("PEDIDO-IE-01", "destinatario.inscricao_estadual"),
        ),
        (replace(p.SIMPLES, autorizados=("1",)), ("IDENT-CNPJ-01", "autorizados[0]")),
        (product(desconto=D("300.01")), ("PEDIDO-DESCONTO-01", "itens[0].desconto")),
        (product(origem=""), ("PEDIDO-FALTA-01", "itens[0].origem")),
        (product(origem="9"), ("PEDIDO-CODIGO-01", "itens[0].origem")),
        (product(numero_item_pedido=0), ("PEDIDO-NITEMPED-01", "itens[0].numero_item_pedido")),
        (
            replace(p.SIMPLES, emitente=EmitentePedido(codigo_municipio="3304557")),
            ("PEDIDO-MUNICIPIO-03", "emitente.codigo_municipio"),
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


def test_a_till_needs_no_recipient_and_takes_one_without_an_address() -> None:
    cupom = replace(p.SIMPLES, modelo=Modelo.NFCE, ambiente=Ambiente.PRODUCAO)
    assert montar(replace(cupom, destinatario=None)).nfe.destinatario is None
    so_nome = montar(replace(cupom, destinatario=PartePedido(cpf="12345678909"))).nfe.destinatario
    assert so_nome is not None
    assert (so_nome.nome, so_nome.endereco, str(so_nome.documento)) == (None, None, "12345678909")
    assert montar(replace(cupom, destinatario=PartePedido(nome="Balcão"))).nfe.destinatario is None


def test_a_foreigner_at_the_counter() -> None:
    pedido = replace(
        p.SIMPLES, presenca="1", destinatario=replace(p.CLIENTE, cpf="", id_estrangeiro="AB12345")
    )
    lido = montar(pedido).nfe.destinatario
    assert lido is not None
    assert lido.documento == IdEstrangeiro("AB12345")


def test_places_by_code_and_delivery_abroad() -> None:
    por_codigo = montar(
        replace(p.SIMPLES, destinatario=replace(p.CLIENTE, codigo_municipio="3550308", municipio=""))
    ).nfe.destinatario
    assert por_codigo is not None
    assert por_codigo.endereco is not None
    assert por_codigo.endereco.municipio == "São Paulo"
    fora = PartePedido(
        nome="BUYER",
        logradouro="Street",
        numero="1",
        municipio="Austin",
        uf="EX",
        codigo_pais="2496",
        pais="EUA",
    )
    entrega = montar(replace(p.SIMPLES, entrega=fora)).nfe.entrega
    assert entrega is not None
    assert (entrega.documento, entrega.endereco.uf, entrega.endereco.bairro, entrega.endereco.pais) == (
        None, "EX", "Austin", "EUA",
    )  # fmt: skip


def test_a_public_purchase_and_an_order_of_the_item() -> None:
    compra = montar(replace(p.SIMPLES, compra=CompraPedido("NE1", "PED", "CT"))).nfe.compra
    assert compra is not None
    assert (compra.nota_empenho, compra.pedido, compra.contrato) == ("NE1", "PED", "CT")
    assert montar(replace(p.SIMPLES, compra=CompraPedido())).nfe.compra is None
    produto = montar(product(pedido="P-9", numero_item_pedido=3)).nfe.itens[0].produto
    assert (produto.pedido, produto.item_pedido) == ("P-9", "3")


def test_an_issuer_moves_to_the_city_that_is_named() -> None:
    por_nome = montar(replace(p.SIMPLES, emitente=EmitentePedido(municipio="Campinas"))).nfe.emitente.endereco
    assert (por_nome.municipio, por_nome.codigo_municipio) == ("Campinas", "3509502")
    por_codigo = montar(
        replace(p.SIMPLES, emitente=EmitentePedido(codigo_municipio="3509502"))
    ).nfe.emitente.endereco
    assert (por_codigo.municipio, por_codigo.codigo_municipio) == ("Campinas", "3509502")
    antes = montar(p.SIMPLES).nfe.emitente.endereco
    desconhecido = montar(
        replace(p.SIMPLES, emitente=EmitentePedido(municipio="Lugar Nenhum"))
    ).nfe.emitente.endereco
    assert (desconhecido.municipio, desconhecido.codigo_municipio) == ("Lugar Nenhum", antes.codigo_municipio)


def test_what_a_note_with_a_service_owes() -> None:
    """ISSQN 5.00, PIS 0.65 and COFINS 3.00 of the service, beside 9.99 of ICMS of the goods."""
    servico = TributosInformados(
        cfop="5933", pis=Contribuicao("Aliq", "01", D("100.00"), D("0.65"), valor=D("0.65")),
        cofins=Contribuicao("Aliq", "01", D("100.00"), D("3.00"), valor=D("3.00")),
        issqn=Issqn(D("100.00"), D("5.00"), D("5.00"), "3550308", "14.01"),
    )  # fmt: skip
    bens = TributosInformados(cfop="5102", icms=Icms("ICMS00", origem="0", cst="00", modalidade_bc="3", base_calculo=D("55.50"), aliquota=D("18.00"), valor=D("9.99")), pis=Contribuicao("NT", "07"), cofins=Contribuicao("NT", "07"))  # fmt: skip
    itens = tuple(
        replace(p.PRODUTO, categoria="", cfop=t.cfop, extensoes=ExtensoesItem(informado=t))
        for t in (servico, bens)
    )
    pedido = replace(
        p.SIMPLES, itens=itens, pagamentos=(), emitente=EmitentePedido(inscricao_municipal="123")
    )
    assert montar(pedido).total_tributos == D("18.64")


def test_what_the_caller_says_of_notes_marketplace_and_registration() -> None:
    lida = montar(
        replace(
            p.SIMPLES, com_intermediador="0", observacoes_contribuinte=(ObservacaoPedido("Pedido", "77"),),
            destinatario=replace(p.EMPRESA, inscricao_estadual="isento"),
        )
    ).nfe  # fmt: skip
    assert lida.com_intermediador is False
    assert lida.informacoes is not None
    assert [(o.campo, o.texto) for o in lida.informacoes.observacoes_contribuinte] == [("Pedido", "77")]
    assert lida.destinatario is not None
    assert lida.destinatario.inscricao_estadual is None


def test_a_foreign_city_goes_where_there_is_room() -> None:
    fora = PartePedido(
        nome="BUYER",
        logradouro="Street",
        numero="1",
        bairro="Downtown",
        municipio="Austin",
        codigo_pais="2496",
    )
    pedido = replace(
        p.SIMPLES,
        tipo_operacao=TipoOperacao.EXPORTACAO,
        destinatario=fora,
        itens=(replace(p.PRODUTO, cfop="7102"),),
    )
    destinatario = montar(pedido).nfe.destinatario
    assert destinatario is not None
    assert destinatario.endereco is not None
    assert (destinatario.endereco.bairro, destinatario.endereco.complemento) == ("Downtown", "Austin")


def test_an_unknown_indicator_of_marketplace_is_refused() -> None:
    assert codes(replace(p.SIMPLES, com_intermediador="2")) == {("PEDIDO-CODIGO-01", "com_intermediador")}


def test_a_blank_says_as_little_as_nothing() -> None:
    """Readers of what is not there are not called; of what is blank they are, and find nothing."""
    brancos = dict.fromkeys(
        ("complemento", "telefone", "codigo_pais", "inscricao_estadual", "inscricao_suframa", "inscricao_municipal", "indicador_ie", "email"), " "
    )  # fmt: skip
    do_item = dict.fromkeys(("informacoes", "unidade_tributavel", "codigo_beneficio"), " ")
    da_nota = dict.fromkeys(
        ("emissao", "saida_entrada", "previsao_entrega", "data_servico", "finalidade", "presenca", "consumidor_final", "com_intermediador",
         "codigo_municipio_ibs", "codigo_municipio_fato_gerador"), " "
    )  # fmt: skip
    branco = replace(
        p.SIMPLES,
        destinatario=replace(p.CLIENTE, **brancos),
        itens=tuple(replace(item, **do_item) for item in p.SIMPLES.itens),
        **da_nota,
    )
    com, sem = montar(branco), montar(replace(p.SIMPLES, destinatario=replace(p.CLIENTE, email="")))
    assert (com.nfe, com.resultado, com.avisos) == (sem.nfe, sem.resultado, sem.avisos)


def test_a_blank_payer_says_as_little_as_nothing() -> None:
    branco = replace(DINHEIRO, descricao=" ", cnpj_pagador=" ", uf_pagador=" ", data=" ")
    assert montar(replace(p.SIMPLES, pagamentos=(branco,))).nfe.pagamentos == (
        montar(replace(p.SIMPLES, pagamentos=(DINHEIRO,))).nfe.pagamentos
    )


def test_a_taxable_unit_that_is_the_commercial_one_needs_no_price_and_a_price_no_quantity() -> None:
    item = p.SIMPLES.itens[0]
    assert item.quantidade is not None
    assert item.valor_unitario is not None
    for muda, esperado in (
        ({"quantidade_tributavel": item.quantidade}, item.valor_unitario),
        ({"valor_unitario_tributavel": item.valor_unitario.quantize(D("1E-6"))}, item.valor_unitario),
    ):
        produto = montar(replace(p.SIMPLES, itens=(replace(item, **muda),))).nfe.itens[0].produto
        assert produto.valor_unitario_tributavel == esperado
        assert produto.quantidade_tributavel == muda.get("quantidade_tributavel", item.quantidade)
