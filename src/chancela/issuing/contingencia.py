"""Contingency, pure: which kind a company may use now, what a document does about it, and until when it must travel.

Norms: MOC 7.0, contingency manuals; Ajuste SINIEF 07/2005 cl. 11 (NF-e) and 19/2016 cl. 11 (NFC-e). A number that was
once transmitted never travels again in another kind of emission: its document is left for a query, and a substitute
takes the next number.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum, IntEnum, StrEnum, auto

from chancela.domain.identidade import Modelo
from chancela.domain.tabelas.dias_uteis import next_business_day
from chancela.issuing.modelo import Documento, Estado
from chancela.issuing.solicitacao import EstadoSolicitacao

PRAZO_EPEC = timedelta(hours=168)
"""From the EPEC to the whole NF-e (NT 2014.001); counted from dhEmi, which comes before. Then the AN blocks the issuer (142)."""
_PRESENCIAL = re.compile(rb"<indPres>1</indPres>")


class TipoEmissao(IntEnum):
    """tpEmis, of those that the platform uses."""

    NORMAL = 1
    EPEC = 4
    SVC_AN = 6
    SVC_RS = 7
    OFFLINE = 9


NOMES = {
    TipoEmissao.EPEC: "epec",
    TipoEmissao.SVC_AN: "svc",
    TipoEmissao.SVC_RS: "svc",
    TipoEmissao.OFFLINE: "offline",
}
"""How the answers call each kind of contingency."""


class ModoNfe(StrEnum):
    """Company setting `contingencia.nfe`."""

    DESLIGADA = "desligada"
    SVC = "svc"
    EPEC = "epec"
    """The SVC; where it does not take documents of the UF, EPEC."""
    SVC_SEMPRE = "svc_sempre"
    """Switched on by hand: every NF-e is issued in the SVC while that says 107, until the setting changes."""


class ModoNfce(StrEnum):
    """Company setting `contingencia.nfce`."""

    DESLIGADA = "desligada"
    OFFLINE = "offline"
    """When SEFAZ fails."""
    SEMPRE = "sempre"
    """Switched on by hand: every NFC-e is issued offline until the setting changes."""


class PrazoNfce(StrEnum):
    """Company setting `contingencia.prazo_nfce`: what the UF gives for the transmission of an offline NFC-e."""

    DIA_UTIL = "dia_util"
    """Until the end of the first business day after the emission."""
    HORAS_24 = "24h"


@dataclass(frozen=True, slots=True)
class AjustesContingencia:
    """What a company decided about contingency."""

    nfe: ModoNfe = ModoNfe.SVC
    nfce: ModoNfce = ModoNfce.OFFLINE
    prazo_nfce: PrazoNfce = PrazoNfce.DIA_UTIL
    justificativa: str = "Falha de comunicação com a SEFAZ autorizadora"


@dataclass(frozen=True, slots=True)
class Panorama:
    """The authorizers as one document sees them now."""

    aberto: bool
    """The authorizer of normal emission is known to be down."""
    desde: datetime | None
    svc: TipoEmissao | None
    """The SVC of the UF, when it said 107; None otherwise and for NFC-e."""
    epec: bool = False
    """The SVC was asked and is not on, and the Ambiente Nacional takes an EPEC of this document."""
    svc_consultavel: bool = False
    """A document sent to the SVC can be asked about there."""
    forcada: bool = False
    """An operator sent the UF to its SVC, whatever its own authorizer says."""


class Rumo(Enum):
    """What a document does before its next step."""

    SEGUIR = auto()
    ESPERAR = auto()
    GUARDAR = auto()
    """Sign, keep, hand over to the customer, transmit when SEFAZ is back."""
    MUDAR = auto()
    """The same number in another kind of emission: nothing of it was ever transmitted."""
    ANUNCIAR = auto()
    """Register the EPEC of the signed note at the Ambiente Nacional."""
    SUBSTITUIR = auto()
    """The number may be at SEFAZ: leave it for a query and issue a substitute on the next one."""


def choose_kind(documento: Documento, ajustes: AjustesContingencia, panorama: Panorama) -> TipoEmissao | None:
    """The contingency in which a document may be issued now; None when it has to wait."""
    if documento.modelo is Modelo.NFCE:
        forcada = ajustes.nfce is ModoNfce.SEMPRE
        permitida = forcada or (panorama.aberto and ajustes.nfce is ModoNfce.OFFLINE)
        return TipoEmissao.OFFLINE if permitida and _in_person(documento) else None
    forcada = panorama.forcada or ajustes.nfe is ModoNfe.SVC_SEMPRE
    if ajustes.nfe is ModoNfe.DESLIGADA or not (panorama.aberto or forcada):
        return None
    if panorama.aberto and panorama.svc is None and panorama.epec and ajustes.nfe is ModoNfe.EPEC:
        return TipoEmissao.EPEC
    return panorama.svc


def choose_course(
    documento: Documento,
    *,
    panorama: Panorama,
    tipo: TipoEmissao | None,
    transmitido: bool,
    presente: bool,
    anuncio: EstadoSolicitacao | None = None,
) -> Rumo:
    """What to do with a living document. `presente`: somebody waits for the answer.

    `transmitido`: bytes under its number may have left this machine. A lost NFC-e is substituted only while its customer
    is at the counter; a receipt that nobody takes is no use. `anuncio`: what became of the document's EPEC.
    """
    if documento.tp_emis == TipoEmissao.OFFLINE:
        if not panorama.aberto and tipo is None:
            return Rumo.SEGUIR
        return Rumo.GUARDAR if documento.estado is Estado.PENDENTE else _wait_if(panorama.aberto)
    if documento.tp_emis in (TipoEmissao.SVC_AN, TipoEmissao.SVC_RS):
        return _course_of_svc(documento, panorama, tipo, transmitido=transmitido)
    if documento.tp_emis == TipoEmissao.EPEC:
        return _course_of_epec(documento, panorama, tipo, anuncio)
    if documento.tp_emis != TipoEmissao.NORMAL or documento.substituto_id is not None:
        return _wait_if(panorama.aberto)
    if tipo is None:
        return _wait_if(panorama.aberto)
    if not transmitido:
        return Rumo.MUDAR
    if documento.modelo is Modelo.NFCE and not presente:
        return _wait_if(panorama.aberto)
    return Rumo.SUBSTITUIR if panorama.aberto else Rumo.SEGUIR


def _course_of_svc(
    documento: Documento, panorama: Panorama, tipo: TipoEmissao | None, *, transmitido: bool
) -> Rumo:
    """While its SVC is on, it goes on there. Once it is off: back to what holds now, or, when it was sent, asked about."""
    if panorama.svc == documento.tp_emis or documento.substituto_id is not None:
        return Rumo.SEGUIR
    if not transmitido:
        return Rumo.MUDAR if tipo is not None or not panorama.aberto else Rumo.ESPERAR
    if documento.estado is Estado.INCERTO:
        return _wait_if(not panorama.svc_consultavel)
    return Rumo.SUBSTITUIR if tipo is not None or not panorama.aberto else Rumo.ESPERAR


def _course_of_epec(
    documento: Documento, panorama: Panorama, tipo: TipoEmissao | None, anuncio: EstadoSolicitacao | None
) -> Rumo:
    """Signed, announced, and sent whole once its SEFAZ is back. Without a registered EPEC the number is still free."""
    if anuncio is EstadoSolicitacao.REGISTRADA and documento.estado is Estado.PENDENTE and panorama.aberto:
        return Rumo.GUARDAR  # corrected after a refusal, and its SEFAZ is down again
    if anuncio is EstadoSolicitacao.REGISTRADA or documento.estado is Estado.INCERTO:
        return _wait_if(panorama.aberto)
    if anuncio is not None and anuncio.viva:
        return Rumo.ESPERAR
    if tipo is TipoEmissao.EPEC:
        if documento.estado is Estado.PENDENTE:
            return Rumo.GUARDAR
        return Rumo.ANUNCIAR if anuncio is None else Rumo.ESPERAR
    return Rumo.MUDAR if tipo is not None or not panorama.aberto else Rumo.ESPERAR


def legal_deadline(tipo: TipoEmissao, emissao: datetime, ajustes: AjustesContingencia) -> datetime | None:
    """Until when a document issued in contingency must be transmitted; None when it already travels as it is issued.

    `emissao` is dhEmi, in the issuer's local time.
    """
    if tipo is TipoEmissao.EPEC:
        return emissao + PRAZO_EPEC
    if tipo is not TipoEmissao.OFFLINE:
        return None
    if ajustes.prazo_nfce is PrazoNfce.HORAS_24:
        return emissao + timedelta(hours=24)
    return datetime.combine(next_business_day(emissao.date()), time(23, 59, 59), emissao.tzinfo)


def justification(ajustes: AjustesContingencia) -> str:
    """xJust: the company's sentence, 15 to 255 characters (checked when it is set)."""
    return " ".join(ajustes.justificativa.split())


def _wait_if(fora: bool) -> Rumo:
    return Rumo.ESPERAR if fora else Rumo.SEGUIR


def _in_person(documento: Documento) -> bool:
    """Offline emission is for sales over the counter (indPres 1)."""
    return _PRESENCIAL.search(documento.xml_sem_assinatura) is not None
