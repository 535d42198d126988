"""ISS and net value of a service invoice (section 9): the tax part that every municipality shares."""

from dataclasses import dataclass
from decimal import Decimal, localcontext

from chancela.domain.tributos.configuracao import Arredondamento
from chancela.domain.tributos.numeros import CENTESIMO, CONTEXTO, ZERO

ALIQUOTA_MINIMA = Decimal(2)
ALIQUOTA_MAXIMA = Decimal(5)
"""Limits of LC 116/2003, arts. 8 and 8-A; outside them the caller is warned, not refused."""
DISPENSA = Decimal("10.00")
"""Withholdings up to this amount are waived (Lei 9.430/1996, art. 67; Lei 10.833/2003, art. 31, par. 3)."""
_SUGESTOES = (("pis", "0.65"), ("cofins", "3.00"), ("csll", "1.00"), ("ir", "1.50"), ("inss", "11.00"))


@dataclass(frozen=True, slots=True)
class ServicoPrestado:
    """Amounts of a service in reais, rate in percent. Withheld amounts are the caller's."""

    valor_servico: Decimal
    aliquota_iss: Decimal
    valor_deducoes: Decimal = ZERO
    desconto_incondicionado: Decimal = ZERO
    desconto_condicionado: Decimal = ZERO
    valor_iss: Decimal = ZERO
    iss_retido: bool = False
    valor_pis: Decimal = ZERO
    valor_cofins: Decimal = ZERO
    valor_inss: Decimal = ZERO
    valor_ir: Decimal = ZERO
    valor_csll: Decimal = ZERO
    arredondamento: Arredondamento = Arredondamento.HALF_UP


@dataclass(frozen=True, slots=True)
class IssCalculado:
    """Base, ISS and net value; `base_negativa` and `aliquota_incomum` are for the caller to refuse or warn."""

    base_calculo: Decimal
    valor_iss: Decimal
    valor_liquido: Decimal
    base_negativa: bool
    aliquota_incomum: bool


@dataclass(frozen=True, slots=True)
class RetencoesSugeridas:
    """What is usually withheld from a service, waivers applied."""

    pis: Decimal
    cofins: Decimal
    csll: Decimal
    ir: Decimal
    inss: Decimal


def compute_nfse(s: ServicoPrestado) -> IssCalculado:
    """ISS as informed when positive, else base times rate."""
    with localcontext(CONTEXTO):
        base = s.valor_servico - s.valor_deducoes - s.desconto_incondicionado
        iss = s.valor_iss
        if iss <= 0:
            iss = (base * s.aliquota_iss * CENTESIMO).quantize(CENTESIMO, s.arredondamento.modo)
        liquido = s.valor_servico - s.desconto_incondicionado - s.desconto_condicionado
        liquido -= s.valor_pis + s.valor_cofins + s.valor_inss + s.valor_ir + s.valor_csll
        if s.iss_retido:
            liquido -= iss
        return IssCalculado(
            base_calculo=base,
            valor_iss=iss,
            valor_liquido=liquido,
            base_negativa=base < 0,
            aliquota_incomum=not ALIQUOTA_MINIMA <= s.aliquota_iss <= ALIQUOTA_MAXIMA,
        )


def suggest_retencoes(
    valor_servico: Decimal, arredondamento: Arredondamento = Arredondamento.HALF_UP
) -> RetencoesSugeridas:
    """Usual federal withholdings: IR waived up to 10.00, PIS, COFINS and CSLL together up to 10.00."""
    with localcontext(CONTEXTO):
        v = {
            nome: (valor_servico * Decimal(taxa) * CENTESIMO).quantize(CENTESIMO, arredondamento.modo)
            for nome, taxa in _SUGESTOES
        }
        if v["ir"] <= DISPENSA:
            v["ir"] = ZERO
        if v["pis"] + v["cofins"] + v["csll"] <= DISPENSA:
            v["pis"] = v["cofins"] = v["csll"] = ZERO
        return RetencoesSugeridas(**v)
