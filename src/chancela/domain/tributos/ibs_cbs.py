"""IBS and CBS of one item (section 8; LC 214/2025, NT 2025.002). Values round half to even."""

from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

from chancela.domain.tributos.base_ibs_cbs import base_comum
from chancela.domain.tributos.calculo import Calculo, Linha
from chancela.domain.tributos.categoria import CenarioIbsCbs
from chancela.domain.tributos.configuracao import AliquotasIbsCbs
from chancela.domain.tributos.entrada import CreditoPresumidoInformado, IbsCbsInformado
from chancela.domain.tributos.ibs_cbs_mono import sum_monofasia
from chancela.domain.tributos.numeros import (
    CEM,
    CENTESIMO,
    DECIMO_MILESIMO,
    UM,
    ZERO,
    centavos_meio_par,
    round_taxa,
)
from chancela.domain.tributos.resultado_ibs_cbs import (
    AjusteCompetencia,
    ComponenteIbsCbs,
    CreditoPresumido,
    DevolucaoTributo,
    Diferimento,
    GrupoIbsCbs,
    GrupoMonofasia,
    IbsCbs,
    ParIbsCbs,
    ParteCreditoPresumido,
    ReducaoAliquota,
    TributacaoCompraGov,
    TributacaoRegular,
)
from chancela.domain.tributos.tabelas import ClassificacaoIbsCbs, CstIbsCbs
from chancela.kit.frozen import frozen, replace

FIXAS = frozenset({"220", "221"})
REDUCAO_DA_BASE = {"222001": Decimal(50)}
"""Base reductions that the law fixes (LC 214/2025, art. 222: the price of international passenger transport halves)."""
SEM_EXTENSAO = IbsCbsInformado()
REGULAR = ("000", "000001")
ISENTAS = AliquotasIbsCbs(ZERO, ZERO, ZERO)
"""What is charged while the tax is suspended."""


@frozen
class _Regime:
    """How one class is taxed."""

    cst: CstIbsCbs
    informado: IbsCbsInformado
    redutor: Decimal | None


def compute_ibs_cbs(c: Calculo, linha: Linha, entrada: CenarioIbsCbs | None) -> IbsCbs | None:
    """The IBSCBS group, driven by what the official tables say of CST and class. None without scenario or refused."""
    if entrada is None:
        return None
    lido = _read_classe(c, linha, entrada)
    if lido is None:
        return None
    cst, classe = lido
    x = linha.item.ibs_cbs or SEM_EXTENSAO
    if cst.tributacao:
        return _taxed(c, linha, cst, classe, x)
    if cst.monofasia:
        mono = sum_monofasia(c, linha, x)
        return None if mono is None else _declare(cst, classe, x, monofasia=mono)
    exigencias = (
        (cst.transferencia, x.transferencia, "transferencia", "os valores da transferência de crédito", 1132),
        (cst.ajuste, x.ajuste, "ajuste", "os valores do ajuste de competência", 1170),
        (
            cst.credito_zfm,
            x.credito_presumido_zfm,
            "credito_presumido_zfm",
            "o crédito presumido da ZFM",
            None,
        ),
    )
    for exige, valor, campo, nome, c_stat in exigencias:
        if exige and valor is None:
            c.refuse(
                "TRIB-IBSCBS-07",
                linha,
                f"ibs_cbs.{campo}",
                f"a classificação {classe.codigo} exige {nome}",
                "Informe os valores do grupo.",
                rotulo="IBS/CBS",
                valor=classe.codigo,
                c_stat=c_stat,
            )
            return None
    transferencia = x.transferencia if cst.transferencia else None
    return _declare(cst, classe, x, transferencia=transferencia, ajuste=x.ajuste if cst.ajuste else None)


def _declare(
    cst: CstIbsCbs,
    classe: ClassificacaoIbsCbs,
    x: IbsCbsInformado,
    *,
    tributacao: GrupoIbsCbs | None = None,
    monofasia: GrupoMonofasia | None = None,
    transferencia: ParIbsCbs | None = None,
    ajuste: AjusteCompetencia | None = None,
    credito_presumido: CreditoPresumido | None = None,
) -> IbsCbs:
    """The group with what the item informs, and the parts just computed."""
    return IbsCbs(
        cst.codigo,
        classe.codigo,
        x.doacao,
        tributacao,
        monofasia,
        transferencia,
        ajuste,
        x.estorno,
        credito_presumido,
        x.credito_presumido_zfm,
    )


