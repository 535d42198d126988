"""company/v2/create, edit, get_list, get_detail and get_cep_detail at the face."""

import base64
from typing import Any

import pytest
from tests.faces.tffiscal.certificados import SENHA, make_pfx
from tests.faces.tffiscal.cliente import Cliente
from tests.faces.tffiscal.conftest import Face
from tests.faces.tffiscal.exemplos import CATEGORIA_MINIMA
from tests.faces.tffiscal.memoria import company
from tests.faces.tffiscal.test_nfce_cadastro import EXISTENTE, NOVO, register

from chancela.domain.erros import TransmissaoRecusada
from chancela.domain.identidade import Ambiente, Cnpj, Modelo, Uf

pytestmark = pytest.mark.anyio
CHAVES_DA_EMPRESA = {
    "company_id": str, "invoice_type": str, "token": str, "cnpj": str, "name": str, "ie": str, "unit": str, "email": str,
    "cep": str, "address": str, "house_number": str, "town": str, "city": str, "state": str, "cert_file": str,
    "cert_pwd": str, "serie": int, "number": int,
}  # fmt: skip


def simple(titular: str = NOVO, **mudancas: Any) -> dict[str, Any]:
    arquivo = base64.b64encode(make_pfx(titular)).decode()
    url = f"data:application/x-pkcs12;base64,{arquivo}"
    return {"cnpj": titular, "cert_file": url, "cert_pwd": SENHA, **mudancas}


def assert_documented(dados: dict[str, Any]) -> None:
    for chave, tipo in CHAVES_DA_EMPRESA.items():
        assert isinstance(dados[chave], tipo), chave


async def test_v2_takes_name_registration_and_address_from_the_register(face: Face) -> None:
    register(face)
    resposta = await face.integrador.post("/api/company/v2/create", simple())
    assert set(resposta.data) == {"company_id", "token"}
    nova = face.empresas.novas[-1]
    assert (nova.cnpj, nova.razao_social, nova.inscricao_estadual) == (NOVO, "LOJA NOVA LTDA", "110042490114")
    assert (nova.regime, nova.endereco.municipio_ibge, nova.endereco.uf) == (
        "simples_nacional",
        "3550308",
        Uf.SP,
    )
    assert (nova.serie_nfe, nova.numero_nfe, nova.serie_nfce) == (1, 1, None)
    assert [categoria.codigo for categoria in nova.categorias] == ["TF1", "TF2"]
    sem_modelos = await face.integrador.post(
        "/api/company/v2/create", simple(is_create_category_template=False, cnpj="12345678000276")
    )
    assert sem_modelos.codigos == ["CNPJ-NAO-EXISTE"]


@pytest.mark.parametrize(
    ("mudancas", "codigo"),
    [
        ({"cnpj": "12345678000199"}, "IDENT-CNPJ-03"),
        ({"cert_pwd": "errada"}, "CERT-SENHA"),
        ({"cert_file": "http://exemplo.com.br/a.pfx"}, "CERT-URL-HTTPS"),
        ({"cert_pwd": ""}, "CAMPO-AUSENTE"),
        ({"cnpj": EXISTENTE}, "CERT-OUTRO-TITULAR"),
    ],
)
async def test_v2_refusals(face: Face, mudancas: dict[str, Any], codigo: str) -> None:
    register(face)
    resposta = await face.integrador.post("/api/company/v2/create", simple(**mudancas))
    assert (resposta.status, resposta.codigos) == (400, [codigo])


async def test_v2_without_a_registration_asks_for_it(face: Face) -> None:
    register(face, inscricao_estadual="")
    resposta = await face.integrador.post("/api/company/v2/create", simple())
    assert (resposta.codigos, resposta.campos) == (["EMPRESA-SEM-IE"], ["ie"])
    resposta = await face.integrador.post("/api/company/v2/create", simple(ie="ISENTO"))
    assert resposta.json["success"]
    assert face.empresas.novas[-1].inscricao_estadual == "ISENTO"


async def test_v2_when_the_register_is_down(face: Face) -> None:
    face.consulta.falha = TransmissaoRecusada("CNPJ-CONSULTA", "A consulta não respondeu.", "Tente de novo.")
    resposta = await face.integrador.post("/api/company/v2/create", simple())
    assert (resposta.status, resposta.codigos) == (500, ["CNPJ-CONSULTA"])


async def test_edit_changes_what_is_sent_and_the_cep_decides_the_place(face: Face) -> None:
    corpo = {
        "company_id": "comp_1",
        "name": " Nova Razão Social LTDA ",
        "email": "new@company.com",
        "cep": "01310-100",
    }
    resposta = await face.empresa.post("/api/company/edit", corpo)
    assert resposta.json == {"success": True, "message": "Sucesso"}
    mudanca = face.empresas.mudancas[-1]
    assert (mudanca.razao_social, mudanca.email) == ("Nova Razão Social LTDA", "new@company.com")
    assert mudanca.endereco is not None
    assert (mudanca.endereco.cep, mudanca.endereco.municipio_ibge, mudanca.endereco.uf) == (
        "01310100",
        "3550308",
        Uf.SP,
    )
    assert (mudanca.inscricao_estadual, mudanca.serie_nfe, mudanca.certificado) == (None, None, None)


