"""`?memoria=1` and `invoice/calcular`: what was worked out, shown on request, and nothing stored by asking."""

import copy
from decimal import Decimal as D
from typing import Any

import pytest
from tests.faces.tffiscal.cliente import Resposta, call
from tests.faces.tffiscal.conftest import Face
from tests.faces.tffiscal.exemplos import NOTA_SIMPLES

from chancela.domain.erros import RegraViolada, Violacao
from chancela.faces.tffiscal.autenticacao import sign_md5
from chancela.issuing.memoria import pack_passos
from chancela.kit.json_exact import read_json, write_json

UUID = f"{1:024x}"
CRIAR, CALCULAR, DETALHE = "/api/invoice/create", "/api/invoice/calcular", "/api/invoice/get_detail"
PASSOS = ((1, "icms.valor", (D("100.00"), D("18.00")), D("18.00")),)


async def post(face: Face, caminho: str, corpo: object, consulta: str) -> Resposta:
    """As a customer signs a POST: the bare route, whatever the query."""
    cliente, conteudo = face.empresa, write_json(corpo)
    return await call(
        cliente.app, "POST", caminho, consulta, corpo=conteudo,
        cabecalhos=[
            ("content-type", "application/json"), ("token", cliente.token), ("timestamp", cliente.agora),
            ("sign", sign_md5(cliente.token, caminho, conteudo, cliente.agora)),
        ],
    )  # fmt: skip


def body(**mudancas: Any) -> dict[str, Any]:
    """A sale with its taxes inline."""
    nota = copy.deepcopy(read_json(NOTA_SIMPLES))
    for produto in nota["products"]:
        produto.pop("category_id", None)
        produto["impostos"] = {
            "icms": {"codigo_cfop": "5102", "situacao_tributaria": "00", "aliquota": "18.00"},
            "pis": {"situacao_tributaria": "01", "aliquota": "1.65"},
            "cofins": {"situacao_tributaria": "01", "aliquota": "7.60"},
            "ibs_cbs": {"situacao_tributaria": "000", "classificacao_tributaria": "000001"},
        }
    return {**nota, **mudancas}


@pytest.mark.anyio
async def test_the_working_is_shown_only_when_asked_for(face: Face) -> None:
    face.emissor.memorias[UUID] = pack_passos(PASSOS)
    assert "memoria" not in (await face.empresa.post(CRIAR, NOTA_SIMPLES)).data
    assert "memoria" not in (await face.empresa.get(DETALHE, f"uuid={UUID}")).data
    assert "memoria" not in (await face.empresa.get(DETALHE, f"uuid={UUID}&memoria=0")).data
    (passo,) = (await face.empresa.get(DETALHE, f"uuid={UUID}&memoria=1")).data["memoria"]
    assert passo == {
        "item": 1, "tributo": "ICMS", "regra": "icms.valor", "titulo": "ICMS", "formula": "base × alíquota ÷ 100",
        "base": "100.00", "aliquota": "18.00", "valor": "18.00", "fonte": "LC 87/1996, art. 13",
        "operandos": [{"nome": "base", "valor": "100.00"}, {"nome": "alíquota %", "valor": "18.00"}],
        "texto": "Item 1: ICMS = base × alíquota ÷ 100 = 18,00 (base 100,00; alíquota % 18,00). LC 87/1996, art. 13.",
    }  # fmt: skip


@pytest.mark.anyio
@pytest.mark.parametrize("rota", [CRIAR, "/api/nfce/create"])
async def test_create_shows_it_too(face: Face, rota: str) -> None:
    face.emissor.memorias[UUID] = pack_passos(PASSOS)
    nota = read_json(NOTA_SIMPLES)
    if "nfce" in rota:
        nota = {
            "nature_of_operation": "Venda", "ambiente": "2",
            "products": [{
                "name": "Café", "codigo": "1", "count": 1, "unit_price": 10, "total_price": 10, "unit": "UN",
                "ncm": "09012100", "category_id": "1", "indicador_total": "1", "origem": "0",
            }],
        }  # fmt: skip
    resposta = await post(face, rota, nota, "memoria=1")
    assert resposta.status == 200, resposta.json
    assert [p["regra"] for p in resposta.data["memoria"]] == ["icms.valor"]


@pytest.mark.anyio
async def test_a_document_of_before_has_none(face: Face) -> None:
    await face.empresa.post(CRIAR, NOTA_SIMPLES)
    assert (await face.empresa.get(DETALHE, f"uuid={UUID}&memoria=true")).data["memoria"] == []


@pytest.mark.anyio
async def test_neither_yes_nor_no_is_refused_before_anything_is_issued(face: Face) -> None:
    resposta = await post(face, CRIAR, read_json(NOTA_SIMPLES), "memoria=talvez")
    assert (resposta.status, resposta.codigos, resposta.campos) == (400, ["CAMPO-LOGICO"], ["memoria"])
    assert (await post(face, CRIAR, body(), "memoria=1&memoria=1")).codigos == ["HTTP-03"]
    assert face.emissor.pedidos == []


@pytest.mark.anyio
async def test_calcular_shows_everything_and_issues_nothing(face: Face) -> None:
    resposta = await face.empresa.post(CALCULAR, body(sobra=1))
    assert resposta.status == 200, resposta.json
    data = resposta.data
    imposto = data["itens"][0]["imposto"]
    total = data["total"]["ICMSTot"]
    assert imposto["ICMS"]["ICMS00"]["pICMS"] == "18.00"
    assert D(total["vICMS"]) == sum(D(i["imposto"]["ICMS"]["ICMS00"]["vICMS"]) for i in data["itens"])
    assert D(str(data["total_price"])) == D(total["vNF"])
    assert "vIBSUF" in imposto["IBSCBS"]["gIBSCBS"]["gIBSUF"]
    assert {"ICMS", "PIS", "COFINS", "IBS", "CBS"} <= {p["tributo"] for p in data["memoria"]}
    assert "CAMPO-IGNORADO" in [a["codigo"] for a in data["avisos"]]
    assert (face.emissor.pedidos, face.emissor.documentos) == ([], {})


@pytest.mark.anyio
async def test_calcular_tells_what_was_changed_in_the_texts(face: Face) -> None:
    data = (await face.empresa.post(CALCULAR, body(nature_of_operation="Venda  –  à vista "))).data
    (aviso,) = [a for a in data["avisos"] if a["codigo"] == "TEXTO-AJUSTADO"]
    assert (aviso["campo"], aviso["valor"]) == ("nature_of_operation", "Venda  –  à vista ")
    assert "Venda - à vista" in aviso["mensagem"]


@pytest.mark.anyio
async def test_calcular_refuses_as_create_does(face: Face) -> None:
    ruim = body()
    ruim["products"][0]["ncm"] = "123"
    resposta = await face.empresa.post(CALCULAR, ruim)
    assert resposta.status == 400
    assert "products[0].ncm" in resposta.campos
    assert (await face.empresa.post(CALCULAR, body(id="assinatura:1"))).codigos == ["NOTA-ID"]
    face.emissor.falha = RegraViolada((Violacao("X-1", "itens[0].ncm", "não", "sim"),))
    assert (await face.empresa.post(CALCULAR, body())).campos == ["products[0].ncm"]
