"""`docs/tffiscal-campos.md`: every field that an operation of the face reads or answers, and the tests that name it.

Written by `pytest tests/api/test_campos.py --update` from the routes of the running API, their models and the tests, so that
a field that no test names is a failure, and the page misses none. The sentences that the contract prints stand at its end.
"""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import requests
from pydantic import BaseModel
from tests.api.conftest import Cenario
from tests.api.test_mensagens import calls
from tests.api.test_openapi import answer_schema, fields_of
from tests.processos.test_contrato import TROCAS
from tests.processos.test_contrato_gestao import EXEMPLOS
from tests.processos.test_contrato_gestao import NAO_LITERAIS as NAO_LITERAIS_GESTAO
from tests.processos.test_contrato_operacoes import NAO_LITERAIS

from chancela.faces.tffiscal.openapi import read_routes
from chancela.faces.tffiscal.rotas import Rota
from chancela.faces.tffiscal.validacao import (
    _inner_model,  # pyright: ignore[reportPrivateUsage] - what a field holds, as the face itself sees it
    _wire_name,  # pyright: ignore[reportPrivateUsage]
)

RAIZ = Path(__file__).resolve().parents[2]
PAGINA = RAIZ / "docs" / "tffiscal-campos.md"
_PASTAS = ("tests/faces/tffiscal", "tests/api", "tests/processos", "tests/golden", "examples")
_FORA = frozenset({"test_campos.py", "openapi.json"})
"""They name every field and send none."""
_TODAS = "tests/api/test_qualquer_chamada.py"
"""Judges the shape of every answer; additions of ours that no test names are held by it alone."""
_IMPRESSOS = "tests/processos/test_contrato_gestao.py"
_OUTRAS_MENSAGENS = (
    "发票详情不存在", "获取PDF失败", "SEFAZ retornou resposta vazia", "erro ao consultar SEFAZ", "Token is required", "Invalid token",
    "This token is linked to multiple companies", "Rate limit exceeded", "Ticket inválido", "Ticket inválido ou expirado",
)  # fmt: skip
"""Printed sentences that need more than one call; those of `test_mensagens` are the others."""
_CABECALHO = """# API TFFiscal: campos e exemplos

Esta página é gerada: `pytest tests/api/test_campos.py --update`. Cada campo que as rotas leem, se é obrigatório, e testes que
o enviam; cada campo que respondem, com `!` quando está sempre, e testes que o conferem.
"""


def _fields(modelo: type[BaseModel], prefixo: str = "") -> Iterator[tuple[str, str, str, bool]]:
    """Path, wire name, label and whether it is required, depth first."""
    for nome, campo in modelo.model_fields.items():
        fio = _wire_name(nome, campo)
        dentro = _inner_model(campo.annotation)
        lista = "list[" in str(campo.annotation) or "tuple[" in str(campo.annotation)
        caminho = f"{prefixo}{fio}{'[]' if lista else ''}"
        yield caminho, fio, campo.title or "", campo.is_required()
        if dentro is not None and caminho.count(".") < 6 and fio != "return_detail":
            yield from _fields(dentro, f"{caminho}.")


def _places() -> dict[str, list[str]]:
    """Every quoted or keyword name of the tests, and the files that have it."""
    achados: dict[str, set[str]] = {}
    for pasta in _PASTAS:
        for arquivo in sorted((RAIZ / pasta).rglob("*")):
            if arquivo.suffix not in (".py", ".json") or arquivo.name in _FORA:
                continue
            onde = arquivo.relative_to(RAIZ).as_posix()
            if pasta == "examples":
                onde = "examples"
            texto = arquivo.read_text(encoding="utf-8")
            for nome in set(re.findall(r'"([A-Za-z_]\w*)"', texto)) | set(
                re.findall(r"[(,&?\s]([A-Za-z_]\w*)=", texto)
            ):
                achados.setdefault(nome, set()).add(onde)
    for nome in set(re.findall(r'"([A-Za-z_]\w*)":', json.dumps(EXEMPLOS))):
        achados.setdefault(nome, set()).add(_IMPRESSOS)
    return {nome: sorted(arquivos) for nome, arquivos in achados.items()}


def _shown(testes: Sequence[str]) -> str:
    return ", ".join(f"`{t}`" for t in testes[:3]) + (", ..." if len(testes) > 3 else "")


