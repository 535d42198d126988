"""A session is read only when it is ours, whole and not over."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest

from chancela.faces.tffiscal.sso.sessao import SESSAO_DIAS, Sessao, read_session, sign_session

AGORA = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CHAVE, VELHA = b"k" * 32, b"v" * 32
SESSAO = Sessao(7, 9, "br")
TOKEN = sign_session(SESSAO, CHAVE, agora=AGORA, jti="1")
DIZERES = jwt.decode(TOKEN, options={"verify_signature": False})


def test_it_is_read_until_it_is_over() -> None:
    fim = AGORA + timedelta(days=SESSAO_DIAS)
    assert read_session(TOKEN, [CHAVE], agora=fim - timedelta(seconds=1)) == SESSAO
    assert read_session(TOKEN, [CHAVE], agora=fim) is None


def test_a_key_in_use_before_still_reads_and_no_other_does() -> None:
    antiga = sign_session(SESSAO, VELHA, agora=AGORA, jti="1")
    assert read_session(antiga, [CHAVE, VELHA], agora=AGORA) == SESSAO
    assert read_session(antiga, [CHAVE], agora=AGORA) is None


@pytest.mark.parametrize("algoritmo", ["none", "HS384", "HS512"])
def test_the_token_does_not_choose_how_it_is_judged(algoritmo: str) -> None:
    chave = None if algoritmo == "none" else CHAVE * 2
    assert read_session(jwt.encode(DIZERES, chave, algoritmo), [CHAVE, CHAVE * 2], agora=AGORA) is None


@pytest.mark.parametrize("falta", ["exp", "uid", "company_id", "scope"])
def test_every_claim_that_counts_must_be_there(falta: str) -> None:
    dizeres = {nome: valor for nome, valor in DIZERES.items() if nome != falta}
    assert read_session(jwt.encode(dizeres, CHAVE, "HS256"), [CHAVE], agora=AGORA) is None


def test_another_scope_is_none_of_the_panel() -> None:
    token = jwt.encode({**DIZERES, "scope": "integrador"}, CHAVE, "HS256")
    assert read_session(token, [CHAVE], agora=AGORA) is None


@pytest.mark.parametrize(
    "texto", ["", ".", "..", "a.b.c", "a.b.c.d", "é.é.é", "\ud800.\ud800.\ud800", "=.=.="]
)
def test_other_text_is_no_session(texto: str) -> None:
    assert read_session(texto, [CHAVE], agora=AGORA) is None