async def test_edit_takes_certificate_series_and_number(face: Face) -> None:
    novo = simple(EXISTENTE)
    corpo = {"company_id": "1", "cert_file": novo["cert_file"], "cert_pwd": SENHA, "serie": 2, "number": 7}
    face.empresas.proximos[Modelo.NFE, 2, Ambiente.PRODUCAO] = 9
    resposta = await face.empresa.post("/api/company/edit", corpo)
    assert [aviso["codigo"] for aviso in resposta.data["avisos"]] == ["EMPRESA-NUMERO-USADO"]
    mudanca = face.empresas.mudancas[-1]
    assert (mudanca.serie_nfe, mudanca.numero_nfe) == (2, 7)
    assert mudanca.certificado is not None


@pytest.mark.parametrize(
    ("corpo", "status", "codigo"),
    [
        ({"company_id": "comp_1", "cnpj": "11222333000181", "name": "X"}, 400, "EMPRESA-CNPJ-IMUTAVEL"),
        ({"company_id": "comp_2", "name": "X"}, 404, "EMPRESA-NAO-EXISTE"),
        ({"company_id": "comp_1"}, 400, "EMPRESA-NADA-MUDA"),
        ({"company_id": "comp_1", "cert_pwd": "x"}, 400, "CAMPO-AUSENTE"),
        ({"company_id": "comp_1", "state": "RJ"}, 400, "EMPRESA-UF-CEP"),
        ({"name": "X"}, 400, "CAMPO-AUSENTE"),
    ],
)
async def test_edit_refusals(face: Face, corpo: dict[str, Any], status: int, codigo: str) -> None:
    resposta = await face.empresa.post("/api/company/edit", corpo)
    assert (resposta.status, resposta.codigos) == (status, [codigo])
    assert face.empresas.mudancas == []


async def test_get_list_shows_every_documented_field_and_only_ones_own(face: Face) -> None:
    _, alheio = face.empresas.create_integrador("outra")
    resposta = await face.integrador.get("/api/company/get_list", "page=1&page_size=10")
    assert set(resposta.data) == {"companys", "page", "total", "total_pages"}
    (empresa,) = resposta.data["companys"]
    assert_documented(empresa)
    assert (empresa["company_id"], empresa["token"], empresa["cert_pwd"]) == (
        "comp_1",
        face.empresa.token,
        "***",
    )
    assert (empresa["cnpj"], empresa["number"]) == (str(Cnpj(EXISTENTE)), 1)
    outra = Cliente(face.app, face.clock, alheio)
    vazia = await outra.get("/api/company/get_list", "page=1&page_size=20")
    assert vazia.data == {"companys": [], "page": 1, "total": 0, "total_pages": 0}


async def test_pages_of_companies(face: Face) -> None:
    for digitos in ("12345678000195", "98765432000198"):
        nova = company(face.clock)
        face.empresas.create(type(nova)(**{c: getattr(nova, c) for c in nova.__slots__} | {"cnpj": digitos}))
    segunda = (await face.integrador.get("/api/company/get_list", "page=2&page_size=2")).data
    assert (segunda["page"], segunda["total"], segunda["total_pages"]) == (2, 3, 2)
    assert [empresa["company_id"] for empresa in segunda["companys"]] == ["comp_3"]


@pytest.mark.parametrize("consulta", ["page=0&page_size=10", "page=1&page_size=21", "page=1&page_size=0"])
async def test_page_limits_of_companies(face: Face, consulta: str) -> None:
    resposta = await face.integrador.get("/api/company/get_list", consulta)
    assert (resposta.status, resposta.codigos) == (400, ["CAMPO-PAGINA"])


async def test_get_detail_lists_the_categories(face: Face) -> None:
    await face.empresa.post("/api/category/create", {**CATEGORIA_MINIMA, "disable_difal": True})
    face.empresas.proximos[Modelo.NFE, 1, Ambiente.HOMOLOGACAO] = 142
    dados = (await face.empresa.get("/api/company/get_detail")).data
    assert_documented(dados)
    assert dados["number"] == 142
    assert dados["categorys"] == [
        {
            "category_id": "TF1",
            "descricao": "Venda de mercadoria padrão",
            "disable_difal": True,
            "desconta_icms_pis_cofins": False,
        }
    ]
    assert "v1" not in dados["company_id"]
    assert (await face.empresa.get("/v1/api/company/get_detail")).data == dados


async def test_get_cep_detail(face: Face) -> None:
    dados = (await face.integrador.get("/api/company/get_cep_detail", "cep=01001-000")).data
    assert (dados["cep"], dados["uf"], dados["ibge"], dados["localidade"]) == (
        "01001-000",
        "SP",
        3550308,
        "São Paulo",
    )
    assert {"logradouro", "bairro", "ddd"} <= dados.keys()
    so_uf = (await face.integrador.get("/api/company/get_cep_detail", "cep=20040020")).data
    assert (so_uf["uf"], so_uf["ibge"], so_uf["localidade"]) == ("RJ", 0, "")
    for cep, status, codigo in (("99999999", 404, "EMPRESA-CEP-FAIXA"), ("123", 400, "EMPRESA-CEP")):
        resposta = await face.integrador.get("/api/company/get_cep_detail", f"cep={cep}")
        assert (resposta.status, resposta.codigos) == (status, [codigo])


@pytest.mark.parametrize(
    ("rota", "consulta"),
    [("company/get_list", "page=1&page_size=1"), ("company/get_cep_detail", "cep=01001000")],
)
async def test_the_distributors_operations_refuse_a_companys_token(
    face: Face, rota: str, consulta: str
) -> None:
    resposta = await face.empresa.get(f"/api/{rota}", consulta)
    assert (resposta.status, resposta.codigos) == (401, ["AUT-09"])
