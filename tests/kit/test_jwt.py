"""A session token is read only when it is ours, whole and not over."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chancela.kit.jwt import read_jwt, sign_jwt

AGORA = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CHAVE = b"k" * 32
DIZERES = {"uid": 7, "exp": int(AGORA.timestamp()) + 60}


def part(dados: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(dados, separators=(",", ":")).encode()).decode().rstrip("=")


def test_what_was_signed_is_read_until_it_is_over() -> None:
    token = sign_jwt(DIZERES, CHAVE)
    assert read_jwt(token, CHAVE, now=AGORA) == DIZERES
    assert read_jwt(token, CHAVE, now=AGORA + timedelta(seconds=60)) is None
    assert read_jwt(sign_jwt({"uid": 7}, CHAVE), CHAVE, now=AGORA) is None, (
        "without an end it has none of our trust"
    )


def test_the_key_is_the_only_one() -> None:
    assert read_jwt(sign_jwt(DIZERES, b"x" * 32), CHAVE, now=AGORA) is None


@pytest.mark.parametrize(
    "cabecalho",
    [{"alg": "none", "typ": "JWT"}, {"alg": "HS512", "typ": "JWT"}, {"typ": "JWT", "alg": "HS256"}],
)
def test_the_token_does_not_choose_how_it_is_judged(cabecalho: dict[str, str]) -> None:
    _, corpo, assinatura = sign_jwt(DIZERES, CHAVE).split(".")
    for final in (assinatura, ""):
        assert read_jwt(f"{part(cabecalho)}.{corpo}.{final}", CHAVE, now=AGORA) is None


def test_every_change_of_a_character_is_noticed() -> None:
    token = sign_jwt(DIZERES, CHAVE)
    for lugar in range(len(token)):
        trocado = token[:lugar] + ("A" if token[lugar] != "A" else "B") + token[lugar + 1 :]
        if token[lugar] != ".":
            assert read_jwt(trocado, CHAVE, now=AGORA) is None, lugar


@pytest.mark.parametrize(
    "texto",
    [
        "",
        ".",
        "..",
        "a.b",
        "a.b.c",
        "a.b.c.d",
        "é.é.é",
        "\ud800.\ud800.\ud800",
        "=.=.=",
        sign_jwt(DIZERES, CHAVE) + "=",
        " " + sign_jwt(DIZERES, CHAVE),
    ],
)
def test_other_text_is_no_token(texto: str) -> None:
    assert read_jwt(texto, CHAVE, now=AGORA) is None
