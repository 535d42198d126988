"""The base that IS, IBS and CBS share: the operation without the taxes that they replace (8.3, rules UB05-10, UB16-10)."""

from decimal import Decimal

from chancela.domain.tributos.calculo import Linha
from chancela.domain.tributos.numeros import ZERO


def base_comum(linha: Linha) -> Decimal:
    """OPER plus II, less PIS, COFINS, ICMS, FCP, DIFAL, single-phase ICMS and ISSQN as declared; may be negative."""
    base = linha.oper
    if linha.ii is not None:
        base += linha.ii.valor
    for contribuicao in (linha.pis, linha.cofins):
        if contribuicao is not None and contribuicao.valor is not None:
            base -= contribuicao.valor
    icms = linha.icms
    if icms is not None:
        if icms.valor:
            base -= icms.valor
        if icms.valor_fcp:
            base -= icms.valor_fcp
        if icms.valor_mono:
            base -= icms.valor_mono
    if linha.difal is not None:
        base -= linha.difal.valor_destino + (linha.difal.valor_fcp or ZERO)
    if linha.issqn is not None:
        base -= linha.issqn.valor
    return base
