"""ICMS by substitution: adjusted MVA, bases, FCP-ST, relief, and values withheld before (6.4 and 6.5)."""

from dataclasses import dataclass
from decimal import Decimal

from chancela.domain.tributos.calculo import Calculo, Linha
from chancela.domain.tributos.numeros import CEM, CENTESIMO, UM, ZERO, round_taxa
from chancela.domain.tributos.parametros import ParametrosIcms

MVA = "4"
MOTIVOS_ST = frozenset({"3", "9", "12"})


@dataclass(frozen=True, slots=True)
class St:
    """The substitution block of any group."""

    modalidade: str
    mva: Decimal | None
    reducao: Decimal | None
    base: Decimal
    aliquota: Decimal
    valor: Decimal
    base_fcp: Decimal | None
    aliquota_fcp: Decimal | None
    valor_fcp: Decimal | None
    valor_desonerado: Decimal | None = None
    motivo: str | None = None


@dataclass(frozen=True, slots=True)
class Retido:
    """Values withheld before, and effective ones, of CST 60 and CSOSN 500."""

    base: Decimal | None = None
    aliquota: Decimal | None = None
    valor_substituto: Decimal | None = None
    valor: Decimal | None = None
    base_fcp: Decimal | None = None
    aliquota_fcp: Decimal | None = None
    valor_fcp: Decimal | None = None
    reducao_efetiva: Decimal | None = None
    base_efetiva: Decimal | None = None
    aliquota_efetiva: Decimal | None = None
    valor_efetivo: Decimal | None = None


def adjust_mva(mva: Decimal, interestadual: Decimal, interna: Decimal) -> Decimal:
    """MVA adjusted to the interstate rate, percent with 2 decimals (Conv. ICMS 142/2018, cl. 11, par. 1)."""
    fator = (UM + mva / CEM) * (UM - interestadual / CEM) / (UM - interna / CEM)
    return ((fator - UM) * CEM).quantize(CENTESIMO, "ROUND_HALF_UP")


def _mva_of(c: Calculo, linha: Linha, p: ParametrosIcms) -> Decimal | None:
    if p.mva is None:
        mensagem = f"MVA nao informada para a UF {c.uf.value}"
        c.refuse(
            "TRIB-ST-01",
            linha,
            "icms.aliquota_mva",
            mensagem,
            "Cadastre a MVA desta UF na categoria.",
            rotulo="MVA",
            valor=c.uf.value,
        )
        return None
    interna = p.interna_destino
    if c.configuracao.mva_ajustada_inclui_fcp:
        interna += p.fcp_destino
    ajusta = c.configuracao.mva_ajustada_automatica and c.interestadual and c.operacao.crt not in (1, 4)
    if not ajusta or p.interestadual >= interna or interna >= CEM:
        return p.mva
    return c.explain(
        linha,
        "st.mva_ajustada",
        (p.mva, p.interestadual, interna),
        adjust_mva(p.mva, p.interestadual, interna),
    )


def compute_st(
    c: Calculo, linha: Linha, p: ParametrosIcms, proprio: Decimal, fcp_proprio: Decimal
) -> St | None:
    """The ST block; `proprio` is the ICMS of the own operation (real or presumed). None after a refusal."""
    if linha.cfop in c.configuracao.cfops_difal_st and c.enquadramento.consumidor_final:
        return _difal_st(c, linha, p, proprio, fcp_proprio)
    pauta = linha.item.pauta_st
    mva: Decimal | None = None
    if pauta is None:
        mva = _mva_of(c, linha, p)
        if mva is None:
            return None
        bruta = (linha.oper + linha.valor_ipi) * (CEM + mva) * CENTESIMO
    else:
        bruta = linha.quantidade_tributavel * pauta.preco
    base = c.centavos(bruta * (CEM - p.reducao_st) * CENTESIMO)
    if pauta is None:
        operandos = (linha.oper, linha.valor_ipi, mva or ZERO, p.reducao_st)
        c.explain(linha, "st.base", operandos, base)
    else:
        c.explain(linha, "st.base_pauta", (linha.quantidade_tributavel, pauta.preco, p.reducao_st), base)
    return _finish(
        c, linha, p, MVA if pauta is None else pauta.modalidade, mva, base, bruta, proprio, fcp_proprio
    )


def _difal_st(
    c: Calculo, linha: Linha, p: ParametrosIcms, proprio: Decimal, fcp_proprio: Decimal
) -> St | None:
    """ST over goods for use of a contributor: rate difference "por dentro", MVA zero (LC 190/2022; Conv. 142/2018, cl. 12)."""
    if p.aliquota_st >= CEM:
        c.refuse(
            "TRIB-ST-02",
            linha,
            "icms.aliquota_icms_st",
            "a alíquota interna deve ser menor que 100%",
            "Corrija a alíquota de ICMS-ST da categoria.",
            rotulo="alíquota do ICMS-ST",
            valor=p.aliquota_st,
        )
        return None
    bruta = (linha.oper + linha.valor_ipi - proprio) * CEM / (CEM - p.aliquota_st)
    base = c.centavos(bruta)
    c.explain(linha, "st.base_difal", (linha.oper, linha.valor_ipi, proprio, p.aliquota_st), base)
    return _finish(c, linha, p, MVA, ZERO, base, base, proprio, fcp_proprio)


