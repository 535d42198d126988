"""A tax category: per tax, the scenarios from which one is selected for an operation.

Holds the whole TFFiscal category contract (per-state arrays included). Inline taxes of an item are a category with
one entry per tax (`inline`). Rates in percent, as the user registered them; `None` where nothing was registered.
"""

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal

from chancela.domain.identidade import Uf
from chancela.kit.frozen import frozen

PorUf = Mapping[Uf, Decimal]


def _sem_uf() -> dict[Uf, Decimal]:
    return {}


def _sem_codigo() -> dict[Uf, str]:
    return {}


@frozen
class CenarioIcms:
    """One entry of `icms[]`."""

    cenario: str
    tipo_pessoa: str
    codigo_cfop: str
    situacao_tributaria: str
    """CST (2 digits) or CSOSN (3 digits)."""
    tipo_tributacao: str = ""
    """Stored and given back; the engine does not read it."""
    nao_contribuinte: bool = False
    aliquota: Decimal | None = None
    """Rate of an inline configuration, for whatever state."""
    aliquota_importacao: Decimal | None = None
    aliquota_credito: Decimal | None = None
    aliquota_diferimento: Decimal | None = None
    aliquota_diferimento_fcp: Decimal | None = None
    aliquota_reducao: Decimal | None = None
    aliquota_reducao_st: Decimal | None = None
    motivo_desoneracao: str = ""
    motivo_desoneracao_st: str = ""
    aliquota_mva: PorUf = field(default_factory=_sem_uf)
    aliquota_icms: PorUf = field(default_factory=_sem_uf)
    aliquota_icms_st: PorUf = field(default_factory=_sem_uf)
    aliquota_fcp: PorUf = field(default_factory=_sem_uf)
    aliquota_fcp_st: PorUf = field(default_factory=_sem_uf)
    beneficio_fiscal: Mapping[Uf, str] = field(default_factory=_sem_codigo)
    codigo_beneficio_fiscal: str = ""
    """cBenef of an inline configuration."""


@frozen
class CenarioIpi:
    """One entry of `ipi[]`."""

    cenario: str
    tipo_pessoa: str
    situacao_tributaria: str
    codigo_enquadramento: str = "999"
    aliquota: Decimal | None = None


@frozen
class CenarioContribuicao:
    """One entry of `pis[]` or `cofins[]`; with CST 03 `aliquota` is in reais per unit."""

    cenario: str
    tipo_pessoa: str
    situacao_tributaria: str
    aliquota: Decimal | None = None


@frozen
class CenarioIbsCbs:
    """One entry of `ibs_cbs[]`."""

    cenario: str
    tipo_pessoa: str
    situacao_tributaria: str
    classificacao_tributaria: str


@frozen
class CenarioIs:
    """One entry of `is[]`."""

    cenario: str
    tipo_pessoa: str
    situacao_tributaria: str
    aliquota: Decimal | None = None
    classificacao_tributaria: str = ""


@frozen
class Categoria:
    """A tax category, or the inline taxes of one item (`inline`, where an absent IPI simply is no IPI)."""

    codigo: str
    icms: tuple[CenarioIcms, ...] = ()
    ipi: tuple[CenarioIpi, ...] = ()
    pis: tuple[CenarioContribuicao, ...] = ()
    cofins: tuple[CenarioContribuicao, ...] = ()
    ibs_cbs: tuple[CenarioIbsCbs, ...] = ()
    imposto_seletivo: tuple[CenarioIs, ...] = ()
    disable_difal: bool = False
    desconta_icms_pis_cofins: bool = False
    inline: bool = False
