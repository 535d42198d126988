"""Calls that only the description of the API could have thought of: never a failure of ours, never an answer it does not name."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance
from tests.api.conftest import Cenario, sign

_GATE = 50
_CAMPANHA = 1000
_JULGAMENTOS = [not_a_server_error, status_code_conformance, response_schema_conformance]


def token_of(cenario: Cenario, operacao: dict[str, Any]) -> str | None:
    if not operacao["security"]:
        return None
    return (
        cenario.token_integrador if operacao["description"] == "Token do integrador (b2b)" else cenario.token
    )


def _example_by_example(
    operacao: Any, send: Callable[[schemathesis.Case], None], quantos: int
) -> Callable[[], None]:
    @settings(
        max_examples=quantos, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operacao.as_strategy())
    def probe(case: schemathesis.Case) -> None:
        send(case)

    return probe


def without_strangers(esquema: Any) -> Any:
    """The same, without fields that no operation reads. Thinking up any JSON for them is two thirds of the time of a run."""
    if isinstance(esquema, list):
        return [without_strangers(parte) for parte in esquema]
    if not isinstance(esquema, dict):
        return esquema
    partes = {nome: without_strangers(parte) for nome, parte in esquema.items()}
    return {**partes, "additionalProperties": False} if "additionalProperties" in partes else partes


def probe_all(cenario: Cenario, quantos: int, *, estranhos: bool) -> dict[str, float]:
    """`quantos` examples of every operation, signed as a customer signs; seconds by operation.

    An operation that fails is told at the end, so that one run finds the failures of all of them.
    """
    documento = requests.get(f"{cenario.url}/openapi.json", timeout=60).json()
    if not estranhos:
        documento = without_strangers(documento)
    duracoes: dict[str, float] = {}
    achados: list[BaseException] = []
    with requests.Session() as sessao:
        for resultado in schemathesis.openapi.from_dict(documento).get_all_operations():
            operacao = resultado.ok()
            token = token_of(cenario, documento["paths"][operacao.path][operacao.method])

            def send(case: schemathesis.Case, token: str | None = token) -> None:
                for nome in ("token", "sign", "timestamp"):
                    case.headers.pop(nome, None)
                pedido = requests.Request(**case.as_transport_kwargs(base_url=cenario.url)).prepare()
                if token is not None:
                    sign(pedido, token, token)
                case.validate_response(sessao.send(pedido, timeout=60), checks=_JULGAMENTOS)

            probe = _example_by_example(operacao, send, quantos)
            inicio = time.monotonic()
            try:
                probe()
            except (Exception, BaseExceptionGroup) as achado:  # the failures of a case are such a group
                achado.add_note(operacao.label)
                achados.append(achado)
            duracoes[operacao.label] = time.monotonic() - inicio
    if achados:
        raise BaseExceptionGroup(f"{len(achados)} of {len(duracoes)} operations", achados)
    return duracoes


def test_no_call_breaks_the_api_or_its_description(cenario: Cenario) -> None:
    assert len(probe_all(cenario, _GATE, estranhos=False)) >= 60


@pytest.mark.longo
def test_a_thousand_calls_of_each(cenario: Cenario) -> None:
    assert len(probe_all(cenario, _CAMPANHA, estranhos=True)) >= 60