def _read_classe(
    c: Calculo, linha: Linha, entrada: CenarioIbsCbs
) -> tuple[CstIbsCbs, ClassificacaoIbsCbs] | None:
    lida = entrada.situacao_tributaria, entrada.classificacao_tributaria
    if (boa := c.classes_boas.get(lida)) is not None:
        return boa
    codigo, classificacao = lida[0].strip().zfill(3), lida[1].strip().zfill(6)
    cst, classe = c.tabelas.cst_ibs_cbs.get(codigo), c.tabelas.classificacoes.get(classificacao)
    if cst is None:
        c.refuse(
            "TRIB-IBSCBS-01",
            linha,
            "ibs_cbs.situacao_tributaria",
            "CST do IBS/CBS inexistente",
            "Use um CST da tabela oficial do IBS/CBS.",
            rotulo="CST do IBS/CBS",
            valor=codigo,
            c_stat=1020,
        )
        return None
    if classe is None:
        c.refuse(
            "TRIB-IBSCBS-02",
            linha,
            "ibs_cbs.classificacao_tributaria",
            "classificação tributária do IBS/CBS inexistente",
            "Use um código cClassTrib da tabela oficial.",
            rotulo="classificação tributária",
            valor=classificacao,
            c_stat=1023,
        )
        return None
    if classe.cst != codigo:
        c.refuse(
            "TRIB-IBSCBS-03",
            linha,
            "ibs_cbs.classificacao_tributaria",
            f"a classificação {classificacao} não pertence ao CST {codigo}",
            f"Use uma classificação iniciada por {codigo}.",
            rotulo="classificação tributária",
            valor=classificacao,
            c_stat=1024,
        )
        return None
    if not (classe.nfce if c.nfce else classe.nfe):
        c.warn(
            "TRIB-IBSCBS-04",
            linha,
            "ibs_cbs.classificacao_tributaria",
            f"a classificação {classificacao} não consta como permitida no modelo {c.operacao.modelo.value}",
            "Confira a tabela vigente de cClassTrib.",
            rotulo="classificação tributária",
            valor=classificacao,
            c_stat=1025,
        )
        return cst, classe
    c.classes_boas[lida] = boa = cst, classe
    return boa


def _rates(c: Calculo, linha: Linha, cst: CstIbsCbs, x: IbsCbsInformado) -> AliquotasIbsCbs | None:
    """The rates of the item: its own, else those of the operation. None after a refusal."""
    if x.aliquotas is not None:
        return _rounded(x.aliquotas.uf, x.aliquotas.municipio, x.aliquotas.cbs)
    if cst.codigo in FIXAS:
        c.refuse(
            "TRIB-IBSCBS-05",
            linha,
            "ibs_cbs.aliquotas",
            f"o CST {cst.codigo} tem alíquotas fixas, que devem ser informadas",
            "Informe as alíquotas do IBS e da CBS do item.",
            rotulo="alíquotas do IBS/CBS",
            valor=cst.codigo,
        )
        return None
    if c.aliquotas_ibs_cbs is None:
        c.aliquotas_ibs_cbs = _rates_of_operation(c, linha)
    return c.aliquotas_ibs_cbs


def _rates_of_operation(c: Calculo, linha: Linha) -> AliquotasIbsCbs | None:
    """The rates of the company's settings, else of the dated table. None after a refusal."""
    informadas = c.configuracao.aliquotas_ibs_cbs
    if informadas is not None:
        return _rounded(informadas.uf, informadas.municipio, informadas.cbs)
    em = c.operacao.data_emissao
    linha_da_tabela = c.tabelas.referencia(em)
    if linha_da_tabela is None:
        c.refuse(
            "TRIB-IBSCBS-06",
            linha,
            "ibs_cbs.aliquotas",
            f"não há alíquotas de IBS/CBS para {em:%d/%m/%Y}",
            "Informe as alíquotas na configuração da empresa ou no item.",
            rotulo="alíquotas do IBS/CBS",
        )
        return None
    if not linha_da_tabela.oficial:
        c.warn(
            "TRIB-IBSCBS-08",
            None,
            "data_emissao",
            f"alíquotas de IBS/CBS estimadas para {em:%Y}: ainda não há referência oficial na tabela",
            "Informe as alíquotas oficiais na configuração da empresa.",
            rotulo="alíquotas do IBS/CBS",
        )
    return _rounded(linha_da_tabela.uf, linha_da_tabela.municipio, linha_da_tabela.cbs)


