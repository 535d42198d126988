"""Fact tables of the engine as frozen values: dated rates and the official IBS/CBS classes.

The engine never reads a file: a store loads the tables once and passes them in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chancela.domain.identidade import Uf

ORIGENS_IMPORTADAS = frozenset("1238")
"""Origins with the 4 % interstate rate (Res. Senado 13/2012)."""
ALIQUOTAS_INTERESTADUAIS = frozenset({Decimal(4), Decimal(7), Decimal(12)})


@dataclass(frozen=True, slots=True)
class AliquotaInterna:
    """Internal ICMS rate of a state, percent; `fcp` is the general surcharge, `fcp_maximo` is only information."""

    aliquota: Decimal
    fcp: Decimal
    fcp_maximo: Decimal
    difal_base: str
    desde: date | None
    certeza: str


@dataclass(frozen=True, slots=True)
class AliquotaInterestadual:
    """Rate between two states: for national goods and for imported content."""

    nacional: Decimal
    importado: Decimal


@dataclass(frozen=True, slots=True)
class CstIbsCbs:
    """What a CST of IBS/CBS demands (`cst_ibscbs_oficial.csv`)."""

    codigo: str
    descricao: str
    tributacao: bool
    monofasia: bool
    reducao: bool
    diferimento: bool
    transferencia: bool
    credito_zfm: bool
    ajuste: bool
    redutor_base: bool


@dataclass(frozen=True, slots=True)
class ClassificacaoIbsCbs:
    """One cClassTrib (`cclasstrib_oficial.csv`); reductions in percent."""

    codigo: str
    cst: str
    nome: str
    base_legal: str
    tipo_aliquota: str
    reducao_ibs: Decimal
    reducao_cbs: Decimal
    tributacao_regular: bool
    credito_presumido: bool
    mono_padrao: bool
    mono_retencao: bool
    mono_retido: bool
    mono_diferido: bool
    estorno: bool
    nfe: bool
    nfce: bool
    inicio: date
    fim: date | None


@dataclass(frozen=True, slots=True)
class CreditoPresumidoTabela:
    """One cCredPres; `deduz` when the credit leaves the IBS of the item."""

    codigo: str
    deduz: bool


@dataclass(frozen=True, slots=True)
class AliquotaReferencia:
    """Rates of IBS and CBS over a period, percent. `oficial` is False where the law left the rate to be set."""

    inicio: date
    fim: date
    uf: Decimal
    municipio: Decimal
    cbs: Decimal
    oficial: bool


@dataclass(frozen=True, slots=True)
class Tabelas:
    """All tables of the engine."""

    interestaduais: Mapping[tuple[Uf, Uf], AliquotaInterestadual]
    internas: Mapping[Uf, tuple[AliquotaInterna, ...]]
    """Per state, oldest first."""
    cst_ibs_cbs: Mapping[str, CstIbsCbs]
    classificacoes: Mapping[str, ClassificacaoIbsCbs]
    referencias: tuple[AliquotaReferencia, ...]
    """Oldest first."""
    creditos_presumidos: Mapping[str, CreditoPresumidoTabela]

    def interna(self, uf: Uf, em: date) -> AliquotaInterna:
        """The internal rate of a state on a day; before the first known date, the first known rate."""
        linhas = self.internas[uf]
        vigente = linhas[0]
        for linha in linhas[1:]:
            if linha.desde is None or linha.desde <= em:
                vigente = linha
        return vigente

    def interestadual(self, origem: Uf, destino: Uf, *, importado: bool) -> Decimal:
        """The interstate rate; 4 % for imported content."""
        linha = self.interestaduais[(origem, destino)]
        return linha.importado if importado else linha.nacional

    def referencia(self, em: date) -> AliquotaReferencia | None:
        """The IBS/CBS rates of a day; before the first row, the first row (the test rates of 2026 hold for 2025)."""
        if self.referencias and em < self.referencias[0].inicio:
            return self.referencias[0]
        for linha in self.referencias:
            if linha.inicio <= em <= linha.fim:
                return linha
        return None
