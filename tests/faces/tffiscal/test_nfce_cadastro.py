"""NFC-e companies and categories at the face."""

import base64
from copy import deepcopy
from decimal import Decimal as D
from typing import Any

import pytest
from tests.faces.tffiscal.certificados import SENHA, make_pfx
from tests.faces.tffiscal.cliente import Cliente
from tests.faces.tffiscal.conftest import Face

from chancela.documents.nfce.qrcode import Csc
from chancela.domain.erros import TransmissaoRecusada
from chancela.domain.identidade import Ambiente, Cnpj, Modelo, Uf
from chancela.gateways.cnpj import CadastroCnpj

pytestmark = pytest.mark.anyio
EXISTENTE = "11222333000181"
NOVO = "12345678000195"
CATEGORIA: dict[str, Any] = {
    "descricao": "Bebidas não alcoólicas",
    "codigo_cfop": "5102",
    "icms": {
        "situacao_tributaria": "102",
        "aliquota_icms": [{"estado": "SP", "aliquota": D("18.00")}],
        "aliquota_fcp": [{"estado": "SP", "aliquota": D("0.00")}],
        "beneficio_fiscal": [{"estado": "SP", "codigo": "SP800001"}],
    },
    "pis": {"situacao_tributaria": "99", "aliquota": "0.00"},
    "cofins": {"situacao_tributaria": "99", "aliquota": "0.00"},
    "ibs_cbs": {"situacao_tributaria": "000", "classificacao_tributaria": "000001"},
}


def body(titular: str, **mudancas: Any) -> dict[str, Any]:
    arquivo = base64.b64encode(make_pfx(titular)).decode()
    return {
        "cnpj": titular,
        "cert_file": f"data:application/x-pkcs12;base64,{arquivo}",
        "cert_pwd": SENHA,
        "csc_id": "000001",
        "csc": "ABCDEF0123456789",
        "serie_nfce": 1,
        "number_nfce": 1,
        "telefone": "11999999999",
        **mudancas,
    }


def register(face: Face, **mudancas: Any) -> None:
    campos: dict[str, Any] = {
        "cnpj": Cnpj(NOVO), "razao_social": "LOJA NOVA LTDA", "nome_fantasia": "Loja Nova",
        "inscricao_estadual": "110042490114", "regime": "simples_nacional", "cep": "01001000",
        "logradouro": "PRAÇA DA SÉ", "numero": "100", "complemento": "", "bairro": "SÉ", "municipio": "SAO PAULO", "uf": "SP",
    }  # fmt: skip
    face.consulta.cadastros[NOVO] = CadastroCnpj(**{**campos, **mudancas})


async def test_an_existing_company_gains_the_fields_and_keeps_its_token(face: Face) -> None:
    resposta = await face.integrador.post("/api/nfce/company/create", body(EXISTENTE))
    assert (resposta.status, resposta.json["message"]) == (200, "Company registered for NFC-e")
    assert resposta.data == {"company_id": "comp_1", "token": face.empresa.token}
    mudanca = face.empresas.mudancas[0]
    assert mudanca.csc == Csc("000001", "ABCDEF0123456789")
    assert (mudanca.serie_nfce, mudanca.numero_nfce, mudanca.telefone) == (1, 1, "11999999999")
    assert mudanca.certificado is not None
    await face.integrador.post(
        "/api/nfce/company/create", body(EXISTENTE, serie_nfce=None, number_nfce=None, telefone="")
    )
    segunda = face.empresas.mudancas[1]
    assert (segunda.serie_nfce, segunda.numero_nfce, segunda.telefone) == (None, None, None)


async def test_a_first_registration_without_series_starts_at_one(face: Face) -> None:
    await face.integrador.post("/api/nfce/company/create", body(EXISTENTE, serie_nfce=None, number_nfce=None))
    mudanca = face.empresas.mudancas[0]
    assert (mudanca.serie_nfce, mudanca.numero_nfce) == (1, 1)


async def test_a_new_company_comes_from_the_public_register(face: Face) -> None:
    register(face)
    resposta = await face.integrador.post("/api/nfce/company/create", body(NOVO))
    assert resposta.json["success"], resposta.json
    nova = face.empresas.novas[-1]
    assert (nova.razao_social, nova.inscricao_estadual, nova.regime) == (
        "LOJA NOVA LTDA", "110042490114", "simples_nacional",
    )  # fmt: skip
    assert (nova.endereco.municipio_ibge, nova.endereco.uf) == ("3550308", Uf.SP)
    assert (nova.serie_nfe, nova.serie_nfce, nova.csc) == (1, 1, Csc("000001", "ABCDEF0123456789"))
    loja = Cliente(face.app, face.clock, resposta.data["token"])
    mostrada = (await loja.post("/api/nfce/company/get", b"")).data
    assert {
        "company_id", "cnpj", "name", "alias", "ie", "invoice_type", "email", "telefone", "cep", "address", "house_number",
        "complemento", "town", "city", "state", "state_code", "cert_file", "csc_id", "csc", "serie_nfce", "number_nfce",
    } <= mostrada.keys()  # fmt: skip
    assert (mostrada["csc"], mostrada["number_nfce"]) == ("ABCDEF0123456789", 1)


