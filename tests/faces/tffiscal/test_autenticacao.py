"""Every rule of authentication, through the app."""

import hashlib
import json

import pytest
from tests.faces.tffiscal.cliente import call
from tests.faces.tffiscal.conftest import Face
from tests.faces.tffiscal.exemplos import CATEGORIA_MINIMA, NOTA_SIMPLES

from chancela.faces.tffiscal.autenticacao import sign_hmac, sign_md5

pytestmark = pytest.mark.anyio
ROTA = "/api/category/create"
CORPO = json.dumps(CATEGORIA_MINIMA).encode()


def headers(
    face: Face, corpo: bytes = CORPO, caminho: str = ROTA, **mudancas: str | None
) -> list[tuple[str, str]]:
    token = mudancas.get("token") or face.empresa.token
    instante = mudancas.get("timestamp") or face.empresa.agora
    valores = {
        "token": token,
        "timestamp": instante,
        "sign": sign_md5(token, caminho, corpo, instante),
        **mudancas,
    }
    return [(nome, valor) for nome, valor in valores.items() if valor is not None]


async def test_the_signature_is_the_contracts() -> None:
    esperada = hashlib.md5(b't/api/x?a=1{"b":2}1700000000').hexdigest()
    assert sign_md5("t", "/api/x?a=1", b'{"b":2}', "1700000000") == esperada


async def test_a_signed_call_goes_through(face: Face) -> None:
    resposta = await call(face.app, "POST", ROTA, cabecalhos=headers(face), corpo=CORPO, partes=5)
    assert resposta.status == 200
    assert resposta.json == {"success": True, "message": "Sucesso", "data": {"category_id": "TF1"}}
    assert resposta.cabecalhos["content-type"] == "application/json;charset=utf-8"


@pytest.mark.parametrize("nome", ["token", "sign", "timestamp"])
@pytest.mark.parametrize("valor", [None, ""])
async def test_a_missing_header(face: Face, nome: str, valor: str | None) -> None:
    resposta = await call(face.app, "POST", ROTA, cabecalhos=headers(face, **{nome: valor}), corpo=CORPO)
    assert (resposta.status, resposta.codigos) == (401, ["AUT-01"])
    assert nome in resposta.json["message"]


async def test_a_repeated_header(face: Face) -> None:
    cabecalhos = [*headers(face), ("token", face.empresa.token)]
    resposta = await call(face.app, "POST", ROTA, cabecalhos=cabecalhos, corpo=CORPO)
    assert (resposta.status, resposta.codigos) == (401, ["AUT-07"])


@pytest.mark.parametrize("sign", ["0" * 32, "zz", "é" * 32, "0" * 64])
async def test_a_wrong_sign(face: Face, sign: str) -> None:
    resposta = await call(face.app, "POST", ROTA, cabecalhos=headers(face, sign=sign), corpo=CORPO)
    assert (resposta.status, resposta.codigos) == (401, ["AUT-05"])
    assert not face.categorias.guardadas


async def test_upper_case_hexadecimal_is_the_same_signature(face: Face) -> None:
    sign = sign_md5(face.empresa.token, ROTA, CORPO, face.empresa.agora).upper()
    assert (
        await call(face.app, "POST", ROTA, cabecalhos=headers(face, sign=sign), corpo=CORPO)
    ).status == 200


async def test_a_body_changed_on_the_way(face: Face) -> None:
    outro = CORPO.replace(b"5102", b"5405")
    resposta = await call(face.app, "POST", ROTA, cabecalhos=headers(face), corpo=outro)
    assert (resposta.status, resposta.codigos) == (401, ["AUT-05"])


@pytest.mark.parametrize(("deslocamento_s", "status"), [(-301, 401), (-300, 200), (300, 200), (301, 401)])
async def test_the_window_of_the_timestamp(face: Face, deslocamento_s: int, status: int) -> None:
    timestamp = str(int(face.clock.now().timestamp()) + deslocamento_s)
    resposta = await call(face.app, "POST", ROTA, cabecalhos=headers(face, timestamp=timestamp), corpo=CORPO)
    assert resposta.status == status
    if status == 401:
        assert resposta.codigos == ["AUT-03"]


