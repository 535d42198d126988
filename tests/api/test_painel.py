"""The panel that automatic login opens: one company, read only, from our own files, nothing of a caller's run by a browser."""

import re
from urllib.parse import urlsplit

import requests
from tests.api.conftest import CANARIO, Cenario

PAINEL = "/invoice/company/kanban"


def enter(cenario: Cenario, token: str) -> requests.Session:
    """A browser that came in with a ticket of the company."""
    ticket = cenario.call("POST", "/api/sso/create_ticket", {"token": token}, token).json()["ticket"]
    navegador = requests.Session()
    entrada = navegador.post(f"{cenario.url}/sso/entrar", json={"ticket": ticket}, timeout=60)
    assert entrada.json()["success"], entrada.text
    biscoito = entrada.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/invoice/company"} <= set(biscoito.split("; "))
    assert navegador.post(f"{cenario.url}/sso/entrar", json={"ticket": ticket}, timeout=60).status_code == 401
    return navegador


def test_a_ticket_leads_to_the_companys_notes(cenario: Cenario) -> None:
    with enter(cenario, cenario.token) as navegador:
        lista = navegador.get(cenario.url + PAINEL, timeout=60)
        assert lista.status_code == 200
        assert cenario.documento.chave in lista.text
        assert "R$ 300,00" in lista.text
        assert "Autorizada" in lista.text
        canceladas = navegador.get(cenario.url + PAINEL, params={"status": "canceled"}, timeout=60)
        assert cenario.documento.chave not in canceladas.text
        assert "Nenhuma nota." in canceladas.text
        detalhe = navegador.get(
            f"{cenario.url}/invoice/company/documentos/{cenario.documento.id}", timeout=60
        )
        assert CANARIO in detalhe.text
        link = re.search(r'href="([^"]+\.xml\?[^"]+)"', detalhe.text)
        assert link is not None
        xml = requests.get(link[1].replace("&amp;", "&"), timeout=60)
        assert (xml.status_code, CANARIO in xml.text) == (200, True)
        for estranho in ("", "/relatorios", "/kanban?page=x", "/kanban?status=y"):
            fora = navegador.get(f"{cenario.url}/invoice/company{estranho}", timeout=60)
            assert urlsplit(fora.url).path == PAINEL, "other places lead back to the panel"


def test_pages_load_nothing_that_is_not_ours(cenario: Cenario) -> None:
    with enter(cenario, cenario.token) as navegador:
        for caminho in ("/sso", PAINEL, f"/invoice/company/documentos/{cenario.documento.id}"):
            pagina = navegador.get(cenario.url + caminho, timeout=60)
            regras = pagina.headers["Content-Security-Policy"]
            assert "default-src 'none'" in regras
            assert "unsafe" not in regras
            assert pagina.headers["Cache-Control"] == "no-store"
            assert not re.findall(r'(?:src|action)="(?!/)', pagina.text)
            assert cenario.token not in pagina.text
    for arquivo in ("entrar.js", "painel.css"):
        assert requests.get(f"{cenario.url}/sso/{arquivo}", timeout=60).status_code == 200


def test_what_callers_wrote_is_text_and_nothing_else(cenario: Cenario) -> None:
    mudanca = {"company_id": "", "name": '<script>alert(1)</script>"&'}
    detalhe = cenario.call("GET", "/api/company/get_detail", {}, cenario.token_vizinha).json()["data"]
    mudanca["company_id"] = detalhe["company_id"]
    assert cenario.call("POST", "/api/company/edit", mudanca, cenario.token_vizinha).json()["success"]
    with enter(cenario, cenario.token_vizinha) as navegador:
        pagina = navegador.get(cenario.url + PAINEL, timeout=60).text
    assert "<script>" not in pagina
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;" in pagina


def test_nobody_sees_another_companys_notes(cenario: Cenario) -> None:
    nota = f"{cenario.url}/invoice/company/documentos/{cenario.documento.id}"
    for token in (cenario.token_vizinha, cenario.token_estranha):
        with enter(cenario, token) as navegador:
            resposta = navegador.get(nota, timeout=60)
            assert (resposta.status_code, CANARIO in resposta.text) == (404, False)
            assert CANARIO not in navegador.get(cenario.url + PAINEL, timeout=60).text
    for biscoitos in ({}, {"chancela_sessao": "a.b.c"}):
        for url in (nota, cenario.url + PAINEL):
            resposta = requests.get(url, cookies=biscoitos, timeout=60)
            assert (resposta.status_code, CANARIO in resposta.text) == (401, False)


def test_leaving_ends_the_session_of_the_browser(cenario: Cenario) -> None:
    with enter(cenario, cenario.token) as navegador:
        navegador.post(f"{cenario.url}/invoice/company/sair", timeout=60)
        assert navegador.get(cenario.url + PAINEL, timeout=60).status_code == 401
