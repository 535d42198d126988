"""`chancela webhook`: addresses that are told of events, and the log of what they were told."""

from collections.abc import Sequence

from chancela.cli.saida import RECUSADO, USO_ERRADO, say, show, show_rows
from chancela.gateways.destino import DestinoRecusado, check_destino
from chancela.issuing.empresa import Empresas
from chancela.issuing.notificacao import EVENTOS, NovoWebhook
from chancela.notifications.formatos import PADRAO, show_secret
from chancela.stores.entregas import EntregasPg
from chancela.stores.webhooks import Dono, WebhooksPg

_LIMITE = 100


def find_owner(empresas: Empresas, empresa_id: int | None, integrador_id: int | None) -> Dono:
    """The owner that the options name: one company, or an integrator for all of its companies."""
    if (empresa_id is None) == (integrador_id is None):
        say("Informe --empresa ou --integrador, um dos dois.")
        raise SystemExit(USO_ERRADO)
    if empresa_id is None:
        assert integrador_id is not None
        return Dono(integrador_id, None)
    empresa = empresas.get(empresa_id)
    if empresa is None:
        say(f"EMPRESA-NAO-EXISTE  Não há empresa com o id {empresa_id}.")
        raise SystemExit(RECUSADO)
    return Dono(empresa.integrador_id, empresa.id)


def create_webhook(
    webhooks: WebhooksPg,
    dono: Dono,
    url: str,
    eventos: Sequence[str],
    *,
    formato: str = PADRAO,
    em_json: bool,
) -> None:
    """Register an address and print its secret, which is not shown again."""
    estranhos = sorted(set(eventos) - set(EVENTOS))
    if estranhos:
        say(f"{', '.join(estranhos)}: evento desconhecido. Use: {', '.join(EVENTOS)}.")
        raise SystemExit(USO_ERRADO)
    try:
        check_destino(url, aceita_http=True)
    except DestinoRecusado as erro:
        say(f"WEBHOOK-URL  O endereço {erro.mensagem}")
        raise SystemExit(RECUSADO) from None
    novo = NovoWebhook(dono.integrador_id, dono.empresa_id, url, tuple(eventos), formato)
    webhook, segredo = webhooks.create(novo)
    say("Guarde o segredo: ele não é mostrado de novo.")
    show({"id": webhook.id, "url": webhook.url, "segredo": show_secret(segredo)}, em_json=em_json)


def list_webhooks(webhooks: WebhooksPg, dono: Dono, *, em_json: bool) -> None:
    """Print the addresses of an owner."""
    linhas = [
        (str(w.id), w.url, ", ".join(w.eventos) or "todos", "sim" if w.ativo else "não")
        for w in webhooks.list_of(dono)
    ]
    show_rows("Webhooks", ("id", "url", "eventos", "ativo"), linhas, em_json=em_json)


def delete_webhook(webhooks: WebhooksPg, dono: Dono, webhook_id: int, *, em_json: bool) -> None:
    """Take an address away."""
    if not webhooks.delete(webhook_id, dono):
        say(f"WEBHOOK-NAO-EXISTE  Não há webhook com o id {webhook_id}.")
        raise SystemExit(RECUSADO)
    show({"id": webhook_id}, em_json=em_json)


def list_deliveries(entregas: EntregasPg, dono: Dono, webhook_id: int, *, em_json: bool) -> None:
    """Print what an address was told, newest first."""
    linhas = [
        (str(e.id), e.mensagem.em.isoformat(timespec="seconds"), e.mensagem.evento, e.mensagem.alvo, e.estado.value, str(e.tentativas))
        for e in entregas.list_of(webhook_id, dono, limite=_LIMITE)
    ]  # fmt: skip
    show_rows("Entregas", ("id", "em", "evento", "uuid", "estado", "tentativas"), linhas, em_json=em_json)


def resend_delivery(entregas: EntregasPg, dono: Dono, entrega_id: int, *, em_json: bool) -> None:
    """Send a delivery again, delivered or given up."""
    if not entregas.resend(entrega_id, dono):
        say(f"WEBHOOK-ENTREGA  Não há entrega encerrada com o id {entrega_id}.")
        raise SystemExit(RECUSADO)
    show({"id": entrega_id, "estado": "PENDENTE"}, em_json=em_json)
