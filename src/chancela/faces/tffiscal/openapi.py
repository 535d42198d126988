"""The description of the face in OpenAPI 3.1, made from its mounted routes: a route that is served is described.

Inputs come from the schemas that read them, answers from the shapes that they are built as (ADR 0120), examples from the
contract (`data/openapi/exemplos.json`). What a call may be refused with is the same for all operations: it is said once.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema
from starlette.routing import BaseRoute

from chancela import __version__
from chancela.faces.tffiscal.portao import Quem
from chancela.faces.tffiscal.rotas import Ponto, Rota
from chancela.kit.packaged import packaged_bytes

_BASE = "/api/"
_MODELOS = "#/components/schemas/{model}"
_TOKEN = {
    Quem.INTEGRADOR: "Token do integrador (b2b)",
    Quem.EMPRESA: "Token da empresa",
    Quem.QUALQUER: "Token da empresa ou do integrador",
}
_RESPOSTAS: Mapping[str, str] = {
    "200": "Feito; ou recusa da SEFAZ, com `success: false` e `data.status` `Rejected`",
    "400": "Dados inválidos: cada campo em `data.erros`",
    "401": "Token, assinatura, instante ou link que não valem",
    "404": "O que foi pedido não existe para este token",
    "408": "O corpo da chamada não chegou a tempo",
    "429": "Limite excedido, ou a mesma chamada ainda em andamento",
    "500": "Falha nossa, ou da SEFAZ ao responder",
    "503": "Servidor ocupado ou banco de dados fora de alcance: repita a mesma chamada, com o mesmo id, depois de `Retry-After`",
}
_VOLTE_EM = {"Retry-After": {"description": "Segundos até a próxima tentativa", "schema": {"type": "string"}}}
_GRUPOS = {
    "company": "Empresas", "category": "Categorias", "invoice": "NF-e", "nfce": "NFC-e", "report": "Relatórios",
    "sso": "Login automático", "accountant": "Contador", "webhook": "Webhooks",
}  # fmt: skip


def read_routes(rotas: Iterable[BaseRoute]) -> Sequence[Rota]:
    """The operations of the face among the routes of an application, each once, in the order of their paths."""
    achadas = {
        (ponto.rota.caminho, ponto.rota.metodo): ponto.rota
        for rota in rotas
        if isinstance(rota, APIRoute)
        and isinstance(ponto := rota.endpoint, Ponto)
        and rota.path.startswith(_BASE)
    }
    return [achadas[nome] for nome in sorted(achadas)]


def describe_face(rotas: Sequence[Rota]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of these operations."""
    exemplos: Mapping[str, Any] = json.loads(packaged_bytes("openapi/exemplos.json"))
    caminhos: dict[str, Any] = {}
    for rota in rotas:
        caminhos.setdefault(f"{_BASE}{rota.caminho}", {})[rota.metodo.lower()] = _operation(
            rota, exemplos.get(rota.caminho, {})
        )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Chancela: API TFFiscal",
            "version": __version__,
            "description": packaged_bytes("openapi/introducao.md").decode(),
        },
        "servers": [
            {"url": "/"},
            {"url": "/v1", "description": "O mesmo, como no endereço-base do contrato"},
        ],
        "tags": [{"name": nome} for nome in dict.fromkeys(_group(rota) for rota in rotas)],
        "paths": caminhos,
        "components": {
            "schemas": {**_inputs(rotas), **_outputs(rotas), **_envelopes()},
            "securitySchemes": _security(),
        },
    }


def _inputs(rotas: Sequence[Rota]) -> dict[str, Any]:
    modelos = {rota.entrada for rota in rotas if rota.entrada is not None and rota.metodo == "POST"}
    ordenados = sorted(modelos, key=lambda modelo: modelo.__name__)
    _, definicoes = models_json_schema([(m, "validation") for m in ordenados], ref_template=_MODELOS)
    return definicoes.get("$defs", {})


def _outputs(rotas: Sequence[Rota]) -> dict[str, Any]:
    saidas = {rota.saida.__name__: rota.saida for rota in rotas if rota.saida is not None}
    adaptadores: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        (nome, "serialization", TypeAdapter(saidas[nome])) for nome in sorted(saidas)
    ]
    esquemas, definicoes = TypeAdapter.json_schemas(
        adaptadores, ref_template=_MODELOS, schema_generator=_SemTitulos
    )
    soltos = {nome: esquema for (nome, _), esquema in esquemas.items() if "$ref" not in esquema}
    return {**definicoes.get("$defs", {}), **soltos}


