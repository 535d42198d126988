"""Answers of the SSO operations, whose keys stand beside those of the envelope."""

from typing_extensions import TypedDict


class BilheteSaida(TypedDict):
    """O ticket e o endereço para onde levar o navegador."""

    ticket: str
    redirectUrl: str
    expiresInSeconds: int
    expiresAt: str


class SessaoSaida(TypedDict):
    """A sessão em que o ticket se tornou."""

    access_token: str
    type: str
    uid: int
    company_id: int
    language: str
    page: str
