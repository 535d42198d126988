"""The commands of `chancela webhook`: options in, parts opened, work handed to `chancela.cli.webhook`."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from chancela.server.configuracao import load_configuracao

if TYPE_CHECKING:
    from chancela.stores.entregas import EntregasPg
    from chancela.stores.webhooks import Dono, WebhooksPg

webhook = typer.Typer(help="Webhooks: avisos de eventos ao sistema do cliente.", no_args_is_help=True)

EmJson = Annotated[bool, typer.Option("--json", help="Saída em JSON.")]
DaEmpresa = Annotated[int | None, typer.Option("--empresa", help="Número da empresa.")]
DoIntegrador = Annotated[
    int | None, typer.Option("--integrador", help="Número do integrador: todas as empresas dele.")
]


@contextmanager
def _open(empresa: int | None, integrador: int | None) -> "Generator[tuple[Dono, WebhooksPg, EntregasPg]]":
    from chancela.cli.webhook import find_owner
    from chancela.kit.randomness import SystemRandomness
    from chancela.server.pecas import database_of, open_cofre, open_empresas
    from chancela.stores.entregas import EntregasPg
    from chancela.stores.webhooks import WebhooksPg

    atual = load_configuracao()
    with (
        database_of(atual) as url,
        open_empresas(atual, url) as empresas,
        open_cofre(atual, url) as (banco, cofre),
    ):
        dono = find_owner(empresas, empresa, integrador)
        yield dono, WebhooksPg(banco, cofre, SystemRandomness()), EntregasPg(banco, cofre)


@webhook.command("criar")
def criar(
    url: Annotated[str, typer.Option(help="Endereço HTTPS que recebe os avisos.")],
    evento: Annotated[list[str] | None, typer.Option(help="Evento; repita. Sem nenhum, todos.")] = None,
    empresa: DaEmpresa = None,
    integrador: DoIntegrador = None,
    em_json: EmJson = False,
) -> None:
    """Cadastra um endereço e mostra, uma única vez, o segredo que assina os avisos."""
    from chancela.cli.webhook import create_webhook

    with _open(empresa, integrador) as (dono, webhooks, _):
        create_webhook(webhooks, dono, url, evento or (), em_json=em_json)


@webhook.command("listar")
def listar(empresa: DaEmpresa = None, integrador: DoIntegrador = None, em_json: EmJson = False) -> None:
    """Lista os endereços cadastrados."""
    from chancela.cli.webhook import list_webhooks

    with _open(empresa, integrador) as (dono, webhooks, _):
        list_webhooks(webhooks, dono, em_json=em_json)


@webhook.command("apagar")
def apagar(
    webhook_id: Annotated[int, typer.Argument(metavar="ID", help="Número do webhook.")],
    empresa: DaEmpresa = None,
    integrador: DoIntegrador = None,
    em_json: EmJson = False,
) -> None:
    """Apaga um endereço e o que espera por ele."""
    from chancela.cli.webhook import delete_webhook

    with _open(empresa, integrador) as (dono, webhooks, _):
        delete_webhook(webhooks, dono, webhook_id, em_json=em_json)


@webhook.command("entregas")
def entregas(
    webhook_id: Annotated[int, typer.Argument(metavar="ID", help="Número do webhook.")],
    empresa: DaEmpresa = None,
    integrador: DoIntegrador = None,
    em_json: EmJson = False,
) -> None:
    """Mostra as últimas entregas de um endereço."""
    from chancela.cli.webhook import list_deliveries

    with _open(empresa, integrador) as (dono, _, guardadas):
        list_deliveries(guardadas, dono, webhook_id, em_json=em_json)


@webhook.command("reenviar")
def reenviar(
    entrega_id: Annotated[int, typer.Argument(metavar="ID", help="Número da entrega.")],
    empresa: DaEmpresa = None,
    integrador: DoIntegrador = None,
    em_json: EmJson = False,
) -> None:
    """Envia de novo uma entrega já feita, ou de que se desistiu."""
    from chancela.cli.webhook import resend_delivery

    with _open(empresa, integrador) as (dono, _, guardadas):
        resend_delivery(guardadas, dono, entrega_id, em_json=em_json)
