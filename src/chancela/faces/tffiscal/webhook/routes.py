"""`webhook/*`: a company's addresses with its token, those for all companies of an integrator with the b2b token."""

from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool

from chancela.faces.tffiscal.envelope import Resposta, succeed
from chancela.faces.tffiscal.erros import FaceErro, refuse_field
from chancela.faces.tffiscal.nota.respostas import instant
from chancela.faces.tffiscal.portao import Chamada, Quem
from chancela.faces.tffiscal.rotas import Rota
from chancela.faces.tffiscal.validacao import validate
from chancela.faces.tffiscal.webhook.saidas import (
    EntregaSaida,
    EntregasSaida,
    ReenvioSaida,
    TentativasSaida,
    WebhookChaveSaida,
    WebhookNovoSaida,
    WebhookSaida,
    WebhooksSaida,
)
from chancela.faces.tffiscal.webhook.schemas import (
    EntregaChave,
    EntregasConsulta,
    WebhookChave,
    WebhookEntrada,
)
from chancela.gateways.destino import DestinoRecusado, check_destino
from chancela.issuing.notificacao import Entrega, NovoWebhook, Webhook
from chancela.notifications.formatos import show_secret
from chancela.stores.entregas import EntregasPg
from chancela.stores.webhooks import Dono, WebhooksPg

_PAGINA = 50
_MAXIMO_POR_DONO = 20


@dataclass(frozen=True, slots=True)
class PortasWebhook:
    """The parts of these operations."""

    webhooks: WebhooksPg
    entregas: EntregasPg


class OperacoesWebhook:
    """Operations on addresses and on what they were told."""

    def __init__(self, portas: PortasWebhook) -> None:
        self._webhooks = portas.webhooks
        self._entregas = portas.entregas

    async def create(self, chamada: Chamada) -> Resposta:
        """Register an address; the secret is shown this once."""
        entrada = validate(WebhookEntrada, chamada.dados)
        try:
            check_destino(entrada.url, aceita_http=True)
        except DestinoRecusado as erro:
            raise refuse_field(
                "url", "WEBHOOK-URL", f"O endereço {erro.mensagem}",
                "Envie uma URL HTTPS pública, sem usuário e senha.", valor=entrada.url, rotulo="Endereço",
            ) from None  # fmt: skip
        dono = _owner(chamada)
        existentes = await run_in_threadpool(self._webhooks.list_of, dono)
        if len(existentes) >= _MAXIMO_POR_DONO:
            raise FaceErro(
                400,
                "WEBHOOK-LIMITE",
                f"Já há {_MAXIMO_POR_DONO} webhooks cadastrados.",
                "Apague um deles antes.",
            )
        novo = NovoWebhook(dono.integrador_id, dono.empresa_id, entrada.url, entrada.eventos)
        webhook, segredo = await run_in_threadpool(self._webhooks.create, novo)
        data: WebhookNovoSaida = {**_show(webhook), "segredo": show_secret(segredo)}
        return succeed(data)

    async def get_list(self, chamada: Chamada) -> Resposta:
        """The addresses of the token's owner."""
        webhooks = await run_in_threadpool(self._webhooks.list_of, _owner(chamada))
        return succeed(WebhooksSaida(webhooks=[_show(webhook) for webhook in webhooks]))

    async def delete(self, chamada: Chamada) -> Resposta:
        """Take an address away, with what waits for it."""
        entrada = validate(WebhookChave, chamada.dados)
        if not await run_in_threadpool(self._webhooks.delete, entrada.webhook_id, _owner(chamada)):
            raise _missing()
        return succeed(WebhookChaveSaida(webhook_id=entrada.webhook_id))

    async def reactivate(self, chamada: Chamada) -> Resposta:
        """Tell an address again that was switched off by its own HTTP 410."""
        entrada = validate(WebhookChave, chamada.dados)
        if not await run_in_threadpool(self._webhooks.reactivate, entrada.webhook_id, _owner(chamada)):
            raise _missing()
        return succeed(WebhookChaveSaida(webhook_id=entrada.webhook_id))

    async def get_deliveries(self, chamada: Chamada) -> Resposta:
        """What an address was told, newest first."""
        consulta = validate(EntregasConsulta, chamada.dados)
        entregas = await run_in_threadpool(
            lambda: self._entregas.list_of(
                consulta.webhook_id, _owner(chamada), limite=_PAGINA, antes_de=consulta.antes_de
            )
        )
        return succeed(EntregasSaida(entregas=[_show_entrega(entrega) for entrega in entregas]))

    async def get_attempts(self, chamada: Chamada) -> Resposta:
        """Every try of one delivery."""
        consulta = validate(EntregaChave, chamada.dados)
        tentativas = await run_in_threadpool(self._entregas.tries_of, consulta.entrega_id, _owner(chamada))
        data: TentativasSaida = {
            "tentativas": [
                {
                    "em": instant(em),
                    "status_http": tentativa.status_http,
                    "duracao_ms": tentativa.duracao_ms,
                    "erro": tentativa.erro,
                    "resposta": tentativa.resposta,
                }
                for em, tentativa in tentativas
            ]
        }
        return succeed(data)

    async def resend(self, chamada: Chamada) -> Resposta:
        """Send a delivery again, delivered or given up."""
        entrada = validate(EntregaChave, chamada.dados)
        if not await run_in_threadpool(self._entregas.resend, entrada.entrega_id, _owner(chamada)):
            raise FaceErro(
                404, "WEBHOOK-ENTREGA", "Não há entrega encerrada com este identificador.",
                "Confira o identificador em webhook/get_deliveries; uma entrega pendente é tentada sozinha.",
            )  # fmt: skip
        return succeed(ReenvioSaida(entrega_id=entrada.entrega_id))


