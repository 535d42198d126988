"""Bad input at the door of the running platform: a clear answer in the envelope, no number used, nothing stored."""

import hashlib
import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.processos.apoio import Loja, new_cnpj

from chancela.cli.cliente_tffiscal import ClienteTffiscal
from chancela.kit.clock import SystemClock
from chancela.server.demonstracao import EMPRESA_NORMAL, SENHA, Plataforma, issue_test_pfx, pfx_data_url

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos")]
ROTA = "/api/invoice/create"


@pytest.fixture(scope="module")
def loja(plataforma: Plataforma) -> Loja:
    return Loja(plataforma)


def _raw(
    loja: Loja, corpo: bytes, *, token: str, sign: str | None = None, idade_s: int = 0
) -> tuple[int, dict[str, Any]]:
    """POST exactly these bytes, signed as told."""
    partes = urlsplit(loja.plataforma.pronto["tffiscal"]["url"])
    marca = str(int(SystemClock().now().timestamp()) - idade_s)
    certa = hashlib.md5(token.encode() + ROTA.encode() + corpo + marca.encode()).hexdigest()
    conexao = http.client.HTTPConnection(str(partes.hostname), partes.port, timeout=30)
    try:
        cabecalhos = {
            "token": token,
            "timestamp": marca,
            "sign": sign or certa,
            "Content-Type": "application/json;charset=utf-8",
        }
        conexao.request("POST", ROTA, corpo, cabecalhos)
        resposta = conexao.getresponse()
        return resposta.status, json.loads(resposta.read())
    finally:
        conexao.close()


def _assert_clear(corpo: dict[str, Any]) -> None:
    assert corpo["success"] is False
    assert corpo["message"]
    texto = json.dumps(corpo)
    for rastro in ("Traceback", "pydantic", "sqlalchemy", "Exception", "site-packages"):
        assert rastro not in texto


def _changed(loja: Loja, **mudancas: Any) -> bytes:
    return json.dumps(loja.sale(id="RUIM", **mudancas)).encode()


def _without(loja: Loja, campo: str) -> bytes:
    corpo = loja.sale(id="RUIM")
    del corpo[campo]
    return json.dumps(corpo).encode()


def _item(loja: Loja, **mudancas: Any) -> bytes:
    corpo = loja.sale(id="RUIM")
    corpo["products"][0] |= mudancas
    return json.dumps(corpo).encode()


def _customer(loja: Loja, **mudancas: Any) -> bytes:
    corpo = loja.sale(id="RUIM")
    corpo["cliente"] = {k: v for k, v in {**corpo["cliente"], **mudancas}.items() if v is not None}
    return json.dumps(corpo).encode()


def test_refusals_name_the_field_and_use_no_number(loja: Loja) -> None:
    token: str = loja.cliente._token
    casos: list[tuple[bytes, str]] = [
        (_without(loja, "nature_of_operation"), "nature_of_operation"),
        (_without(loja, "products"), "products"),
        (_changed(loja, products="três"), "products"),
        (_item(loja, count="muitos"), "products[0].count"),
        (_item(loja, ncm="123"), "products[0].ncm"),
        (_item(loja, category_id="NAO-EXISTE"), "products[0].category_id"),
        (_item(loja, total_price=299.00), "products[0].total_price"),
        (_customer(loja, cpf=None, cnpj="12345678000199"), "cliente.cnpj"),
        (_customer(loja, cep="00000000"), "cliente.cep"),
    ]
    for corpo, campo in casos:
        status, resposta = _raw(loja, corpo, token=token)
        assert status == 400, (campo, resposta)
        _assert_clear(resposta)
        erros = {erro["campo"]: erro for erro in resposta["data"]["erros"]}
        assert campo in erros, (campo, sorted(erros))
        assert erros[campo]["codigo"]
        assert erros[campo]["mensagem"]
        assert erros[campo]["correcao"]

    boa = loja.cliente.post(ROTA, loja.sale(id="BOA-1"))
    assert boa.dados["status"] == "Success"
    assert boa.dados["nfe"] == 1, "a refused request used a number"


def test_who_does_not_prove_who_they_are_gets_401(loja: Loja) -> None:
    corpo = json.dumps(loja.sale(id="INTRUSO")).encode()
    token: str = loja.cliente._token
    for status, resposta in (
        _raw(loja, corpo, token=token, sign="0" * 32),
        _raw(loja, corpo, token=token, idade_s=301),
        _raw(loja, corpo, token=token, idade_s=-400),
        _raw(loja, corpo, token="desconhecido"),
        _raw(loja, corpo, token=loja.plataforma.pronto["tffiscal"]["integrador_token"]),
    ):
        assert status == 401, resposta
        _assert_clear(resposta)


def test_what_follows_the_json_is_refused_even_with_a_right_signature(loja: Loja) -> None:
    corpo = json.dumps(loja.sale(id="EXTENSAO")).encode()
    token: str = loja.cliente._token
    for cauda in (b"\x80", b"\x80\x00\x00", b"{}", b"x", "é".encode("latin-1")):
        status, resposta = _raw(loja, corpo + cauda, token=token)
        assert status == 400, (cauda, resposta)
        _assert_clear(resposta)


def test_wrong_certificates_register_nothing(loja: Loja, plataforma: Plataforma) -> None:
    url = plataforma.pronto["tffiscal"]["url"]
    integrador = ClienteTffiscal(url, plataforma.pronto["tffiscal"]["integrador_token"])
    cnpj = new_cnpj()
    certo = pfx_data_url(issue_test_pfx(plataforma.pasta, cnpj, "OUTRA LOJA LTDA"))
    alheio = pfx_data_url(issue_test_pfx(plataforma.pasta, "60746948000112", "LOJA ALHEIA LTDA"))
    dados = {**EMPRESA_NORMAL, "cnpj": cnpj}
    for mudanca, campo in (
        ({"cert_file": certo, "cert_pwd": "errada"}, "cert_pwd"),
        ({"cert_file": alheio, "cert_pwd": SENHA}, "cnpj"),
        ({"cert_file": pfx_data_url(b"nada disso"), "cert_pwd": SENHA}, "cert_file"),
        ({"cert_file": "https://127.0.0.1/cert.pfx", "cert_pwd": SENHA}, "cert_file"),
        ({"cert_file": certo, "cert_pwd": SENHA, "cnpj": cnpj[:-1] + str((int(cnpj[-1]) + 1) % 10)}, "cnpj"),
    ):
        resposta = integrador.post("/api/company/create", {**dados, **mudanca})
        assert resposta.status == 400, (campo, resposta.corpo)
        _assert_clear(resposta.corpo)
        assert campo in {erro["campo"] for erro in resposta.dados["erros"]}, resposta.corpo
    aceita = integrador.post("/api/company/create", {**dados, "cert_file": certo, "cert_pwd": SENHA})
    assert aceita.corpo["success"], "a refused registration left something behind"
