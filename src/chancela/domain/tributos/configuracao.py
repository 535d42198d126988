"""Settings of a company that change how its taxes are reached, each with the default of the product."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from enum import StrEnum

from chancela.domain.identidade import Uf
from chancela.kit.frozen import frozen


class Arredondamento(StrEnum):
    """Rounding of every tax but IS, IBS and CBS, which are always half to even."""

    HALF_UP = "half_up"
    ABNT = "abnt"

    @property
    def modo(self) -> str:
        """The name that `decimal` gives the mode."""
        return ROUND_HALF_UP if self is Arredondamento.HALF_UP else ROUND_HALF_EVEN


class MetodoDifal(StrEnum):
    """Base of the DIFAL: single, double ("por dentro"), or as the table says for the destination state."""

    UNICA = "unica"
    DUPLA = "dupla"
    TABELA = "tabela"


class MetodoDesoneracao(StrEnum):
    """Whether the price still holds the relieved tax (`por_fora`) or already excludes it (`por_dentro`)."""

    POR_FORA = "por_fora"
    POR_DENTRO = "por_dentro"


@frozen
class AliquotasIbsCbs:
    """Rates in percent of IBS (state and municipality) and CBS."""

    uf: Decimal
    municipio: Decimal
    cbs: Decimal


@frozen
class ConfiguracaoTributaria:
    """How a company wants what the law leaves open."""

    arredondamento: Arredondamento = Arredondamento.HALF_UP
    difal_metodo: MetodoDifal = MetodoDifal.UNICA
    desoneracao_metodo: MetodoDesoneracao = MetodoDesoneracao.POR_FORA
    deduz_desoneracao: bool | None = None
    """indDeduzDeson; None: yes for SUFRAMA (reason 7), no otherwise. Reason 7 always deducts (SEFAZ, 652)."""
    mva_ajustada_automatica: bool = False
    mva_ajustada_inclui_fcp: bool = False
    """Whether the FCP of the destination joins the internal rate in the adjusted MVA."""
    import_voutro_na_base: bool = False
    ajustar_cfop: bool = True
    exigir_ibscbs: bool = False
    presumir_ibscbs: bool = True
    """In 2026, write full IBS/CBS taxation where the category of a taxed sale (CRT 3) says nothing, with a warning."""
    emitir_is: bool = False
    """Compute IS for documents dated before 2027 too."""
    credito_sobre_base_reduzida: bool = False
    """Simples Nacional credit over the reduced base."""
    cfops_difal_st: frozenset[str] = frozenset()
    """CFOPs (6403, 6404) whose ST is the DIFAL-ST of use and consumption when the buyer is final consumer."""
    ufs_icms_efetivo: frozenset[Uf] = frozenset()
    """Issuer states in which CST 60 and CSOSN 500 carry the effective ICMS."""
    aliquotas_ibs_cbs: AliquotasIbsCbs | None = None
    """Overrides the dated table."""
    emitir_valor_item_antes_de_2027: bool = False
    """Write vItem before 2027."""
