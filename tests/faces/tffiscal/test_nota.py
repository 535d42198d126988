"""NF-e operations: the body as the contract prints it, what reaches issuing, what comes back."""

import copy
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.faces.tffiscal.conftest import Face
from tests.faces.tffiscal.exemplos import NOTA_COMPLETA, NOTA_SIMPLES
from tests.faces.tffiscal.memoria import CHAVE, document

from chancela.domain.erros import EstadoInvalido, FiscalError, RegraViolada, Violacao
from chancela.domain.identidade import Ambiente
from chancela.domain.tributos.entrada import TipoOperacao
from chancela.faces.tffiscal.erros import FaceErro
from chancela.faces.tffiscal.nota.caminhos import wire_path
from chancela.faces.tffiscal.nota.mapping import request_of
from chancela.faces.tffiscal.nota.schemas import NotaEntrada
from chancela.faces.tffiscal.servicos import TipoDanfe
from chancela.faces.tffiscal.validacao import unknown_fields, validate
from chancela.issuing.modelo import Estado
from chancela.kit.json_exact import read_json

ROTA = "/api/invoice/create"
UUID = f"{1:024x}"


def changed(**mudancas: Any) -> dict[str, Any]:
    return {**read_json(NOTA_SIMPLES), **mudancas}


@pytest.mark.anyio
async def test_the_simplified_example_is_authorised(face: Face) -> None:
    resposta = await face.empresa.post(ROTA, NOTA_SIMPLES)
    assert resposta.status == 200
    assert resposta.json["success"] is True
    data = resposta.data
    assert {
        k: data[k] for k in ("uuid", "chave", "status", "motivo", "nfe", "serie", "cstat", "protocolo")
    } == {
        "uuid": UUID,
        "chave": CHAVE,
        "status": "Success",
        "motivo": "Autorizado o uso da NF-e",
        "nfe": 1,
        "serie": 1,
        "cstat": 100,
        "protocolo": "135260000000001",
    }
    assert data["danfe"].startswith(f"https://nota.exemplo.com.br/arquivos/1/{UUID}/{CHAVE}.pdf?exp=")
    assert data["xml"].startswith(f"https://nota.exemplo.com.br/arquivos/1/{UUID}/{CHAVE}.xml?exp=")
    assert "avisos" not in data


@pytest.mark.anyio
async def test_what_reaches_issuing(face: Face) -> None:
    await face.empresa.post(ROTA, NOTA_SIMPLES)
    emissao = face.emissor.pedidos[0]
    assert emissao.corpo == NOTA_SIMPLES
    assert emissao.empresa.id == 1
    assert emissao.reabrir is False
    assert emissao.referencia is not None
    assert emissao.referencia.startswith("assinatura:")
    pedido = emissao.pedido
    assert (pedido.tipo_operacao, pedido.ambiente) == (TipoOperacao.SAIDA, Ambiente.HOMOLOGACAO)
    assert pedido.referencia == ""
    item = pedido.itens[0]
    assert (item.quantidade, item.valor_unitario, item.valor_total) == (
        2,
        Decimal("150.00"),
        Decimal("300.00"),
    )
    assert str(item.valor_unitario) == "150.00"
    assert item.categoria == "SEU_CATEGORY_ID"
    assert pedido.pagamentos[0].valor == Decimal("300.00")


@pytest.mark.anyio
async def test_the_callers_id_is_the_reference(face: Face) -> None:
    await face.empresa.post(ROTA, changed(id=20260001, is_reopen="true"))
    emissao = face.emissor.pedidos[0]
    assert (emissao.referencia, emissao.pedido.referencia, emissao.reabrir) == ("20260001", "20260001", True)


@pytest.mark.anyio
async def test_a_caller_may_insist_after_equal_refusals(face: Face) -> None:
    await face.empresa.post(ROTA, changed(id="PEDIDO-7"))
    await face.empresa.post(ROTA, changed(id="PEDIDO-7", insistir=True))
    assert [emissao.insistir for emissao in face.emissor.pedidos] == [False, True]


