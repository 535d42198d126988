"""Every answer of the right token, operation by operation, is what the description of the API promises."""

from typing import Any

import jsonschema_rs
import requests
from tests.api.conftest import Cenario
from tests.api.test_inquilinos import call


def judges_of(documento: dict[str, Any]) -> dict[str, dict[int, jsonschema_rs.Validator]]:
    """The judge of every status of every operation, by its path without `/api/`."""
    componentes = {"components": documento["components"]}
    return {
        caminho.removeprefix("/api/"): {
            int(status): jsonschema_rs.Draft202012Validator(
                {**resposta["content"]["application/json"]["schema"], **componentes}
            )
            for status, resposta in operacao["responses"].items()
        }
        for caminho, metodos in documento["paths"].items()
        for operacao in metodos.values()
    }


def test_answers_are_as_described(cenario: Cenario) -> None:
    documento = requests.get(f"{cenario.url}/openapi.json", timeout=60).json()
    juizes = judges_of(documento)
    faltas: list[str] = []
    feitas = 0
    for caminho, metodos in documento["paths"].items():
        for metodo, operacao in metodos.items():
            rota = caminho.removeprefix("/api/")
            token = cenario.token_integrador if "b2b" in operacao["description"] else cenario.token
            resposta = call(cenario, metodo.upper(), rota, token)
            feitas += resposta.json()["success"]
            juiz = juizes[rota][resposta.status_code]
            faltas += [
                f"{caminho} {erro.instance_path}: {erro.message[-200:]}"
                for erro in juiz.iter_errors(resposta.json())
            ]
    assert not faltas
    assert feitas >= 20


def test_deliveries_before_one_are_those_and_no_other(cenario: Cenario) -> None:
    consulta = {"webhook_id": cenario.webhook_id, "antes_de": 1}
    resposta = cenario.call("GET", "/api/webhook/get_deliveries", consulta, cenario.token)
    assert (resposta.status_code, resposta.json()["data"]["entregas"]) == (200, [])


def test_a_nul_in_a_query_is_refused_and_reaches_no_statement(cenario: Cenario) -> None:
    for rota in ("category/get_detail", "nfce/category/get_detail"):
        resposta = cenario.call("GET", f"/api/{rota}", {"category_id": "TF\0"}, cenario.token)
        assert (resposta.status_code, resposta.json()["data"]["codigo"]) == (400, "HTTP-02")
