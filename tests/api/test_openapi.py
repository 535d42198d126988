"""The description of the API: complete, valid, served from our own files, and never poorer than it was."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import requests
from tests.api.conftest import Cenario

RETRATO = Path(__file__).parent / "openapi.json"
EXEMPLOS = json.loads(
    (Path(__file__).parents[2] / "src" / "chancela" / "data" / "openapi" / "exemplos.json").read_text()
)


@pytest.fixture(scope="module")
def documento(cenario: Cenario) -> dict[str, Any]:
    resposta = requests.get(f"{cenario.url}/openapi.json", timeout=60)
    assert resposta.status_code == 200
    return resposta.json()


def resolve(documento: dict[str, Any], esquema: dict[str, Any]) -> dict[str, Any]:
    """The schema itself in place of a reference to it; parts of `allOf` as one."""
    if "$ref" in esquema:
        return resolve(documento, documento["components"]["schemas"][esquema["$ref"].rpartition("/")[2]])
    if "allOf" not in esquema:
        return esquema
    partes = [resolve(documento, parte) for parte in esquema["allOf"]]
    return {
        "type": "object",
        "required": [nome for parte in partes for nome in parte.get("required", [])],
        "properties": {
            nome: campo for parte in partes for nome, campo in parte.get("properties", {}).items()
        },
    }


def answer_schema(documento: dict[str, Any], operacao: dict[str, Any]) -> dict[str, Any]:
    """The schema of a whole answer of 200."""
    return resolve(documento, operacao["responses"]["200"]["content"]["application/json"]["schema"])


def type_of(campo: dict[str, Any]) -> str:
    return "|".join(sorted(type_of(um) for um in campo["anyOf"])) if "anyOf" in campo else campo["type"]


def fields_of(documento: dict[str, Any], esquema: dict[str, Any], raiz: str = "") -> list[str]:
    """`list[].chave: string`: every field with its type, those that are always there with `!`."""
    achados: list[str] = []
    for nome, referencia in esquema.get("properties", {}).items():
        campo = resolve(documento, referencia)
        sempre = "!" if nome in esquema.get("required", []) else ""
        achados.append(f"{raiz}{nome}{sempre}: {type_of(campo)}")
        itens = resolve(documento, campo.get("items", {}))
        achados += fields_of(documento, campo, f"{raiz}{nome}.") + fields_of(
            documento, itens, f"{raiz}{nome}[]."
        )
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
                "dados": sorted(fields_of(documento, answer_schema(documento, operacao))),
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


_AS_VEZES = {
    "/api/invoice/received/get_sync_status": {"data.uf"},
    "/api/invoice/report/export": {
        "data.estimated_time", "data.callback_url", "data.download_url", "data.expires_at", "data.file_size",
    },
    "/api/nfce/category/get_detail": {
        "data.ibs_cbs", "data.icms.aliquota_fcp", "data.icms.aliquota_icms", "data.icms.beneficio_fiscal",
    },
}  # fmt: skip
"""Documented keys that are not always there: the contract shows an answer without them, or what they tell may be missing."""


def missing_of(documento: dict[str, Any], esquema: dict[str, Any], valor: Any, onde: str = "") -> list[str]:
    """What an example shows and the schema does not promise: a key, or that it is always there, or its type."""
    esquema = resolve(documento, esquema)
    if isinstance(valor, list):
        return [
            falta for item in valor for falta in missing_of(documento, esquema["items"], item, f"{onde}[]")
        ]
    if not isinstance(valor, dict):
        return [] if jsonschema_rs.is_valid(esquema, valor) else [f"{onde}: {valor!r}"]
    faltas: list[str] = []
    for nome, dentro in valor.items():
        caminho = f"{onde}.{nome}" if onde else nome
        if nome not in esquema["required"]:
            faltas.append(caminho)
        if nome in esquema["properties"]:
            faltas += missing_of(documento, esquema["properties"][nome], dentro, caminho)
    return faltas


def test_every_documented_answer_fits_what_its_operation_promises(documento: dict[str, Any]) -> None:
    """Key by key: the contract's are always there, with the contract's type. Additions are not in its examples."""
    conferidas = 0
    for caminho, metodos in documento["paths"].items():
        for operacao in metodos.values():
            ok = operacao["responses"]["200"]["content"]["application/json"]
            for exemplo in ok.get("examples", {}).values():
                conferidas += 1
                faltas = missing_of(documento, answer_schema(documento, operacao), exemplo["value"])
                assert {falta.replace("[]", "") for falta in faltas} <= _AS_VEZES.get(caminho, set()), caminho
    assert conferidas >= 45


def test_only_deletions_have_nothing_to_tell(documento: dict[str, Any]) -> None:
    mudas = {
        caminho
        for caminho, metodos in documento["paths"].items()
        for operacao in metodos.values()
        if set(answer_schema(documento, operacao)["properties"]) == {"success", "message"}
    }
    assert mudas == {"/api/category/delete", "/api/nfce/category/delete"}


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
