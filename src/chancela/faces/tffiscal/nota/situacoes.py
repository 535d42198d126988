"""Status words as filters take them: those of the lists and those of the reports, in whatever case."""

from collections.abc import Mapping, Sequence

from chancela.faces.tffiscal.tipos import refusal
from chancela.issuing.modelo import Estado

SITUACOES: Mapping[str, Sequence[Estado]] = {
    "success": (Estado.AUTORIZADO,),
    "authorized": (Estado.AUTORIZADO,),
    "processing": (Estado.PENDENTE, Estado.ASSINADO, Estado.INCERTO),
    "rejected": (Estado.REJEITADO,),
    "denied": (Estado.DENEGADO,),
    "divergent": (Estado.DIVERGENTE,),
    "canceled": (Estado.CANCELADO,),
    "cancelled": (Estado.CANCELADO,),
    "voided": (Estado.INUTILIZADO,),
    "all": (),
}
"""No state at all: whatever the state."""


def check_status(palavra: str) -> str:
    """A word that `SITUACOES` knows, in lower case; empty stays empty."""
    minuscula = palavra.lower()
    if minuscula and minuscula not in SITUACOES:
        raise refusal(
            "CAMPO-OPCAO",
            "Esta situação não é conhecida.",
            "Use Success, Authorized, Processing, Rejected, Denied, Divergent, Canceled, Voided ou ALL.",
        )
    return minuscula