@pytest.mark.parametrize("timestamp", ["agora", "1.5", "-1", "1e9", "١٢٣", "9" * 17])
async def test_a_timestamp_that_is_no_integer(face: Face, timestamp: str) -> None:
    cabecalhos = [("token", face.empresa.token), ("sign", "0" * 32)]
    codificado = timestamp.encode().decode("latin-1")
    resposta = await call(
        face.app, "POST", ROTA, cabecalhos=[*cabecalhos, ("timestamp", codificado)], corpo=CORPO
    )
    assert (resposta.status, resposta.codigos) == (401, ["AUT-02"])


async def test_milliseconds_are_not_seconds(face: Face) -> None:
    timestamp = face.empresa.agora + "000"
    resposta = await call(face.app, "POST", ROTA, cabecalhos=headers(face, timestamp=timestamp), corpo=CORPO)
    assert resposta.codigos == ["AUT-03"]
    assert "segundos" in resposta.data["erros"][0]["correcao"]


async def test_an_unknown_token(face: Face) -> None:
    resposta = await call(face.app, "POST", ROTA, cabecalhos=headers(face, token="desconhecido"), corpo=CORPO)
    assert (resposta.status, resposta.codigos) == (401, ["AUT-04"])


async def test_whose_token_an_operation_takes(face: Face) -> None:
    resposta = await face.empresa.post("/api/company/create", {})
    assert (resposta.status, resposta.codigos) == (401, ["AUT-09"])
    resposta = await face.integrador.post(ROTA, CATEGORIA_MINIMA)
    assert (resposta.status, resposta.codigos) == (401, ["AUT-10"])


async def test_the_query_of_a_get_is_signed(face: Face) -> None:
    caminho = "/api/invoice/get_detail"
    resposta = await face.empresa.get(caminho, "uuid=00000000000000000000000a")
    assert resposta.status == 404
    sem_consulta = headers(face, b"", caminho)
    resposta = await call(face.app, "GET", caminho, "uuid=00000000000000000000000a", cabecalhos=sem_consulta)
    assert (resposta.status, resposta.codigos) == (401, ["AUT-05"])


async def test_the_query_is_signed_as_written_in_the_request_line(face: Face) -> None:
    resposta = await face.empresa.get("/api/invoice/get_detail", "uuid=%30%30&x=%C3%A9+")
    assert resposta.status == 404


@pytest.mark.parametrize("consulta", ["uuid=\x80", "uuid=a b", "uuid=\x00"])
async def test_a_query_with_raw_bytes_is_refused(face: Face, consulta: str) -> None:
    caminho = "/api/invoice/get_detail"
    cabecalhos = headers(face, b"", f"{caminho}?{consulta}")
    resposta = await call(face.app, "GET", caminho, consulta, cabecalhos=cabecalhos)
    assert (resposta.status, resposta.codigos) == (401, ["AUT-06"])


@pytest.mark.parametrize(
    ("consulta", "codigo"), [("uuid=%FF", "HTTP-02"), ("uuid=a&uuid=b", "HTTP-03"), ("", "CAMPO-AUSENTE")]
)
async def test_a_query_that_cannot_be_read(face: Face, consulta: str, codigo: str) -> None:
    resposta = await face.empresa.get("/api/invoice/get_detail", consulta)
    assert (resposta.status, resposta.codigos) == (400, [codigo])


async def test_a_get_has_no_body(face: Face) -> None:
    caminho = "/api/invoice/get_detail"
    resposta = await call(face.app, "GET", caminho, cabecalhos=headers(face, b"{}", caminho), corpo=b"{}")
    assert (resposta.status, resposta.codigos) == (400, ["HTTP-01"])


