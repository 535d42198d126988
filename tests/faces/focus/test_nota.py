"""How a Focus body is read: tolerance of unchanged clients, defaults of the dictionary, paths of the caller."""

import copy
from decimal import Decimal as D
from typing import Any

import pytest

from chancela.domain.erros import RegraViolada
from chancela.domain.identidade import Ambiente, Modelo
from chancela.domain.tributos.entrada import TipoOperacao
from chancela.faces.focus.nfe.dicionario import APELIDOS, campos, raiz
from chancela.faces.focus.nfe.mapping import NotaFocus, read_nota

NOTA: dict[str, Any] = {
    "natureza_operacao": "Venda", "tipo_documento": 1, "cnpj_destinatario": "98.765.432/0001-98", "uf_destinatario": "SP",
    "items": [{
        "numero_item": "1", "descricao": "Produto", "cfop": 5102, "quantidade_comercial": 2, "valor_unitario_comercial": "50.00",
        "icms_origem": 0, "icms_situacao_tributaria": 0, "icms_base_calculo": D("100"), "icms_aliquota": "18.0000",
        "icms_valor": 18, "pis_situacao_tributaria": 7, "cofins_situacao_tributaria": "07",
    }],
}  # fmt: skip


def lida(modelo: Modelo = Modelo.NFE, **muda: Any) -> NotaFocus:
    return read_nota({**copy.deepcopy(NOTA), **muda}, modelo=modelo, ambiente=Ambiente.HOMOLOGACAO)


def com_item(**muda: Any) -> NotaFocus:
    return lida(items=[{**NOTA["items"][0], **muda}])


def recusas(**muda: Any) -> dict[str, str]:
    with pytest.raises(RegraViolada) as erro:
        lida(**muda)
    return {v.caminho: v.codigo for v in erro.value.violacoes}


def test_numbers_as_text_and_text_as_numbers() -> None:
    (item,) = lida().pedido.itens
    assert item.extensoes.informado is not None
    icms = item.extensoes.informado.icms
    assert icms is not None
    assert (icms.grupo, icms.cst, icms.base_calculo, icms.aliquota, icms.valor) == ("ICMS00", "00", D("100.00"), D("18.00"), D("18.00"))  # fmt: skip
    assert icms.aliquota_ad_rem is None
    assert item.quantidade == D(2)
    assert item.cfop == "5102"
    assert item.extensoes.informado.pis is not None
    assert (item.extensoes.informado.pis.grupo, item.extensoes.informado.pis.cst) == ("NT", "07")


def test_nothing_is_absent_as_null_and_as_empty_text() -> None:
    nota = lida(serie=None, numero="", nome_destinatario="  ")
    assert (nota.pedido.serie, nota.numero) == (None, None)
    assert nota.pedido.destinatario is not None
    assert nota.pedido.destinatario.nome == ""


def test_a_cnpj_as_number_gets_its_zeros_back() -> None:
    nota = lida(cnpj_destinatario=191, cnpj_emitente=1234567000195)
    assert nota.pedido.destinatario is not None
    assert nota.pedido.destinatario.cnpj == "00000000000191"
    assert nota.pedido.emitente is not None
    assert nota.pedido.emitente.cnpj == "01234567000195"


def test_both_names_of_the_items_and_the_names_of_clients() -> None:
    itens = copy.deepcopy(NOTA["items"])
    itens[0]["codigo_ean"] = "7891234567895"
    corpo = {nome: valor for nome, valor in NOTA.items() if nome != "items"} | {"itens": itens}
    nota = read_nota(corpo, modelo=Modelo.NFE, ambiente=Ambiente.PRODUCAO)
    assert nota.pedido.itens[0].gtin == "7891234567895"
    assert nota.caminhos.wire("itens[0].extensoes.informado.icms.valor") == "itens[0].icms_valor"
    assert nota.caminhos.wire("itens[0].gtin") == "itens[0].codigo_barras_comercial"


def test_every_other_name_stands_for_a_name_of_the_dictionary() -> None:
    nomes = {campo.nome for campo in campos()}
    assert {nome for apelido, nome in APELIDOS.items() if apelido != "itens"} <= nomes
    assert "itens" in raiz().listas


def test_unknown_fields_and_those_of_another_group_are_told() -> None:
    nota = com_item(icms_situacao_tributaria="40", icms_valor="18.00", icms_base_calculo="0", cor="azul")
    assert {v.caminho for v in nota.avisos} == {"items[0].cor", "items[0].icms_valor"}
    informado = nota.pedido.itens[0].extensoes.informado
    assert informado is not None
    assert informado.icms is not None
    assert informado.icms.valor is None


