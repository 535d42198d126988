"""NFC-e documents at the face: what reaches issuing, in whose words a refusal comes back."""

from decimal import Decimal as D
from typing import Any

import pytest
from tests.faces.tffiscal.conftest import Face

from chancela.domain.erros import RegraViolada, Violacao
from chancela.domain.identidade import Cnpj, Modelo
from chancela.domain.tributos.entrada import TipoOperacao
from chancela.faces.tffiscal.nfce.caminhos import NFCE
from chancela.faces.tffiscal.servicos import TipoDanfe
from chancela.issuing.modelo import Estado

pytestmark = pytest.mark.anyio
ROTA = "/api/nfce/create"
UUID = f"{1:024x}"
VENDA: dict[str, Any] = {
    "nature_of_operation": "Venda de mercadoria",
    "ambiente": "2",
    "products": [
        {
            "name": "Refrigerante 2L", "ncm": "22021000", "count": 2, "unit": "UN", "unit_price": D("10.50"),
            "total_price": D("21.00"), "origem": 0, "indicador_total": 1, "category_id": "TF00001",
        }
    ],
    "pag_info": [{"payment_indicator": "0", "payment_method": "17", "amount": D("21.00")}],
}  # fmt: skip


async def test_what_reaches_issuing(face: Face) -> None:
    resposta = await face.empresa.post(ROTA, {**VENDA, "id": "PEDIDO-1"})
    assert (resposta.status, resposta.data["uuid"]) == (200, UUID)
    assert "_nfce.pdf?" in resposta.data["danfe"]
    emissao = face.emissor.pedidos[0]
    assert (emissao.referencia, emissao.reabrir) == ("PEDIDO-1", False)
    pedido = emissao.pedido
    assert (pedido.modelo, pedido.tipo_operacao) == (Modelo.NFCE, TipoOperacao.SAIDA)
    assert (pedido.destinatario, pedido.transporte, pedido.consumidor_final) == (None, None, "1")
    assert str(pedido.pagamentos[0].valor) == "21.00"
    assert pedido.pagamentos[0].cartao is not None
    assert pedido.pagamentos[0].cartao.integracao == "2"


async def test_a_delivery_is_carried_by_the_shop(face: Face) -> None:
    cliente = {
        "cnpj": "11444777000161",
        "name": "Bar",
        "number": "456",
        "endereco": "Rua A",
        "cep": "01001000",
    }
    await face.empresa.post(ROTA, {**VENDA, "ind_pres": "4", "frete": D("8.00"), "client": cliente})
    pedido = face.emissor.pedidos[0].pedido
    assert pedido.transporte is not None
    assert (pedido.transporte.modalidade, str(pedido.transporte.frete)) == ("3", "8.00")
    assert pedido.transporte.transportador is not None
    assert pedido.transporte.transportador.cnpj == Cnpj("11222333000181")
    assert pedido.destinatario is not None
    assert (pedido.destinatario.cnpj, pedido.destinatario.numero) == ("11444777000161", "456")


async def test_freight_without_delivery_is_apportioned_and_nothing_else(face: Face) -> None:
    await face.empresa.post(ROTA, {**VENDA, "frete": D("3.00")})
    transporte = face.emissor.pedidos[0].pedido.transporte
    assert transporte is not None
    assert (transporte.modalidade, transporte.transportador) == ("", None)


@pytest.mark.parametrize(("presenca", "municipio"), [("1", ""), ("5", "3550308")])
async def test_a_sale_elsewhere_names_the_shops_municipality(
    face: Face, presenca: str, municipio: str
) -> None:
    await face.empresa.post(ROTA, {**VENDA, "ind_pres": presenca})
    assert face.emissor.pedidos[0].pedido.codigo_municipio_ibs == municipio


async def test_a_name_alone_is_no_recipient_and_the_caller_is_told(face: Face) -> None:
    resposta = await face.empresa.post(ROTA, {**VENDA, "client": {"name": "Consumidor"}})
    assert face.emissor.pedidos[0].pedido.destinatario is None
    assert [a["codigo"] for a in resposta.data["avisos"]] == ["NFCE-CONSUMIDOR"]


async def test_inline_taxes_and_the_other_name_of_the_amount(face: Face) -> None:
    produto = {k: v for k, v in VENDA["products"][0].items() if k != "category_id"}
    icms = {"codigo_cfop": "5102", "situacao_tributaria": "102"}
    corpo = {
        **VENDA,
        "products": [{**produto, "tax_info": {"icms": icms}}],
        "pag_info": [{"payment_indicator": "0", "payment_method": "01", "payment_value": D("21.00")}],
    }
    await face.empresa.post(ROTA, corpo)
    pedido = face.emissor.pedidos[0].pedido
    assert pedido.itens[0].impostos is not None
    assert pedido.itens[0].impostos.ipi == ()
    assert str(pedido.pagamentos[0].valor) == "21.00"
    assert pedido.pagamentos[0].cartao is None


