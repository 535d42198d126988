"""The description of the API: complete, valid, served from our own files, and never poorer than it was."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import requests
from tests.api.conftest import Cenario

from chancela.faces.tffiscal.openapi_respostas import describe_data, fit_all

RETRATO = Path(__file__).parent / "openapi.json"
EXEMPLOS = json.loads(
    (Path(__file__).parents[2] / "src" / "chancela" / "data" / "openapi" / "exemplos.json").read_text()
)


@pytest.fixture(scope="module")
def documento(cenario: Cenario) -> dict[str, Any]:
    resposta = requests.get(f"{cenario.url}/openapi.json", timeout=60)
    assert resposta.status_code == 200
    return resposta.json()


def success_data(operacao: dict[str, Any]) -> dict[str, Any]:
    """The schema of `data` in a successful answer."""
    esquema = operacao["responses"]["200"]["content"]["application/json"]["schema"]
    return esquema.get("then", {}).get("properties", {}).get("data", {})


def fields_of(esquema: dict[str, Any], raiz: str = "") -> list[str]:
    """`list[].chave: string`: every field with its type, those that are always there with `!`."""
    achados: list[str] = []
    for nome, campo in esquema.get("properties", {}).items():
        sempre = "!" if nome in esquema.get("required", []) else ""
        achados.append(f"{raiz}{nome}{sempre}: {campo.get('type', 'any')}")
        achados += fields_of(campo, f"{raiz}{nome}.") + fields_of(campo.get("items", {}), f"{raiz}{nome}[].")
    return achados


def outline(documento: dict[str, Any]) -> dict[str, Any]:
    """What a caller may rely on: operations, their parameters, the fields of their bodies, their statuses."""
    esboco: dict[str, Any] = {}
    for caminho, metodos in documento["paths"].items():
        for metodo, operacao in metodos.items():
            corpo = (
                operacao.get("requestBody", {})
                .get("content", {})
                .get("application/json", {})
                .get("schema", {})
            )
            nome = corpo.get("$ref", "").rpartition("/")[2]
            campos = documento["components"]["schemas"].get(nome, {}).get("properties", {})
            esboco[f"{metodo.upper()} {caminho}"] = {
                "campos": sorted(campos),
                "parametros": sorted(p["name"] for p in operacao.get("parameters", [])),
                "respostas": sorted(operacao["responses"]),
                "dados": sorted(fields_of(success_data(operacao))),
            }
    return esboco


def test_nothing_is_ever_removed(documento: dict[str, Any], request: pytest.FixtureRequest) -> None:
    """`--update` takes the new picture; a removal is seen in its diff."""
    atual = outline(documento)
    if request.config.getoption("--update"):
        RETRATO.write_text(json.dumps(atual, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    guardado = json.loads(RETRATO.read_text())
    faltam = [
        f"{operacao}: {parte} {item}"
        for operacao, partes in guardado.items()
        for parte, itens in partes.items()
        for item in itens
        if item not in atual.get(operacao, {}).get(parte, [])
    ]
    assert not faltam, "a caller may rely on these"
    assert set(atual) == set(guardado), "new operations: run this test with --update"


def test_every_example_of_the_contract_is_in_it(documento: dict[str, Any]) -> None:
    achados = 0
    for caminho, metodos in documento["paths"].items():
        exemplos = EXEMPLOS.get(caminho.removeprefix("/api/"), {})
        for operacao in metodos.values():
            ok = operacao["responses"]["200"]["content"]["application/json"]
            corpo = operacao.get("requestBody", {}).get("content", {}).get("application/json", {})
            for onde, quais in ((ok, exemplos.get("respostas", [])), (corpo, exemplos.get("entradas", []))):
                postos = [e["value"] for e in onde.get("examples", {}).values()]
                assert postos == quais or operacao.get("requestBody") is None
                achados += len(postos)
    assert achados > 50


def test_every_documented_answer_fits_what_its_operation_promises(documento: dict[str, Any]) -> None:
    descritas = 0
    for metodos in documento["paths"].values():
        for operacao in metodos.values():
            ok = operacao["responses"]["200"]["content"]["application/json"]
            promessa = success_data(operacao)
            if not promessa:
                continue
            juiz = jsonschema_rs.Draft202012Validator(promessa)
            for exemplo in ok["examples"].values():
                if exemplo["value"]["success"]:
                    juiz.validate(exemplo["value"]["data"])
            if fields_of(promessa):
                descritas += 1
                assert not juiz.is_valid({}), operacao["operationId"]
    assert descritas >= 40


def test_types_are_the_narrowest_that_fit() -> None:
    um = {"a": 1, "b": "x", "c": [{"d": 1.5, "e": True}], "f": None, "g": {}}
    dois = {"a": 2.5, "c": [{"d": 1}, {"d": 2}], "f": "x"}
    assert fields_of(fit_all([um, dois])) == [
        "a!: number", "b: string", "c!: array", "c[].d!: number", "c[].e: boolean", "f!: any", "g: object",
    ]  # fmt: skip
    assert fit_all([[], []]) == {"type": "array"}
    assert fit_all(["x", 1]) == {}
    assert describe_data("x", [{"success": True, "data": None}]) is None


def test_every_schema_that_is_named_exists(documento: dict[str, Any]) -> None:
    texto = json.dumps(documento)
    nomes = {parte.split('"')[0] for parte in texto.split("#/components/schemas/")[1:]}
    assert nomes <= set(documento["components"]["schemas"])
    assert documento["openapi"].startswith("3.1")


def test_the_reader_comes_from_here_and_may_load_nothing_else(cenario: Cenario) -> None:
    pagina = requests.get(f"{cenario.url}/docs", timeout=60)
    assert "://" not in pagina.text
    assert "default-src 'none'" in pagina.headers["Content-Security-Policy"]
    programa = requests.get(f"{cenario.url}/docs/redoc.js", timeout=60)
    assert programa.status_code == 200
    assert len(programa.content) > 1_000_000
