"""The circuit of an authorizer, pure: how failures open it, and what its status service says of it.

One circuit per authorizer, model and environment, shared by all processes. While it is open nothing is sent there: only
NFeStatusServico4 is asked, one question per interval for the whole installation, and its 107 closes it. The contingency
authorizers (SVC) are enabled UF by UF, so they have a row per UF that only remembers what the SVC said of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from chancela.domain.identidade import Ambiente, Modelo, Uf

EM_OPERACAO = 107
PARALISADOS = frozenset({108, 109})
SVC_DESATIVADAS = frozenset({113, 114})
"""113: being switched off; 114: off, by order of the home authorizer. Both end the contingency at once."""


@dataclass(frozen=True, slots=True)
class Alvo:
    """Whom a circuit is about. `uf` is filled in for an SVC only."""

    autorizador: str
    modelo: Modelo
    ambiente: Ambiente
    uf: Uf | None = None


@dataclass(frozen=True, slots=True)
class Circuito:
    """What is known of an authorizer now."""

    alvo: Alvo
    falhas: int = 0
    """Failures in a row since the last answer."""
    aberto_em: datetime | None = None
    motivo: str = ""
    c_stat: int | None = None
    """The last answer of its status service."""
    empresa_id: int | None = None
    """The company whose failure was seen last: its certificate asks for the status."""
    uf: Uf | None = None
    """The UF whose document failed last: what cUF of the question says."""
    forcada: str = ""
    """Of an SVC: why an operator sent the UF there; empty when nobody did."""

    @property
    def aberto(self) -> bool:
        return self.aberto_em is not None

    @property
    def svc_ativa(self) -> bool:
        """Of an SVC: whether it takes documents of the UF. Only its own 107 says so."""
        return self.c_stat == EM_OPERACAO


@dataclass(frozen=True, slots=True)
class Espera:
    """What something at rest waits for."""

    uf: Uf
    modelo: Modelo
    ambiente: Ambiente
    volta: frozenset[Alvo]
    """It goes on when none of these is down any more: the authorizer that it is meant for, and the one of normal emission."""
    alternativa: Alvo | None = None
    """Or when this SVC takes documents of the UF, which it did not when the rest was decided."""

    def is_over(self, circuitos: Mapping[Alvo, Circuito]) -> bool:
        """By the circuits as they are now; one that was never touched is closed."""
        svc = None if self.alternativa is None else circuitos.get(self.alternativa)
        if svc is not None and svc.svc_ativa:
            return True
        return not any(alvo in circuitos and circuitos[alvo].aberto for alvo in self.volta)


def note_failure(
    circuito: Circuito, *, empresa_id: int, uf: Uf, motivo: str, agora: datetime, limite: int, imediata: bool
) -> Circuito:
    """One more failure. It opens at the `limite`-th in a row, or at once when the authorizer itself says that it stopped."""
    falhas = circuito.falhas + 1
    abre = circuito.aberto_em is None and (imediata or falhas >= limite)
    return replace(
        circuito,
        falhas=falhas,
        aberto_em=agora if abre else circuito.aberto_em,
        motivo=motivo,
        empresa_id=empresa_id,
        uf=uf,
    )


def note_answer(circuito: Circuito) -> Circuito:
    """A usable answer while closed: the row of failures ends. An open circuit waits for its 107."""
    return circuito if circuito.aberto else replace(circuito, falhas=0)


def note_status(circuito: Circuito, c_stat: int | None, motivo: str) -> Circuito:
    """What the status service said; None when it did not answer. 107 closes."""
    if c_stat == EM_OPERACAO:
        return replace(circuito, falhas=0, aberto_em=None, motivo=motivo, c_stat=c_stat)
    return replace(circuito, c_stat=c_stat, motivo=motivo)


def came_back(antes: Circuito, depois: Circuito) -> bool:
    """Whether what waits for it can go on: its outage ended, or it has just taken the place of the one that is down."""
    return (antes.aberto and not depois.aberto) or (depois.svc_ativa and not antes.svc_ativa)
