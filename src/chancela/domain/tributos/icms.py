"""ICMS of the own operation for CST (CRT 2, 3) and CSOSN (CRT 1, 4), sections 6.1 to 6.5 and 6.7 and 6.9."""

from dataclasses import dataclass
from decimal import Decimal

from chancela.domain.tributos import icms_st, monofasico, simples
from chancela.domain.tributos.calculo import Calculo, Escolha, Linha
from chancela.domain.tributos.cenario import CST_MONOFASICA
from chancela.domain.tributos.configuracao import MetodoDesoneracao
from chancela.domain.tributos.numeros import CEM, CENTESIMO, ZERO
from chancela.domain.tributos.parametros import ParametrosIcms, resolve_parametros
from chancela.domain.tributos.proprio import Proprio, base_bruta, compute_proprio, no_proprio
from chancela.domain.tributos.resultado import Icms
from chancela.domain.tributos.tabelas import ORIGENS_IMPORTADAS

GRUPO_DO_CST = {
    "00": "ICMS00", "02": "ICMS02", "10": "ICMS10", "15": "ICMS15", "20": "ICMS20", "30": "ICMS30", "40": "ICMS40",
    "41": "ICMS40", "50": "ICMS40", "51": "ICMS51", "53": "ICMS53", "60": "ICMS60", "61": "ICMS61", "70": "ICMS70",
    "90": "ICMS90",
}  # fmt: skip
MOTIVOS = {
    "20": frozenset({"3", "9", "10", "11", "12"}),
    "30": frozenset({"6", "7", "9"}),
    "40": frozenset({"1", "3", "4", "5", "6", "7", "8", "9", "10", "11", "16", "90"}),
    "70": frozenset({"3", "9", "12"}),
    "part": frozenset({"9", "10", "11"}),
}
MOTIVOS["41"] = MOTIVOS["50"] = MOTIVOS["40"]
MOTIVOS["90"] = MOTIVOS["70"]
SUFRAMA = "7"


@dataclass(frozen=True, slots=True)
class Desoneracao:
    """The relief block."""

    valor: Decimal | None = None
    motivo: str | None = None
    deduz: bool | None = None


NENHUMA = Desoneracao()
SEM_PROPRIO = no_proprio()


def compute_icms(c: Calculo, linha: Linha, escolha: Escolha) -> Icms | None:
    """The ICMS group of one item; None after a refusal."""
    entrada = escolha.icms
    assert entrada is not None, "checked by check_escolha"
    importado = linha.item.origem in ORIGENS_IMPORTADAS
    p = resolve_parametros(c, escolha, entrada, importado=importado)
    codigo = entrada.situacao_tributaria.strip()
    if codigo in simples.GRUPO_DO_CSOSN:
        return simples.compute_icms_sn(c, linha, codigo, p)
    if codigo in CST_MONOFASICA:
        return monofasico.compute_monofasico(c, linha, codigo)
    if codigo == "00":
        return _cst00(c, linha, p)
    if codigo not in GRUPO_DO_CST:
        c.refuse(
            "TRIB-ICMS-01",
            linha,
            "icms.situacao_tributaria",
            "situação tributária do ICMS desconhecida",
            "Use um CST ou CSOSN da tabela oficial.",
            rotulo="CST/CSOSN do ICMS",
            valor=codigo,
        )
        return None
    if (
        codigo in ("41", "60")
        and linha.item.icms_retido is not None
        and linha.item.icms_retido.base_destino is not None
    ):
        return _transfer(c, linha, codigo)
    if codigo == "60":
        return _cst60(c, linha)
    return _general(c, linha, codigo, p)


def _cst00(c: Calculo, linha: Linha, p: ParametrosIcms) -> Icms | None:
    proprio = compute_proprio(c, linha, p, reduz=False)
    if proprio is None:
        return None
    return Icms(
        grupo="ICMS00",
        origem=linha.item.origem,
        cst="00",
        modalidade_bc=proprio.modalidade,
        base_calculo=proprio.base,
        aliquota=proprio.aliquota,
        valor=proprio.valor,
        aliquota_fcp=proprio.aliquota_fcp,
        valor_fcp=proprio.valor_fcp,
    )


