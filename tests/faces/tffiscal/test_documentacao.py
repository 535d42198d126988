"""What a caller can meet is written down: every error code and every route of the face."""

import re
from pathlib import Path

import pytest
from tests.faces.tffiscal.conftest import Face

RAIZ = Path(__file__).resolve().parents[3]
PAGINA = (RAIZ / "docs" / "tffiscal.md").read_text()
_CODIGO = re.compile(
    r'"((?:AUT|BANCO|JSON|CAMPO|CAT|EMPRESA|CERT-URL|NOTA|DANFE|LINK|ARQUIVO|HTTP|PLANO|REPETIDA|INTERNO|SEFAZ|CCE|MANIF|RECEBIDO|STATUS|WEBHOOK|RELATORIO|EXPORTACAO|SSO|CONTADOR)(?:-[A-Z0-9]+)*|(?:NFCE|CNPJ)(?:-[A-Z0-9]+)+)"'
)


def test_every_code_is_documented() -> None:
    fonte = RAIZ / "src" / "chancela"
    modulos = [
        *(fonte / "faces" / "tffiscal").rglob("*.py"),
        fonte / "gateways" / "cnpj.py",
        fonte / "issuing" / "devolucao.py",
        fonte / "issuing" / "originais.py",
        fonte / "issuing" / "servico_nfe.py",
        fonte / "server" / "vagas.py",
        fonte / "stores" / "conexao.py",
    ]
    usados = {codigo for modulo in modulos for codigo in _CODIGO.findall(modulo.read_text())}
    documentados = set(re.findall(r"^\| `([A-Z0-9-]+)` \|", PAGINA, re.M))
    assert usados - documentados == set()
    assert documentados - usados == set()


@pytest.mark.anyio
async def test_every_route_is_documented(face: Face) -> None:
    rotas = [caminho for caminho in face.app.openapi()["paths"] if caminho.startswith("/api/")]
    assert rotas
    assert [caminho for caminho in rotas if caminho.removeprefix("/api/") not in PAGINA] == []


def test_every_route_on_events_is_documented() -> None:
    fonte = (RAIZ / "src" / "chancela" / "faces" / "tffiscal" / "eventos" / "app.py").read_text()
    rotas = re.findall(r'^        Rota\("POST", "([a-z_/]+)", eventos\.', fonte, re.M)
    assert len(rotas) == 9
    assert [rota for rota in rotas if f"`{rota}`" not in PAGINA] == []


def test_every_route_on_received_documents_is_documented() -> None:
    fonte = (RAIZ / "src" / "chancela" / "faces" / "tffiscal" / "recebidos" / "app.py").read_text()
    rotas = re.findall(r'^        Rota\("POST", "([a-z_/]+)", recebidos\.', fonte, re.M)
    assert len(rotas) == 7
    assert [rota for rota in rotas if f"`{rota}`" not in PAGINA] == []
