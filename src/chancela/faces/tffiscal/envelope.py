"""The envelope of every TFFiscal answer: `{"success", "message", "data"}`, with exact decimals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chancela.kit.json_exact import write_json

SUCESSO = "Sucesso"


@dataclass(frozen=True, slots=True)
class Resposta:
    """An answer about to be written: HTTP status, `success`, `message`, `data` and extra headers."""

    status: int
    success: bool
    message: str
    data: Any = None
    cabecalhos: Mapping[str, str] = field(default_factory=dict[str, str])

    def corpo(self) -> bytes:
        """The JSON text. `data` is left out when there is none."""
        envelope: dict[str, Any] = {"success": self.success, "message": self.message}
        if self.data is not None:
            envelope["data"] = self.data
        return write_json(envelope)


def succeed(data: Any = None, message: str = SUCESSO) -> Resposta:
    """HTTP 200 with `success: true`."""
    return Resposta(200, True, message, data)


def refuse(
    status: int, message: str, data: Any = None, cabecalhos: Mapping[str, str] | None = None
) -> Resposta:
    """An answer with `success: false`. SEFAZ's own refusals come with status 200."""
    return Resposta(status, False, message, data, dict(cabecalhos or {}))