@lru_cache(64)
def _rounded(uf: Decimal, municipio: Decimal, cbs: Decimal) -> AliquotasIbsCbs:
    return AliquotasIbsCbs(round_taxa(uf), round_taxa(municipio), round_taxa(cbs))


def _taxed(
    c: Calculo,
    linha: Linha,
    cst: CstIbsCbs,
    classe: ClassificacaoIbsCbs,
    x: IbsCbsInformado,
) -> IbsCbs | None:
    aliquotas = _rates(c, linha, cst, x)
    if aliquotas is None:
        return None
    base = base_comum(linha)
    if linha.is_ is not None and linha.is_.valor is not None:
        base += linha.is_.valor
    if base < 0:
        c.refuse(
            "TRIB-IBSCBS-09",
            linha,
            "ibs_cbs",
            f"base de calculo negativa no item {linha.numero}",
            "Confira os valores e os tributos do item.",
            rotulo="base do IBS/CBS",
            valor=base,
        )
        return None
    c.note((linha.numero, "ibscbs.base", (linha.oper, base - linha.oper), base))
    if cst.redutor_base:
        reducao = x.percentual_reducao_base or REDUCAO_DA_BASE.get(classe.codigo, ZERO)
        reduzida = centavos_meio_par(base * (CEM - reducao) * CENTESIMO)
        base = c.explain(linha, "ibscbs.base_reduzida", (base, reducao), reduzida)
    redutor = None if c.operacao.compra_gov is None else c.operacao.compra_gov.redutor
    suspensa = classe.tributacao_regular
    cobradas = ISENTAS if suspensa else aliquotas
    if x is SEM_EXTENSAO and redutor is None and not cst.reducao and not cst.diferimento:
        uf = _whole(c, linha, "uf.valor", base, cobradas.uf)
        municipio = _whole(c, linha, "municipio.valor", base, cobradas.municipio)
        cbs = _whole(c, linha, "cbs.valor", base, cobradas.cbs)
    else:
        r = _Regime(cst, x, redutor)
        reducao_ibs, reducao_cbs = classe.reducao_ibs, classe.reducao_cbs
        uf = _component(c, linha, "uf", base, cobradas.uf, reducao_ibs, x.devolucao_uf, r)
        municipio = _component(
            c, linha, "municipio", base, cobradas.municipio, reducao_ibs, x.devolucao_municipio, r
        )
        cbs = _component(c, linha, "cbs", base, cobradas.cbs, reducao_cbs, x.devolucao_cbs, r)
    if x.alc_zfm is not None:
        cbs = replace(cbs, alc_zfm=x.alc_zfm)
    credito = None if x.credito_presumido is None else _presumed_credit(c, linha, x.credito_presumido, base)
    ibs = uf.valor + municipio.valor
    if credito is not None and credito.ibs is not None and _deducts(c, credito.codigo):
        ibs -= credito.ibs.valor or ZERO
    c.note((linha.numero, "ibs.valor", (uf.valor, municipio.valor), ibs))
    grupo = GrupoIbsCbs(
        base_calculo=base,
        uf=uf,
        municipio=municipio,
        valor_ibs=ibs,
        cbs=cbs,
        tributacao_regular=_regular(c, base, x, aliquotas) if suspensa else None,
        compra_gov=None if redutor is None else _government(base, uf, municipio, cbs),
    )
    return _declare(cst, classe, x, tributacao=grupo, credito_presumido=credito)


def _whole(c: Calculo, linha: Linha, regra: str, base: Decimal, p: Decimal) -> ComponenteIbsCbs:
    """One of state, municipality, CBS, charged whole and at once: what `_component` makes of it."""
    valor = (base * p * CENTESIMO).quantize(CENTESIMO, ROUND_HALF_EVEN)
    c.note((linha.numero, regra, (base, p), valor))
    return ComponenteIbsCbs(p, valor)


