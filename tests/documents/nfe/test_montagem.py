"""The contract's own examples, assembled, priced and judged by the official schema."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal as D

import pytest

from chancela.documents.nfe import modelo as m
from chancela.documents.nfe.coleta import Coleta
from chancela.documents.nfe.configuracao import ConfiguracaoEmissao
from chancela.documents.nfe.modelo import TEXTO_HOMOLOGACAO_DESTINATARIO, ResponsavelTecnico
from chancela.documents.nfe.montagem_partes import read_destinatario
from chancela.documents.nfe.numeracao import build_placeholder, prevalidate
from chancela.documents.nfe.pedido import (
    CobrancaPedido,
    DeclaracaoPedido,
    DuplicataPedido,
    ExportacaoPedido,
    ExtensoesItem,
    IntermediadorPedido,
    PagamentoPedido,
    PartePedido,
    PedidoNfe,
    ReferenciaPedido,
    TransportePedido,
    VeiculoPedido,
)
from chancela.documents.nfe.textos import normalize_nfe
from chancela.domain.chave import ChaveAcesso
from chancela.domain.identidade import Ambiente, Cnpj, Cpf, Modelo, Uf
from chancela.domain.tributos.entrada import TipoOperacao, TributosInformados
from chancela.domain.tributos.resultado import Contribuicao

from . import fabrica as f
from . import pedidos as p
from .casos import CHAVE
from .lugares import LUGARES
from .montar import caminhos, montar, recusas


@pytest.mark.parametrize(
    "pedido", [p.SIMPLES, p.COMPLETO, p.TRANSPORTE, replace(p.IMPORTACAO, ambiente=Ambiente.HOMOLOGACAO)]
)
def test_examples_of_the_contract_are_valid_by_the_official_schema(pedido: PedidoNfe) -> None:
    assert prevalidate(build_placeholder(montar(pedido))) == ()


def test_the_simplified_example_with_the_minimal_category() -> None:
    montada = montar(replace(p.SIMPLES, itens=(replace(p.PRODUTO, categoria="SEM_IBS"),)))
    assert montada.valor_total == D("300.00")
    assert montada.nfe.totais.icms.valor == D("54.00")
    assert montada.natureza_operacao == "Venda de mercadoria"
    assert montada.quantidade_itens == 1
    assert montada.destinatario_nome == "Cliente Exemplo"
    assert montada.destinatario_documento == "12345678909"
    assert montada.nfe.itens[0].tributos.cfop == "5102"
    assert montada.nfe.pagamentos == (m.Pagamento("01", D("300.00"), "0"),)
    assert montada.nfe.transporte.modalidade is m.ModalidadeFrete.SEM_FRETE
    assert montada.nfe.presenca is m.Presenca.OUTROS
    assert montada.nfe.com_intermediador is False
    assert montada.nfe.consumidor_final is True
    assert montada.nfe.destino is m.Destino.INTERNA
    assert montada.ajustes == ()
    assert [(a.caminho, a.c_stat) for a in montada.avisos] == [("itens[0].categoria", 1115)]


def test_homologation_name_goes_to_the_document_and_the_real_one_to_the_summary() -> None:
    montada = montar(p.SIMPLES)
    assert montada.nfe.destinatario is not None
    assert montada.nfe.destinatario.nome == TEXTO_HOMOLOGACAO_DESTINATARIO
    assert montada.destinatario_nome == "Cliente Exemplo"
    producao = montar(replace(p.SIMPLES, ambiente=Ambiente.PRODUCAO))
    assert producao.nfe.destinatario is not None
    assert producao.nfe.destinatario.nome == "Cliente Exemplo"


def test_the_complete_example() -> None:
    montada = montar(p.COMPLETO)
    nfe = montada.nfe
    assert montada.valor_total == D("7550.00")
    assert nfe.totais.icms.valor_frete == D("150.00")
    assert [i.tributos.valor_frete for i in nfe.itens] == [D("141.89"), D("8.11")]
    assert nfe.retirada is not None
    assert nfe.retirada.endereco.codigo_municipio == "3518800"
    assert nfe.entrega is not None
    assert nfe.entrega.endereco.codigo_municipio == "3509502"
    assert nfe.transporte.retencao is not None
    assert nfe.transporte.retencao.valor == D("18.00")
    assert nfe.transporte.retencao.municipio_fato_gerador == "3548500"
    assert nfe.transporte.veiculo == m.Veiculo("ABC1D23", Uf.SP, "12345")
    assert nfe.transporte.volumes[0].lacres == ("LACRE001", "LACRE002")
    assert [i.produto.item_pedido for i in nfe.itens] == ["1", "2"]
    assert [i.produto.pedido for i in nfe.itens] == [None, None]
    assert {"PEDIDO-REFERENCIA-01", "PEDIDO-PAG-01"} <= {a.codigo for a in montada.avisos}
    assert nfe.informacoes is not None
    assert nfe.informacoes.fisco == "ICMS recolhido conforme legislação"


def test_the_transport_example_takes_the_value_of_the_payment_from_the_total() -> None:
    montada = montar(p.TRANSPORTE)
    assert montada.valor_total == D("3030.00")
    pagamento = montada.nfe.pagamentos[0]
    assert pagamento.valor == D("3030.00")
    assert pagamento.cartao == m.Cartao("2", bandeira="01")
    assert "PEDIDO-CARTAO-01" in {a.codigo for a in montada.avisos}
    assert montada.nfe.entrega is not None
    assert montada.nfe.entrega.endereco.uf is Uf.RJ


def test_the_import_example_is_an_entry_from_abroad() -> None:
    montada = montar(p.IMPORTACAO)
    nfe = montada.nfe
    assert nfe.tipo_operacao is m.TipoOperacao.ENTRADA
    assert nfe.destino is m.Destino.EXTERIOR
    assert nfe.destinatario is not None
    assert nfe.destinatario.documento == "CN-EXP-001"
    assert nfe.destinatario.endereco == m.Endereco(
        "Pudong District", "456", "Shanghai", "9999999", "EXTERIOR", "EX", codigo_pais="1600", pais="CHINA"
    )  # fmt: skip
    assert nfe.pagamentos == (m.Pagamento("90", D("0.00")),)
    assert [i.produto.pedido for i in nfe.itens] == ["PED-IMP-001"] * 2
    assert [i.tributos.cfop for i in nfe.itens] == ["3102"] * 2
    assert all(i.tributos.ii is not None for i in nfe.itens)
    assert "itens[0].importacao" in {a.caminho for a in montada.avisos}


def test_dates_are_of_the_municipality_of_the_issuer() -> None:
    acre = replace(
        f.EMITENTE,
        endereco=replace(
            f.ENDERECO, codigo_municipio="1200401", municipio="Rio Branco", uf=Uf.AC, cep="69900970"
        ),
        inscricao_estadual="0100482300112",
    )
    montada = montar(p.SIMPLES, emitente=acre, agora=datetime(2026, 11, 20, 2, 0, 0, 999, tzinfo=UTC))
    assert montada.emissao.isoformat() == "2026-11-19T21:00:00-05:00"
    assert montada.nfe.saida_entrada == montada.emissao


@pytest.mark.parametrize(
    ("texto", "esperada"),
    [
        ("", "2026-11-20T10:30:15-03:00"),
        ("2026-11-21", "2026-11-21T10:30:15-03:00"),
        ("21/11/2026 08:00", "2026-11-21T08:00:00-03:00"),
        ("2026-11-21T08:00:00Z", "2026-11-21T05:00:00-03:00"),
        ("2026-11-21T08:00:00-0300", "2026-11-21T08:00:00-03:00"),
        ("2026-11-21 08:00:00.123", "2026-11-21T08:00:00-03:00"),
    ],
)
def test_departure_is_read_in_every_usual_form(texto: str, esperada: str) -> None:
    saida = montar(replace(p.SIMPLES, saida_entrada=texto)).nfe.saida_entrada
    assert saida is not None
    assert saida.isoformat() == esperada


def test_a_departure_before_the_issue_is_refused() -> None:
    assert caminhos(replace(p.SIMPLES, saida_entrada="2026-11-19")) == {"saida_entrada"}
    assert caminhos(replace(p.SIMPLES, saida_entrada="amanhã")) == {"saida_entrada"}


def test_the_state_of_the_cep_overrides_the_caller() -> None:
    cliente = replace(p.CLIENTE, uf="RJ")
    montada = montar(replace(p.SIMPLES, destinatario=cliente))
    assert montada.nfe.destinatario is not None
    assert montada.nfe.destinatario.endereco is not None
    assert montada.nfe.destinatario.endereco.uf is Uf.SP
    assert "PEDIDO-CEP-02" in {a.codigo for a in montada.avisos}


def test_a_city_that_the_state_does_not_have_gives_way_to_that_of_the_cep() -> None:
    cliente = replace(p.CLIENTE, municipio="Rio de Janeiro")
    montada = montar(replace(p.SIMPLES, destinatario=cliente))
    assert montada.nfe.destinatario is not None
    assert montada.nfe.destinatario.endereco is not None
    assert montada.nfe.destinatario.endereco.codigo_municipio == "3550308"
    assert "PEDIDO-MUNICIPIO-02" in {a.codigo for a in montada.avisos}


def test_an_interstate_sale_changes_cfop_and_destination() -> None:
    cliente = replace(p.CLIENTE, municipio="Rio de Janeiro", uf="RJ", cep="20040020")
    nfe = montar(replace(p.SIMPLES, destinatario=cliente)).nfe
    assert nfe.destino is m.Destino.INTERESTADUAL
    assert nfe.itens[0].tributos.cfop == "6102"
    assert nfe.itens[0].tributos.icms_uf_destino is not None


def test_indicators_of_the_recipient() -> None:
    contribuinte = montar(replace(p.SIMPLES, destinatario=p.EMPRESA)).nfe
    assert contribuinte.destinatario is not None
    assert contribuinte.destinatario.indicador_ie is m.IndicadorIe.CONTRIBUINTE
    assert contribuinte.destinatario.inscricao_estadual == "110042490114"
    assert contribuinte.consumidor_final is False
    isento = montar(replace(p.SIMPLES, destinatario=replace(p.EMPRESA, inscricao_estadual="isento"))).nfe
    assert isento.destinatario is not None
    assert isento.destinatario.indicador_ie is m.IndicadorIe.ISENTO
    assert isento.destinatario.inscricao_estadual is None


def test_texts_are_normalised_and_the_changes_told() -> None:
    produto = replace(p.PRODUTO, descricao="  Cabo – 充电 USB\n2m ")
    montada = montar(replace(p.SIMPLES, itens=(produto,)))
    assert montada.nfe.itens[0].produto.descricao == "Cabo - USB 2m"
    assert [a.caminho for a in montada.ajustes] == ["itens[0].descricao"]


def test_what_was_made_to_fit_when_read_needs_no_second_look() -> None:
    """Every text of operation and recipient, in Brazil and abroad: the whole normaliser finds nothing more to change."""
    sujo = "  Rua – 充电  “Œuvre”\n" + "longa " * 20
    textos = ("nome", "logradouro", "numero", "complemento", "bairro", "inscricao_municipal")
    dentro = replace(p.CLIENTE, **dict.fromkeys(textos, sujo), email=" a–b@example.com, c@d ")
    fora = replace(
        dentro,
        cpf="",
        cnpj="",
        id_estrangeiro="AB 12345",
        uf="EX",
        cep="",
        municipio=sujo,
        codigo_pais="1600",
        pais=sujo,
    )
    for parte in (dentro, fora):
        coleta = Coleta()
        lida = read_destinatario(
            coleta, parte, tipo=TipoOperacao.SAIDA, modelo=Modelo.NFE, uf_emitente=Uf.SP, lugares=LUGARES
        )
        nfe = replace(montar(p.SIMPLES).nfe, destinatario=lida.destinatario)
        assert len(coleta.normalizador.ajustes) >= len(textos) - 1
        assert normalize_nfe(nfe) == (nfe, ())
    assert normalize_nfe(montar(replace(p.SIMPLES, natureza_operacao=sujo)).nfe)[1] == ()


def test_a_short_reference_becomes_the_order_number() -> None:
    nfe = montar(replace(p.SIMPLES, referencia="PED-1")).nfe
    assert nfe.itens[0].produto.pedido == "PED-1"


def test_binary_noise_is_forgiven_and_lost_decimals_are_not() -> None:
    ruido = replace(p.PRODUTO, quantidade=D(3), valor_unitario=D("0.1"), valor_total=D("0.30000000000000004"))
    assert montar(replace(p.SIMPLES, itens=(ruido,), pagamentos=())).valor_total == D("0.30")
    assert caminhos(replace(p.SIMPLES, itens=(replace(p.PRODUTO, valor_total=D("300.005")),))) == {
        "itens[0].valor_total"
    }


def test_the_total_of_an_item_follows_from_quantity_and_price() -> None:
    produto = replace(p.PRODUTO, quantidade=D("1.5"), valor_unitario=D("0.333"), valor_total=None)
    nfe = montar(replace(p.SIMPLES, itens=(produto,), pagamentos=())).nfe
    assert nfe.itens[0].tributos.valor_produto == D("0.50")


def test_the_taxable_price_follows_from_the_taxable_quantity() -> None:
    produto = replace(p.PRODUTO, unidade_tributavel="KG", quantidade_tributavel=D("7"))
    lido = montar(replace(p.SIMPLES, itens=(produto,))).nfe.itens[0].produto
    assert (lido.unidade_tributavel, lido.quantidade_tributavel) == ("KG", D(7))
    assert lido.valor_unitario_tributavel == D("42.8571428571")


@pytest.mark.parametrize(
    ("finalidade", "tipo", "meio"),
    [("1", TipoOperacao.SAIDA, "01"), ("4", TipoOperacao.ENTRADA, "90"), ("3", TipoOperacao.SAIDA, "90")],
)
def test_payment_when_the_request_has_none(finalidade: str, tipo: TipoOperacao, meio: str) -> None:
    pedido = replace(
        p.SIMPLES,
        finalidade=finalidade,
        tipo_operacao=tipo,
        pagamentos=(),
        referencias=(ReferenciaPedido(chave=str(CHAVE)),),
    )
    categorias = {"TF00001": p.categoria(cfop="1202" if finalidade == "4" else "5102")}
    pagamentos = montar(pedido, categorias=categorias).nfe.pagamentos
    assert [q.meio for q in pagamentos] == [meio]
    assert pagamentos[0].valor == (D("300.00") if meio == "01" else D("0.00"))


def test_cash_beyond_the_total_is_change() -> None:
    nfe = montar(replace(p.SIMPLES, pagamentos=(PagamentoPedido("01", "0", D("350.00")),))).nfe
    assert nfe.troco == D("50.00")
    dois = (PagamentoPedido("17", "0", D("100.00")), PagamentoPedido("1", "0"))
    divididos = montar(replace(p.SIMPLES, pagamentos=dois)).nfe
    assert [q.valor for q in divididos.pagamentos] == [D("100.00"), D("200.00")]


def test_only_one_payment_may_lack_its_value() -> None:
    dois = (PagamentoPedido("17", "0"), PagamentoPedido("01", "0"))
    assert "pagamentos[1].valor" in caminhos(replace(p.SIMPLES, pagamentos=dois))


def test_billing_marketplace_and_export() -> None:
    pedido = replace(
        p.SIMPLES,
        presenca="2",
        destinatario=p.EMPRESA,
        intermediador=IntermediadorPedido("11222333000181", "loja-1"),
        cobranca=CobrancaPedido(
            "F1",
            D("300.00"),
            None,
            D("300.00"),
            (DuplicataPedido(vencimento="2026-12-20", valor=D("300.00")),),
        ),
        pagamentos=(PagamentoPedido("15", "1", D("300.00")),),
    )
    nfe = montar(pedido).nfe
    assert nfe.com_intermediador is True
    assert nfe.cobranca is not None
    assert nfe.cobranca.duplicatas[0].numero == "001"
    exportacao = replace(
        p.SIMPLES,
        tipo_operacao=TipoOperacao.EXPORTACAO,
        destinatario=PartePedido(nome="Buyer Inc", codigo_pais="2496"),
        exportacao=ExportacaoPedido("SP", "Santos"),
    )
    montada = montar(exportacao, categorias={"TF00001": p.categoria(cfop="7102", cst="41")})
    assert prevalidate(build_placeholder(montada)) == ()
    assert montada.nfe.exportacao == m.LocalExportacao(Uf.SP, "Santos")


def test_settings_of_the_company_join_the_document() -> None:
    responsavel = ResponsavelTecnico(Cnpj("11222333000181"), "Suporte", "suporte@example.com", "1130000000")
    configuracao = ConfiguracaoEmissao(
        serie=7,
        responsavel_tecnico=responsavel,
        autorizados=(Cnpj("11222333000181"), Cpf("12345678909"), Cnpj("11222333000181")),
    )
    montada = montar(replace(p.SIMPLES, autorizados=("111.444.777-35",)), configuracao=configuracao)
    assert montada.serie == 7
    assert [str(a.documento) for a in montada.nfe.autorizados] == ["11144477735", "11222333000181"]
    assert montada.nfe.responsavel_tecnico == responsavel
    assert prevalidate(build_placeholder(montada)) == ()


def test_missing_fields_come_back_all_at_once() -> None:
    vazio = replace(
        p.SIMPLES,
        natureza_operacao="",
        destinatario=PartePedido(bairro="X"),
        itens=(
            p.PRODUTO,
            replace(p.PRODUTO, descricao="充电", ncm="", quantidade=None, origem="", categoria="NAO"),
        ),
        transporte=TransportePedido(modalidade="8"),
    )
    achados = {(v.caminho, v.codigo) for v in recusas(vazio)}
    assert {
        ("natureza_operacao", "PEDIDO-FALTA-01"),
        ("destinatario.cnpj", "PEDIDO-FALTA-01"),
        ("destinatario.nome", "PEDIDO-FALTA-01"),
        ("destinatario.logradouro", "PEDIDO-FALTA-01"),
        ("destinatario.bairro", "PEDIDO-TEXTO-02"),
        ("destinatario.municipio", "PEDIDO-FALTA-01"),
        ("destinatario.cep", "PEDIDO-FALTA-01"),
        ("destinatario.uf", "PEDIDO-FALTA-01"),
        ("itens[1].descricao", "PEDIDO-TEXTO-01"),
        ("itens[1].ncm", "PEDIDO-FALTA-01"),
        ("itens[1].quantidade", "PEDIDO-FALTA-01"),
        ("itens[1].origem", "PEDIDO-FALTA-01"),
        ("itens[1].categoria", "TRIB-CAT-01"),
        ("transporte.modalidade", "PEDIDO-CODIGO-01"),
    } == achados


def test_violations_carry_label_value_and_fix() -> None:
    (violacao,) = recusas(
        replace(p.SIMPLES, itens=(p.PRODUTO, replace(p.PRODUTO, ncm="8517")), pagamentos=())
    )
    assert violacao.rotulo == "Item 2, NCM"
    assert violacao.valor == "8517"
    assert violacao.correcao
    (documento,) = recusas(replace(p.SIMPLES, destinatario=replace(p.CLIENTE, cpf="12345678900")))
    assert (documento.caminho, documento.c_stat) == ("destinatario.cpf", 237)


def test_taxes_of_an_inline_item_are_named_inline() -> None:
    ruim = replace(p.EM_LINHA, icms=(replace(p.EM_LINHA.icms[0], situacao_tributaria="102"),))
    pedido = replace(p.SIMPLES, itens=(replace(p.PRODUTO, categoria="", impostos=ruim),))
    assert caminhos(pedido) == {"itens[0].impostos.icms.situacao_tributaria"}
    sem = replace(p.SIMPLES, itens=(replace(p.PRODUTO, categoria=""),))
    assert caminhos(sem) == {"itens[0].categoria"}


def test_contingency_is_not_for_the_caller_to_ask() -> None:
    assert caminhos(replace(p.SIMPLES, tipo_emissao="9")) == {"tipo_emissao"}


def test_typed_groups_and_the_registry_are_normalised_too() -> None:
    arma = m.Arma("0", "N1", "C1", "Espingarda – calibre 12\n")
    produto = replace(p.PRODUTO, armas=(arma,))
    emitente = replace(f.EMITENTE, nome="Comércio  Modelo Ltda ")
    montada = montar(replace(p.SIMPLES, itens=(produto,)), emitente=emitente)
    assert montada.nfe.itens[0].produto.armas[0].descricao == "Espingarda - calibre 12"
    assert montada.nfe.emitente.nome == "Comércio Modelo Ltda"
    assert {a.caminho for a in montada.ajustes} == {"itens[0].armas[0].descricao", "emitente.nome"}


def test_one_means_of_transport() -> None:
    transporte = TransportePedido(vagao="V1", veiculo=modelo_veiculo())
    assert caminhos(replace(p.SIMPLES, transporte=transporte)) == {"transporte.vagao"}


def modelo_veiculo() -> VeiculoPedido:
    return VeiculoPedido("abc-1d23", "SP")


def test_paper_references() -> None:
    referencias = (
        ReferenciaPedido(
            "nf", uf="SP", ano_mes="2601", cnpj="11222333000181", modelo="1", serie="", numero="12"
        ),
        ReferenciaPedido(
            "produtor",
            uf="SP",
            ano_mes="2601",
            cpf="12345678909",
            inscricao_estadual="P0123",
            modelo="4",
            numero="7",
        ),
        ReferenciaPedido("ecf", modelo="2D", numero_ecf="1", coo="99"),
        ReferenciaPedido(chave=str(CHAVE)),
    )
    montada = montar(replace(p.SIMPLES, referencias=referencias))
    assert montada.nfe.referencias == (
        m.Referencia(nf=m.ReferenciaNf(Uf.SP, "2601", Cnpj("11222333000181"), "01", 0, 12)),
        m.Referencia(produtor=m.ReferenciaProdutor(Uf.SP, "2601", Cpf("12345678909"), "P0123", "04", 0, 7)),
        m.Referencia(ecf=m.ReferenciaEcf("2D", "001", "000099")),
        m.Referencia(chave_nfe=CHAVE),
    )
    ruins = (
        *tuple(replace(r, modelo="99") for r in referencias[:3]),
        ReferenciaPedido(chave="1"),
        ReferenciaPedido("x"),
    )
    assert caminhos(replace(p.SIMPLES, referencias=ruins)) == {
        "referencias[0].modelo",
        "referencias[1].modelo",
        "referencias[2].modelo",
        "referencias[3].chave",
        "referencias[4].tipo",
    }


def test_import_declarations_say_what_they_lack() -> None:
    vazia = replace(
        p.IMPORTACAO,
        itens=(
            replace(p.IMPORTACAO.itens[0], declaracoes_importacao=(DeclaracaoPedido(via_transporte="1"),)),
        ),
    )
    base = "itens[0].declaracoes_importacao[0]"
    campos = [
        "numero",
        "data_registro",
        "local_desembaraco",
        "uf_desembaraco",
        "data_desembaraco",
        "exportador",
        "valor_afrmm",
        "adicoes",
    ]
    assert {f"{base}.{campo}" for campo in campos} == caminhos(vazia)
    sem = replace(p.IMPORTACAO, itens=(replace(p.IMPORTACAO.itens[0], declaracoes_importacao=()),))
    assert caminhos(sem) == {"itens[0].declaracoes_importacao"}


def test_a_simples_issuer_sells_with_csosn() -> None:
    emitente = replace(f.EMITENTE, crt=m.Crt.SIMPLES)
    montada = montar(p.SIMPLES, emitente=emitente, categorias={"TF00001": p.categoria(cst="102", ibs=False)})
    assert montada.nfe.itens[0].tributos.icms is not None
    assert montada.nfe.itens[0].tributos.icms.csosn == "102"
    assert montada.valor_total == D("300.00")
    assert montada.avisos == ()
    assert prevalidate(build_placeholder(montada)) == ()


def test_a_complementary_document_takes_its_taxes_as_given() -> None:
    tributos = TributosInformados(
        cfop="5102",
        icms=f.ICMS00,
        pis=Contribuicao("NT", "07"),
        cofins=Contribuicao("NT", "07"),
    )
    item = replace(
        p.PRODUTO,
        categoria="",
        quantidade=D(0),
        valor_unitario=D(0),
        valor_total=D(0),
        extensoes=ExtensoesItem(informado=tributos),
    )
    propria = str(
        ChaveAcesso.compose(
            uf=Uf.SP, emissao=p.AGORA, emitente=f.CNPJ, modelo=Modelo.NFE, serie=1, numero=9, tp_emis=1, cnf="48390217"
        )
    )  # fmt: skip
    pedido = replace(
        p.SIMPLES,
        finalidade="2",
        itens=(item,),
        referencias=(ReferenciaPedido(chave=propria),),
        pagamentos=(),
    )
    montada = montar(pedido)
    assert montada.nfe.presenca is m.Presenca.NAO_SE_APLICA
    assert montada.nfe.itens[0].tributos.icms == f.ICMS00
    assert montada.nfe.totais.icms.valor == D("54.00")
    assert montada.valor_total == D("0.00")
    assert prevalidate(build_placeholder(montada)) == ()


def test_rules_and_readings_come_back_together_and_each_field_once() -> None:
    itens = (
        replace(p.PRODUTO, gtin="7891234567890"),
        replace(p.PRODUTO, ncm="85", quantidade=None, gtin="7891234567890"),
    )
    pedido = replace(p.SIMPLES, itens=itens, presenca="4", destinatario=replace(p.CLIENTE, cpf="12345678900"))
    achadas = [v.caminho for v in recusas(pedido)]
    assert set(achadas) == {
        "destinatario.cpf",
        "itens[0].gtin",
        "itens[0].gtin_tributavel",
        "itens[1].ncm",
        "itens[1].quantidade",
        "itens[1].gtin",
        "itens[1].gtin_tributavel",
        "presenca",
    }
    assert len(achadas) == len(set(achadas))


@pytest.mark.parametrize("pedido", [p.SIMPLES, p.COMPLETO, p.TRANSPORTE])
def test_what_a_note_owes_is_a_sum_with_or_without_difal(pedido: PedidoNfe) -> None:
    montada = montar(pedido)
    icms = montada.nfe.totais.icms
    assert montada.total_tributos >= icms.valor + icms.valor_pis + icms.valor_cofins