def test_import_and_export_are_entry_and_exit_with_someone_abroad() -> None:
    assert lida(uf_destinatario="EX").pedido.tipo_operacao is TipoOperacao.EXPORTACAO
    assert lida(uf_destinatario="ex", tipo_documento="0").pedido.tipo_operacao is TipoOperacao.IMPORTACAO
    assert lida(tipo_documento=0).pedido.tipo_operacao is TipoOperacao.ENTRADA


def test_what_a_consumer_s_note_always_is() -> None:
    corpo = {
        nome: valor for nome, valor in NOTA.items() if nome not in ("tipo_documento", "natureza_operacao")
    }
    pedido = read_nota(corpo, modelo=Modelo.NFCE, ambiente=Ambiente.PRODUCAO).pedido
    assert (pedido.natureza_operacao, pedido.tipo_operacao) == ("VENDA AO CONSUMIDOR", TipoOperacao.SAIDA)


def test_number_code_and_addresses() -> None:
    nota = lida(numero=77, serie="3", codigo_unico=123, email_destinatario="a@x.com.br; b@x.com.br")
    assert (nota.numero, nota.pedido.serie, nota.codigo_unico) == (77, 3, "00000123")
    assert nota.emails == ("a@x.com.br", "b@x.com.br")


def test_pis_of_other_operations_without_values_is_zero() -> None:
    informado = com_item(pis_situacao_tributaria="49").pedido.itens[0].extensoes.informado
    assert informado is not None
    assert informado.pis is not None
    assert (informado.pis.grupo, informado.pis.base_calculo, informado.pis.valor) == ("Outr", D(0), D(0))


def test_a_service_item_has_no_icms() -> None:
    servico = {
        "issqn_base_calculo": 100, "issqn_aliquota": 5, "issqn_valor": 5, "issqn_codigo_municipio": "3550308",
        "issqn_item_lista_servico": "14.01",
    }  # fmt: skip
    informado = com_item(**servico).pedido.itens[0].extensoes.informado
    assert informado is not None
    assert informado.icms is None
    assert informado.issqn is not None
    assert (informado.issqn.exigibilidade, informado.issqn.incentivo) == ("1", "2")


@pytest.mark.parametrize(
    ("muda", "caminho", "codigo"),
    [
        ({"items": {}}, "items", "FOCUS-LISTA-01"),
        ({"items": ["x"]}, "items[0]", "FOCUS-OBJETO-01"),
        ({"natureza_operacao": {"a": 1}}, "natureza_operacao", "FOCUS-TIPO-01"),
        ({"natureza_operacao": True}, "natureza_operacao", "FOCUS-TIPO-01"),
        ({"natureza_operacao": D("1E+9999")}, "natureza_operacao", "FOCUS-TIPO-01"),
        ({"natureza_operacao": D("NaN")}, "natureza_operacao", "FOCUS-TIPO-01"),
        ({"volumes": [{"quantidade": 1}] * 5001}, "volumes", "FOCUS-LISTA-02"),
        ({"valor_frete": "1." + "0" * 31}, "valor_frete", "FOCUS-NUMERO-01"),
        ({"valor_frete": object()}, "valor_frete", "FOCUS-NUMERO-01"),
        ({"items": [{**NOTA["items"][0], "combustivel_sigla_uf": "XX"}]}, "items[0].combustivel_sigla_uf", "CAMPO-OPCAO"),
        ({"valor_frete": "12,50"}, "valor_frete", "FOCUS-NUMERO-01"),
        ({"valor_frete": "1.234"}, "valor_frete", "PEDIDO-NUMERO-04"),
        ({"valor_frete": "-1"}, "valor_frete", "PEDIDO-NUMERO-02"),
        ({"valor_frete": True}, "valor_frete", "FOCUS-NUMERO-01"),
        ({"valor_frete": D("1E+40")}, "valor_frete", "PEDIDO-NUMERO-03"),
        ({"tipo_documento": ""}, "tipo_documento", "FOCUS-FALTA-01"),
        ({"tipo_documento": 3}, "tipo_documento", "FOCUS-CODIGO-01"),
        ({"numero": "0"}, "numero", "FOCUS-NUMERO-02"),
        ({"items": [{**NOTA["items"][0], "numero_item": 3}]}, "items[0].numero_item", "FOCUS-ITEM-01"),
        ({"items": [{**NOTA["items"][0], "icms_situacao_tributaria": None}]}, "items[0].icms_situacao_tributaria", "FOCUS-FALTA-01"),
        ({"items": [{**NOTA["items"][0], "ipi_valor": "1.00"}]}, "items[0].ipi_situacao_tributaria", "FOCUS-FALTA-01"),
        ({"items": [{**NOTA["items"][0], "pis_situacao_tributaria": "", "pis_valor": 1}]}, "items[0].pis_situacao_tributaria", "FOCUS-FALTA-01"),
        ({"items": [{**NOTA["items"][0], "ii_valor": "1.00"}]}, "items[0].ii_base_calculo", "CAMPO-AUSENTE"),
        ({"items": [{**NOTA["items"][0], "cfop": ""}]}, "items[0].cfop", "CAMPO-AUSENTE"),
        ({"items": [{**NOTA["items"][0], "escala_relevante": "talvez"}]}, "items[0].escala_relevante", "FOCUS-LOGICO-01"),
        ({"items": [{**NOTA["items"][0], "rastros": [{"numero_lote": "1", "quantidade_lote": 1, "data_fabricacao": "x", "data_validade": "2026-01-01"}]}]},
         "items[0].rastros[0].data_fabricacao", "CAMPO-DATA"),
        ({"items": [{**NOTA["items"][0], "observacoes_contribuinte": [{"campo": "a", "texto": "b"}, {"campo": "c", "texto": "d"}]}]},
         "items[0].observacoes_contribuinte[1].campo", "FOCUS-LISTA-03"),
    ],
)  # fmt: skip
def test_refusals_name_the_caller_s_field(muda: dict[str, Any], caminho: str, codigo: str) -> None:
    assert recusas(**muda)[caminho] == codigo