def webhook_routes(portas: PortasWebhook) -> tuple[Rota, ...]:
    """The routes of these operations."""
    w, de = OperacoesWebhook(portas), Quem.QUALQUER
    return (
        Rota("POST", "webhook/create", w.create, de, "Cadastrar webhook", WebhookEntrada, WebhookNovoSaida, altera=True),
        Rota("GET", "webhook/get_list", w.get_list, de, "Listar webhooks", None, WebhooksSaida),
        Rota("POST", "webhook/delete", w.delete, de, "Apagar webhook", WebhookChave, WebhookChaveSaida, altera=True),
        Rota("POST", "webhook/reactivate", w.reactivate, de, "Reativar webhook", WebhookChave, WebhookChaveSaida, altera=True),
        Rota("GET", "webhook/get_deliveries", w.get_deliveries, de, "Listar entregas", EntregasConsulta, EntregasSaida),
        Rota("GET", "webhook/get_attempts", w.get_attempts, de, "Listar tentativas de uma entrega", EntregaChave, TentativasSaida),
        Rota("POST", "webhook/resend", w.resend, de, "Reenviar uma entrega", EntregaChave, ReenvioSaida, altera=True),
    )  # fmt: skip


def _owner(chamada: Chamada) -> Dono:
    empresa = chamada.credencial.empresa
    return Dono(chamada.credencial.integrador.id, None if empresa is None else empresa.id)


def _show(webhook: Webhook) -> WebhookSaida:
    return {
        "webhook_id": webhook.id,
        "url": webhook.url,
        "eventos": list(webhook.eventos),
        "ativo": webhook.ativo,
        "create": instant(webhook.criado_em),
    }


def _show_entrega(entrega: Entrega) -> EntregaSaida:
    mensagem = entrega.mensagem
    return {
        "entrega_id": entrega.id,
        "mensagem_id": mensagem.id,
        "evento": mensagem.evento,
        "uuid": mensagem.alvo,
        "em": instant(mensagem.em),
        "estado": entrega.estado.value,
        "tentativas": entrega.tentativas,
        "proxima_em": "" if entrega.proxima_em is None else instant(entrega.proxima_em),
        "dados": dict(mensagem.dados),
    }


def _missing() -> FaceErro:
    return FaceErro(
        404, "WEBHOOK-NAO-EXISTE", "Webhook não encontrado.", "Confira o identificador em webhook/get_list."
    )
