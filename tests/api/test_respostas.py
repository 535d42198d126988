"""The right token's answers, operation by operation, are what the description of the API promises of them."""

import jsonschema_rs
import requests
from tests.api.conftest import Cenario
from tests.api.test_inquilinos import call
from tests.api.test_openapi import success_data


def test_answers_are_as_described(cenario: Cenario) -> None:
    documento = requests.get(f"{cenario.url}/openapi.json", timeout=60).json()
    faltas: list[str] = []
    conferidas = 0
    for caminho, metodos in documento["paths"].items():
        for metodo, operacao in metodos.items():
            promessa = success_data(operacao)
            token = cenario.token_integrador if "b2b" in operacao["description"] else cenario.token
            resposta = call(cenario, metodo.upper(), caminho.removeprefix("/api/"), token)
            if not promessa or not resposta.json().get("success"):
                continue
            conferidas += 1
            juiz = jsonschema_rs.Draft202012Validator(promessa)
            faltas += [
                f"{caminho} {erro.instance_path}: {erro.message[-200:]}"
                for erro in juiz.iter_errors(resposta.json()["data"])
            ]
    assert not faltas
    assert conferidas >= 15