def test_the_complete_example_maps_field_by_field() -> None:
    nota = validate(NotaEntrada, NOTA_COMPLETA)
    assert unknown_fields(nota) == []
    pedido = request_of(nota)
    assert pedido.seguro == Decimal("1.50")
    assert pedido.outras_despesas is None
    assert pedido.referencias == ()
    assert pedido.finalidade == "1"
    destinatario = pedido.destinatario
    assert destinatario is not None
    assert (destinatario.cnpj, destinatario.cep, destinatario.numero) == (
        "11222333000181",
        "01310100",
        "1000",
    )
    assert (destinatario.cpf, destinatario.codigo_pais, destinatario.indicador_ie) == ("", "1058", "9")
    assert pedido.retirada is not None
    assert pedido.retirada.numero == "50"
    assert pedido.entrega is not None
    assert pedido.entrega.numero == "25"
    primeiro, segundo = pedido.itens
    assert (primeiro.ncm, primeiro.categoria, primeiro.impostos) == ("84713012", "TF00001", None)
    assert (segundo.numero_item_pedido, segundo.disable_difal) == (2, True)
    impostos = segundo.impostos
    assert impostos is not None
    assert impostos.inline
    icms = impostos.icms[0]
    assert (icms.codigo_cfop, icms.situacao_tributaria, icms.aliquota) == ("5102", "00", Decimal("18.00"))
    assert (icms.codigo_beneficio_fiscal, icms.cenario, icms.tipo_pessoa) == (
        "SP000001",
        "padrao",
        "juridica",
    )
    assert impostos.ipi[0].codigo_enquadramento == "999"
    assert impostos.pis[0].aliquota == Decimal("0.65")
    assert impostos.imposto_seletivo[0].situacao_tributaria == "000"
    assert impostos.ibs_cbs[0].classificacao_tributaria == "000001"
    transporte = pedido.transporte
    assert transporte is not None
    assert transporte.frete == 150
    assert transporte.veiculo is not None
    assert transporte.veiculo.placa == "ABC1D23"
    assert transporte.reboques[0].placa == "DEF4G56"
    assert transporte.volumes[0].lacres == ("LACRE001", "LACRE002")
    assert transporte.volumes[0].peso_bruto == Decimal("12.500")
    assert transporte.retencao is not None
    assert transporte.retencao.cfop == "5932"
    cartao = pedido.pagamentos[0].cartao
    assert cartao is not None
    assert cartao.bandeira == "01"


def test_the_import_example() -> None:
    produto = {
        "name": "Fonte chaveada",
        "codigo": "1",
        "ncm": "85044090",
        "count": 2,
        "unit": "PC",
        "unit_price": Decimal("0.25"),
        "total_price": Decimal("0.50"),
        "origem": 1,
        "indicador_total": "1",
        "category_id": "TF1",
        "ii": {"vBC": Decimal("0.50"), "vDespAdu": 0, "vII": 0, "vIOF": 0},
        "import_declarations": [
            {
                "nDI": "2312345678",
                "dDI": "2026-04-12",
                "xLocDesemb": "PORTO DE SANTOS",
                "UFDesemb": "SP",
                "dDesemb": "2026-04-15",
                "tpViaTransp": 1,
                "vAFRMM": Decimal("0.01"),
                "tpIntermedio": 1,
                "cExportador": "EXP-CN-001",
                "additions": [
                    {"nAdicao": 1, "nSeqAdic": 1, "cFabricante": "FAB-CN-001", "vDescDI": 0, "nDraw": ""}
                ],
            }
        ],
    }
    cliente = {
        "name": "EXPORTADOR EXTERIOR CO LTD", "endereco": "Pudong District", "numero": "456", "city": "Shanghai",
        "id_estrangeiro": "CN-EXP-001", "c_pais": 1600, "x_pais": "CHINA",
    }  # fmt: skip
    nota = validate(NotaEntrada, changed(transaction_type="2", cliente=cliente, products=[produto]))
    pedido = request_of(nota)
    assert pedido.tipo_operacao is TipoOperacao.IMPORTACAO
    assert pedido.destinatario is not None
    assert pedido.destinatario.codigo_pais == "1600"
    item = pedido.itens[0]
    assert item.importacao is not None
    assert (item.importacao.base, item.importacao.valor) == (Decimal("0.50"), 0)
    declaracao = item.declaracoes_importacao[0]
    assert (declaracao.numero, declaracao.via_transporte, declaracao.valor_afrmm) == (
        "2312345678",
        "1",
        Decimal("0.01"),
    )
    assert (declaracao.adicoes[0].fabricante, declaracao.adicoes[0].desconto) == ("FAB-CN-001", None)