def _inputs(rota: Rota, lugares: dict[str, list[str]], sem_teste: list[str]) -> Iterator[str]:
    assert rota.entrada is not None
    yield "| Campo | O que é | Obrigatório | Testes |"
    yield "|---|---|---|---|"
    for caminho, fio, titulo, obrigatorio in _fields(rota.entrada):
        testes = lugares.get(fio, [])
        if not testes:
            sem_teste.append(f"{rota.caminho}: {caminho}")
        yield f"| `{caminho}` | {titulo} | {'sim' if obrigatorio else ''} | {_shown(testes)} |"


def _outputs(rota: Rota, documento: dict[str, Any], lugares: dict[str, list[str]]) -> Iterator[str]:
    operacao = documento["paths"][f"/api/{rota.caminho}"][rota.metodo.lower()]
    yield "\n| Resposta | Tipo | | Testes |"
    yield "|---|---|---|---|"
    for campo in fields_of(documento, answer_schema(documento, operacao)):
        nome, _, tipo = campo.partition(": ")
        fio = nome.rpartition(".")[2].removesuffix("!").removesuffix("[]")
        testes = lugares.get(fio, [_TODAS])
        yield f"| `{nome}` | {tipo.replace('|', ' ou ')} | | {_shown(testes)} |"


def _render(
    rotas: Sequence[Rota], documento: dict[str, Any], mensagens: Sequence[str]
) -> tuple[str, list[str]]:
    lugares, linhas, sem_teste = _places(), [_CABECALHO], list[str]()
    vistos: dict[type[BaseModel], str] = {}
    for rota in rotas:
        linhas.append(f"\n## `{rota.caminho}`\n")
        if rota.entrada is not None and rota.entrada.model_fields:
            if rota.entrada in vistos:
                linhas.append(f"Os campos de `{vistos[rota.entrada]}`.")
            else:
                vistos[rota.entrada] = rota.caminho
                linhas += _inputs(rota, lugares, sem_teste)
        if rota.saida is not None:
            linhas += _outputs(rota, documento, lugares)
    return "\n".join([*linhas, *_printed_examples(), *_sentences(mensagens, sem_teste)]) + "\n", sem_teste


def _printed_examples() -> Iterator[str]:
    yield "\n## Exemplos que não valem ao pé da letra\n"
    yield "Todo exemplo impresso é enviado a um servidor de verdade; o que se troca neles, e por quê.\n"
    yield "| Exemplo | Campo | Motivo |"
    yield "|---|---|---|"
    for nome, trocas in TROCAS.items():
        yield from (f"| `invoice/create` ({nome}) | `{c}` | {m} |" for c, (_, _, m) in trocas.items())
    for nome, motivos in (NAO_LITERAIS | NAO_LITERAIS_GESTAO).items():
        yield from (f"| `{nome}` | `{campo}` | {motivo} |" for campo, motivo in motivos.items())


def _sentences(mensagens: Sequence[str], sem_teste: list[str]) -> Iterator[str]:
    textos = {
        arquivo.relative_to(RAIZ).as_posix(): arquivo.read_text(encoding="utf-8")
        for pasta in _PASTAS
        for arquivo in sorted((RAIZ / pasta).rglob("test_*.py"))
        if arquivo.name not in _FORA
    }
    yield "\n## Frases impressas no contrato\n"
    yield "| Frase | Testes |"
    yield "|---|---|"
    for mensagem in mensagens:
        testes = [nome for nome, texto in textos.items() if mensagem in texto]
        if not testes:
            sem_teste.append(mensagem)
        yield f"| {mensagem} | {_shown(testes)} |"


def _mounted(rotas: Sequence[Any]) -> Iterator[Any]:
    """The routes of an application, those of the routers that it includes among them."""
    for rota in rotas:
        roteador = getattr(rota, "original_router", None)
        yield from [rota] if roteador is None else _mounted(roteador.routes)


def test_every_field_is_listed_with_its_tests(cenario: Cenario, request: pytest.FixtureRequest) -> None:
    rotas = read_routes(_mounted(cenario.app.routes))
    assert len(rotas) >= 60
    documento = requests.get(f"{cenario.url}/openapi.json", timeout=60).json()
    pagina, sem_teste = _render(rotas, documento, [*calls(cenario), *_OUTRAS_MENSAGENS])
    assert sem_teste == [], "\n".join(sem_teste)
    if request.config.getoption("--update"):
        PAGINA.write_text(pagina, encoding="utf-8")
    guardada = PAGINA.read_text(encoding="utf-8")
    assert _without_tests(guardada) == _without_tests(pagina), "run with --update and review the difference"


def _without_tests(pagina: str) -> str:
    """The page without its last column: a new test of an old field is no reason to fail."""
    return re.sub(r"[^|\n]*\|$", "", pagina, flags=re.M)
