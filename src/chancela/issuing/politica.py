"""Limits under which a process takes documents and events to SEFAZ."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Politica:
    """Limits of one process."""

    prazo_concessao_s: float = 60.0
    """Lease of a document; longer than a send and its query together."""
    prazo_resposta_s: float = 15.0
    """How long a synchronous caller waits before it is told `Processing`."""
    lote_drenagem: int = 50
    envios_simultaneos: int = 16
    fila_para_lotes: int = 200
    """From how many waiting notes of a company its backlog travels in lots (`issuing.remessa`); 0: never."""
    lotes_zip: bool = False
