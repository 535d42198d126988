"""`docs/tffiscal-campos.md`: every field that an operation of the face reads, and the tests that send it.

Written by `pytest tests/faces/tffiscal/test_campos.py --update` from the routes, the request models and the tests, so that a
field that no test names is a failure, and the page misses none.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from tests.faces.tffiscal.conftest import Face
from tests.processos.test_contrato import TROCAS
from tests.processos.test_contrato_operacoes import NAO_LITERAIS

from chancela.faces.tffiscal.app import create_tffiscal_router
from chancela.faces.tffiscal.rotas import Ponto
from chancela.faces.tffiscal.validacao import (
    _inner_model,  # pyright: ignore[reportPrivateUsage] - what a field holds, as the face itself sees it
    _wire_name,  # pyright: ignore[reportPrivateUsage]
)

RAIZ = Path(__file__).resolve().parents[3]
PAGINA = RAIZ / "docs" / "tffiscal-campos.md"
_PASTAS = ("tests/faces/tffiscal", "tests/processos", "tests/golden", "examples")
_CABECALHO = """# API TFFiscal: campos e exemplos

Esta página é gerada: `pytest tests/faces/tffiscal/test_campos.py --update`. Cada campo que as rotas de empresa, categoria, NF-e e NFC-e
leem, se é obrigatório, e testes que o enviam.
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
            if arquivo.suffix not in (".py", ".json") or arquivo.name == "test_campos.py":
                continue
            onde = arquivo.relative_to(RAIZ).as_posix()
            if pasta == "examples":
                onde = "examples"
            texto = arquivo.read_text(encoding="utf-8")
            for nome in set(re.findall(r'"([A-Za-z_]\w*)"', texto)) | set(
                re.findall(r"[(,&?\s]([A-Za-z_]\w*)=", texto)
            ):
                achados.setdefault(nome, set()).add(onde)
    return {nome: sorted(arquivos) for nome, arquivos in achados.items()}


def _render(rotas: list[Any]) -> tuple[str, list[str]]:
    lugares, linhas, sem_teste = _places(), [_CABECALHO], list[str]()
    vistos: set[type[BaseModel]] = set()
    for rota in rotas:
        if rota.entrada is None or rota.entrada in vistos:
            continue
        vistos.add(rota.entrada)
        campos = list(_fields(rota.entrada))
        if not campos:
            continue
        linhas += [
            f"\n## `{rota.caminho}`\n",
            "| Campo | O que é | Obrigatório | Testes |",
            "|---|---|---|---|",
        ]
        for caminho, fio, titulo, obrigatorio in campos:
            testes = lugares.get(fio, [])
            if not testes:
                sem_teste.append(f"{rota.caminho}: {caminho}")
            mostrados = ", ".join(f"`{t}`" for t in testes[:3]) + (", ..." if len(testes) > 3 else "")
            linhas.append(f"| `{caminho}` | {titulo} | {'sim' if obrigatorio else ''} | {mostrados} |")
    linhas += [
        "\n## Exemplos que não valem ao pé da letra\n",
        "Todo exemplo impresso é enviado a um servidor de verdade; o que se troca neles, e por quê.\n",
        "| Exemplo | Campo | Motivo |",
        "|---|---|---|",
    ]
    for nome, trocas in TROCAS.items():
        linhas += [f"| `invoice/create` ({nome}) | `{c}` | {m} |" for c, (_, _, m) in trocas.items()]
    for nome, motivos in NAO_LITERAIS.items():
        linhas += [f"| `{nome}` | `{campo}` | {motivo} |" for campo, motivo in motivos.items()]
    return "\n".join(linhas) + "\n", sem_teste


@pytest.mark.anyio
async def test_every_field_is_listed_with_its_tests(face: Face, request: pytest.FixtureRequest) -> None:
    roteador = create_tffiscal_router(face.servicos)
    pontos = [r.endpoint for r in roteador.routes if isinstance(getattr(r, "endpoint", None), Ponto)]
    rotas = list({ponto.rota.caminho: ponto.rota for ponto in pontos}.values())
    assert rotas
    pagina, sem_teste = _render(rotas)
    assert sem_teste == []
    if request.config.getoption("--update"):
        PAGINA.write_text(pagina, encoding="utf-8")
    guardada = PAGINA.read_text(encoding="utf-8")
    assert _without_tests(guardada) == _without_tests(pagina), "run with --update and review the difference"


def _without_tests(pagina: str) -> str:
    """The page without its last column: a new test of an old field is no reason to fail."""
    return re.sub(r"^(\|[^|\n]*\|[^|\n]*\|[^|\n]*\|)[^|\n]*\|$", r"\1", pagina, flags=re.M)
