"""What the description of the API promises of every answer, to judge those of a running platform by it."""

import json
from urllib.request import urlopen

import jsonschema_rs

from chancela.cli.cliente_tffiscal import Resposta


class Promessas:
    """The answers that the platform's own `/openapi.json` promises."""

    def __init__(self, url: str) -> None:
        with urlopen(f"{url.removesuffix('/v1')}/openapi.json") as resposta:
            documento = json.load(resposta)
        componentes = {"components": documento["components"]}
        self._juizes = {
            (caminho, int(status)): jsonschema_rs.Draft202012Validator(
                {**promessa["content"]["application/json"]["schema"], **componentes}
            )
            for caminho, metodos in documento["paths"].items()
            for operacao in metodos.values()
            for status, promessa in operacao["responses"].items()
        }

    def check(self, rota: str, resposta: Resposta) -> None:
        """The answer of `invoice/create` (and so on) is one that was promised."""
        juiz = self._juizes[f"/api/{rota}", resposta.status]
        faltas = [f"{erro.instance_path}: {erro.message[-200:]}" for erro in juiz.iter_errors(resposta.corpo)]
        assert not faltas, (rota, faltas)
