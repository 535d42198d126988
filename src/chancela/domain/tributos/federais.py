"""II and IPI of one item (5.1 and 5.2), and IPI given back in returns."""

from chancela.domain.tributos.calculo import Calculo, Linha
from chancela.domain.tributos.categoria import CenarioIpi
from chancela.domain.tributos.numeros import CENTESIMO, ZERO, round_quantidade, round_taxa
from chancela.domain.tributos.resultado import ImpostoImportacao, Ipi, IpiDevolvido

CST_IPI_TRIBUTADO = frozenset({"00", "49", "50", "99"})
CST_IPI = CST_IPI_TRIBUTADO | frozenset({"01", "02", "03", "04", "05", "51", "52", "53", "54", "55"})


def compute_ii(c: Calculo, linha: Linha) -> ImpostoImportacao | None:
    """II as informed; required by CFOP 3xxx."""
    ii = linha.item.importacao
    if ii is None:
        if linha.cfop.startswith("3"):
            c.refuse(
                "TRIB-II-01",
                linha,
                "importacao.base",
                "operação de importação sem os dados do Imposto de Importação",
                "Informe base, despesas aduaneiras, II e IOF da DI (zero, se for o caso).",
                rotulo="Imposto de Importação",
            )
        return None
    if c.nfce:
        c.refuse(
            "TRIB-II-02",
            linha,
            "importacao",
            "a NFC-e não admite Imposto de Importação",
            "Emita uma NF-e (modelo 55).",
            rotulo="Imposto de Importação",
            c_stat=743,
        )
        return None
    base = c.centavos(ii.base)
    if ii.valor is None:
        taxa = round_taxa(ii.aliquota or ZERO)
        valor = c.explain(linha, "ii.valor", (base, taxa), c.percent(base, taxa))
    else:
        valor = c.centavos(ii.valor)
    return ImpostoImportacao(base, c.centavos(ii.despesas_aduaneiras), valor, c.centavos(ii.iof))


def compute_ipi(c: Calculo, linha: Linha, entrada: CenarioIpi | None) -> Ipi | None:
    """IPI ad valorem or per unit; the import base includes the II (Decreto 7.212/2010, art. 190)."""
    devolucao = linha.item.ipi_devolvido
    if devolucao is not None:
        taxa = devolucao.percentual.quantize(CENTESIMO, "ROUND_HALF_UP")
        valor = c.percent(devolucao.valor_original, taxa)
        linha.ipi_devolvido = IpiDevolvido(
            taxa, c.explain(linha, "ipi.devolvido", (devolucao.valor_original, taxa), valor)
        )
        return None
    if entrada is None:
        return None
    cst = entrada.situacao_tributaria.strip().zfill(2)
    if cst not in CST_IPI:
        c.refuse(
            "TRIB-IPI-01",
            linha,
            "ipi.situacao_tributaria",
            "situação tributária do IPI desconhecida",
            "Use um CST de IPI da tabela oficial.",
            rotulo="CST do IPI",
            valor=cst,
        )
        return None
    x = linha.item.ipi
    enquadramento = entrada.codigo_enquadramento.strip() or "999"
    cnpj, selo, quantos = (
        (None, None, None) if x is None else (x.cnpj_produtor, x.codigo_selo, x.quantidade_selo)
    )
    if cst not in CST_IPI_TRIBUTADO:
        return Ipi("IPINT", cst, enquadramento, cnpj, selo, quantos)
    if x is not None and x.valor_unidade is not None:
        quantidade = round_quantidade(linha.quantidade_tributavel if x.quantidade is None else x.quantidade)
        unidade = round_quantidade(x.valor_unidade)
        valor = c.explain(linha, "ipi.unidade", (quantidade, unidade), c.centavos(quantidade * unidade))
        return Ipi(
            "IPITrib",
            cst,
            enquadramento,
            cnpj,
            selo,
            quantos,
            quantidade=quantidade,
            valor_unidade=unidade,
            valor=valor,
        )
    taxa = round_taxa(entrada.aliquota or ZERO)
    if taxa == 0:
        return Ipi(
            "IPITrib", cst, enquadramento, cnpj, selo, quantos, base_calculo=ZERO, aliquota=ZERO, valor=ZERO
        )
    base = linha.oper
    if c.importacao and linha.ii is not None:
        base += linha.ii.valor
    valor = c.explain(linha, "ipi.valor", (base, taxa), c.percent(base, taxa))
    return Ipi(
        "IPITrib", cst, enquadramento, cnpj, selo, quantos, base_calculo=base, aliquota=taxa, valor=valor
    )