def _general(c: Calculo, linha: Linha, cst: str, p: ParametrosIcms) -> Icms | None:
    """Every CST but 00, 60 and the single-phase ones: own, deferral, ST and relief blocks, each when it applies."""
    part = linha.item.partilha if cst in ("10", "90") else None
    proprio: Proprio | None = SEM_PROPRIO
    if _has_own(cst, p) or part is not None:
        com_reducao = cst in ("20", "70", "51", "90") or part is not None
        proprio = compute_proprio(
            c, linha, p, reduz=com_reducao, difere=cst in ("51", "90") and part is None, com_fcp=part is None
        )
        if proprio is None:
            return None
    if cst in ("20", "70") and p.reducao <= 0:
        c.warn(
            "TRIB-ICMS-02",
            linha,
            "icms.aliquota_reducao",
            f"CST {cst} sem percentual de redução da base",
            "Cadastre aliquota_reducao na categoria.",
            rotulo="redução da base do ICMS",
        )
    st: icms_st.St | None = None
    if (
        cst in ("10", "30", "70")
        or part is not None
        or (cst == "90" and (p.st_explicita or linha.item.pauta_st is not None))
    ):
        valor_proprio = _presumed30(c, linha, p) if cst == "30" else proprio.valor or ZERO
        st = icms_st.compute_st(c, linha, p, valor_proprio, proprio.valor_fcp or ZERO)
        if st is None:
            return None
    alivio = _relief(c, linha, "part" if part is not None else cst, p, proprio)
    if alivio is None:
        return None
    grupo = "ICMSPart" if part is not None else GRUPO_DO_CST[cst]
    reducao: Decimal | None = None
    if cst in ("20", "70") or (
        proprio.base is not None
        and cst in ("51", "90", "10")
        and p.reducao > 0
        and (cst != "10" or part is not None)
    ):
        reducao = p.reducao
    return Icms(
        grupo=grupo,
        origem=linha.item.origem,
        cst=cst,
        modalidade_bc=proprio.modalidade,
        percentual_reducao=reducao,
        codigo_beneficio_reducao=(linha.item.codigo_beneficio_reducao or None)
        if cst in ("51", "90") and reducao is not None and part is None
        else None,
        base_calculo=proprio.base,
        aliquota=proprio.aliquota,
        valor_operacao=proprio.valor_operacao,
        percentual_diferimento=proprio.diferimento,
        valor_diferido=proprio.valor_diferido,
        valor=proprio.valor,
        base_fcp=proprio.base_fcp,
        aliquota_fcp=proprio.aliquota_fcp,
        valor_fcp=proprio.valor_fcp,
        percentual_diferimento_fcp=proprio.diferimento_fcp,
        valor_fcp_diferido=proprio.fcp_diferido,
        valor_fcp_efetivo=proprio.fcp_efetivo,
        modalidade_bc_st=None if st is None else st.modalidade,
        percentual_mva_st=None if st is None else st.mva,
        percentual_reducao_st=None if st is None else st.reducao,
        base_st=None if st is None else st.base,
        aliquota_st=None if st is None else st.aliquota,
        valor_st=None if st is None else st.valor,
        base_fcp_st=None if st is None else st.base_fcp,
        aliquota_fcp_st=None if st is None else st.aliquota_fcp,
        valor_fcp_st=None if st is None else st.valor_fcp,
        valor_desonerado=alivio.valor,
        motivo_desoneracao=alivio.motivo,
        deduz_desoneracao=alivio.deduz,
        valor_st_desonerado=st.valor_desonerado
        if st is not None and cst in ("10", "70", "90") and part is None
        else None,
        motivo_desoneracao_st=st.motivo
        if st is not None and cst in ("10", "70", "90") and part is None
        else None,
        percentual_bc_operacao=None if part is None else part.percentual_bc_operacao,
        uf_st=None if part is None else part.uf_st,
    )


def _has_own(cst: str, p: ParametrosIcms) -> bool:
    if cst == "51":
        return p.diferimento > 0
    if cst == "90":
        return p.explicita or p.reducao > 0 or p.diferimento > 0
    return cst in ("10", "20", "70")


