"""What the simulator can be told when it starts; everything else is switched through the control API."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ConfiguracaoSimulador:
    """Settings of one simulator.

    `home` is the data folder of the platform; the simulator keeps to `home/simulador`. `porta` 0 takes any free
    port, and `porta_controle` None takes the next one after `porta`.
    """

    home: Path
    host: str = "127.0.0.1"
    porta: int = 8443
    porta_controle: int | None = None
    porta_renegociacao: int | None = None
    """A second TLS port that asks for the client certificate by renegotiation after the request; None: not opened."""
    valida_respostas: bool = False
    """Check every answer against the official return schema before it leaves (about 0.1 ms each)."""
    reenvio_devolve_protocolo: bool = False
    """NT 2018.005 lets an authorizer answer a resend of the identical document with the first protocol."""
    tempo_lote_s: int = 2
    """How long an asynchronous lot stays in processing (105)."""
    corpos_guardados: int = 2_000
    """How many of the last exchanges keep their request and answer in the journal."""
    ambiente: int | None = None
    """1 or 2 answers only that tpAmb (others 252); None answers both, as the address or the message says."""

    @property
    def pasta(self) -> Path:
        return self.home / "simulador"
