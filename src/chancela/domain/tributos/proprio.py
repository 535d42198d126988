"""Base and tax of the own ICMS operation, with deferral and FCP; the base "por dentro" of imports (6, 6.2, 6.9)."""

from decimal import Decimal

from chancela.domain.tributos.calculo import Calculo, Linha
from chancela.domain.tributos.numeros import CEM, CENTESIMO, ZERO
from chancela.domain.tributos.parametros import ParametrosIcms
from chancela.kit.frozen import frozen

VALOR_DA_OPERACAO = "3"


@frozen
class Proprio:
    """The own block of any group."""

    modalidade: str | None = None
    base: Decimal | None = None
    aliquota: Decimal | None = None
    valor_operacao: Decimal | None = None
    diferimento: Decimal | None = None
    valor_diferido: Decimal | None = None
    valor: Decimal | None = None
    base_fcp: Decimal | None = None
    aliquota_fcp: Decimal | None = None
    valor_fcp: Decimal | None = None
    diferimento_fcp: Decimal | None = None
    fcp_diferido: Decimal | None = None
    fcp_efetivo: Decimal | None = None


def no_proprio() -> Proprio:
    """A group without own operation."""
    return Proprio()


def base_bruta(c: Calculo, linha: Linha, aliquota: Decimal) -> Decimal | None:
    """BASE, before reduction and rounding. None after a refusal (rate of 100 % in an import)."""
    if linha.item.pauta is not None:
        return linha.quantidade_tributavel * linha.item.pauta.preco
    if not c.importacao:
        return linha.oper + linha.valor_ipi if c.ipi_na_base else linha.oper
    if aliquota >= CEM:
        c.refuse(
            "TRIB-ICMS-03",
            linha,
            "icms.aliquota",
            "a alíquota do ICMS deve ser menor que 100%",
            "Corrija a alíquota de importação da categoria.",
            rotulo="alíquota do ICMS",
            valor=aliquota,
        )
        return None
    soma = linha.oper - (ZERO if c.configuracao.import_voutro_na_base else linha.outras) + linha.valor_ipi
    aduana = linha.item.importacao
    if linha.ii is not None:
        soma += linha.ii.valor + linha.ii.valor_iof + linha.ii.despesas_aduaneiras
    if aduana is not None:
        soma += aduana.afrmm
    for contribuicao in (linha.pis, linha.cofins):
        if contribuicao is not None and contribuicao.valor is not None:
            soma += contribuicao.valor
    c.explain(linha, "icms.soma_importacao", (linha.oper,), soma)
    return soma * CEM / (CEM - aliquota)


def compute_proprio(
    c: Calculo, linha: Linha, p: ParametrosIcms, *, reduz: bool, difere: bool = False, com_fcp: bool = True
) -> Proprio | None:
    """The own block. CF art. 155 par. 2 XI decides whether IPI is in the base. None after a refusal."""
    bruta = base_bruta(c, linha, p.aliquota)
    if bruta is None:
        return None
    reducao = p.reducao if reduz else ZERO
    if reducao:
        bruta = bruta * (CEM - reducao) * CENTESIMO
    base = bruta.quantize(CENTESIMO, c.modo)
    valor = (base * p.aliquota * CENTESIMO).quantize(CENTESIMO, c.modo)
    ipi = linha.valor_ipi if c.ipi_na_base else ZERO
    c.note((linha.numero, "icms.base", (linha.oper, ipi, reducao), base))
    operacao = diferimento = diferido = None
    if difere and p.diferimento > 0:
        operacao, diferimento = valor, p.diferimento
        c.explain(linha, "icms.operacao", (base, p.aliquota), operacao)
        diferido = c.explain(
            linha, "icms.diferido", (operacao, diferimento), c.percent(operacao, diferimento)
        )
        valor = operacao - diferido
        c.explain(linha, "icms.apos_diferimento", (operacao, diferido), valor)
    else:
        c.note((linha.numero, "icms.valor", (base, p.aliquota), valor))
    modalidade = VALOR_DA_OPERACAO if linha.item.pauta is None else linha.item.pauta.modalidade
    if not com_fcp or p.fcp <= 0:
        return Proprio(modalidade, base, p.aliquota, operacao, diferimento, diferido, valor)
    fcp = c.explain(linha, "icms.fcp", (base, p.fcp), c.percent(base, p.fcp))
    dif_fcp = fcp_diferido = efetivo = None
    if difere and p.diferimento_fcp > 0:
        dif_fcp = p.diferimento_fcp
        fcp_diferido = c.explain(linha, "icms.fcp_diferido", (fcp, dif_fcp), c.percent(fcp, dif_fcp))
        efetivo = fcp - fcp_diferido
    return Proprio(
        modalidade,
        base,
        p.aliquota,
        operacao,
        diferimento,
        diferido,
        valor,
        base,
        p.fcp,
        fcp,
        dif_fcp,
        fcp_diferido,
        efetivo,
    )