async def test_the_registration_sent_wins_over_the_register(face: Face) -> None:
    register(face, inscricao_estadual="")
    await face.integrador.post("/api/nfce/company/create", body(NOVO, ie="111222333444"))
    assert face.empresas.novas[-1].inscricao_estadual == "111222333444"


@pytest.mark.parametrize(
    ("mudancas", "status", "codigo"),
    [
        ({"csc_id": "ABC"}, 400, "NFCE-CSC-01"),
        ({"csc": "com espaço"}, 400, "NFCE-CSC-02"),
        ({"csc": ""}, 400, "CAMPO-AUSENTE"),
        ({"cnpj": "12345678000199"}, 400, "IDENT-CNPJ-02"),
        ({"cert_pwd": "errada"}, 400, "CERT-SENHA"),
        ({"serie_nfce": 890}, 400, "EMPRESA-SERIE"),
        ({}, 400, "CNPJ-NAO-EXISTE"),
    ],
)
async def test_refused_registrations(face: Face, mudancas: dict[str, Any], status: int, codigo: str) -> None:
    resposta = await face.integrador.post("/api/nfce/company/create", body(NOVO, **mudancas))
    assert resposta.status == status
    if not codigo.startswith("IDENT"):
        assert resposta.data["erros"][0]["codigo"] == codigo
    assert len(face.empresas.novas) == 1


async def test_a_silent_register_is_no_fault_of_the_caller(face: Face) -> None:
    face.consulta.falha = TransmissaoRecusada("CNPJ-CONSULTA", "não respondeu", "tente de novo")
    resposta = await face.integrador.post("/api/nfce/company/create", body(NOVO))
    assert (resposta.status, resposta.data["codigo"]) == (500, "CNPJ-CONSULTA")


async def test_an_address_of_the_register_that_does_not_hold_is_told(face: Face) -> None:
    register(face, uf="RJ")
    resposta = await face.integrador.post("/api/nfce/company/create", body(NOVO))
    assert resposta.data["erros"][0]["codigo"] == "EMPRESA-UF-CEP"
    register(face, uf="XX")
    resposta = await face.integrador.post("/api/nfce/company/create", body(NOVO, telefone="1133334444"))
    assert resposta.data["erros"][0]["codigo"] == "EMPRESA-UF"


async def test_update_changes_only_what_is_sent(face: Face) -> None:
    resposta = await face.empresa.post(
        "/api/nfce/company/update",
        {"alias": "Downtown Store - Branch 02", "telefone": "11988888888", "serie_nfce": 2, "number_nfce": 1},
    )
    assert resposta.json == {"success": True, "message": "NFC-e company updated successfully"}
    mudanca = face.empresas.mudancas[0]
    assert (mudanca.nome_fantasia, mudanca.telefone, mudanca.serie_nfce, mudanca.numero_nfce) == (
        "Downtown Store - Branch 02", "11988888888", 2, 1,
    )  # fmt: skip
    assert (mudanca.razao_social, mudanca.endereco, mudanca.csc, mudanca.certificado) == (None,) * 4


async def test_half_a_csc_is_joined_with_the_other_half(face: Face) -> None:
    await face.integrador.post("/api/nfce/company/create", body(EXISTENTE))
    await face.empresa.post("/api/nfce/company/update", {"csc": "NOVO"})
    assert face.empresas.mudancas[-1].csc == Csc("000001", "NOVO")
    await face.empresa.post("/api/nfce/company/update", {"csc_id": "2"})
    assert face.empresas.mudancas[-1].csc == Csc("2", "NOVO")


async def test_the_place_follows_the_postcode(face: Face) -> None:
    await face.empresa.post("/api/nfce/company/update", {"cep": "01310-100", "address": "Avenida Paulista"})
    endereco = face.empresas.mudancas[0].endereco
    assert endereco is not None
    assert (endereco.cep, endereco.logradouro, endereco.municipio_ibge) == (
        "01310100", "Avenida Paulista", "3550308",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("corpo", "codigo"),
    [
        ({}, "EMPRESA-NADA-MUDA"),
        ({"desconhecido": 1}, "EMPRESA-NADA-MUDA"),
        ({"cnpj": "12345678000195", "alias": "Loja"}, "EMPRESA-CNPJ-IMUTAVEL"),
        ({"cert_pwd": "x"}, "CAMPO-AUSENTE"),
        ({"cert_file": "https://x/y"}, "CAMPO-AUSENTE"),
        ({"state": "XX"}, "EMPRESA-UF"),
        ({"state": "RJ"}, "EMPRESA-UF-CEP"),
        ({"csc": "ABC"}, "NFCE-CSC-01"),
        ({"invoice_type": "outro"}, "EMPRESA-REGIME"),
    ],
)
async def test_refused_updates(face: Face, corpo: dict[str, Any], codigo: str) -> None:
    resposta = await face.empresa.post("/api/nfce/company/update", corpo)
    assert (resposta.status, resposta.data["erros"][0]["codigo"]) == (400, codigo)
    assert face.empresas.mudancas == []