def _presumed30(c: Calculo, linha: Linha, p: ParametrosIcms) -> Decimal:
    """CST 30: an own value to subtract only when the category names the rate."""
    if not p.explicita:
        return ZERO
    return c.explain(linha, "icms.presumido", (linha.oper, p.aliquota), c.percent(linha.oper, p.aliquota))


def _relief(c: Calculo, linha: Linha, cst: str, p: ParametrosIcms, proprio: Proprio) -> Desoneracao | None:
    """vICMSDeson by the method of the company (6.3). None after a refusal."""
    if not p.motivo or cst not in MOTIVOS:
        return NENHUMA
    if p.motivo not in MOTIVOS[cst]:
        aceitos = ", ".join(sorted(MOTIVOS[cst], key=int))
        c.refuse(
            "TRIB-DESON-01",
            linha,
            "icms.motivo_desoneracao",
            f"motivo de desoneração {p.motivo} não vale para esta situação tributária",
            f"Use um de: {aceitos}.",
            rotulo="motivo da desoneração do ICMS",
            valor=p.motivo,
        )
        return None
    bruta = base_bruta(c, linha, p.aliquota)
    if bruta is None:
        return None
    por_dentro = c.configuracao.desoneracao_metodo is MetodoDesoneracao.POR_DENTRO
    if por_dentro and p.aliquota >= CEM:
        c.refuse(
            "TRIB-ICMS-03",
            linha,
            "icms.aliquota",
            "a alíquota do ICMS deve ser menor que 100%",
            "Corrija a alíquota da categoria.",
            rotulo="alíquota do ICMS",
            valor=p.aliquota,
        )
        return None
    reduzida = cst in ("20", "70", "90", "part")
    if reduzida and por_dentro:
        fator = (CEM - p.aliquota * (CEM - p.reducao) * CENTESIMO) / (CEM - p.aliquota)
        valor, regra = c.centavos(bruta * fator - bruta), "icms.desonerado_dentro_reducao"
    elif reduzida:
        valor, regra = c.percent(bruta, p.aliquota) - (proprio.valor or ZERO), "icms.desonerado_fora_reducao"
    elif por_dentro:
        valor, regra = c.centavos(bruta * p.aliquota / (CEM - p.aliquota)), "icms.desonerado_dentro"
    else:
        valor, regra = c.percent(bruta, p.aliquota), "icms.desonerado_fora"
    c.explain(linha, regra, (c.centavos(bruta), p.aliquota, p.reducao), valor)
    if valor <= 0:
        c.warn(
            "TRIB-DESON-02",
            linha,
            "icms.motivo_desoneracao",
            "o motivo de desoneração não produz valor e foi omitido",
            "Informe a alíquota e a redução da base, ou retire o motivo.",
            rotulo="motivo da desoneração do ICMS",
            valor=p.motivo,
            c_stat=627,
        )
        return NENHUMA
    deduz = c.configuracao.deduz_desoneracao
    return Desoneracao(valor, p.motivo, p.motivo == SUFRAMA or bool(deduz))


def _cst60(c: Calculo, linha: Linha) -> Icms:
    r = icms_st.read_retido(c, linha)
    return Icms(
        grupo="ICMS60",
        origem=linha.item.origem,
        cst="60",
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


def _transfer(c: Calculo, linha: Linha, cst: str) -> Icms:
    """ICMSST: tax withheld before that is passed on to the destination state, as informed."""
    r = icms_st.read_retido(c, linha)
    informado = linha.item.icms_retido
    assert informado is not None, "chosen by its destination base"
    destino = informado.base_destino or ZERO
    return Icms(
        grupo="ICMSST",
        origem=linha.item.origem,
        cst=cst,
        base_st_retido=r.base,
        aliquota_suportada=r.aliquota,
        valor_substituto=r.valor_substituto,
        valor_st_retido=r.valor,
        base_fcp_st_retido=r.base_fcp,
        aliquota_fcp_st_retido=r.aliquota_fcp,
        valor_fcp_st_retido=r.valor_fcp,
        base_st_destino=c.centavos(destino),
        valor_st_destino=c.centavos(informado.valor_destino or ZERO),
        percentual_reducao_efetivo=r.reducao_efetiva,
        base_efetiva=r.base_efetiva,
        aliquota_efetiva=r.aliquota_efetiva,
        valor_efetivo=r.valor_efetivo,
    )
