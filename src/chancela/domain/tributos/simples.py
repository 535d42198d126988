"""ICMS of Simples Nacional issuers: credit, substitution over a presumed own tax, CSOSN 900 (6.7)."""

from decimal import Decimal

from chancela.domain.tributos import icms_st
from chancela.domain.tributos.calculo import Calculo, Linha
from chancela.domain.tributos.numeros import CEM, CENTESIMO, ZERO
from chancela.domain.tributos.parametros import ParametrosIcms
from chancela.domain.tributos.proprio import base_bruta, compute_proprio, no_proprio
from chancela.domain.tributos.resultado import Icms

GRUPO_DO_CSOSN = {
    "101": "ICMSSN101", "102": "ICMSSN102", "103": "ICMSSN102", "300": "ICMSSN102", "400": "ICMSSN102",
    "201": "ICMSSN201", "202": "ICMSSN202", "203": "ICMSSN202", "500": "ICMSSN500", "900": "ICMSSN900",
}  # fmt: skip


def compute_icms_sn(c: Calculo, linha: Linha, csosn: str, p: ParametrosIcms) -> Icms | None:
    """The group of one CSOSN; None after a refusal."""
    origem = linha.item.origem
    grupo = GRUPO_DO_CSOSN[csosn]
    if grupo == "ICMSSN102":
        return Icms(grupo=grupo, origem=origem, csosn=csosn)
    if csosn == "500":
        return _sn500(c, linha)
    proprio = no_proprio()
    st: icms_st.St | None = None
    if csosn == "900" and p.explicita:
        calculado = compute_proprio(c, linha, p, reduz=True, com_fcp=False)
        if calculado is None:
            return None
        proprio = calculado
    if csosn in ("201", "202", "203") or (
        csosn == "900" and (p.st_explicita or linha.item.pauta_st is not None)
    ):
        valor = proprio.valor
        if valor is None:
            valor = _presumed(c, linha, p)
        st = None if valor is None else icms_st.compute_st(c, linha, p, valor, ZERO)
        if st is None:
            return None
    aliquota_credito, credito = _credit(c, linha, csosn, p)
    return Icms(
        grupo=grupo,
        origem=origem,
        csosn=csosn,
        modalidade_bc=proprio.modalidade,
        base_calculo=proprio.base,
        percentual_reducao=p.reducao if proprio.base is not None and p.reducao > 0 else None,
        aliquota=proprio.aliquota,
        valor=proprio.valor,
        modalidade_bc_st=None if st is None else st.modalidade,
        percentual_mva_st=None if st is None else st.mva,
        percentual_reducao_st=None if st is None else st.reducao,
        base_st=None if st is None else st.base,
        aliquota_st=None if st is None else st.aliquota,
        valor_st=None if st is None else st.valor,
        base_fcp_st=None if st is None else st.base_fcp,
        aliquota_fcp_st=None if st is None else st.aliquota_fcp,
        valor_fcp_st=None if st is None else st.valor_fcp,
        aliquota_credito_sn=aliquota_credito,
        valor_credito_sn=credito,
    )


def _presumed(c: Calculo, linha: Linha, p: ParametrosIcms) -> Decimal | None:
    """Own tax presumed for the substitution: as a normal issuer would have it (LC 123/2006, art. 13, par. 1, XIII, a)."""
    bruta = base_bruta(c, linha, p.aliquota)
    if bruta is None:
        return None
    base = c.centavos(bruta * (CEM - p.reducao) * CENTESIMO)
    return c.explain(linha, "icms.presumido", (base, p.aliquota), c.percent(base, p.aliquota))


def _credit(c: Calculo, linha: Linha, csosn: str, p: ParametrosIcms) -> tuple[Decimal | None, Decimal | None]:
    """pCredSN and vCredICMSSN (LC 123/2006, art. 23)."""
    obrigatorio = csosn in ("101", "201")
    if not obrigatorio and (csosn != "900" or p.credito <= 0):
        return None, None
    if p.credito <= 0:
        c.warn(
            "TRIB-SN-01",
            linha,
            "icms.aliquota_credito",
            f"CSOSN {csosn} com alíquota de crédito zero",
            "Cadastre aliquota_credito na categoria, ou use um CSOSN sem crédito.",
            rotulo="alíquota de crédito do Simples",
            valor=p.credito,
        )
    base = linha.oper
    if c.configuracao.credito_sobre_base_reduzida:
        base = c.centavos(base * (CEM - p.reducao) * CENTESIMO)
    return p.credito, c.explain(linha, "sn.credito", (base, p.credito), c.percent(base, p.credito))


def _sn500(c: Calculo, linha: Linha) -> Icms:
    r = icms_st.read_retido(c, linha)
    return Icms(
        grupo="ICMSSN500",
        origem=linha.item.origem,
        csosn="500",
        base_st_retido=r.base,
        aliquota_suportada=r.aliquota,
        valor_substituto=r.valor_substituto,
        valor_st_retido=r.valor,
        base_fcp_st_retido=r.base_fcp,
        aliquota_fcp_st_retido=r.aliquota_fcp,
        valor_fcp_st_retido=r.valor_fcp,
        percentual_reducao_efetivo=r.reducao_efetiva,
        base_efetiva=r.base_efetiva,
        aliquota_efetiva=r.aliquota_efetiva,
        valor_efetivo=r.valor_efetivo,
    )
