"""category/get_detail, get_list, edit and delete at the face."""

from decimal import Decimal as D
from typing import Any

import pytest
from tests.faces.tffiscal.conftest import Face
from tests.faces.tffiscal.exemplos import CATEGORIA_MINIMA

from chancela.kit.json_exact import read_json

pytestmark = pytest.mark.anyio
ICMS = {
    "tipo_tributacao": "normal", "cenario": "padrao", "tipo_pessoa": "juridica", "nao_contribuinte": False,
    "codigo_cfop": "5102", "situacao_tributaria": "00", "aliquota_importacao": "", "aliquota_credito": 0,
    "aliquota_reducao": 0, "aliquota_reducao_st": 0, "motivo_desoneracao": "", "motivo_desoneracao_st": "",
    "aliquota_icms": [{"estado": "SP", "aliquota": 18}],
}  # fmt: skip
DETALHE: dict[str, Any] = {
    "category_id": "TF123",
    "descricao": "Venda de mercadoria padrão",
    "disable_difal": False,
    "desconta_icms_pis_cofins": False,
    "ipi": [
        {
            "cenario": "padrao",
            "tipo_pessoa": "juridica",
            "situacao_tributaria": "99",
            "codigo_enquadramento": "999",
            "aliquota": "0",
        }
    ],
    "pis": [
        {"cenario": "padrao", "tipo_pessoa": "juridica", "situacao_tributaria": "01", "aliquota": "0.65"}
    ],
    "cofins": [
        {"cenario": "padrao", "tipo_pessoa": "juridica", "situacao_tributaria": "01", "aliquota": "3"}
    ],
    "ibs_cbs": [],
}
"""The answer that the contract prints, without `icms`."""


def with_rates(**mudancas: Any) -> dict[str, Any]:
    icms = [{**CATEGORIA_MINIMA["icms"][0], "aliquota_icms": [{"estado": "SP", "aliquota": 18}], **mudancas}]
    return {**CATEGORIA_MINIMA, "category_id": "TF123", "icms": icms}


async def test_get_detail_as_printed(face: Face) -> None:
    await face.empresa.post("/api/category/create", with_rates())
    dados = (await face.empresa.get("/api/category/get_detail", "category_id=TF123")).data
    assert DETALHE.items() <= dados.items()
    (icms,) = dados["icms"]
    assert ICMS.items() <= icms.items()
    assert icms.keys() - ICMS.keys() == {
        "aliquota_diferimento", "aliquota_diferimento_fcp", "aliquota_mva", "aliquota_icms_st", "aliquota_fcp",
        "aliquota_fcp_st", "beneficio_fiscal",
    }  # fmt: skip


async def test_what_get_detail_shows_can_be_sent_back(face: Face) -> None:
    await face.empresa.post(
        "/api/category/create",
        with_rates(
            aliquota_importacao="4", aliquota_diferimentoFcp="10.00", aliquota_reducaoSt=D("5.5"),
            aliquota_mva=[{"estado": "RJ", "aliquota": D("40.00")}],
            beneficio_fiscal=[{"estado": "SP", "codigo": "SP000001"}],
        ),
    )  # fmt: skip
    antes = await face.empresa.get("/api/category/get_detail", "category_id=TF123")
    lido = read_json(antes.conteudo)
    assert isinstance(lido, dict)
    editada = await face.empresa.post("/api/category/edit", lido["data"])
    assert editada.data == {"category_id": "TF123"}
    depois = await face.empresa.get("/api/category/get_detail", "category_id=TF123")
    assert depois.conteudo == antes.conteudo


async def test_edit_replaces_the_category_whole(face: Face) -> None:
    ibs = [
        {
            "cenario": "padrao",
            "tipo_pessoa": "juridica",
            "situacao_tributaria": "000",
            "classificacao_tributaria": "000001",
        }
    ]
    await face.empresa.post("/api/category/create", {**with_rates(), "ibs_cbs": ibs, "disable_difal": True})
    nova = {**CATEGORIA_MINIMA, "category_id": "TF123", "descricao": "Outra"}
    assert (await face.empresa.post("/api/category/edit", nova)).data == {"category_id": "TF123"}
    dados = (await face.empresa.get("/api/category/get_detail", "category_id=TF123")).data
    assert (dados["descricao"], dados["ibs_cbs"], dados["disable_difal"]) == ("Outra", [], False)
    assert dados["icms"][0]["aliquota_icms"] == []


async def test_get_list_shows_codes_and_descriptions_of_nfe_only(face: Face) -> None:
    await face.empresa.post("/api/category/create", {**CATEGORIA_MINIMA, "category_id": "TF123"})
    await face.empresa.post(
        "/api/category/create",
        {**CATEGORIA_MINIMA, "category_id": "TF124", "descricao": "Devolução de venda"},
    )
    dados = (await face.empresa.get("/api/category/get_list", "page=1&page_size=20")).data
    assert dados == {
        "list": [
            {"category_id": "TF123", "descricao": "Venda de mercadoria padrão"},
            {"category_id": "TF124", "descricao": "Devolução de venda"},
        ],
        "page": 1,
        "total": 2,
        "total_pages": 1,
    }
    nfce = (await face.empresa.get("/api/nfce/category/get_list", "page=1&page_size=20")).data
    assert nfce["list"] == []
    grande = await face.empresa.get("/api/category/get_list", "page=1&page_size=51")
    assert grande.codigos == ["CAMPO-PAGINA"]


async def test_delete(face: Face) -> None:
    await face.empresa.post("/api/category/create", {**CATEGORIA_MINIMA, "category_id": "TF123"})
    apagada = await face.empresa.post("/api/category/delete", {"category_id": "TF123"})
    assert apagada.json == {"success": True, "message": "Sucesso"}
    face.clock.advance(1)
    for resposta in (
        await face.empresa.post("/api/category/delete", {"category_id": "TF123"}),
        await face.empresa.get("/api/category/get_detail", "category_id=TF123"),
        await face.empresa.post("/api/category/edit", with_rates()),
    ):
        assert (resposta.status, resposta.codigos) == (404, ["CAT-NAO-EXISTE"])


async def test_edit_needs_the_category_id(face: Face) -> None:
    resposta = await face.empresa.post("/api/category/edit", CATEGORIA_MINIMA)
    assert (resposta.codigos, resposta.campos) == (["CAMPO-AUSENTE"], ["category_id"])
