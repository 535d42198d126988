"""The form of the panel on real processes: what it issues is authorised once, and a refusal is corrected on the same number."""

from collections.abc import Iterator

import pytest
import requests
from tests.api.test_painel_emissao import EMITIR, fill, read
from tests.processos.apoio import Loja

from chancela.server.demonstracao import Plataforma

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos")]


@pytest.fixture(scope="module")
def loja(plataforma: Plataforma) -> Loja:
    return Loja(plataforma)


def address(loja: Loja) -> str:
    """Where the panel answers: beside the API."""
    url: str = loja.plataforma.pronto["tffiscal"]["url"]
    return url


@pytest.fixture
def navegador(loja: Loja) -> Iterator[requests.Session]:
    """A browser that came in with a ticket."""
    token = loja.cliente.get("/api/company/get_detail").dados["token"]
    criado = loja.cliente.post("/api/sso/create_ticket", {"token": token, "page": "emitir_nfe"})
    with requests.Session() as sessao:
        entrada = sessao.post(
            f"{address(loja)}/sso/entrar", json={"ticket": criado.corpo["ticket"]}, timeout=60
        )
        assert entrada.json()["success"], entrada.text
        yield sessao


def press(navegador: requests.Session, loja: Loja, valores: dict[str, str]) -> requests.Response:
    """The button, and wherever it leads."""
    return navegador.post(address(loja) + EMITIR, data={**valores, "acao": "emitir"}, timeout=60)


def test_a_form_sent_twice_is_one_authorised_note(loja: Loja, navegador: requests.Session) -> None:
    antes = len(loja.ledger())
    valores = fill(read(navegador.get(address(loja) + EMITIR, timeout=60)), loja.categoria)
    paginas = [press(navegador, loja, valores) for _ in range(2)]
    assert paginas[0].url == paginas[1].url, "both lead to the same note"
    pagina = read(paginas[0])
    assert "Autorizada" in paginas[0].text
    assert len(loja.ledger()) == antes + 1
    (xml,) = [ancora for ancora in pagina.ancoras if ".xml?" in ancora]
    autorizado = loja.cliente.download(xml).decode()
    assert any(nota["chave"] in autorizado for nota in loja.ledger())
    assert any(".pdf?" in ancora for ancora in pagina.ancoras)


def test_a_refused_note_is_corrected_in_its_form(loja: Loja, navegador: requests.Session) -> None:
    loja.plan_fault(
        tipo="cstat", servico="NFeAutorizacao4", vezes=1, c_stat=778, motivo="Rejeição: NCM inexistente [nItem: 1]", no_protocolo=True
    )  # fmt: skip
    valores = fill(read(navegador.get(address(loja) + EMITIR, timeout=60)), loja.categoria)
    recusada = press(navegador, loja, valores)
    pagina = read(recusada)
    assert "A SEFAZ recusou a nota: 778" in recusada.text
    assert list(pagina.erros) == ["products-0-ncm-erro"]
    aceita = press(navegador, loja, {**pagina.values(), "informacoes_complementares": "corrigida"})
    assert "Autorizada" in aceita.text
    assert valores["id"] in aceita.text
    numeros = sorted(nota["numero"] for nota in loja.ledger())
    assert numeros == list(range(1, len(numeros) + 1)), "no number was lost"
