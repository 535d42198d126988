"""Company registration: everything is checked before anything is stored."""

import base64
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.faces.tffiscal.certificados import SENHA, make_pfx
from tests.faces.tffiscal.conftest import Face

pytestmark = pytest.mark.anyio
ROTA = "/api/company/create"
CNPJ = "12345678000195"


def body(pfx: bytes | None = None, **mudancas: Any) -> dict[str, Any]:
    arquivo = base64.b64encode(pfx if pfx is not None else make_pfx(CNPJ)).decode()
    return {
        "cnpj": CNPJ,
        "name": "Empresa Exemplo LTDA",
        "ie": "123456789",
        "invoice_type": "simples_nacional",
        "unit": "UN",
        "email": "contact@company.com",
        "cep": "01001000",
        "address": "Example Street",
        "house_number": "100",
        "town": "Downtown",
        "city": "São Paulo",
        "state": "SP",
        "cert_file": f"data:application/x-pkcs12;base64,{arquivo}",
        "cert_pwd": SENHA,
        "serie": 1,
        "number": 1,
        **mudancas,
    }


async def test_the_contracts_payload(face: Face) -> None:
    antes = len(face.empresas.novas)
    resposta = await face.integrador.post(ROTA, body())
    assert resposta.status == 200
    assert set(resposta.data) == {"company_id", "token"}
    assert resposta.data["company_id"] == "comp_2"
    nova = face.empresas.novas[antes]
    assert (nova.cnpj, nova.regime, nova.serie_nfe, nova.numero_nfe) == (CNPJ, "simples_nacional", 1, 1)
    assert (nova.endereco.municipio_ibge, nova.endereco.municipio, nova.endereco.uf) == (
        "3550308",
        "São Paulo",
        "SP",
    )
    assert nova.certificado_fim == datetime(2027, 1, 1, tzinfo=UTC)
    assert nova.certificado_url == ""
    assert [categoria.codigo for categoria in nova.categorias] == ["TF1", "TF2"]


async def test_a_replay_shows_the_same_token_and_keeps_it_sealed(face: Face) -> None:
    corpo = body()
    primeira = await face.integrador.post(ROTA, corpo)
    segunda = await face.integrador.post(ROTA, corpo)
    assert primeira.conteudo == segunda.conteudo
    assert len(face.empresas.novas) == 2
    guardada = next(iter(face.respostas.lugares.values()))
    assert guardada is not None
    assert primeira.data["token"].encode() not in guardada


async def test_numbers_as_text_and_punctuation(face: Face) -> None:
    corpo = body(
        cnpj="12.345.678/0001-95", cep="01001-000", serie="1", number="42", house_number=100, state="sp",
        invoice_type="Lucro Presumido", is_create_category_template="false",
    )  # fmt: skip
    assert (await face.integrador.post("/v1" + ROTA, corpo)).status == 200
    nova = face.empresas.novas[-1]
    assert (nova.numero_nfe, nova.regime, nova.endereco.numero, nova.categorias) == (42, "normal", "100", ())


async def test_the_same_company_twice(face: Face) -> None:
    await face.integrador.post(ROTA, body())
    face.clock.advance(1)
    resposta = await face.integrador.post(ROTA, body())
    assert (resposta.status, resposta.codigos) == (400, ["EMPRESA-JA-EXISTE"])


@pytest.mark.parametrize(
    "campo",
    [
        "cnpj", "name", "ie", "invoice_type", "unit", "cep", "address", "house_number", "town", "city", "state",
        "cert_file", "cert_pwd", "serie", "number",
    ],
)  # fmt: skip
async def test_every_required_field(face: Face, campo: str) -> None:
    antes = len(face.empresas.novas)
    corpo = body(b"x")
    corpo[campo] = ""
    resposta = await face.integrador.post(ROTA, corpo)
    assert (resposta.status, resposta.campos, resposta.codigos) == (400, [campo], ["CAMPO-AUSENTE"])
    assert len(face.empresas.novas) == antes


