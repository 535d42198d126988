"""How a message looks on the wire. A format is a function from a taken message to a request; each has a name.

The own format follows Standard Webhooks 1.0 (standardwebhooks.com): `webhook-id`, `webhook-timestamp` and
`webhook-signature: v1,<base64 of HMAC-SHA256 over "id.timestamp.body">`. Another face adds its own by `FORMATOS`.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from chancela.issuing.notificacao import EntregaTomada
from chancela.kit.json_exact import write_json

PADRAO = "padrao"
_PREFIXO_DO_SEGREDO = "whsec_"


@dataclass(frozen=True, slots=True)
class PedidoWebhook:
    """What is posted: body and headers."""

    corpo: bytes
    cabecalhos: Mapping[str, str]


Formato = Callable[[EntregaTomada, datetime], PedidoWebhook]
"""Message and the present instant in, request out."""


def show_secret(segredo: bytes) -> str:
    """The secret as receivers' libraries take it: `whsec_<base64>`."""
    return _PREFIXO_DO_SEGREDO + base64.b64encode(segredo).decode()


def sign_standard(segredo: bytes, mensagem_id: str, instante_s: int, corpo: bytes) -> str:
    """The `webhook-signature` of a body."""
    texto = f"{mensagem_id}.{instante_s}.".encode() + corpo
    return "v1," + base64.b64encode(hmac.new(segredo, texto, hashlib.sha256).digest()).decode()


def format_standard(tomada: EntregaTomada, agora: datetime) -> PedidoWebhook:
    """Our own format: `{"type", "timestamp", "data"}`."""
    mensagem = tomada.entrega.mensagem
    corpo = write_json(
        {
            "type": mensagem.evento,
            "timestamp": mensagem.em.astimezone(UTC)
            .isoformat(timespec="milliseconds")
            .replace("+00:00", "Z"),
            "data": {"company_id": f"comp_{mensagem.empresa_id}", **mensagem.dados},
        }
    )
    instante_s = int(agora.timestamp())
    pedido_id = str(mensagem.dados.get("pedido_id", ""))
    return PedidoWebhook(
        corpo,
        {
            **({"X-Request-Id": pedido_id} if pedido_id else {}),
            "Content-Type": "application/json",
            "webhook-id": mensagem.id,
            "webhook-timestamp": str(instante_s),
            "webhook-signature": sign_standard(tomada.segredo, mensagem.id, instante_s, corpo),
        },
    )


FORMATOS: Mapping[str, Formato] = {PADRAO: format_standard}
"""Every format by the name that a registered address carries."""
