"""Single-phase ICMS over fuels: CST 02, 15, 53 and 61 (6.6; Conv. ICMS 199/2022 and 15/2023)."""

from decimal import Decimal

from chancela.domain.tributos.calculo import Calculo, Linha
from chancela.domain.tributos.entrada import Combustivel
from chancela.domain.tributos.numeros import CEM, CENTESIMO, ZERO, round_quantidade, round_taxa
from chancela.domain.tributos.resultado import Icms

_MOTIVOS = frozenset({"1", "9"})


def compute_monofasico(c: Calculo, linha: Linha, cst: str) -> Icms | None:
    """The group of a single-phase CST; refuses without the rate per unit, which no table of ours knows."""
    f = linha.item.combustivel
    if f is None:
        c.refuse(
            "TRIB-MONO-01",
            linha,
            "combustivel.aliquota_ad_rem",
            f"CST {cst} exige a alíquota ad rem do combustível",
            "Informe a alíquota por unidade do convênio vigente.",
            rotulo="alíquota ad rem do ICMS",
        )
        return None
    quantidade = round_quantidade(linha.quantidade_tributavel if f.quantidade is None else f.quantidade)
    ad_rem = f.aliquota_ad_rem.quantize(Decimal("0.0001"), "ROUND_HALF_UP")
    if cst == "15":
        return _cst15(c, linha, f, quantidade, ad_rem)
    valor = c.centavos(quantidade * ad_rem)
    if cst == "61":
        c.explain(linha, "mono.retido", (quantidade, ad_rem), valor)
        return Icms(
            grupo="ICMS61",
            origem=linha.item.origem,
            cst=cst,
            quantidade_mono_retido=quantidade,
            aliquota_ad_rem_retido=ad_rem,
            valor_mono_retido=valor,
        )
    operacao = diferimento = diferido = None
    if cst == "53":
        taxa = round_taxa(f.percentual_diferimento or ZERO)
        operacao = c.explain(linha, "mono.operacao", (quantidade, ad_rem), valor)
        if taxa > 0:
            diferimento = taxa
            diferido = c.explain(linha, "mono.diferido", (operacao, taxa), c.percent(operacao, taxa))
            valor = operacao - diferido
    c.explain(linha, "mono.valor", (quantidade, ad_rem), valor)
    return Icms(
        grupo=f"ICMS{cst}",
        origem=linha.item.origem,
        cst=cst,
        quantidade_mono=quantidade,
        aliquota_ad_rem=ad_rem,
        valor_mono_operacao=operacao,
        percentual_diferimento=diferimento,
        valor_mono_diferido=diferido,
        valor_mono=valor,
    )


def _cst15(c: Calculo, linha: Linha, f: Combustivel, quantidade: Decimal, ad_rem: Decimal) -> Icms | None:
    if f.aliquota_ad_rem_retencao is None:
        c.refuse(
            "TRIB-MONO-02",
            linha,
            "combustivel.aliquota_ad_rem_retencao",
            "CST 15 exige a alíquota ad rem da retenção",
            "Informe a alíquota por unidade sujeita a retenção.",
            rotulo="alíquota ad rem da retenção",
        )
        return None
    reducao = (f.percentual_reducao or ZERO).quantize(CENTESIMO, "ROUND_HALF_UP")
    motivo = f.motivo_reducao.strip() or None
    if reducao > 0 and motivo not in _MOTIVOS:
        c.refuse(
            "TRIB-MONO-03",
            linha,
            "combustivel.motivo_reducao",
            "a redução da alíquota ad rem exige o motivo 1 ou 9",
            "Informe o motivo da redução: 1 transporte coletivo, 9 outros.",
            rotulo="motivo da redução ad rem",
            valor=motivo or "",
        )
        return None
    valor = c.centavos(quantidade * ad_rem * (CEM - reducao) * CENTESIMO)
    c.explain(linha, "mono.valor_reduzido", (quantidade, ad_rem, reducao), valor)
    retencao = f.aliquota_ad_rem_retencao.quantize(Decimal("0.0001"), "ROUND_HALF_UP")
    retida = round_quantidade(quantidade if f.quantidade_retencao is None else f.quantidade_retencao)
    valor_retencao = c.explain(linha, "mono.retencao", (retida, retencao), c.centavos(retida * retencao))
    return Icms(
        grupo="ICMS15",
        origem=linha.item.origem,
        cst="15",
        quantidade_mono=quantidade,
        aliquota_ad_rem=ad_rem,
        valor_mono=valor,
        quantidade_mono_retencao=retida,
        aliquota_ad_rem_retencao=retencao,
        valor_mono_retencao=valor_retencao,
        percentual_reducao_ad_rem=reducao if reducao > 0 else None,
        motivo_reducao_ad_rem=motivo if reducao > 0 else None,
    )
