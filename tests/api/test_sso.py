"""From a company's token to a session, once."""

import base64
import json

from tests.api.conftest import Cenario


def test_a_ticket_becomes_one_session(cenario: Cenario) -> None:
    pedido = cenario.call(
        "POST", "/api/sso/create_ticket", {"token": cenario.token, "language": "EN"}, cenario.token
    )
    ticket = pedido.json()
    assert (ticket["success"], ticket["message"], ticket["expiresInSeconds"]) == (True, "ticket", 60)
    assert len(base64.urlsafe_b64decode(ticket["ticket"] + "=")) == 32
    assert ticket["redirectUrl"].endswith(f"/sso#ticket={ticket['ticket']}")
    sessao = cenario.call("POST", "/api/sso/consume_ticket", {"ticket": ticket["ticket"]}, None).json()
    assert sessao["message"] == "Login succeeded"
    assert (sessao["company_id"], sessao["language"], sessao["page"]) == (cenario.empresa.id, "en", "")
    dados = sessao["access_token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(dados + "=" * (-len(dados) % 4)))
    assert claims["exp"] - claims["iat"] == 365 * 86_400
    de_novo = cenario.call("POST", "/api/sso/consume_ticket", {"ticket": ticket["ticket"]}, None)
    assert (de_novo.status_code, de_novo.json()["message"]) == (401, "Ticket inválido ou expirado")


def test_the_documented_refusals(cenario: Cenario) -> None:
    def ask(corpo: dict[str, str], token: str) -> str:
        return cenario.call("POST", "/api/sso/create_ticket", corpo, token).json()["message"]

    assert ask({}, cenario.token) == "Token is required"
    assert ask({"token": "nenhum"}, cenario.token) == "Invalid token"
    assert ask({"token": cenario.token}, cenario.token_estranha) == "Invalid token"
    assert ask({"token": cenario.token}, cenario.token_vizinha) == "Invalid token"
    varias = ask({"token": cenario.token_integrador}, cenario.token_integrador)
    assert (
        varias
        == "This token is linked to multiple companies. Send the specific company token you want to access."
    )
    assert cenario.call("POST", "/api/sso/consume_ticket", {}, None).json()["message"] == "Ticket inválido"


def test_thirty_tickets_a_minute(cenario: Cenario) -> None:
    respostas = [
        cenario.call(
            "POST", "/api/sso/create_ticket", {"token": cenario.token_vizinha}, cenario.token_vizinha
        )
        for _ in range(62)
    ]
    recusadas = [r for r in respostas if r.status_code == 429]
    assert recusadas, "62 calls span two minutes at most, of 30 each"
    assert {r.json()["message"] for r in recusadas} == {"Rate limit exceeded"}