class _SemTitulos(GenerateJsonSchema):
    """A title made of a field's own name tells nothing."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        del schema
        return False


def _operation(rota: Rota, exemplos: Mapping[str, Any]) -> dict[str, Any]:
    descrita: dict[str, Any] = {
        "operationId": f"{rota.metodo.lower()}_{rota.caminho.replace('/', '_').translate({123: None, 125: None})}",
        "summary": rota.resumo,
        "description": _TOKEN.get(rota.quem, "Sem token: a chamada leva a própria credencial"),
        "tags": [_group(rota)],
        "security": [] if rota.quem is Quem.NINGUEM else [{"token": [], "sign": [], "timestamp": []}],
        "responses": _answers(rota, exemplos.get("respostas", [])),
    }
    if rota.metodo == "POST":
        descrita["requestBody"] = _body(rota, exemplos.get("entradas", []))
    elif rota.entrada is not None:
        descrita["parameters"] = _parameters(rota)
    return descrita


def _body(rota: Rota, exemplos: Sequence[Any]) -> dict[str, Any]:
    esquema: dict[str, Any] = {"type": "object"}
    if rota.entrada is not None:
        esquema = {"$ref": _MODELOS.format(model=rota.entrada.__name__)}
    return {
        "required": not rota.corpo_opcional,
        "content": {"application/json": {"schema": esquema, **_examples(exemplos)}},
    }


def _parameters(rota: Rota) -> list[dict[str, Any]]:
    assert rota.entrada is not None
    esquema = rota.entrada.model_json_schema(ref_template=_MODELOS)
    obrigatorios = set(cast("list[str]", esquema.get("required", [])))
    parametros: list[dict[str, Any]] = []
    for nome, campo in cast("dict[str, dict[str, Any]]", esquema["properties"]).items():
        no_caminho = f"{{{nome}}}" in rota.caminho
        parametros.append(
            {
                "name": nome,
                "in": "path" if no_caminho else "query",
                "required": no_caminho or nome in obrigatorios,
                "description": campo.get("title", nome),
                "schema": {chave: valor for chave, valor in campo.items() if chave != "title"},
            }
        )
    return parametros


def _answers(rota: Rota, exemplos: Sequence[Any]) -> dict[str, Any]:
    respostas: dict[str, Any] = {}
    for status, descricao in _RESPOSTAS.items():
        conteudo: dict[str, Any] = {"schema": {"$ref": _MODELOS.format(model="Recusa")}}
        if status == "200":
            conteudo = {"schema": _success(rota), **_examples(exemplos)}
        respostas[status] = {"description": descricao, "content": {"application/json": conteudo}}
    respostas["503"]["headers"] = _VOLTE_EM
    if rota.caminho == "invoice/report":
        arquivo = {"schema": {"type": "string", "format": "binary"}}
        respostas["200"]["content"] |= {"text/csv": arquivo, "application/pdf": arquivo}
    return respostas


def _success(rota: Rota) -> dict[str, Any]:
    """The envelope with what this operation puts into it. What SEFAZ refuses has the same shape, with `success` false."""
    envelope: dict[str, Any] = {"$ref": _MODELOS.format(model="Resposta")}
    if rota.saida is None:
        return envelope
    saida: dict[str, Any] = {"$ref": _MODELOS.format(model=rota.saida.__name__)}
    if rota.na_raiz:
        return {"allOf": [envelope, saida]}
    dados: dict[str, Any] = {"type": "object", "properties": {"data": saida}}
    if rota.saida.__required_keys__:
        dados["required"] = ["data"]
    return {"allOf": [envelope, dados]}


def _examples(exemplos: Sequence[Any]) -> dict[str, Any]:
    if not exemplos:
        return {}
    return {"examples": {f"contrato{n}": {"value": exemplo} for n, exemplo in enumerate(exemplos, 1)}}


def _group(rota: Rota) -> str:
    raiz = rota.caminho.partition("/")[0]
    return _GRUPOS.get(raiz, raiz)


def _envelopes() -> dict[str, Any]:
    texto = {"type": "string"}
    campo = {
        "type": "object",
        "required": ["campo", "codigo", "mensagem", "correcao", "valor", "rotulo"],
        "properties": dict.fromkeys(("campo", "codigo", "mensagem", "correcao", "valor", "rotulo"), texto),
    }
    envelope = {"success": {"type": "boolean"}, "message": texto}
    return {
        "ErroCampo": campo,
        "Resposta": {
            "type": "object",
            "required": ["success", "message"],
            "properties": envelope,
        },
        "Recusa": {
            "type": "object",
            "required": ["success", "message", "data"],
            "properties": {
                "success": {"const": False},
                "message": texto,
                "data": {
                    "type": "object",
                    "required": ["codigo"],
                    "properties": {
                        "codigo": texto,
                        "erros": {"type": "array", "items": {"$ref": _MODELOS.format(model="ErroCampo")}},
                    },
                },
            },
        },
    }


def _security() -> dict[str, Any]:
    return {
        "token": {"type": "apiKey", "in": "header", "name": "token"},
        "timestamp": {"type": "apiKey", "in": "header", "name": "timestamp", "description": "Instante Unix, em segundos"},
        "sign": {
            "type": "apiKey", "in": "header", "name": "sign",
            "description": "md5(token + caminho + corpo + timestamp), em hexadecimal; em GET o caminho leva a consulta",
        },
    }  # fmt: skip