@pytest.mark.parametrize(
    ("mudancas", "campos", "codigos"),
    [
        ({"cnpj": "12345678000199"}, ["cnpj"], ["IDENT-CNPJ-03"]),
        ({"cnpj": "123"}, ["cnpj"], ["IDENT-CNPJ-01"]),
        ({"invoice_type": "juridica"}, ["invoice_type"], ["EMPRESA-REGIME"]),
        ({"cep": "1001"}, ["cep"], ["EMPRESA-CEP"]),
        ({"cep": "99999999"}, ["cep"], ["EMPRESA-CEP-FAIXA"]),
        ({"state": "ZZ"}, ["state"], ["EMPRESA-UF"]),
        ({"state": "RJ"}, ["state"], ["EMPRESA-UF-CEP"]),
        ({"state": "RJ", "cep": "20000000", "city": "Nenhuma"}, ["city"], ["EMPRESA-MUNICIPIO"]),
        ({"cnpj": "12345678000199", "state": "RJ"}, ["cnpj", "state"], ["IDENT-CNPJ-03", "EMPRESA-UF-CEP"]),
        ({"serie": 890}, ["serie"], ["EMPRESA-SERIE"]),
        ({"serie": "um"}, ["serie"], ["CAMPO-INTEIRO"]),
        ({"number": 0}, ["number"], ["EMPRESA-NUMERO"]),
        ({"ie": "abc"}, ["ie"], ["EMPRESA-IE"]),
    ],
)
async def test_what_is_refused_before_the_certificate_is_fetched(
    face: Face, mudancas: dict[str, Any], campos: list[str], codigos: list[str]
) -> None:
    antes = len(face.empresas.novas)
    resposta = await face.integrador.post(ROTA, body(b"x", **mudancas))
    assert (resposta.status, resposta.campos, resposta.codigos) == (400, campos, codigos)
    assert len(face.empresas.novas) == antes


async def test_the_town_comes_from_the_cep_when_its_name_is_unknown(face: Face) -> None:
    assert (await face.integrador.post(ROTA, body(city="Sampa"))).status == 200
    assert face.empresas.novas[-1].endereco.municipio == "São Paulo"


@pytest.mark.parametrize(
    ("mudancas", "pfx", "campo", "codigo"),
    [
        ({"cert_pwd": "outra-senha-1"}, None, "cert_pwd", "CERT-SENHA"),
        ({}, b"isto nao e um certificado", "cert_file", "CERT-FORMATO"),
        ({"cnpj": "11444777000161"}, None, "cnpj", "CERT-OUTRO-TITULAR"),
        ({}, make_pfx(CNPJ, fim=datetime(2026, 11, 1, tzinfo=UTC)), "cert_file", "CERT-VENCIDO"),
        ({}, make_pfx(CNPJ, inicio=datetime(2026, 12, 1, tzinfo=UTC)), "cert_file", "CERT-FUTURO"),
        ({"cert_file": "data:text/html;base64,AAAA"}, None, "cert_file", "CERT-URL-DATA"),
        ({"cert_file": "http://exemplo.com/cert.pfx"}, None, "cert_file", "CERT-URL-HTTPS"),
    ],
)
async def test_certificates_that_cannot_be_used(
    face: Face, mudancas: dict[str, Any], pfx: bytes | None, campo: str, codigo: str
) -> None:
    antes = len(face.empresas.novas)
    resposta = await face.integrador.post(ROTA, body(pfx, **mudancas))
    assert (resposta.status, resposta.campos, resposta.codigos) == (400, [campo], [codigo])
    assert SENHA.encode() not in resposta.conteudo
    assert b"outra-senha-1" not in resposta.conteudo
    assert len(face.empresas.novas) == antes


async def test_secrets_are_not_repeated_in_refusals(face: Face) -> None:
    resposta = await face.integrador.post(ROTA, body(cert_pwd=["senha-em-lista"], cert_file={"url": "x"}))
    assert resposta.status == 400
    assert [erro["valor"] for erro in resposta.data["erros"]] == ["***", "***"]