async def test_both_base_paths_signed_either_way(face: Face) -> None:
    for assinado in ("/v1/api/category/create", "/api/category/create"):
        face.clock.advance(1)
        resposta = await call(
            face.app,
            "POST",
            "/v1/api/category/create",
            cabecalhos=headers(face, CORPO, assinado),
            corpo=CORPO,
        )
        assert resposta.status == 200
    resposta = await call(
        face.app, "POST", ROTA, cabecalhos=headers(face, CORPO, "/v1/api/category/create"), corpo=CORPO
    )
    assert resposta.codigos == ["AUT-05"]


async def test_a_length_extension_never_passes(face: Face) -> None:
    """The forged body carries MD5 padding; even with the right digest it is refused before it is read."""
    padding = b"\x80" + b"\x00" * 20 + b"\x10\x02" + b"\x00" * 6
    forjado = CORPO + face.empresa.agora.encode() + padding + b"{}"
    resposta = await call(face.app, "POST", ROTA, cabecalhos=headers(face, forjado), corpo=forjado)
    assert (resposta.status, resposta.codigos) == (400, ["JSON-02"])
    assert not face.categorias.guardadas


@pytest.mark.parametrize(
    ("corpo", "codigo"),
    [
        (CORPO + b"x", "JSON-07"),
        (CORPO + b"\x00", "JSON-07"),
        (CORPO + CORPO, "JSON-07"),
        (b"\xef\xbb\xbf" + CORPO, "JSON-03"),
        (CORPO.replace(b"Venda", b"V\xe9nda"), "JSON-02"),
        (b"", "JSON-04"),
        (b"[]", "JSON-11"),
        (b'{"descricao":1,"descricao":2}', "JSON-08"),
        (b'{"a":NaN}', "JSON-09"),
        (b'{"a":', "JSON-06"),
        (b"[" * 100 + b"]" * 100, "JSON-05"),
        (b'{"a":"\\ud800"}', "JSON-10"),
        (b'"' + b"x" * (5 * 1024 * 1024) + b'"', "JSON-01"),
    ],
)
async def test_a_body_that_is_not_one_json_object(face: Face, corpo: bytes, codigo: str) -> None:
    resposta = await call(face.app, "POST", ROTA, cabecalhos=headers(face, corpo), corpo=corpo)
    assert (resposta.status, resposta.codigos) == (400, [codigo])
    assert not face.categorias.guardadas


async def test_whitespace_around_the_json_is_json(face: Face) -> None:
    corpo = b" \r\n" + CORPO + b"\r\n\t "
    assert (await call(face.app, "POST", ROTA, cabecalhos=headers(face, corpo), corpo=corpo)).status == 200


@pytest.mark.parametrize(
    ("tipo", "status"),
    [
        ("application/json;charset=utf-8", 200),
        ("application/json; charset=UTF-8", 200),
        ("application/json", 200),
        ("application/json;charset=iso-8859-1", 400),
        ("text/plain", 400),
    ],
)
async def test_the_content_type(face: Face, tipo: str, status: int) -> None:
    cabecalhos = [*headers(face), ("content-type", tipo)]
    assert (await call(face.app, "POST", ROTA, cabecalhos=cabecalhos, corpo=CORPO)).status == status


async def test_a_replay_gets_the_first_answer_and_does_nothing(face: Face) -> None:
    primeira = await face.empresa.post("/api/invoice/create", NOTA_SIMPLES)
    segunda = await face.empresa.post("/api/invoice/create", NOTA_SIMPLES)
    assert primeira.conteudo == segunda.conteudo
    assert len(face.emissor.pedidos) == 1
    face.clock.advance(1)
    await face.empresa.post("/api/invoice/create", NOTA_SIMPLES)
    assert len(face.emissor.pedidos) == 2


async def test_a_replay_under_the_other_base_path_is_still_a_replay(face: Face) -> None:
    await face.empresa.post("/api/invoice/create", NOTA_SIMPLES)
    cabecalhos = headers(face, NOTA_SIMPLES, "/api/invoice/create")
    resposta = await call(
        face.app, "POST", "/v1/api/invoice/create", cabecalhos=cabecalhos, corpo=NOTA_SIMPLES
    )
    assert resposta.status == 200
    assert len(face.emissor.pedidos) == 1