def _finish(
    c: Calculo,
    linha: Linha,
    p: ParametrosIcms,
    modalidade: str,
    mva: Decimal | None,
    base: Decimal,
    bruta: Decimal,
    proprio: Decimal,
    fcp_proprio: Decimal,
) -> St:
    valor = max(ZERO, c.percent(base, p.aliquota_st) - proprio)
    c.explain(linha, "st.valor", (base, p.aliquota_st, proprio), valor)
    base_fcp = aliquota_fcp = valor_fcp = None
    if p.fcp_st > 0:
        base_fcp, aliquota_fcp = base, p.fcp_st
        valor_fcp = max(ZERO, c.percent(base, p.fcp_st) - fcp_proprio)
        c.explain(linha, "st.fcp", (base, p.fcp_st, fcp_proprio), valor_fcp)
    desonerado = _relief(c, linha, p, bruta, valor, proprio)
    return St(
        modalidade=modalidade,
        mva=mva,
        reducao=p.reducao_st if p.reducao_st > 0 else None,
        base=base,
        aliquota=p.aliquota_st,
        valor=valor,
        base_fcp=base_fcp,
        aliquota_fcp=aliquota_fcp,
        valor_fcp=valor_fcp,
        valor_desonerado=desonerado,
        motivo=None if desonerado is None else p.motivo_st,
    )


def _relief(
    c: Calculo, linha: Linha, p: ParametrosIcms, bruta: Decimal, valor: Decimal, proprio: Decimal
) -> Decimal | None:
    """vICMSSTDeson: as informed, else what the reduction of the ST base spares."""
    if not p.motivo_st:
        return None
    if p.motivo_st not in MOTIVOS_ST:
        c.refuse(
            "TRIB-DESON-03",
            linha,
            "icms.motivo_desoneracao_st",
            "motivo de desoneração do ICMS-ST inválido",
            "Use 3, 9 ou 12.",
            rotulo="motivo da desoneração do ICMS-ST",
            valor=p.motivo_st,
        )
        return None
    desonerado = linha.item.valor_st_desonerado
    if desonerado is None:
        cheio = max(ZERO, c.percent(c.centavos(bruta), p.aliquota_st) - proprio)
        desonerado = cheio - valor
        c.explain(linha, "st.desonerado", (cheio, valor), desonerado)
    if desonerado <= 0:
        c.warn(
            "TRIB-DESON-04",
            linha,
            "icms.motivo_desoneracao_st",
            "o motivo de desoneração do ICMS-ST não produz valor e foi omitido",
            "Informe a redução da base de ST ou retire o motivo.",
            rotulo="motivo da desoneração do ICMS-ST",
            valor=p.motivo_st,
        )
        return None
    return desonerado


def read_retido(c: Calculo, linha: Linha) -> Retido:
    """The withheld block and the effective block of CST 60 or CSOSN 500, as far as informed."""
    r, efetivo = linha.item.icms_retido, linha.item.icms_efetivo
    base = aliquota = substituto = valor = base_fcp = aliquota_fcp = valor_fcp = None
    if r is not None:
        base, aliquota, substituto = c.centavos(r.base), round_taxa(r.aliquota), r.valor_substituto
        valor = r.valor
        if valor is None:
            valor = c.explain(linha, "st.retido", (base, aliquota), c.percent(base, aliquota))
        if r.aliquota_fcp is not None and r.aliquota_fcp > 0:
            base_fcp = base if r.base_fcp is None else c.centavos(r.base_fcp)
            aliquota_fcp = round_taxa(r.aliquota_fcp)
            valor_fcp = c.percent(base_fcp, aliquota_fcp) if r.valor_fcp is None else r.valor_fcp
    if efetivo is None and not (r is None and c.operacao.uf_emitente in c.configuracao.ufs_icms_efetivo):
        return Retido(base, aliquota, substituto, valor, base_fcp, aliquota_fcp, valor_fcp)
    if efetivo is None:
        taxa, reducao = c.tabelas.interna(c.uf, c.operacao.data_emissao).aliquota, ZERO
    else:
        taxa, reducao = efetivo.aliquota, efetivo.percentual_reducao
    taxa, reducao = round_taxa(taxa), round_taxa(reducao)
    base_efetiva = c.centavos(linha.oper * (CEM - reducao) * CENTESIMO)
    c.explain(linha, "icms.base_efetiva", (linha.oper, reducao), base_efetiva)
    valor_efetivo = c.explain(linha, "icms.efetivo", (base_efetiva, taxa), c.percent(base_efetiva, taxa))
    return Retido(
        base,
        aliquota,
        substituto,
        valor,
        base_fcp,
        aliquota_fcp,
        valor_fcp,
        reducao,
        base_efetiva,
        taxa,
        valor_efetivo,
    )
