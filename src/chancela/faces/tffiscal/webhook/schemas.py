"""Wire form of the webhook operations."""

from typing import Annotated

from pydantic import AfterValidator, Field

from chancela.faces.tffiscal.tipos import Codigo, Corpo, Inteiro, Url, refusal
from chancela.issuing.notificacao import EVENTOS


def check_evento(valor: str) -> str:
    """A known event."""
    if valor not in EVENTOS:
        raise refusal("WEBHOOK-EVENTO", "Este evento não existe.", f"Use um destes: {', '.join(EVENTOS)}.")
    return valor


def check_identifier(valor: int) -> int:
    """An identifier of ours."""
    if not 1 <= valor < 2**63:
        raise refusal("WEBHOOK-ID", "O identificador não é válido.", "Use o número de webhook/get_list.")
    return valor


Identificador = Annotated[Inteiro, AfterValidator(check_identifier)]


class WebhookEntrada(Corpo):
    """Body of `webhook/create`."""

    url: Url = Field(title="Endereço", examples=["https://erp.exemplo.com.br/chancela"])
    eventos: tuple[Annotated[Codigo, AfterValidator(check_evento)], ...] = Field(
        (), title="Eventos", max_length=50, examples=[["documento.autorizado", "documento.rejeitado"]]
    )


class WebhookChave(Corpo):
    """Body of `webhook/delete` and `webhook/reactivate`."""

    webhook_id: Identificador = Field(title="Identificador do webhook")


class EntregasConsulta(Corpo):
    """Query of `webhook/get_deliveries`."""

    webhook_id: Identificador = Field(title="Identificador do webhook")
    antes_de: Annotated[Inteiro, AfterValidator(check_identifier)] | None = Field(
        None, title="Só entregas anteriores a esta"
    )


class EntregaChave(Corpo):
    """Body of `webhook/resend`; query of `webhook/get_attempts`."""

    entrega_id: Identificador = Field(title="Identificador da entrega")
