"""The public register of companies: what is read, and every way in which it cannot be had."""

import json
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from chancela.domain.erros import TransmissaoRecusada
from chancela.domain.identidade import Cnpj
from chancela.gateways.cnpj import ConsultaCnpjHttp, read_cadastro, read_sintegraws
from chancela.gateways.forma_cnpj import FormaConsulta
from chancela.simulator.cadastro import Cadastro, Contribuinte
from chancela.simulator.consulta_cnpj import describe_cnpj

CNPJ = Cnpj("11222333000181")
pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_what_a_register_of_the_internet_tells() -> None:
    lido = read_cadastro(
        CNPJ,
        json.dumps(
            {
                "cnpj": "11222333000181", "razao_social": " LOJA  EXEMPLO LTDA ", "nome_fantasia": None,
                "descricao_tipo_de_logradouro": "RUA", "logradouro": "DAS FLORES", "numero": "", "complemento": "LOJA 1",
                "bairro": "CENTRO", "municipio": "SAO PAULO", "uf": "sp", "cep": "01001-000", "ddd_telefone_1": "(11) 3333-4444",
                "email": "LOJA@EXEMPLO.COM.BR", "opcao_pelo_simples": True, "opcao_pelo_mei": False,
            }
        ).encode(),
    )  # fmt: skip
    assert (lido.razao_social, lido.nome_fantasia, lido.regime) == (
        "LOJA EXEMPLO LTDA",
        "",
        "simples_nacional",
    )
    assert (lido.logradouro, lido.numero, lido.cep, lido.uf) == ("RUA DAS FLORES", "S/N", "01001000", "SP")
    assert (lido.telefone, lido.email, lido.inscricao_estadual) == ("1133334444", "loja@exemplo.com.br", "")


@pytest.mark.parametrize(
    ("campos", "regime", "ie"),
    [
        ({"opcao_pelo_mei": True, "opcao_pelo_simples": True}, "mei", ""),
        ({"opcao_pelo_simples": None}, "normal", ""),
        ({"uf": "SP", "inscricoes_estaduais": [{"uf": "SP", "inscricao_estadual": "110.042.490.114"}]}, "normal", "110042490114"),
        ({"uf": "SP", "inscricoes_estaduais": [{"uf": "RJ", "inscricao_estadual": "1"}, 3]}, "normal", ""),
        ({"uf": "SP", "inscricoes_estaduais": [{"uf": "SP", "inscricao_estadual": "1", "ativa": False}]}, "normal", ""),
        ({"uf": "SP", "inscricoes_estaduais": "?"}, "normal", ""),
    ],
)  # fmt: skip
async def test_regime_and_registration(campos: dict[str, Any], regime: str, ie: str) -> None:
    lido = read_cadastro(CNPJ, json.dumps(campos).encode())
    assert (lido.regime, lido.inscricao_estadual) == (regime, ie)


@pytest.mark.parametrize("conteudo", [b"", b"<html>", b"[]", b"\xff"])
async def test_what_is_no_register(conteudo: bytes) -> None:
    with pytest.raises(TransmissaoRecusada) as erro:
        read_cadastro(CNPJ, conteudo)
    assert erro.value.codigo == "CNPJ-CONSULTA"


async def test_nowhere_to_ask() -> None:
    with pytest.raises(TransmissaoRecusada) as erro:
        await ConsultaCnpjHttp("").find(CNPJ)
    assert erro.value.codigo == "CNPJ-SEM-CONSULTA"


@pytest.mark.parametrize(
    ("status", "corpo", "codigo"),
    [
        (200, b'{"razao_social": "LOJA"}', None),
        (404, b"", "ausente"),
        (302, b"", "CNPJ-CONSULTA"),
        (500, b"", "CNPJ-CONSULTA"),
        (200, b"{" + b" " * 300_000 + b"}", "CNPJ-CONSULTA"),
    ],
)
async def test_over_the_wire(status: int, corpo: bytes, codigo: str | None) -> None:
    pedidos: list[str] = []

    async def answer(pedido: web.Request) -> web.Response:
        pedidos.append(pedido.path)
        return web.Response(
            status=status, body=corpo, headers={"Location": "/outro"} if status == 302 else None
        )

    executor = web.AppRunner(_application(answer))
    await executor.setup()
    try:
        local = web.TCPSite(executor, "127.0.0.1", 0)
        await local.start()
        porta = executor.addresses[0][1]
        consulta = ConsultaCnpjHttp(f"http://127.0.0.1:{porta}/cnpj/")
        if codigo is None or codigo == "ausente":
            achado = await consulta.find(CNPJ)
            assert (achado is None) is (codigo == "ausente")
        else:
            with pytest.raises(TransmissaoRecusada) as erro:
                await consulta.find(CNPJ)
            assert erro.value.codigo == codigo
        assert pedidos == ["/cnpj/11222333000181"]
    finally:
        await executor.cleanup()
    with pytest.raises(TransmissaoRecusada):
        await consulta.find(CNPJ)