def test_words_of_the_opening_table_are_codes_too() -> None:
    nota = validate(
        NotaEntrada,
        changed(transaction_type="OUTPUT", model="nfe", issuance_type="NORMAL", ambiente="HOMOLOGATION"),
    )
    assert (nota.transaction_type, nota.model, nota.issuance_type, nota.ambiente) == ("1", "55", "1", "2")


def refused(corpo: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(FaceErro) as caught:
        validate(NotaEntrada, corpo)
    assert caught.value.status == 400
    return [(erro.campo, erro.codigo) for erro in caught.value.erros]


def test_every_refused_field_is_named_at_once() -> None:
    corpo = read_json(NOTA_SIMPLES)
    corpo |= {"model": "65", "transaction_type": "9", "ambiente": "", "seguro": -1, "is_reopen": "talvez"}
    corpo["cliente"] = "Maria"
    corpo["products"][0] |= {"name": " ", "count": "duas", "unit_price": "1.500,00", "indicador_total": 5}
    corpo["products"].append("x")
    corpo["pag_info"] = {"payment_method": "01"}
    assert refused(corpo) == [
        ("transaction_type", "CAMPO-OPCAO"),
        ("model", "CAMPO-OPCAO"),
        ("ambiente", "CAMPO-AUSENTE"),
        ("is_reopen", "CAMPO-LOGICO"),
        ("seguro", "CAMPO-NEGATIVO"),
        ("cliente", "CAMPO-OBJETO"),
        ("products[0].name", "CAMPO-AUSENTE"),
        ("products[0].count", "CAMPO-NUMERO"),
        ("products[0].unit_price", "CAMPO-NUMERO"),
        ("products[0].indicador_total", "CAMPO-LOGICO"),
        ("products[1]", "CAMPO-OBJETO"),
        ("pag_info", "CAMPO-LISTA"),
    ]


def test_wire_spellings_in_paths_and_labels() -> None:
    corpo = read_json(NOTA_SIMPLES)
    corpo["products"][0] |= {
        "nItemPed": "um",
        "ii": {"vBC": "x"},
        "impostos": {"is": {"situacao_tributaria": "1"}, "pis": {"situacao_tributaria": "77"}},
    }
    with pytest.raises(FaceErro) as caught:
        validate(NotaEntrada, corpo)
    assert [(e.campo, e.rotulo) for e in caught.value.erros] == [
        ("products[0].nItemPed", "Item do pedido de compra"),
        ("products[0].impostos.pis.situacao_tributaria", "CST do PIS/COFINS"),
        ("products[0].impostos.is.situacao_tributaria", "CST do Imposto Seletivo"),
        ("products[0].ii.vBC", "Base do II"),
    ]
    assert [e.valor for e in caught.value.erros] == ["um", "77", "1", "x"]


@pytest.mark.anyio
async def test_a_refusal_says_field_rule_value_and_fix_in_portuguese(face: Face) -> None:
    corpo = read_json(NOTA_SIMPLES)
    corpo["products"][0]["unit_price"] = "1.500,00"
    resposta = await face.empresa.post(ROTA, corpo)
    assert resposta.status == 400
    assert resposta.json["success"] is False
    assert resposta.json["message"] == "products[0].unit_price: Este campo é um número decimal."
    assert resposta.data["erros"] == [
        {
            "campo": "products[0].unit_price",
            "codigo": "CAMPO-NUMERO",
            "mensagem": "Este campo é um número decimal.",
            "correcao": "Use ponto como separador decimal, sem separador de milhar e sem símbolo de moeda (1500.00).",
            "valor": "1.500,00",
            "rotulo": "Valor unitário",
        }
    ]
    assert not face.emissor.pedidos


@pytest.mark.anyio
async def test_rules_of_the_document_come_back_in_the_callers_words(face: Face) -> None:
    face.emissor.falha = RegraViolada(
        (
            Violacao("NFE-NCM", "itens[0].ncm", "NCM inexistente.", "Confira.", rotulo="NCM", valor="1"),
            Violacao("NFE-END", "destinatario.numero", "Falta o número.", "Envie."),
            Violacao(
                "TRIB-1", "itens[0].impostos.icms.situacao_tributaria", "CST do outro regime.", "Troque."
            ),
        )
    )
    resposta = await face.empresa.post(ROTA, NOTA_SIMPLES)
    assert resposta.status == 400
    assert resposta.campos == ["products[0].ncm", "cliente.numero", "products[0].category_id"]
    assert resposta.json["message"] == "products[0].ncm: NCM inexistente. (e mais 2 em data.erros)"
    assert face.respostas.lugares == {}


@pytest.mark.anyio
async def test_a_state_that_does_not_allow_it(face: Face) -> None:
    face.emissor.falha = EstadoInvalido("DOC-INCERTO", "A nota aguarda a SEFAZ.", "Aguarde.")
    resposta = await face.empresa.post(ROTA, NOTA_SIMPLES)
    assert (resposta.status, resposta.codigos) == (400, ["DOC-INCERTO"])


@pytest.mark.anyio
async def test_an_error_of_ours_shows_nothing(face: Face) -> None:
    face.emissor.falha = FiscalError("INTERNO-X", "detalhe que ninguém deve ver")
    resposta = await face.empresa.post(ROTA, NOTA_SIMPLES)
    assert resposta.status == 500
    assert "detalhe" not in resposta.conteudo.decode()
    assert set(resposta.data) == {"codigo", "pedido_id"}


@pytest.mark.anyio
async def test_a_refusal_of_sefaz_is_an_answer(face: Face) -> None:
    face.emissor.estado, face.emissor.c_stat = Estado.REJEITADO, 777
    face.emissor.motivo = "Rejeicao: Obrigatoria a informacao do NCM completo [nItem: 1]"
    resposta = await face.empresa.post(ROTA, NOTA_SIMPLES)
    assert resposta.status == 200
    assert resposta.json["success"] is False
    data = resposta.data
    assert (data["status"], data["cstat"], data["motivo"]) == ("Rejected", 777, face.emissor.motivo)
    assert (data["danfe"], data["xml"]) == ("", "")
    assert data["erros"][0]["campo"] == "products[0].ncm"
    assert data["erros"][0]["codigo"] == "SEFAZ-777"
    assert len(face.respostas.lugares) == 1


@pytest.mark.anyio
@pytest.mark.parametrize("estado", [Estado.PENDENTE, Estado.ASSINADO, Estado.INCERTO])
async def test_not_settled_by_the_deadline(face: Face, estado: Estado) -> None:
    face.emissor.estado, face.emissor.c_stat, face.emissor.motivo = estado, None, ""
    resposta = await face.empresa.post(ROTA, NOTA_SIMPLES)
    assert resposta.json["success"] is True
    assert (resposta.data["status"], resposta.data["motivo"]) == ("Processing", "Documento em processamento.")
    assert (resposta.data["danfe"], resposta.data["xml"]) == ("", "")


@pytest.mark.anyio
async def test_warnings_of_the_document_and_of_the_wire(face: Face) -> None:
    face.emissor.avisos = (
        {
            "codigo": "AV-1",
            "caminho": "itens[0].ncm",
            "mensagem": "NCM fora da tabela.",
            "correcao": "Confira.",
        },
    )
    corpo = read_json(NOTA_SIMPLES)
    corpo["natureza"] = "x"
    corpo["products"][0] |= {"ncmm": "1", "impostos": {"industria": "base", "icms": None}}
    resposta = await face.empresa.post(ROTA, corpo)
    assert [(a["campo"], a["codigo"]) for a in resposta.data["avisos"]] == [
        ("products[0].ncm", "AV-1"),
        ("products[0].impostos.industria", "NOTA-INDUSTRIA"),
        ("natureza", "CAMPO-IGNORADO"),
        ("products[0].ncmm", "CAMPO-IGNORADO"),
    ]


@pytest.mark.parametrize(
    ("nosso", "fio"),
    [
        ("itens[1].ncm", "products[1].ncm"),
        ("itens[1].valor_total", "products[1].total_price"),
        ("itens[0].categoria", "products[0].category_id"),
        ("itens[0].impostos.icms.situacao_tributaria", "products[0].category_id"),
        ("itens[1].impostos.icms.situacao_tributaria", "products[1].tax_info.icms.situacao_tributaria"),
        ("itens[1].impostos.imposto_seletivo.aliquota", "products[1].tax_info.is.aliquota"),
        ("itens[1].icms.aliquota", "products[1].tax_info.icms.aliquota"),
        ("itens[0].importacao.valor", "products[0].ii.vII"),
        (
            "itens[0].declaracoes_importacao[0].adicoes[1].fabricante",
            "products[0].import_declarations[0].additions[1].cFabricante",
        ),
        ("destinatario.numero", "cliente.number"),
        ("destinatario.municipio", "cliente.city"),
        ("destinatario", "cliente"),
        ("retirada.numero", "shipping_address.number"),
        ("entrega.numero", "delivery_address.numero"),
        ("transporte.veiculo.placa", "transportation.vehicle_info.plate"),
        ("transporte.reboques[0].placa", "transportation.trailer_info.plate"),
        ("transporte.volumes[0].lacres[1]", "transportation.packages[0].seals[1]"),
        ("transporte.retencao.base", "transportation.transport_tax_retention_info.tax_base"),
        ("pagamentos[0].cartao.bandeira", "pag_info[0].card_info.brand_code"),
        ("pagamentos[7].valor", "pag_info[7].payment_value"),
        ("referencias[0].chave", "ref_nfe_chave"),
        ("natureza_operacao", "nature_of_operation"),
        ("emitente.inscricao_estadual", ""),
        ("", ""),
        ("troco", "troco"),
        ("itens[0].a-b.c", "products[0]"),
        ("itens[0].combustivel.codigo_anp", "products[0]"),
        ("itens[0].frete", "transportation.freight_amount"),
        ("itens[0].seguro", "seguro"),
        ("exportacao.uf_saida", ""),
        ("itens", "products"),
    ],
)
def test_paths_of_the_document_in_the_callers_json(nosso: str, fio: str) -> None:
    assert wire_path(nosso, NOTA_COMPLETA) == fio


@pytest.mark.anyio
async def test_detail_has_the_documented_keys_and_types(face: Face) -> None:
    await face.empresa.post(ROTA, changed(id="order-2024-0001"))
    resposta = await face.empresa.get("/api/invoice/get_detail", f"uuid={UUID}")
    assert resposta.status == 200
    data = resposta.data
    documentadas = {
        "id": "order-2024-0001", "uuid": UUID, "chave": CHAVE, "serie": 1, "number": 1, "status": "Authorized",
        "create": "2026-11-21T12:00:00Z", "issue_time": "2026-11-21T12:00:00Z",
    }  # fmt: skip
    assert {chave: data[chave] for chave in documentadas} == documentadas
    assert b'"total_price":300.00' in resposta.conteudo
    for chave, fim in (("xml", ".xml"), ("danfe", ".pdf"), ("danfe_simples", "_simplie.pdf"), ("danfe_etiqueta", "_etiqueta.pdf")):  # fmt: skip
        assert f"{CHAVE}{fim}?" in data[chave]


@pytest.mark.anyio
async def test_references_made_by_us_are_not_shown(face: Face) -> None:
    await face.empresa.post(ROTA, NOTA_SIMPLES)
    resposta = await face.empresa.get("/api/invoice/get_detail", f"uuid={UUID}")
    assert resposta.data["id"] == ""
    resposta = await face.empresa.post(ROTA, changed(id="assinatura:1"))
    assert (resposta.status, resposta.codigos) == (400, ["NOTA-ID"])


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("estado", "palavra"),
    [
        (Estado.PENDENTE, "Processing"),
        (Estado.INCERTO, "Processing"),
        (Estado.REJEITADO, "Rejected"),
        (Estado.DENEGADO, "Denied"),
        (Estado.DIVERGENTE, "Divergent"),
        (Estado.CANCELADO, "Canceled"),
        (Estado.INUTILIZADO, "Voided"),
    ],
)
async def test_status_words(face: Face, estado: Estado, palavra: str) -> None:
    face.emissor.documentos[UUID] = document(face.clock.now(), 1, estado=estado)
    resposta = await face.empresa.get("/api/invoice/get_detail", f"uuid={UUID}")
    assert (resposta.status, resposta.data["status"]) == (200, palavra)
    assert bool(resposta.data["xml"]) is (estado is Estado.CANCELADO)


