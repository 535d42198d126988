"""The sentences that the contract prints for errors, letter by letter, each out of the call that it belongs to."""

from typing import Any

import psycopg
import pytest
from tests.api.conftest import Cenario

UM_ID = "5f3a8b9c1d2e4f5a6b7c8d9e"
CONTADOR = "c@escritorio.com.br"


def calls(c: Cenario) -> dict[str, tuple[str, dict[str, Any], str]]:
    """By sentence: route, body and token."""
    quem = {"companyId": c.empresa.id, "accountantId": c.contador_id, "email": CONTADOR}
    vizinha = c.call("GET", "/api/company/get_detail", {}, c.token_vizinha).json()["data"]["company_id"]
    return {
        "uuid/chave不能为空": ("invoice/get_danfe", {}, c.token),
        "发票不存在": ("invoice/get_danfe", {"uuid": UM_ID}, c.token),
        "发票类型字段不能为空": ("invoice/get_xml", {"status": "Success"}, c.token),
        "chave inválida: deve ter 44 dígitos": ("invoice/consultar_status", {"chave": "1"}, c.token),
        "empresa não possui certificado configurado": ("invoice/consultar_status", {"chave": c.documento.chave}, c.token_vizinha),
        "会计师ID参数异常或不存在": ("accountant/get_info", {**quem, "accountantId": UM_ID}, c.token),
        "该会计师邮箱异常或不存在": ("accountant/get_info", {**quem, "email": "outro@escritorio.com.br"}, c.token),
        "发票账号99异常或不存在": ("accountant/get_info", {**quem, "companyId": 99}, c.token),
        "该会计师未绑定该发票账号": ("accountant/get_info", {**quem, "companyId": vizinha}, c.token_vizinha),
        "id inválido": ("invoice/received/get_xml", {"id": "1"}, c.token),
        "documento recebido não encontrado": ("invoice/received/get_xml", {"id": UM_ID}, c.token),
        "manifestação não encontrada": ("invoice/manifest/get_xml", {"id": UM_ID}, c.token),
    }  # fmt: skip


@pytest.fixture(scope="module")
def sem_certificado(cenario: Cenario) -> Cenario:
    with psycopg.connect(cenario.url_banco, autocommit=True) as conexao:
        conexao.execute("UPDATE certificados SET atual = false WHERE empresa_id <> %s", (cenario.empresa.id,))
    return cenario


def test_every_printed_sentence_is_given_by_its_call(sem_certificado: Cenario) -> None:
    for sentenca, (rota, dados, token) in calls(sem_certificado).items():
        resposta = sem_certificado.call("POST", f"/api/{rota}", dados, token)
        assert (resposta.json()["success"], resposta.json()["message"]) == (False, sentenca), rota
        assert 400 <= resposta.status_code < 500


def test_a_question_that_cannot_be_asked_says_why(cenario: Cenario) -> None:
    """The certificate of this company is none that opens."""
    chave = {"chave": cenario.documento.chave}
    resposta = cenario.call("POST", "/api/invoice/consultar_status", chave, cenario.token)
    assert resposta.json()["message"].startswith("erro ao consultar SEFAZ: ")


def test_an_accountant_is_no_secret_only_to_who_knows_id_and_address(cenario: Cenario) -> None:
    """A neighbour that guesses the address, or has only the id, hears that there is no such accountant."""
    vizinha = cenario.call("GET", "/api/company/get_detail", {}, cenario.token_vizinha).json()["data"][
        "company_id"
    ]
    quem = {"companyId": vizinha, "accountantId": cenario.contador_id, "email": "outro@escritorio.com.br"}
    resposta = cenario.call("POST", "/api/accountant/get_info", quem, cenario.token_vizinha)
    assert resposta.json()["message"] == "会计师ID参数异常或不存在"