def _application(answer: Any) -> web.Application:
    app = web.Application()
    app.router.add_get("/cnpj/{cnpj}", answer)
    return app


async def test_the_register_of_the_simulator_is_read_back(tmp_path: Path) -> None:
    cadastro = Cadastro(
        [
            Contribuinte("11222333000181", "SP", "110042490114", "LOJA LTDA", "4", fantasia="Loja"),
            Contribuinte("11222333000181", "RJ", "11111111", "LOJA LTDA"),
        ]
    )
    lido = read_cadastro(CNPJ, json.dumps(describe_cnpj(cadastro, str(CNPJ))).encode())
    assert (lido.razao_social, lido.nome_fantasia, lido.inscricao_estadual, lido.regime) == (
        "LOJA LTDA", "Loja", "110042490114", "mei",
    )  # fmt: skip
    assert (lido.cep, lido.municipio) == ("01001000", "São Paulo")
    inventada = describe_cnpj(cadastro, "11444777000161")
    assert inventada is not None
    assert "FICTICIA" in inventada["razao_social"]
    assert describe_cnpj(cadastro, "11444777000162") is None
    assert describe_cnpj(Cadastro(estrito=True), "11444777000161") is None


SINTEGRAWS: dict[str, Any] = {
    "code": "0", "status": "OK", "message": "Pesquisa realizada com sucesso.", "cnpj": "11.222.333/0001-81",
    "nome_empresarial": "LOJA EXEMPLO LTDA", "nome_fantasia": "LOJA", "inscricao_estadual": "110.042.490.114",
    "regime_tributacao": "SIMPLES NACIONAL", "cep": "01001-000", "logradouro": "PRACA DA SE", "numero": "100",
    "complemento": "", "bairro": "SE", "municipio": "SAO PAULO", "uf": "SP", "telefone": "(11) 3333-4444",
}  # fmt: skip


async def test_the_shape_of_sintegraws() -> None:
    lido = read_sintegraws(CNPJ, json.dumps(SINTEGRAWS).encode())
    assert lido is not None
    assert (lido.razao_social, lido.inscricao_estadual, lido.regime, lido.cep) == (
        "LOJA EXEMPLO LTDA",
        "110042490114",
        "simples_nacional",
        "01001000",
    )
    normal = read_sintegraws(
        CNPJ, json.dumps({**SINTEGRAWS, "regime_tributacao": "NORMAL - REGIME PERIÓDICO"}).encode()
    )
    assert normal is not None
    assert normal.regime == "normal"
    assert read_sintegraws(CNPJ, b'{"code": "1", "status": "ERROR"}') is None
    with pytest.raises(TransmissaoRecusada):
        read_sintegraws(CNPJ, b'{"code": "5", "message": "Token invalido"}')
    with pytest.raises(TransmissaoRecusada):
        read_sintegraws(CNPJ, b"<html>")


async def test_sintegraws_is_asked_with_its_token() -> None:
    pedidos: list[dict[str, str]] = []

    async def answer(request: web.Request) -> web.Response:
        pedidos.append(dict(request.query))
        return web.json_response(SINTEGRAWS)

    app = web.Application()
    app.router.add_get("/api/v1/execute-api.php", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        porta = runner.addresses[0][1]
        consulta = ConsultaCnpjHttp(
            f"http://127.0.0.1:{porta}/api/v1/execute-api.php", forma=FormaConsulta.SINTEGRAWS, token="t&1"
        )
        achado = await consulta.find(CNPJ)
    finally:
        await runner.cleanup()
    assert achado is not None
    assert achado.razao_social == "LOJA EXEMPLO LTDA"
    assert pedidos == [{"token": "t&1", "cnpj": str(CNPJ), "plugin": "ST"}]
