"""The barrier against equal refusals, pure: SEFAZ answers them with 656 and an hour of silence for the whole company.

Three equal refusals of a document within an hour are let through; the fourth try is stopped before it takes anything, and
the caller may insist. 108, 109 and 999 are no refusals of the document.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chancela.documents.nfe.conteudo import content_digest
from chancela.domain.erros import EstadoInvalido

RECUSAS_TOLERADAS = 3
JANELA_S = 3_600.0
NAO_CONTAM = frozenset({108, 109, 999})
DE_MOMENTO = frozenset(
    {
        150, 213, 227, 228, 239, 253, *range(280, 300), 394, 395, 396, 397, 398, 400, 407, 444, 445, 462, 463, 464,
        474, 502, 503, 556, 557, 558, 569, 570, 577, 578, 579, 583, 703, 704, 711, 712, 713, 714, 878, 897,
    }
)  # fmt: skip
"""Refusals about date, key, kind of emission, signature, certificate or QR Code: the next try differs in the very thing
refused."""


@dataclass(frozen=True, slots=True)
class Recusa:
    """One refusal of a document in the last hour."""

    c_stat: int
    motivo: str
    infnfe: bytes
    """The text that was refused."""


def check_barrier(recusas: Sequence[Recusa], infnfe: bytes) -> None:
    """Raises `EstadoInvalido` (`RECUSA-REPETIDA`) when this text was refused `RECUSAS_TOLERADAS` times already."""
    conteudo = content_digest(infnfe)
    iguais = [
        recusa
        for recusa in recusas
        if recusa.c_stat not in NAO_CONTAM
        and (
            recusa.infnfe == infnfe
            if recusa.c_stat in DE_MOMENTO
            else content_digest(recusa.infnfe) == conteudo
        )
    ]
    if len(iguais) < RECUSAS_TOLERADAS:
        return
    ultima = iguais[-1]
    raise EstadoInvalido(
        "RECUSA-REPETIDA",
        f"A SEFAZ já recusou este mesmo conteúdo {len(iguais)} vezes na última hora: {ultima.c_stat} {ultima.motivo}",
        "Corrija o documento antes de enviar de novo; repetir sem mudar leva ao bloqueio por consumo indevido (656)."
        " Para enviar assim mesmo, use `insistir`.",
    )