async def test_a_new_certificate_is_opened_before_it_is_stored(face: Face) -> None:
    novo = body(EXISTENTE)
    certificado = {k: novo[k] for k in ("cert_file", "cert_pwd")}
    resposta = await face.empresa.post("/api/nfce/company/update", certificado)
    assert resposta.json["success"]
    assert face.empresas.mudancas[0].certificado is not None


async def test_the_next_number_is_shown_and_never_goes_back(face: Face) -> None:
    await face.integrador.post("/api/nfce/company/create", body(EXISTENTE))
    face.empresas.proximos[Modelo.NFCE, 1, Ambiente.HOMOLOGACAO] = 42
    assert (await face.empresa.post("/api/nfce/company/get", {})).data["number_nfce"] == 42
    resposta = await face.empresa.post("/api/nfce/company/update", {"number_nfce": 10})
    assert [a["codigo"] for a in resposta.data["avisos"]] == ["EMPRESA-NUMERO-USADO"]


async def test_categories_from_birth_to_death(face: Face) -> None:
    criada = await face.empresa.post("/api/nfce/category/create", CATEGORIA)
    codigo = criada.data["category_id"]
    consulta = f"category_id={codigo}"
    detalhe = (await face.empresa.get("/api/nfce/category/get_detail", consulta)).data
    assert detalhe == {**CATEGORIA, "category_id": codigo}

    await face.empresa.post(
        "/api/nfce/category/create", {**CATEGORIA, "category_id": "OUTRA", "descricao": "B"}
    )
    lista = (await face.empresa.get("/api/nfce/category/get_list", "page=1&page_size=1")).data
    assert lista == {
        "list": [{"category_id": codigo, "descricao": "Bebidas não alcoólicas"}],
        "page": 1, "total": 2, "total_pages": 2,
    }  # fmt: skip

    nova = deepcopy(CATEGORIA)
    del (
        nova["ibs_cbs"],
        nova["icms"]["aliquota_icms"],
        nova["icms"]["aliquota_fcp"],
        nova["icms"]["beneficio_fiscal"],
    )
    nova["icms"] |= {"situacao_tributaria": "20", "aliquota_reducao": D("33.33"), "motivo_desoneracao": "9"}
    editada = await face.empresa.post("/api/nfce/category/edit", {**nova, "category_id": codigo})
    assert editada.data == {"category_id": codigo}
    detalhe = (await face.empresa.get("/api/nfce/category/get_detail", consulta)).data
    assert detalhe.pop("category_id") == codigo
    assert detalhe["icms"].pop("aliquota_reducao") == 33.33
    del nova["icms"]["aliquota_reducao"]
    assert detalhe == nova

    apagada = await face.empresa.post("/api/nfce/category/delete", {"category_id": codigo})
    assert apagada.json["success"] is True
    assert (await face.empresa.get("/api/nfce/category/get_detail", consulta)).status == 404


async def test_the_example_of_the_contract_is_in_the_categories_of_the_nfce_only(face: Face) -> None:
    face.categorias.create(1, codigo="NFE", descricao="da NF-e", conteudo={})
    assert (await face.empresa.get("/api/nfce/category/get_list", "page=1&page_size=50")).data["total"] == 0
    for rota in ("edit", "delete"):
        corpo = {**CATEGORIA, "category_id": "NFE"}
        assert (await face.empresa.post(f"/api/nfce/category/{rota}", corpo)).status == 404
    assert (await face.empresa.get("/api/nfce/category/get_detail", "category_id=NFE")).status == 404


@pytest.mark.parametrize(
    ("mudanca", "codigo"),
    [
        ({"codigo_cfop": "6102"}, "CAT-CFOP-NFCE"),
        ({"icms": None}, "CAMPO-AUSENTE"),
        ({"icms": []}, "CAMPO-OBJETO"),
        ({"pis": {"situacao_tributaria": "99"}}, "CAMPO-AUSENTE"),
        ({"category_id": "NFE"}, "CATEGORIA-JA-EXISTE"),
    ],
)
async def test_refused_categories(face: Face, mudanca: dict[str, Any], codigo: str) -> None:
    face.categorias.create(1, codigo="NFE", descricao="da NF-e", conteudo={})
    resposta = await face.empresa.post("/api/nfce/category/create", {**CATEGORIA, **mudanca})
    assert (resposta.status, resposta.data["erros"][0]["codigo"]) == (400, codigo)


@pytest.mark.parametrize(
    "consulta", ["page=0&page_size=1", "page=1&page_size=51", "page=1", "page=x&page_size=1"]
)
async def test_refused_pages(face: Face, consulta: str) -> None:
    assert (await face.empresa.get("/api/nfce/category/get_list", consulta)).status == 400
