"""Rates of a scenario for the state of the operation (section 4.4 of the tax specification), resolved once.

Order: what the category registers for the state, then the import rate, then the dated tables.
"""

from decimal import Decimal

from chancela.domain.tributos.calculo import Calculo, Escolha
from chancela.domain.tributos.categoria import CenarioIcms
from chancela.domain.tributos.entrada import TipoOperacao
from chancela.domain.tributos.numeros import ZERO, round_taxa
from chancela.domain.tributos.tabelas import ALIQUOTAS_INTERESTADUAIS
from chancela.kit.frozen import frozen

DEVOLUCAO = "4"


@frozen
class ParametrosIcms:
    """ICMS rates in percent. `explicita` tells that the rate comes from the category and not from a table."""

    aliquota: Decimal
    explicita: bool
    interestadual: Decimal
    interna_destino: Decimal
    fcp: Decimal
    fcp_destino: Decimal
    aliquota_st: Decimal
    st_explicita: bool
    mva: Decimal | None
    fcp_st: Decimal
    reducao: Decimal
    reducao_st: Decimal
    diferimento: Decimal
    diferimento_fcp: Decimal
    credito: Decimal
    motivo: str
    motivo_st: str


def resolve_parametros(
    c: Calculo, escolha: Escolha, entrada: CenarioIcms, *, importado: bool
) -> ParametrosIcms:
    """The rates of an entry for this operation; kept in the choice, by kind of origin."""
    guardados = escolha.parametros.get(importado)
    if isinstance(guardados, ParametrosIcms):
        return guardados
    parametros = _resolve(c, entrada, importado=importado)
    escolha.parametros[importado] = parametros
    return parametros


def _resolve(c: Calculo, e: CenarioIcms, *, importado: bool) -> ParametrosIcms:
    uf = c.uf
    tabela = c.tabelas.interna(uf, c.operacao.data_emissao)
    registrada = e.aliquota_icms.get(uf, e.aliquota)
    fcp_registrado = e.aliquota_fcp.get(uf)
    interestadual = _interstate(c, importado=importado) if c.interestadual else ZERO
    interna = tabela.aliquota
    interna_da_tabela = True
    if c.interestadual:
        if registrada is not None and registrada in ALIQUOTAS_INTERESTADUAIS:
            interestadual = registrada
        elif registrada is not None:
            interna, interna_da_tabela = registrada, False
        aliquota, explicita = interestadual, registrada is not None
    else:
        if registrada is not None:
            interna, interna_da_tabela = registrada, False
        if c.importacao and e.aliquota_importacao is not None:
            interna, interna_da_tabela = e.aliquota_importacao, False
        aliquota, explicita = interna, not interna_da_tabela
    fcp = fcp_registrado
    if fcp is None:
        fcp = tabela.fcp if interna_da_tabela and (c.interna or c.interestadual) else ZERO
    aliquota_st = e.aliquota_icms_st.get(uf)
    mva = e.aliquota_mva.get(uf)
    return ParametrosIcms(
        aliquota=round_taxa(aliquota),
        explicita=explicita,
        interestadual=round_taxa(interestadual),
        interna_destino=round_taxa(interna),
        fcp=ZERO if c.interestadual else round_taxa(fcp),
        fcp_destino=round_taxa(fcp) if c.interestadual else ZERO,
        aliquota_st=round_taxa(interna if aliquota_st is None else aliquota_st),
        st_explicita=aliquota_st is not None or mva is not None,
        mva=None if mva is None else round_taxa(mva),
        fcp_st=round_taxa(e.aliquota_fcp_st.get(uf, ZERO)),
        reducao=round_taxa(e.aliquota_reducao or ZERO),
        reducao_st=round_taxa(e.aliquota_reducao_st or ZERO),
        diferimento=round_taxa(e.aliquota_diferimento or ZERO),
        diferimento_fcp=round_taxa(e.aliquota_diferimento_fcp or ZERO),
        credito=round_taxa(e.aliquota_credito or ZERO),
        motivo=e.motivo_desoneracao.strip(),
        motivo_st=e.motivo_desoneracao_st.strip(),
    )


def _interstate(c: Calculo, *, importado: bool) -> Decimal:
    """Rate between the states: goods that come in leave the other state, except in a return of our own sale."""
    o = c.operacao
    origem, destino = o.uf_emitente, c.uf
    if o.tipo is TipoOperacao.ENTRADA and o.finalidade != DEVOLUCAO:
        origem, destino = destino, origem
    return c.tabelas.interestadual(origem, destino, importado=importado)
