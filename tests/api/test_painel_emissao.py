"""Issuing by hand in the panel: a form for everybody, which tells what is wrong where it is wrong, and issues once."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
import requests
from tests.api.conftest import CANARIO, Cenario
from tests.api.test_painel import PAINEL, enter
from tests.faces.tffiscal.exemplos import CATEGORIA_MINIMA

EMITIR = "/invoice/company/emitir"
_VAZIOS = frozenset({"input", "meta", "link", "br", "img"})


@dataclass
class Pagina(HTMLParser):
    """What a browser and a reader of screens find: fields by name, labels, descriptions, links, and whether every tag ends."""

    campos: dict[str, dict[str, str]] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    rotulados: set[str] = field(default_factory=set)
    ancoras: list[str] = field(default_factory=list)
    erros: dict[str, str] = field(default_factory=dict)
    abertas: list[str] = field(default_factory=list)
    _erro: str = ""
    _lista: str = ""
    _texto: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        dados = {nome: valor or "" for nome, valor in attrs}
        if tag not in _VAZIOS:
            self.abertas.append(tag)
        if "id" in dados:
            self.ids.append(dados["id"])
        if tag == "label":
            self.rotulados.add(dados.get("for", ""))
        if tag in ("input", "select", "textarea"):
            assert dados["name"] not in self.campos, f"{dados['name']} twice"
            self.campos[dados["name"]] = dados
            self._lista = dados["name"] if tag == "select" else ""
            self._texto = dados["name"] if tag == "textarea" else ""
        if tag == "option" and "selected" in dados:
            self.campos[self._lista]["value"] = dados["value"]
        if tag == "a":
            self.ancoras.append(dados["href"])
        if tag == "span" and dados.get("class") == "erro":
            self._erro = dados["id"]

    def handle_endtag(self, tag: str) -> None:
        assert self.abertas.pop() == tag, tag
        if tag == "span":
            self._erro = ""
        if tag == "textarea":
            self._texto = ""

    def handle_data(self, data: str) -> None:
        if self._erro:
            self.erros[self._erro] = self.erros.get(self._erro, "") + data
        if self._texto:
            self.campos[self._texto]["value"] = data

    def values(self) -> dict[str, str]:
        """What a browser would send if nothing were changed."""
        return {nome: campo.get("value", "") for nome, campo in self.campos.items()}


def read(resposta: requests.Response) -> Pagina:
    """The page, which must be sound: tags that end, ids that are one, labels and descriptions that exist."""
    pagina = Pagina()
    pagina.feed(resposta.text)
    assert pagina.abertas == []
    assert len(pagina.ids) == len(set(pagina.ids))
    for nome, campo in pagina.campos.items():
        if campo.get("type") != "hidden":
            assert campo["id"] in pagina.rotulados, nome
        assert set(campo.get("aria-describedby", "").split()) <= set(pagina.ids), nome
    assert {ancora.removeprefix("#") for ancora in pagina.ancoras if ancora.startswith("#")} <= set(
        pagina.ids
    )
    return pagina


def fill(pagina: Pagina, categoria: str, **mudancas: str) -> dict[str, str]:
    """A good sale typed into a form."""
    return {
        **pagina.values(), "cliente.documento": "123.456.789-09", "cliente.name": "Maria da Silva", "cliente.cep": "01001-000",
        "cliente.endereco": "Praça da Sé", "cliente.numero": "1", "cliente.bairro": "Sé", "cliente.city": "São Paulo",
        "cliente.uf": "SP", "products[0].name": "Produto", "products[0].ncm": "85176277", "products[0].category_id": categoria,
        "products[0].count": "2", "products[0].unit_price": "150.00", **mudancas,
    }  # fmt: skip


def send(
    navegador: requests.Session, cenario: Cenario, valores: dict[str, str], acao: str
) -> requests.Response:
    return navegador.post(
        cenario.url + EMITIR, data={**valores, "acao": acao}, timeout=60, allow_redirects=False
    )


@pytest.fixture(scope="module")
def categoria(cenario: Cenario) -> str:
    conteudo: dict[str, Any] = {**CATEGORIA_MINIMA, "category_id": "PAINEL"}
    for token in (cenario.token, cenario.token_vizinha):
        assert cenario.call("POST", "/api/category/create", conteudo, token).json()["success"]
    return "PAINEL"


def notes(cenario: Cenario, token: str) -> int:
    consulta = {"page": 1, "page_size": 20}
    return cenario.call("GET", "/api/invoice/get_list", consulta, token).json()["data"]["total"]


def test_the_form_is_sound_and_loads_nothing_of_others(cenario: Cenario, categoria: str) -> None:
    with enter(cenario, cenario.token) as navegador:
        resposta = navegador.get(cenario.url + EMITIR, timeout=60)
        pagina = read(resposta)
        assert resposta.status_code == 200
        assert f'value="{categoria}"' in resposta.text
        regras = resposta.headers["Content-Security-Policy"]
        assert "default-src 'none'" in regras
        assert "form-action 'self'" in regras
        assert "unsafe" not in regras
        assert resposta.headers["Cache-Control"] == "no-store"
        assert not re.findall(r"<script|https?:| style=| on[a-z]+=", resposta.text)
        outra = read(navegador.get(cenario.url + EMITIR, timeout=60))
        assert pagina.campos["id"]["value"] != outra.campos["id"]["value"], "each form is a note of its own"
        assert EMITIR in navegador.get(cenario.url + PAINEL, timeout=60).text
    assert requests.get(cenario.url + EMITIR, timeout=60).status_code == 401
    assert requests.post(cenario.url + EMITIR, data={"id": "x"}, timeout=60).status_code == 401


def test_emitir_nfe_is_where_the_ticket_leads(cenario: Cenario) -> None:
    pedido = {"token": cenario.token, "page": "emitir_nfe"}
    ticket = cenario.call("POST", "/api/sso/create_ticket", pedido, cenario.token).json()["ticket"]
    entrada = requests.post(f"{cenario.url}/sso/entrar", json={"ticket": ticket}, timeout=60).json()
    assert entrada["page"] == "emitir_nfe"
    programa = requests.get(f"{cenario.url}/sso/entrar.js", timeout=60).text
    assert 'resposta.page === "emitir_nfe" ? "emitir"' in programa


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    cenario: Cenario, categoria: str
) -> None:
    antes = notes(cenario, cenario.token)
    with enter(cenario, cenario.token) as navegador:
        vazia = read(navegador.get(cenario.url + EMITIR, timeout=60))
        digitado = fill(vazia, categoria, **{"products[0].ncm": "123", "cliente.name": '"><b>Zé</b>', "cliente.documento": "111"})  # fmt: skip
        for acao in ("conferir", "emitir"):
            resposta = send(navegador, cenario, digitado, acao)
            pagina = read(resposta)
            assert resposta.status_code == 400
            assert set(pagina.erros) >= {"products-0-ncm-erro", "cliente-documento-erro"}
            assert "NCM" in pagina.erros["products-0-ncm-erro"]
            assert pagina.campos["products[0].ncm"]["aria-invalid"] == "true"
            assert "aria-invalid" not in pagina.campos["products[0].name"]
            assert {n: v for n, v in pagina.values().items() if n != "marca"} == {
                n: v for n, v in digitado.items() if n != "marca"
            }
            assert "#products-0-ncm" in pagina.ancoras
            assert "<b>" not in resposta.text
        sem_numero = send(
            navegador, cenario, fill(vazia, categoria, **{"products[0].count": "duas"}), "emitir"
        )
        assert set(read(sem_numero).erros) == {"products-0-count-erro"}
    assert notes(cenario, cenario.token) == antes


def test_items_come_and_go_and_the_total_is_shown_before_issuing(cenario: Cenario, categoria: str) -> None:
    with enter(cenario, cenario.token) as navegador:
        valores = fill(read(navegador.get(cenario.url + EMITIR, timeout=60)), categoria)
        com_dois = read(send(navegador, cenario, valores, "mais")).values()
        assert com_dois["products[1].name"] == ""
        segundo = {"products[1].name": "Outro", "products[1].ncm": "85176277", "products[1].category_id": categoria, "products[1].unit_price": "0.335"}  # fmt: skip
        conferida = send(navegador, cenario, {**com_dois, **segundo}, "conferir")
        assert "Total da nota: R$ 300,34" in conferida.text, "0,335 is half a cent, rounded up"
        sem_primeiro = read(send(navegador, cenario, {**com_dois, **segundo}, "tirar-0")).values()
        assert sem_primeiro["products[0].name"] == "Outro"
        assert "products[1].name" not in sem_primeiro
        for acao in ("tirar-0", "tirar-9"):
            assert read(send(navegador, cenario, valores, acao)).values() == valores


def test_no_other_site_and_no_other_session_issues(cenario: Cenario, categoria: str) -> None:
    antes = notes(cenario, cenario.token)
    with enter(cenario, cenario.token) as navegador, enter(cenario, cenario.token_vizinha) as vizinha:
        valores = fill(read(navegador.get(cenario.url + EMITIR, timeout=60)), categoria)
        alheia = read(vizinha.get(cenario.url + EMITIR, timeout=60)).values()["marca"]
        for marca in ("", "x", "é", alheia):
            resposta = send(navegador, cenario, {**valores, "marca": marca}, "emitir")
            assert resposta.status_code == 403
            assert read(resposta).values()["products[0].name"] == "Produto"
        for referencia in ("", "painel-x", "PEDIDO-1", "assinatura:1"):
            resposta = send(navegador, cenario, {**valores, "id": referencia}, "emitir")
            assert (resposta.status_code, resposta.headers["Location"]) == (303, EMITIR)
    assert notes(cenario, cenario.token) == antes


def test_a_company_sees_and_uses_what_is_its_own(cenario: Cenario, categoria: str) -> None:
    propria = {**CATEGORIA_MINIMA, "category_id": "SOMINHA", "descricao": CANARIO}
    assert cenario.call("POST", "/api/category/create", propria, cenario.token).json()["success"]
    with enter(cenario, cenario.token) as dona:
        assert CANARIO in dona.get(cenario.url + EMITIR, timeout=60).text
    for token in (cenario.token_vizinha, cenario.token_estranha):
        with enter(cenario, token) as navegador:
            resposta = navegador.get(cenario.url + EMITIR, timeout=60)
            assert (resposta.status_code, CANARIO in resposta.text) == (200, False)
            emprestada = send(navegador, cenario, fill(read(resposta), "SOMINHA"), "emitir")
            assert (emprestada.status_code, CANARIO in emprestada.text) == (400, False)
            assert "products-0-category_id-erro" in read(emprestada).erros


def test_bytes_that_no_form_sends_do_no_harm(cenario: Cenario) -> None:
    with enter(cenario, cenario.token) as navegador:
        muitos = "&".join(f"a{n}=1" for n in range(2_000)).encode()
        for corpo in (b"", b"\xff\xfe", b"id=%ff", b"{}", muitos, b"id=painel-\x00"):
            resposta = navegador.post(cenario.url + EMITIR, data=corpo, timeout=60, allow_redirects=False)
            assert (resposta.status_code, resposta.headers["Location"]) == (303, EMITIR)
