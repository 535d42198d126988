"""Answers of `webhook/*`."""

from typing_extensions import TypedDict

from chancela.faces.tffiscal.saida import Objeto


class WebhookSaida(TypedDict):
    """Um endereço cadastrado; sem eventos, ele recebe todos."""

    webhook_id: int
    url: str
    eventos: list[str]
    ativo: bool
    create: str


class WebhookNovoSaida(WebhookSaida):
    """O endereço e o segredo que assina as mensagens, mostrado só desta vez."""

    segredo: str


class WebhooksSaida(TypedDict):
    """Os endereços do dono do token."""

    webhooks: list[WebhookSaida]


class WebhookChaveSaida(TypedDict):
    """O endereço apagado ou reativado."""

    webhook_id: int


class EntregaSaida(TypedDict):
    """Uma mensagem e o que foi feito dela; `proxima_em` é vazio quando não há nova tentativa."""

    entrega_id: int
    mensagem_id: str
    evento: str
    uuid: str
    em: str
    estado: str
    tentativas: int
    proxima_em: str
    dados: Objeto


class EntregasSaida(TypedDict):
    """As entregas a um endereço, da mais nova para a mais antiga."""

    entregas: list[EntregaSaida]


class TentativaSaida(TypedDict):
    """Uma tentativa de entrega; `status_http` é nulo quando não houve resposta."""

    em: str
    status_http: int | None
    duracao_ms: int
    erro: str
    resposta: str


class TentativasSaida(TypedDict):
    """As tentativas de uma entrega."""

    tentativas: list[TentativaSaida]


class ReenvioSaida(TypedDict):
    """A entrega que vai de novo."""

    entrega_id: int
