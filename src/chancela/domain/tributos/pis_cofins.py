"""PIS and COFINS of one item, and their substitution (5.3; Leis 10.637/2002, 10.833/2003, 10.865/2004)."""

from decimal import Decimal
from functools import lru_cache

from chancela.domain.tributos.calculo import Calculo, Linha
from chancela.domain.tributos.categoria import CenarioContribuicao
from chancela.domain.tributos.entrada import ContribuicaoSt
from chancela.domain.tributos.numeros import CENTESIMO, ZERO, round_quantidade, round_taxa
from chancela.domain.tributos.resultado import Contribuicao

CST_ALIQUOTA = frozenset({"01", "02"})
CST_QUANTIDADE = "03"
CST_NAO_TRIBUTADO = frozenset({"04", "05", "06", "07", "08", "09"})
CST_OUTRAS = frozenset(
    [
        "49",
        "50",
        "51",
        "52",
        "53",
        "54",
        "55",
        "56",
        "60",
        "61",
        "62",
        "63",
        "64",
        "65",
        "66",
        "67",
        "70",
        "71",
        "72",
        "73",
        "74",
        "75",
        "98",
        "99",
    ]
)


def compute_contribuicao(
    c: Calculo, linha: Linha, tributo: str, entrada: CenarioContribuicao, quantidade: Decimal | None
) -> Contribuicao | None:
    """One contribution; `tributo` is `pis` or `cofins`. None after a refusal."""
    cst, grupo = _read_cst(entrada.situacao_tributaria)
    if grupo == "NT":
        return Contribuicao("NT", cst)
    if grupo == "Qtde" or (grupo == "Outr" and quantidade is not None):
        quantos = round_quantidade(linha.quantidade_tributavel if quantidade is None else quantidade)
        reais = round_quantidade(entrada.aliquota or ZERO)
        valor = c.explain(linha, f"{tributo}.unidade", (quantos, reais), c.centavos(quantos * reais))
        return Contribuicao(grupo, cst, quantidade=quantos, aliquota_reais=reais, valor=valor)
    taxa = round_taxa(entrada.aliquota or ZERO)
    if grupo == "Outr" and taxa == 0:
        return Contribuicao("Outr", cst, ZERO, ZERO, valor=ZERO)
    if not grupo:
        nome = tributo.upper()
        c.refuse(
            f"TRIB-{nome}-01",
            linha,
            f"{tributo}.situacao_tributaria",
            f"situação tributária de {nome} desconhecida",
            f"Use um CST de {nome} da tabela oficial.",
            rotulo=f"CST de {nome}",
            valor=cst,
        )
        return None
    base = _base(c, linha, tributo)
    if base is None:
        return None
    valor = (base * taxa * CENTESIMO).quantize(CENTESIMO, c.modo)
    c.note((linha.numero, f"{tributo}.valor", (base, taxa), valor))
    return Contribuicao(grupo, cst, base, taxa, valor=valor)


@lru_cache(256)
def _read_cst(situacao_tributaria: str) -> tuple[str, str]:
    """The code with its two digits, and the group of the layout that declares it; none for an unknown one."""
    cst = situacao_tributaria.strip().zfill(2)
    if cst in CST_NAO_TRIBUTADO:
        return cst, "NT"
    if cst == CST_QUANTIDADE:
        return cst, "Qtde"
    if cst in CST_ALIQUOTA:
        return cst, "Aliq"
    return cst, "Outr" if cst in CST_OUTRAS else ""


def _base(c: Calculo, linha: Linha, tributo: str) -> Decimal | None:
    """OPER, without the highlighted ICMS when so set (STF, Tema 69; Lei 14.592/2023); imports: the customs value."""
    if c.importacao:
        return linha.oper - linha.outras
    item = linha.item
    exclui = item.desconta_icms_pis_cofins
    if exclui is None:
        exclui = item.categoria is not None and item.categoria.desconta_icms_pis_cofins
    if not exclui or linha.icms is None or linha.icms.valor is None:
        return linha.oper
    base = c.explain(
        linha, f"{tributo}.base_sem_icms", (linha.oper, linha.icms.valor), linha.oper - linha.icms.valor
    )
    if base < 0:
        nome = tributo.upper()
        c.refuse(
            f"TRIB-{nome}-02",
            linha,
            tributo,
            f"base de calculo negativa no item {linha.numero}",
            "Confira os valores e a alíquota do ICMS do item.",
            rotulo=f"base de {nome}",
            valor=base,
        )
        return None
    return base


def compute_contribuicao_st(
    c: Calculo, linha: Linha, tributo: str, st: ContribuicaoSt
) -> Contribuicao | None:
    """PISST or COFINSST, which only model 55 has."""
    if c.nfce:
        nome, c_stat = ("PIS-ST", 746) if tributo == "pis" else ("COFINS-ST", 749)
        c.refuse(
            f"TRIB-{nome}-01",
            linha,
            f"{tributo}_st",
            f"a NFC-e não admite {nome}",
            "Emita uma NF-e (modelo 55) ou retire o grupo.",
            rotulo=nome,
            c_stat=c_stat,
        )
        return None
    if st.quantidade is not None:
        quantos, reais = round_quantidade(st.quantidade), round_quantidade(st.aliquota)
        valor = c.explain(linha, f"{tributo}.st_unidade", (quantos, reais), c.centavos(quantos * reais))
        return Contribuicao(
            "ST", quantidade=quantos, aliquota_reais=reais, valor=valor, soma_no_total=st.soma_no_total
        )
    base = linha.oper if st.base is None else c.centavos(st.base)
    taxa = round_taxa(st.aliquota)
    valor = c.explain(linha, f"{tributo}.st", (base, taxa), c.percent(base, taxa))
    return Contribuicao("ST", base_calculo=base, aliquota=taxa, valor=valor, soma_no_total=st.soma_no_total)