async def test_a_replay_while_the_first_still_runs(face: Face) -> None:
    face.emissor.falha = None
    await face.empresa.post("/api/invoice/create", NOTA_SIMPLES)
    for chave in face.respostas.lugares:
        face.respostas.lugares[chave] = None
    resposta = await face.empresa.post("/api/invoice/create", NOTA_SIMPLES)
    assert (resposta.status, resposta.codigos) == (429, ["REPETIDA-01"])
    assert resposta.cabecalhos["retry-after"] == "2"


async def test_after_a_failure_a_repeat_is_tried_again(face: Face) -> None:
    face.emissor.falha = RuntimeError("senha secreta no texto")
    resposta = await face.empresa.post("/api/invoice/create", NOTA_SIMPLES)
    assert resposta.status == 500
    assert b"secreta" not in resposta.conteudo
    assert resposta.data["pedido_id"] == resposta.cabecalhos["x-request-id"]
    face.emissor.falha = None
    assert (await face.empresa.post("/api/invoice/create", NOTA_SIMPLES)).status == 200
    assert len(face.emissor.pedidos) == 2


async def test_stored_answers_do_not_show_what_they_hold(face: Face) -> None:
    resposta = await face.empresa.post("/api/invoice/create", NOTA_SIMPLES)
    guardada = next(iter(face.respostas.lugares.values()))
    assert guardada is not None
    assert resposta.data["chave"].encode() not in guardada


async def test_tokens_are_looked_up_again_after_a_few_seconds(face: Face) -> None:
    for _ in range(3):
        await face.empresa.get("/api/invoice/get_detail", "uuid=0")
    assert face.empresas.consultas == 1
    face.clock.advance(6)
    del face.empresas.credenciais[face.empresa.token]
    resposta = await face.empresa.get("/api/invoice/get_detail", "uuid=0")
    assert resposta.codigos == ["AUT-04"]


async def test_the_hmac_scheme(face: Face) -> None:
    assert (await face.empresa.post_hmac(ROTA, CATEGORIA_MINIMA)).status == 200
    face.clock.advance(1)
    assert (await face.empresa.post_hmac("/v1" + ROTA, CATEGORIA_MINIMA, consulta="a=1")).status == 200


async def test_the_hmac_scheme_signs_the_query_of_a_post_too(face: Face) -> None:
    instante = str(int(face.clock.now().timestamp() * 1000))
    assinatura = sign_hmac(face.empresa.token, "POST", ROTA, instante, CORPO)
    cabecalhos = [("x-api-key", face.empresa.token), ("x-timestamp", instante), ("x-signature", assinatura)]
    resposta = await call(face.app, "POST", ROTA, "a=1", cabecalhos=cabecalhos, corpo=CORPO)
    assert (resposta.status, resposta.codigos) == (401, ["AUT-05"])


async def test_seconds_are_not_milliseconds(face: Face) -> None:
    instante = face.empresa.agora
    assinatura = sign_hmac(face.empresa.token, "POST", ROTA, instante, CORPO)
    cabecalhos = [("x-api-key", face.empresa.token), ("x-timestamp", instante), ("x-signature", assinatura)]
    resposta = await call(face.app, "POST", ROTA, cabecalhos=cabecalhos, corpo=CORPO)
    assert resposta.codigos == ["AUT-03"]


async def test_an_integrator_can_require_hmac(face: Face) -> None:
    face.empresas.require_hmac(face.empresa.token)
    resposta = await face.empresa.post(ROTA, CATEGORIA_MINIMA)
    assert (resposta.status, resposta.codigos) == (401, ["AUT-08"])
    assert (await face.empresa.post_hmac(ROTA, CATEGORIA_MINIMA)).status == 200


async def test_an_unknown_operation(face: Face) -> None:
    for metodo, caminho in (("GET", "/api/nada"), ("GET", ROTA), ("POST", "/v1/api/invoice/get_detail")):
        resposta = await call(face.app, metodo, caminho)
        assert (resposta.status, resposta.codigos) == (404, ["HTTP-05"])