def _component(
    c: Calculo,
    linha: Linha,
    nome: str,
    base: Decimal,
    p: Decimal,
    reducao: Decimal,
    devolvido: Decimal | None,
    r: _Regime,
) -> ComponenteIbsCbs:
    """One of state, municipality, CBS: effective rate, gross, deferral over the tax, give-back."""
    efetiva, red = p, None
    if r.cst.reducao or r.redutor is not None:
        aplicada = reducao if r.cst.reducao else ZERO
        efetiva = _effective(p, aplicada, r.redutor)
        red = ReducaoAliquota(round_taxa(aplicada), efetiva)
        c.explain(linha, f"{nome}.aliquota_efetiva", (p, aplicada, r.redutor or ZERO), efetiva)
    bruto = centavos_meio_par(base * efetiva * CENTESIMO)
    valor = bruto
    diferimento = None
    if r.cst.diferimento:
        informado = r.informado.percentual_diferimento
        taxa = round_taxa(CEM if informado is None else informado)
        diferimento = Diferimento(taxa, centavos_meio_par(bruto * taxa * CENTESIMO))
        c.explain(linha, f"{nome}.diferido", (bruto, taxa), diferimento.valor)
        valor -= diferimento.valor
    devolucao = None
    if devolvido is not None:
        percentual = r.informado.percentual_devolucao_cbs if nome == "cbs" else None
        devolucao = DevolucaoTributo(min(valor, centavos_meio_par(devolvido)), percentual)
        valor -= devolucao.valor
    c.explain(linha, f"{nome}.valor", (base, efetiva), valor)
    return ComponenteIbsCbs(p, valor, diferimento, devolucao, red)


def _effective(p: Decimal, reducao: Decimal, redutor: Decimal | None) -> Decimal:
    fator = (CEM - reducao) * CENTESIMO
    if redutor is not None:
        fator *= UM - redutor * CENTESIMO
    return (p * fator).quantize(DECIMO_MILESIMO, ROUND_HALF_EVEN)


def _regular(c: Calculo, base: Decimal, x: IbsCbsInformado, aliquotas: AliquotasIbsCbs) -> TributacaoRegular:
    """gTribRegular: the tax without the suspension, by the class that would otherwise rule."""
    cst = x.cst_regular or REGULAR[0]
    classificacao = x.classificacao_regular or REGULAR[1]
    classe = c.tabelas.classificacoes.get(classificacao)
    reducao_ibs, reducao_cbs = (ZERO, ZERO) if classe is None else (classe.reducao_ibs, classe.reducao_cbs)
    uf = _effective(aliquotas.uf, reducao_ibs, None)
    municipio = _effective(aliquotas.municipio, reducao_ibs, None)
    cbs = _effective(aliquotas.cbs, reducao_cbs, None)
    return TributacaoRegular(
        cst=cst,
        classificacao=classificacao,
        aliquota_uf=uf,
        valor_uf=centavos_meio_par(base * uf * CENTESIMO),
        aliquota_municipio=municipio,
        valor_municipio=centavos_meio_par(base * municipio * CENTESIMO),
        aliquota_cbs=cbs,
        valor_cbs=centavos_meio_par(base * cbs * CENTESIMO),
    )


def _government(
    base: Decimal, uf: ComponenteIbsCbs, municipio: ComponenteIbsCbs, cbs: ComponenteIbsCbs
) -> TributacaoCompraGov:
    """gTribCompraGov: each share at its effective rate (LC 214/2025, arts. 472 and 473)."""
    taxas = [p.aliquota if p.reducao is None else p.reducao.aliquota_efetiva for p in (uf, municipio, cbs)]
    valores = [centavos_meio_par(base * t * CENTESIMO) for t in taxas]
    return TributacaoCompraGov(taxas[0], valores[0], taxas[1], valores[1], taxas[2], valores[2])


def _deducts(c: Calculo, codigo: str) -> bool:
    linha = c.tabelas.creditos_presumidos.get(codigo)
    return linha is not None and linha.deduz


def _presumed_credit(
    c: Calculo, linha: Linha, x: CreditoPresumidoInformado, base: Decimal
) -> CreditoPresumido:
    """gCredPresOper: a percentage of its own base, plain or under a suspensive condition."""
    sobre = base if x.base is None else centavos_meio_par(x.base)
    partes: list[ParteCreditoPresumido | None] = []
    for percentual in (x.percentual_ibs, x.percentual_cbs):
        if percentual is None:
            partes.append(None)
            continue
        taxa = round_taxa(percentual)
        valor = c.explain(
            linha, "ibscbs.credito_presumido", (sobre, taxa), centavos_meio_par(sobre * taxa * CENTESIMO)
        )
        partes.append(
            ParteCreditoPresumido(taxa, None, valor)
            if x.condicao_suspensiva
            else ParteCreditoPresumido(taxa, valor)
        )
    return CreditoPresumido(sobre, x.codigo, partes[0], partes[1])
