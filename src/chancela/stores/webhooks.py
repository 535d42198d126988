"""Addresses that are told of events, and their secrets. Administration names its tenant in every statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, text

from chancela.issuing.notificacao import NovoWebhook, Webhook
from chancela.kit.randomness import Randomness
from chancela.stores.cofre import Cofre
from chancela.stores.conexao import Banco
from chancela.stores.segredos import webhook_identity

_SEGREDO_BYTES = 32


@dataclass(frozen=True, slots=True)
class Dono:
    """Whose addresses: a company's own, or those that an integrator has for all of its companies."""

    integrador_id: int
    empresa_id: int | None

    def parameters(self) -> dict[str, Any]:
        """As the statements name them."""
        return {"integrador_id": self.integrador_id, "empresa_id": self.empresa_id}


class WebhooksPg:
    """Registers and finds addresses. Blocking and thread-safe."""

    def __init__(self, banco: Banco, cofre: Cofre, randomness: Randomness) -> None:
        self._banco = banco
        self._cofre = cofre
        self._randomness = randomness

    def create(self, novo: NovoWebhook) -> tuple[Webhook, bytes]:
        """A new address and its signing secret, which is not readable afterwards."""
        segredo = self._randomness.token_bytes(_SEGREDO_BYTES)
        with self._banco.system() as conexao:
            webhook_id = conexao.execute(_RESERVA).scalar_one()
            linha = conexao.execute(
                _CRIA,
                {
                    "id": webhook_id,
                    "integrador_id": novo.integrador_id,
                    "empresa_id": novo.empresa_id,
                    "url": novo.url,
                    "eventos": list(novo.eventos),
                    "formato": novo.formato,
                    "envelope": self._cofre.seal(segredo, webhook_identity(webhook_id)),
                },
            ).mappings()
            return _read(linha.one()), segredo

    def list_of(self, dono: Dono) -> Sequence[Webhook]:
        """The addresses of an owner, oldest first."""
        with self._banco.system() as conexao:
            return [_read(linha) for linha in conexao.execute(_LISTA, dono.parameters()).mappings()]

    def delete(self, webhook_id: int, dono: Dono) -> bool:
        """Take an address away, with its messages; False when the owner has no such one."""
        with self._banco.system() as conexao:
            return conexao.execute(_APAGA, {**dono.parameters(), "id": webhook_id}).rowcount == 1

    def reactivate(self, webhook_id: int, dono: Dono) -> bool:
        """Tell an address again that had answered 410."""
        with self._banco.system() as conexao:
            return conexao.execute(_REATIVA, {**dono.parameters(), "id": webhook_id}).rowcount == 1


def _read(linha: RowMapping) -> Webhook:
    return Webhook(
        id=linha["id"],
        integrador_id=linha["integrador_id"],
        empresa_id=linha["empresa_id"],
        url=linha["url"],
        eventos=tuple(linha["eventos"]),
        formato=linha["formato"],
        ativo=linha["ativo"],
        criado_em=linha["criado_em"],
    )


_DO_DONO = "integrador_id = :integrador_id AND empresa_id IS NOT DISTINCT FROM CAST(:empresa_id AS bigint)"
_RESERVA = text("SELECT nextval(pg_get_serial_sequence('webhooks', 'id'))")
_CRIA = text(
    "INSERT INTO webhooks (id, integrador_id, empresa_id, url, eventos, formato, envelope) OVERRIDING SYSTEM VALUE"
    " VALUES (:id, :integrador_id, :empresa_id, :url, :eventos, :formato, :envelope) RETURNING *"
)
_LISTA = text(f"SELECT * FROM webhooks WHERE {_DO_DONO} ORDER BY id")  # noqa: S608 - constants
_APAGA = text(f"DELETE FROM webhooks WHERE id = :id AND {_DO_DONO}")  # noqa: S608 - constants
_REATIVA = text(f"UPDATE webhooks SET ativo = true WHERE id = :id AND {_DO_DONO}")  # noqa: S608 - constants