async def test_ipi_does_not_exist_here_and_is_named(face: Face) -> None:
    impostos = {
        "ipi": {"situacao_tributaria": "99"},
        "icms": {"codigo_cfop": "5102", "situacao_tributaria": "102"},
    }
    produto = {**VENDA["products"][0], "impostos": impostos}
    resposta = await face.empresa.post(ROTA, {**VENDA, "products": [produto]})
    assert [a["campo"] for a in resposta.data["avisos"]] == ["products[0].impostos.ipi"]


@pytest.mark.parametrize(
    ("mudanca", "codigo"),
    [
        ({"issuance_type": "9", "ind_pres": "4"}, "NFCE-OFFLINE"),
        ({"issuance_type": "5"}, "CAMPO-OPCAO"),
        ({"id": "assinatura:1"}, "NOTA-ID"),
        ({"products": []}, "CAMPO-LISTA-VAZIA"),
    ],
)
async def test_refused_before_issuing(face: Face, mudanca: dict[str, Any], codigo: str) -> None:
    resposta = await face.empresa.post(ROTA, {**VENDA, **mudanca})
    assert (resposta.status, resposta.data["erros"][0]["codigo"]) == (400, codigo)
    assert face.emissor.pedidos == []


async def test_a_rule_speaks_of_the_callers_field(face: Face) -> None:
    face.emissor.falha = RegraViolada(
        (
            Violacao("X-1", "destinatario.numero", "m", "c"),
            Violacao("X-2", "pagamentos[0].valor", "m", "c"),
            Violacao("X-3", "itens[0].frete", "m", "c"),
        )
    )
    resposta = await face.empresa.post(ROTA, VENDA)
    assert [e["campo"] for e in resposta.data["erros"]] == ["client.number", "pag_info[0].amount", "frete"]


@pytest.mark.parametrize(
    ("caminho", "dados", "escrito"),
    [
        ("presenca", {}, "ind_pres"),
        ("com_intermediador", {}, "ind_intermed"),
        ("transporte.frete", {}, "frete"),
        ("transporte.transportador.municipio", {}, "frete"),
        ("pagamentos[1].valor", {"pag_info": [{}, {"payment_value": 1}]}, "pag_info[1].payment_value"),
        ("pagamentos[0].cartao.bandeira", {}, "pag_info[0].card_info.brand_code"),
        (
            "itens[2].icms.situacao_tributaria",
            {"products": [{}, {}, {"category_id": "A"}]},
            "products[2].category_id",
        ),
        ("emitente.endereco", {}, ""),
        ("referencias[0]", {}, ""),
    ],
)
async def test_paths(caminho: str, dados: dict[str, Any], escrito: str) -> None:
    assert NFCE.path(caminho, dados) == escrito


async def test_the_details_have_every_documented_key(face: Face) -> None:
    await face.empresa.post(ROTA, VENDA)
    data = (await face.empresa.get("/api/nfce/get_detail", f"uuid={UUID}")).data
    assert {
        "uuid", "chave", "serie", "number", "status", "modelo", "total_price", "nprot", "motivo", "xml", "danfe",
        "client_cpf", "client_cnpj", "client_name", "create", "issue_time",
    } <= data.keys()  # fmt: skip
    assert (data["status"], data["modelo"], data["motivo"], data["nprot"]) == (
        "Authorized", "nfce", "", "135260000000001",
    )  # fmt: skip
    assert (data["client_cpf"], data["client_cnpj"]) == ("12345678909", "")


async def test_a_refusal_of_sefaz_is_told_in_the_details_too(face: Face) -> None:
    face.emissor.estado, face.emissor.c_stat, face.emissor.motivo = Estado.REJEITADO, 464, "Rejeição: hash"
    criada = await face.empresa.post(ROTA, VENDA)
    assert (criada.status, criada.json["success"], criada.data["status"]) == (200, False, "Rejected")
    data = (await face.empresa.get("/api/nfce/get_detail", f"uuid={UUID}")).data
    assert data["erros"][0]["codigo"] == "SEFAZ-464"
    assert data["motivo"] == "Rejeição: hash"
    sem_danfe = await face.empresa.post("/api/nfce/get_danfe", {"uuid": UUID})
    assert (sem_danfe.status, sem_danfe.data["codigo"]) == (404, "DANFE-02")


async def test_the_receipt_is_drawn_and_linked(face: Face) -> None:
    await face.empresa.post(ROTA, VENDA)
    links = (await face.empresa.post("/api/nfce/get_danfe", {"uuid": UUID})).data
    assert face.arquivos.desenhados == [TipoDanfe.CUPOM]
    assert "_nfce.pdf?" in links["danfe"]
    assert "_nfce_58.pdf?" in links["danfe_58"]


async def test_each_model_has_its_own_operations(face: Face) -> None:
    await face.empresa.post(ROTA, VENDA)
    assert (await face.empresa.get("/api/invoice/get_detail", f"uuid={UUID}")).status == 404
    assert (await face.empresa.get("/api/nfce/get_detail", "uuid=naoexiste")).status == 404
