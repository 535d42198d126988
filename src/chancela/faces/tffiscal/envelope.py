"""The envelope of every TFFiscal answer: `{"success", "message", "data"}`, with exact decimals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chancela.kit.json_exact import write_json

SUCESSO = "Sucesso"
TIPO_JSON = "application/json;charset=utf-8"


@dataclass(frozen=True, slots=True)
class Resposta:
    """An answer about to be written: HTTP status, `success`, `message`, `data` and extra headers."""

    status: int
    success: bool
    message: str
    data: Any = None
    cabecalhos: Mapping[str, str] = field(default_factory=dict[str, str])
    raiz: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Keys beside the envelope's own, for the operations whose contract puts them there."""
    arquivo: bytes | None = None
    """A file in place of the envelope, of media type `tipo`."""
    tipo: str = TIPO_JSON

    def corpo(self) -> bytes:
        """The JSON text, or the file. `data` is left out when there is none."""
        if self.arquivo is not None:
            return self.arquivo
        envelope: dict[str, Any] = {"success": self.success, "message": self.message}
        if self.data is not None:
            envelope["data"] = self.data
        return write_json({**envelope, **self.raiz})


def succeed(data: Any = None, message: str = SUCESSO) -> Resposta:
    """HTTP 200 with `success: true`."""
    return Resposta(200, True, message, data)


def refuse(
    status: int, message: str, data: Any = None, cabecalhos: Mapping[str, str] | None = None
) -> Resposta:
    """An answer with `success: false`. SEFAZ's own refusals come with status 200."""
    return Resposta(status, False, message, data, dict(cabecalhos or {}))


def hand_out(nome: str, tipo: str, conteudo: bytes) -> Resposta:
    """A file instead of the envelope."""
    cabecalhos = {
        "Content-Disposition": f'attachment; filename="{nome}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Resposta(200, True, SUCESSO, cabecalhos=cabecalhos, arquivo=conteudo, tipo=tipo)
