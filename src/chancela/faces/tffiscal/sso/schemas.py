"""Wire form of the SSO operations. What is missing or wrong is answered with the documented sentences, so all is optional."""

from typing import Annotated

from pydantic import Field

from chancela.faces.tffiscal.tipos import Codigo, Corpo, Texto, at_most, one_of

IDIOMAS = ("br", "en", "zh", "es", "ja", "ko")


class BilheteEntrada(Corpo):
    """Body of `sso/create_ticket`."""

    token: Annotated[Texto, at_most(512)] = Field("", title="Token da empresa", examples=["TOKEN_DA_EMPRESA"])
    language: Codigo = Field("br", title="Idioma", examples=["br"])
    page: Annotated[Codigo, one_of("emitir_nfe")] | None = Field(
        None, title="Página", examples=["emitir_nfe"]
    )


class ConsumoEntrada(Corpo):
    """Body of `sso/consume_ticket`."""

    ticket: Annotated[Texto, at_most(200)] = Field("", title="Bilhete")