def test_dates_of_every_writing_and_logical_codes() -> None:
    lote = {
        "numero_lote": "1",
        "quantidade_lote": 1,
        "data_fabricacao": "01/11/2026",
        "data_validade": "2027-01-01T00:00:00",
    }
    nota = com_item(
        rastros=[lote],
        inclui_no_total=True,
        ipi_situacao_tributaria="53",
        ipi_codigo_enquadramento_legal="999",
        ipi_valor="0.00",
        mono_ibs_valor_diferido="1",
    )
    (item,) = nota.pedido.itens
    assert (str(item.lotes[0].fabricacao), str(item.lotes[0].validade)) == ("2026-11-01", "2027-01-01")
    assert item.compoe_total
    assert item.extensoes.informado is not None
    assert item.extensoes.informado.ipi is not None
    assert item.extensoes.informado.ipi.grupo == "IPINT"
    assert [v.caminho for v in nota.avisos] == ["items[0].mono_ibs_valor_diferido"]


def test_fuel_of_abroad_and_of_a_state_by_its_code() -> None:
    origem = {"indicador_importacao": 1, "uf_origem": 33, "percentual_originario_uf": 100}
    campos_do_combustivel = {"codigo_anp": "210203001", "descricao_anp": "GLP", "sigla_uf": "EX"}
    nota = com_item(
        **{f"combustivel_{n}": v for n, v in campos_do_combustivel.items()}, origens_combustivel=[origem]
    )
    combustivel = nota.pedido.itens[0].combustivel
    assert combustivel is not None
    assert (combustivel.uf_consumo, combustivel.origens[0].uf, combustivel.origens[0].importado) == (
        "EX",
        "RJ",
        True,
    )


def test_a_body_that_is_no_object() -> None:
    with pytest.raises(RegraViolada):
        read_nota([], modelo=Modelo.NFE, ambiente=Ambiente.PRODUCAO)


@pytest.mark.parametrize(
    ("nosso", "deles"),
    [
        ("destinatario.nome", "nome_destinatario"),
        ("destinatario", "nome_destinatario"),
        ("emitente.cep", "cep_emitente"),
        ("itens[0]", "items[0]"),
        ("itens", "items"),
        ("itens[0].extensoes.informado.icms", "items[0].icms_situacao_tributaria"),
        ("itens[0].extensoes.informado.ibs_cbs.tributacao", "items[0].ibs_cbs_base_calculo"),
        ("itens[0].importacao.valor", "items[0]"),
        ("transporte.volumes[1].lacres[0]", "volumes[1].lacres[0].numero"),
        ("referencias[2].uf", "notas_referenciadas[2].uf"),
        ("pagamentos[1].cartao.bandeira", "formas_pagamento[1].bandeira_operadora"),
        ("pagamentos", "formas_pagamento"),
        ("totais.icms.valor", "icms_valor_total"),
        ("totais.icms.valor_nota", "valor_total"),
        ("guia_transito.tipo", "agropecuario_tipo_guia"),
        ("ambiente", ""),
    ],
)
def test_paths(nosso: str, deles: str) -> None:
    assert lida().caminhos.wire(nosso) == deles