@pytest.mark.anyio
@pytest.mark.parametrize("uuid", [UUID, "abc123-def456", "0", f"{2:024x}"])
async def test_a_document_of_another_company_does_not_exist(face: Face, uuid: str) -> None:
    face.emissor.documentos[UUID] = document(face.clock.now(), 2)
    assert (await face.empresa.get("/api/invoice/get_detail", f"uuid={uuid}")).status == 404
    resposta = await face.empresa.post("/api/invoice/get_danfe", {"uuid": uuid})
    assert (resposta.status, resposta.json["message"]) == (404, "发票不存在")


@pytest.mark.anyio
@pytest.mark.parametrize("corpo", [{"uuid": UUID}, {"chave": CHAVE}, {"uuid": UUID, "chave": CHAVE}])
async def test_danfe_links(face: Face, corpo: dict[str, str]) -> None:
    face.emissor.documentos[UUID] = document(face.clock.now(), 1)
    resposta = await face.empresa.post("/api/invoice/get_danfe", corpo)
    assert resposta.status == 200
    assert list(resposta.data) == ["danfe", "danfe_simples", "danfe_simples_png"]
    assert [url.split("?")[0].rsplit("/", 1)[1] for url in resposta.data.values()] == [
        f"{CHAVE}.pdf",
        f"{CHAVE}_simplie.pdf",
        f"{CHAVE}_simplie.png",
    ]
    assert set(face.arquivos.desenhados) == {TipoDanfe.COMPLETO, TipoDanfe.SIMPLES, TipoDanfe.SIMPLES_PNG}


