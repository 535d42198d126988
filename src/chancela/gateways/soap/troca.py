"""What crossed the wire in one exchange, and the two ways in which an exchange can fail."""

from dataclasses import dataclass, replace
from datetime import datetime

from chancela.domain.erros import TransmissaoIncerta, TransmissaoRecusada


@dataclass(frozen=True, slots=True)
class Troca:
    """One request and what came of it. Holds sizes and times, never content and never a secret."""

    url: str
    servico: str
    inicio: datetime
    duracao_ms: int
    bytes_enviados: int
    bytes_recebidos: int = 0
    http_status: int | None = None
    conexao_reaproveitada: bool = False
    versao_tls: str = ""
    cifra: str = ""
    falha: str = ""
    """Stable code of the failure; empty when an answer came."""


def with_failure(troca: Troca, falha: str) -> Troca:
    """The same exchange, marked with the code of what went wrong after the answer came."""
    return replace(troca, falha=falha)


class EntregaIncerta(TransmissaoIncerta):
    """The request may have been processed: `troca` tells how far it went."""

    def __init__(self, codigo: str, mensagem: str, correcao: str, troca: Troca) -> None:
        super().__init__(codigo, mensagem, correcao)
        self.troca = troca


class EntregaRecusada(TransmissaoRecusada):
    """The request surely was not processed: `troca` tells where it stopped."""

    def __init__(self, codigo: str, mensagem: str, correcao: str, troca: Troca) -> None:
        super().__init__(codigo, mensagem, correcao)
        self.troca = troca
