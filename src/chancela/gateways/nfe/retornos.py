"""What the authorizer answered, as frozen values: cStat and text as they came, never judged here.

Evidence (`protNFe`, `procEventoNFe`) is kept byte for byte, ready to stand inside an `nfeProc`.
"""

from dataclasses import dataclass
from datetime import datetime

from chancela.gateways.soap.troca import Troca


@dataclass(frozen=True, slots=True)
class ProtocoloNfe:
    """`infProt` of one note: an authorisation, or a refusal when `n_prot` is None."""

    chave: str
    n_prot: str | None
    c_stat: int
    motivo: str
    dh_recbto: datetime
    digest_value: str | None
    c_msg: str
    """Code of the alert of an authorisation with alert (NT 2026.002); empty when there is none."""
    x_msg: str
    xml: bytes
    """`protNFe`, verbatim."""


@dataclass(frozen=True, slots=True)
class EventoVinculado:
    """One `procEventoNFe` that a query brought with the note."""

    tp_evento: str
    n_seq_evento: int
    c_stat: int
    motivo: str
    n_prot: str | None
    dh_registro: datetime | None
    descricao: str
    xml: bytes
    """`procEventoNFe`, verbatim."""
    digest_value: str | None = None
    """DigestValue of the event's own signature: whose event it is."""


@dataclass(frozen=True, slots=True)
class RetornoAutorizacao:
    """`retEnviNFe`, or what the outcome of a lot says of one note. `protocolo` is that of the note."""

    c_stat: int
    motivo: str
    dh_recbto: datetime | None
    protocolo: ProtocoloNfe | None
    recibo: str | None
    espera_s: int | None = None
    """tMed: seconds that the authorizer asks to wait before the receipt is queried."""
    ver_aplic: str = ""
    troca: Troca | None = None


@dataclass(frozen=True, slots=True)
class RetornoLote:
    """`retEnviNFe` or `retConsReciNFe` about a lot: a receipt, or one protocol for each note that was decided."""

    c_stat: int
    motivo: str
    dh_recbto: datetime | None
    protocolos: tuple[ProtocoloNfe, ...]
    recibo: str | None
    espera_s: int | None = None
    ver_aplic: str = ""
    troca: Troca | None = None

    def about(self, chave: str) -> RetornoAutorizacao:
        """What it says of one note, which may be nothing."""
        protocolo = next((p for p in self.protocolos if p.chave == chave), None)
        return RetornoAutorizacao(
            self.c_stat, self.motivo, self.dh_recbto, protocolo, self.recibo, self.espera_s, self.ver_aplic, self.troca
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RetornoConsulta:
    """`retConsSitNFe`: what the authorizer holds under a key."""

    c_stat: int
    motivo: str
    dh_recbto: datetime | None
    protocolo: ProtocoloNfe | None
    eventos: tuple[EventoVinculado, ...] = ()
    ver_aplic: str = ""
    troca: Troca | None = None


@dataclass(frozen=True, slots=True)
class RetornoStatus:
    """`retConsStatServ`: whether the authorizer works (107), stops for a while (108) or until further notice (109)."""

    c_stat: int
    motivo: str
    dh_recbto: datetime | None
    espera_s: int | None = None
    dh_retorno: datetime | None = None
    """When the authorizer expects to be back."""
    observacao: str = ""
    ver_aplic: str = ""
    troca: Troca | None = None

    @property
    def em_operacao(self) -> bool:
        return self.c_stat == 107


@dataclass(frozen=True, slots=True)
class RetornoEvento:
    """`retEnvEvento` of a lot of one. The decision on the event is in its own cStat, when the lot was processed (128)."""

    c_stat_lote: int
    motivo_lote: str
    c_stat: int
    """Of the event; that of the lot when no event was answered."""
    motivo: str
    n_prot: str | None
    dh_registro: datetime | None
    xml: bytes | None
    """`retEvento`, verbatim; None when the lot was refused as a whole."""
    troca: Troca | None = None


@dataclass(frozen=True, slots=True)
class RetornoInutilizacao:
    """`retInutNFe`: 102 with a protocol, 563 with the earlier one, or a refusal."""

    c_stat: int
    motivo: str
    n_prot: str | None
    dh_recbto: datetime | None
    faixa: tuple[str, str, str, str, str] | None
    """CNPJ, model, series, first and last number as answered; None when the answer leaves any of them out."""
    xml: bytes
    """`retInutNFe`, verbatim."""
    troca: Troca | None = None