@pytest.mark.anyio
async def test_the_documented_messages_of_danfe(face: Face) -> None:
    rota = "/api/invoice/get_danfe"
    resposta = await face.empresa.post(rota, {"uuid": "", "chave": ""})
    assert (resposta.status, resposta.json["message"]) == (400, "uuid/chave不能为空")
    face.emissor.documentos[UUID] = document(face.clock.now(), 1, estado=Estado.INCERTO)
    resposta = await face.empresa.post(rota, {"uuid": UUID})
    assert (resposta.status, resposta.json["message"]) == (404, "发票不存在")
    face.emissor.documentos[UUID] = replace(document(face.clock.now(), 1), protocolo=None)
    resposta = await face.empresa.post(rota, {"uuid": UUID})
    assert (resposta.status, resposta.json["message"]) == (404, "发票详情不存在")
    face.emissor.documentos[UUID] = document(face.clock.now(), 1)
    face.arquivos.falha = FiscalError("PDF-1", "XML sem protNFe")
    resposta = await face.empresa.post(rota, {"uuid": UUID})
    assert (resposta.status, resposta.json["message"]) == (500, "获取PDF失败:XML sem protNFe")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 10**9) | st.text(max_size=8),
    lambda dentro: st.lists(dentro, max_size=3) | st.dictionaries(st.text(max_size=5), dentro, max_size=3),
    max_leaves=8,
)
_CAMPOS = sorted({*NOTA_COMPLETA, *NOTA_COMPLETA["products"][1], *NOTA_COMPLETA["cliente"]})


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_body_gives_a_request_or_a_refusal(data: st.DataObject) -> None:
    corpo = copy.deepcopy(NOTA_COMPLETA)
    for _ in range(data.draw(st.integers(1, 4))):
        produtos = corpo.get("products")
        linhas = produtos if isinstance(produtos, list) else []
        alvo = data.draw(st.sampled_from([corpo, corpo.get("cliente"), *linhas]))
        if isinstance(alvo, dict):
            alvo[data.draw(st.sampled_from(_CAMPOS))] = data.draw(_JSON)
    recusa: FaceErro | None = None
    try:
        request_of(validate(NotaEntrada, corpo))
    except FaceErro as erro:
        recusa = erro
    if recusa is not None:
        assert recusa.status == 400
        assert all(e.mensagem and e.codigo and e.campo for e in recusa.erros)
