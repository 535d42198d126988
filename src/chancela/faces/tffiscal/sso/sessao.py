"""The session that a ticket becomes: a JSON Web Token (HS256) which speaks for an integrator inside one company."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import jwt
from jwt.types import Options

SESSAO_DIAS = 365
ESCOPO = "empresa"
TIPO = "user"
_ALGORITMO = "HS256"
_EXIGIDOS = ("exp", "uid", "company_id", "scope")


@dataclass(frozen=True, slots=True)
class Sessao:
    """Whom a session speaks for, and in which language it was asked for."""

    integrador_id: int
    empresa_id: int
    idioma: str


def sign_session(sessao: Sessao, chave: bytes, *, agora: datetime, jti: str) -> str:
    """The token, good for 365 days."""
    inicio = int(agora.timestamp())
    dizeres = {
        "sub": str(sessao.integrador_id),
        "type": TIPO,
        "uid": sessao.integrador_id,
        "company_id": sessao.empresa_id,
        "scope": ESCOPO,
        "language": sessao.idioma,
        "iat": inicio,
        "exp": inicio + SESSAO_DIAS * 86_400,
        "jti": jti,
    }
    return jwt.encode(dizeres, chave, _ALGORITMO)


def read_session(token: str, chaves: Sequence[bytes], *, agora: datetime) -> Sessao | None:
    """The session of a token that we signed and that is not over; None for every other text.

    The end is compared with the clock that we were given, not with the library's.
    """
    opcoes: Options = {"require": list(_EXIGIDOS), "verify_exp": False, "verify_iat": False}
    for chave in chaves:
        try:
            dizeres = jwt.decode(token, chave, [_ALGORITMO], options=opcoes)
        except (jwt.InvalidTokenError, UnicodeError):
            continue
        if dizeres["exp"] <= agora.timestamp() or dizeres["scope"] != ESCOPO:
            return None
        return Sessao(dizeres["uid"], dizeres["company_id"], dizeres.get("language", ""))
    return None
