"""Taxes of neutral items: amounts, states, regime, codes and rates in, the engine's result out.

No company, category or document behind them: what a rate table and a code need is in the item itself. Rates in percent,
amounts in reais. A rate left out is that of the dated tables for the states of the operation, as in an issued document.
"""

from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, TypeVar

from chancela.documents.comum.estruturas import describe_schema, read_estrutura
from chancela.domain.erros import RegraViolada, Violacao
from chancela.domain.identidade import Modelo, Uf
from chancela.domain.tributos import entrada as e
from chancela.domain.tributos.categoria import (
    Categoria,
    CenarioContribuicao,
    CenarioIbsCbs,
    CenarioIcms,
    CenarioIpi,
    CenarioIs,
)
from chancela.domain.tributos.configuracao import ConfiguracaoTributaria
from chancela.domain.tributos.motor import compute_tributos
from chancela.domain.tributos.resultado import Resultado
from chancela.domain.tributos.resultado_totais import RetencaoTributos
from chancela.domain.tributos.tabelas import Tabelas

ZERO = Decimal("0.00")
_PADRAO = "padrao"
_T = TypeVar("_T")


class Regime(Enum):
    """Tax regime of the issuer; the value is the CRT."""

    SIMPLES_NACIONAL = 1
    SIMPLES_EXCESSO = 2
    NORMAL = 3
    MEI = 4


class ModeloNeutro(StrEnum):
    """The models whose taxes are computed."""

    NFE = "55"
    NFCE = "65"


class Situacao(StrEnum):
    """indIEDest."""

    CONTRIBUINTE = "1"
    ISENTO = "2"
    NAO_CONTRIBUINTE = "9"


@dataclass(frozen=True, slots=True, kw_only=True)
class IcmsNeutro:
    """ICMS of an item: `cst` (2 digits) or `csosn` (3)."""

    cst: str = ""
    csosn: str = ""
    aliquota: Decimal | None = None
    aliquota_interna_destino: Decimal | None = None
    aliquota_st: Decimal | None = None
    aliquota_fcp: Decimal | None = None
    aliquota_fcp_st: Decimal | None = None
    mva: Decimal | None = None
    aliquota_importacao: Decimal | None = None
    aliquota_credito: Decimal | None = None
    percentual_diferimento: Decimal | None = None
    percentual_diferimento_fcp: Decimal | None = None
    percentual_reducao: Decimal | None = None
    percentual_reducao_st: Decimal | None = None
    motivo_desoneracao: str = ""
    motivo_desoneracao_st: str = ""
    retido: e.IcmsRetido | None = None
    efetivo: e.IcmsEfetivo | None = None
    pauta: e.PrecoPauta | None = None
    pauta_st: e.PrecoPauta | None = None
    combustivel: e.Combustivel | None = None
    partilha: e.Partilha | None = None
    valor_st_desonerado: Decimal | None = None
    percentual_reducao_destino: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class IpiNeutro:
    """IPI of an item; by unit when `quantidade` and `valor_unidade` are given."""

    cst: str
    aliquota: Decimal | None = None
    codigo_enquadramento: str = "999"
    quantidade: Decimal | None = None
    valor_unidade: Decimal | None = None
    devolvido: e.IpiDaDevolucao | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContribuicaoNeutra:
    """PIS or COFINS of an item; with CST 03 the rate is in reais per unit of `quantidade`."""

    cst: str
    aliquota: Decimal | None = None
    quantidade: Decimal | None = None
    st: e.ContribuicaoSt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IbsCbsNeutro:
    """IBS and CBS of an item."""

    cst: str
    classificacao: str
    parametros: e.IbsCbsInformado | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpostoSeletivoNeutro:
    """IS of an item."""

    cst: str
    classificacao: str = ""
    aliquota: Decimal | None = None
    aliquota_ad_rem: Decimal | None = None
    unidade: str | None = None
    quantidade: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemNeutro:
    """One item. `valor_total` is vProd before discount; without it, quantity times unit price."""

    valor_total: Decimal | None = None
    quantidade: Decimal = Decimal(1)
    valor_unitario: Decimal | None = None
    quantidade_tributavel: Decimal | None = None
    desconto: Decimal = ZERO
    frete: Decimal = ZERO
    seguro: Decimal = ZERO
    outras_despesas: Decimal = ZERO
    cfop: str = ""
    origem: str = "0"
    compoe_total: bool = True
    codigo_beneficio: str = ""
    codigo_beneficio_reducao: str = ""
    disable_difal: bool = False
    desconta_icms_pis_cofins: bool = False
    faturamento_direto: bool = False
    icms: IcmsNeutro | None = None
    ipi: IpiNeutro | None = None
    pis: ContribuicaoNeutra | None = None
    cofins: ContribuicaoNeutra | None = None
    ibs_cbs: IbsCbsNeutro | None = None
    imposto_seletivo: ImpostoSeletivoNeutro | None = None
    importacao: e.Importacao | None = None
    servico: e.Servico | None = None
    carga_tributaria: e.CargaTributaria | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OperacaoNeutra:
    """One operation; without `uf_destinatario` the other party is abroad (importacao, exportacao)."""

    uf_emitente: Uf
    itens: tuple[ItemNeutro, ...]
    uf_destinatario: Uf | None = None
    regime: Regime = Regime.NORMAL
    tipo: e.TipoOperacao = e.TipoOperacao.SAIDA
    data_emissao: date | None = None
    modelo: ModeloNeutro = ModeloNeutro.NFE
    finalidade: str = "1"
    tipo_pessoa: e.TipoPessoa = e.TipoPessoa.JURIDICA
    inscricao_estadual: str = ""
    indicador_ie: Situacao | None = None
    consumidor_final: bool | None = None
    presenca: str = "9"
    desconto: Decimal = ZERO
    frete: Decimal = ZERO
    seguro: Decimal = ZERO
    outras_despesas: Decimal = ZERO
    compra_governamental: e.CompraGovernamental | None = None
    frete_retido: e.FreteRetido | None = None
    retencao_tributos: RetencaoTributos | None = None
    regime_issqn: str | None = None
    configuracao: ConfiguracaoTributaria = field(default_factory=ConfiguracaoTributaria)


DESCRICOES = {
    "uf_emitente": "UF do emitente",
    "uf_destinatario": "UF do destinatário; ausente quando ele está no exterior",
    "regime": "Regime tributário do emitente (CRT)",
    "tipo": "Natureza da operação",
    "data_emissao": "Data da operação: decide as tabelas vigentes; ausente, hoje",
    "finalidade": "finNFe: 1 normal, 2 complementar, 3 ajuste, 4 devolução",
    "indicador_ie": "indIEDest: 1 contribuinte, 2 isento, 9 não contribuinte; ausente, pela inscrição estadual",
    "consumidor_final": "indFinal; ausente, pessoa física é consumidor final",
    "presenca": "indPres",
    "itens": "Itens, na ordem do documento",
    "valor_total": "vProd, em reais, antes do desconto; ausente, quantidade vezes valor unitário",
    "desconto": "vDesc, em reais; o da operação é rateado entre os itens",
    "frete": "vFrete, em reais; o da operação é rateado entre os itens",
    "seguro": "vSeg, em reais; o da operação é rateado entre os itens",
    "outras_despesas": "vOutro, em reais; o da operação é rateado entre os itens",
    "cfop": "CFOP; ausente, 5102, 6102 ou 7102 (nas entradas 1102, 2102 ou 3102)",
    "origem": "Origem da mercadoria, 0 a 8",
    "cst": "Situação tributária",
    "csosn": "Situação tributária no Simples Nacional",
    "aliquota": "Alíquota em %; ausente, a da tabela vigente",
    "aliquota_interna_destino": "Alíquota interna da UF de destino em % (DIFAL e ST); ausente, a da tabela vigente",
    "mva": "MVA original em %",
    "aliquota_credito": "pCredSN em %",
    "desconta_icms_pis_cofins": "Tira o ICMS da base de PIS e COFINS",
    "disable_difal": "Não calcula o DIFAL",
    "classificacao": "cClassTrib",
}
"""What `--schema` says of the fields that need words."""


def schema_operacao() -> dict[str, Any]:
    """JSON Schema of the input."""
    return describe_schema(OperacaoNeutra, "Entrada de chancela tributos calcular", DESCRICOES)


def read_operacao(dados: object) -> OperacaoNeutra:
    """The operation that a JSON object describes; `RegraViolada` with everything that is wrong with it."""
    operacao = read_estrutura(OperacaoNeutra, dados)
    if not operacao.itens:
        raise RegraViolada(
            (Violacao("CAMPO-LISTA-VAZIA", "itens", "A lista está vazia.", "Envie pelo menos um item."),)
        )
    faltas = [v for n, item in enumerate(operacao.itens) for v in _check(item, f"itens[{n}]")]
    if faltas:
        raise RegraViolada(tuple(faltas))
    return operacao


def compute_operacao(operacao: OperacaoNeutra, *, hoje: date, tabelas: Tabelas) -> Resultado:
    """Compute the taxes; `RegraViolada` with every violation the engine found."""
    resultado = compute_tributos(_engine_input(operacao, hoje), tabelas)
    faltas = resultado.violacoes or _check_interstate(operacao, resultado)
    if faltas:
        raise RegraViolada(faltas)
    return resultado


def _check_interstate(operacao: OperacaoNeutra, resultado: Resultado) -> tuple[Violacao, ...]:
    """With the destination's internal rate given, the interstate one is that of the table: another one is refused."""
    return tuple(
        Violacao(
            "CAMPO-OPCAO",
            f"itens[{n}].icms.aliquota",
            f"A alíquota desta operação é {lido.icms.aliquota}.",
            "Deixe icms.aliquota de fora, ou corrija as UFs ou a origem.",
            valor=str(dado.icms.aliquota),
        )
        for n, (dado, lido) in enumerate(zip(operacao.itens, resultado.itens, strict=True))
        if dado.icms is not None
        and dado.icms.aliquota is not None
        and dado.icms.aliquota_interna_destino is not None
        and resultado.enquadramento.destino == "2"
        and lido.icms is not None
        and lido.icms.aliquota not in (None, dado.icms.aliquota)
    )


def _check(item: ItemNeutro, onde: str) -> list[Violacao]:
    faltas: list[Violacao] = []
    if item.valor_total is None and item.valor_unitario is None:
        faltas.append(Violacao("CAMPO-AUSENTE", f"{onde}.valor_total", "Falta o valor do item.", "Envie valor_total ou valor_unitario."))  # fmt: skip
    if item.icms is not None and bool(item.icms.cst) == bool(item.icms.csosn):
        faltas.append(Violacao("CAMPO-AUSENTE", f"{onde}.icms.cst", "O ICMS tem CST ou CSOSN, um dos dois.", "Envie cst (2 algarismos) ou csosn (3)."))  # fmt: skip
    if item.icms is None and item.servico is None:
        faltas.append(Violacao("CAMPO-AUSENTE", f"{onde}.icms", "Falta o ICMS da mercadoria, ou o serviço.", "Envie icms ou servico."))  # fmt: skip
    return faltas


def _engine_input(o: OperacaoNeutra, hoje: date) -> e.Operacao:
    return e.Operacao(
        tipo=o.tipo,
        uf_emitente=o.uf_emitente,
        uf_destinatario=o.uf_destinatario,
        crt=o.regime.value,
        data_emissao=o.data_emissao or hoje,
        itens=tuple(_item(o, item) for item in o.itens),
        modelo=Modelo(o.modelo.value),
        finalidade=o.finalidade,
        tipo_pessoa=o.tipo_pessoa,
        inscricao_estadual=o.inscricao_estadual,
        ind_ie_dest=None if o.indicador_ie is None else o.indicador_ie.value,
        ind_final=o.consumidor_final,
        ind_presenca=o.presenca,
        desconto=o.desconto,
        frete=o.frete,
        seguro=o.seguro,
        outras_despesas=o.outras_despesas,
        compra_gov=o.compra_governamental,
        frete_retido=o.frete_retido,
        retencao=o.retencao_tributos,
        regime_issqn=o.regime_issqn,
        configuracao=o.configuracao,
    )


def _item(o: OperacaoNeutra, item: ItemNeutro) -> e.ItemTributavel:
    icms = item.icms or IcmsNeutro()
    ipi, ibs_cbs, seletivo = item.ipi, item.ibs_cbs, item.imposto_seletivo
    total, unitario = item.valor_total, item.valor_unitario
    if total is None:
        total = (unitario or ZERO) * item.quantidade
    if unitario is None:
        unitario = total / item.quantidade if item.quantidade else total
    return e.ItemTributavel(
        valor_total=total,
        quantidade=item.quantidade,
        valor_unitario=unitario,
        categoria=_category(o, item),
        origem=item.origem,
        compoe_total=item.compoe_total,
        quantidade_tributavel=item.quantidade_tributavel,
        desconto=item.desconto,
        frete=item.frete,
        seguro=item.seguro,
        outras_despesas=item.outras_despesas,
        cfop=item.cfop,
        codigo_beneficio=item.codigo_beneficio,
        codigo_beneficio_reducao=item.codigo_beneficio_reducao,
        faturamento_direto=item.faturamento_direto,
        pauta=icms.pauta,
        pauta_st=icms.pauta_st,
        icms_retido=icms.retido,
        icms_efetivo=icms.efetivo,
        combustivel=icms.combustivel,
        partilha=icms.partilha,
        valor_st_desonerado=icms.valor_st_desonerado,
        percentual_reducao_destino=icms.percentual_reducao_destino,
        ipi=None
        if ipi is None
        else e.IpiInformado(quantidade=ipi.quantidade, valor_unidade=ipi.valor_unidade),
        ipi_devolvido=None if ipi is None else ipi.devolvido,
        pis_quantidade=None if item.pis is None else item.pis.quantidade,
        cofins_quantidade=None if item.cofins is None else item.cofins.quantidade,
        pis_st=None if item.pis is None else item.pis.st,
        cofins_st=None if item.cofins is None else item.cofins.st,
        importacao=item.importacao,
        servico=item.servico,
        imposto_seletivo=None if seletivo is None else _shared(e.ImpostoSeletivoInformado, seletivo),
        ibs_cbs=None if ibs_cbs is None else ibs_cbs.parametros,
        carga_tributaria=item.carga_tributaria,
    )


def _category(o: OperacaoNeutra, item: ItemNeutro) -> Categoria:
    """The one-entry category that the taxes of an item are. PIS and COFINS left out: other operations, nothing due."""
    pessoa = o.tipo_pessoa.value
    icms, ipi, ibs_cbs, seletivo = item.icms, item.ipi, item.ibs_cbs, item.imposto_seletivo
    return Categoria(
        codigo="",
        icms=() if icms is None else (_icms(o, icms),),
        ipi=()
        if ipi is None
        else (CenarioIpi(_PADRAO, pessoa, ipi.cst, ipi.codigo_enquadramento, ipi.aliquota),),
        pis=(_contribution(o, item.pis, pessoa),),
        cofins=(_contribution(o, item.cofins, pessoa),),
        ibs_cbs=()
        if ibs_cbs is None
        else (CenarioIbsCbs(_PADRAO, pessoa, ibs_cbs.cst, ibs_cbs.classificacao),),
        imposto_seletivo=()
        if seletivo is None
        else (CenarioIs(_PADRAO, pessoa, seletivo.cst, seletivo.aliquota, seletivo.classificacao),),
        disable_difal=item.disable_difal,
        desconta_icms_pis_cofins=item.desconta_icms_pis_cofins,
        inline=True,
    )


def _icms(o: OperacaoNeutra, icms: IcmsNeutro) -> CenarioIcms:
    uf = o.uf_destinatario or o.uf_emitente

    def here(taxa: Decimal | None) -> dict[Uf, Decimal]:
        return {} if taxa is None else {uf: taxa, o.uf_emitente: taxa}

    interna = icms.aliquota_interna_destino
    return CenarioIcms(
        cenario=_PADRAO,
        tipo_pessoa=o.tipo_pessoa.value,
        codigo_cfop=_usual_cfop(o),
        situacao_tributaria=icms.cst or icms.csosn,
        aliquota=icms.aliquota,
        aliquota_importacao=icms.aliquota_importacao,
        aliquota_credito=icms.aliquota_credito,
        aliquota_diferimento=icms.percentual_diferimento,
        aliquota_diferimento_fcp=icms.percentual_diferimento_fcp,
        aliquota_reducao=icms.percentual_reducao,
        aliquota_reducao_st=icms.percentual_reducao_st,
        motivo_desoneracao=icms.motivo_desoneracao,
        motivo_desoneracao_st=icms.motivo_desoneracao_st,
        aliquota_mva=here(icms.mva),
        aliquota_icms={} if interna is None or o.uf_destinatario is None else {o.uf_destinatario: interna},
        aliquota_icms_st=here(icms.aliquota_st),
        aliquota_fcp=here(icms.aliquota_fcp),
        aliquota_fcp_st=here(icms.aliquota_fcp_st),
    )


def _usual_cfop(o: OperacaoNeutra) -> str:
    """Sale or purchase of goods; the engine turns the first digit when the operation crosses a border of state."""
    entrada = o.tipo in (e.TipoOperacao.ENTRADA, e.TipoOperacao.IMPORTACAO)
    if o.uf_destinatario is None or o.tipo in (e.TipoOperacao.IMPORTACAO, e.TipoOperacao.EXPORTACAO):
        return "3102" if entrada else "7102"
    return "1102" if entrada else "5102"


def _contribution(o: OperacaoNeutra, dada: ContribuicaoNeutra | None, pessoa: str) -> CenarioContribuicao:
    if dada is not None:
        return CenarioContribuicao(_PADRAO, pessoa, dada.cst, dada.aliquota)
    entrada = o.tipo in (e.TipoOperacao.ENTRADA, e.TipoOperacao.IMPORTACAO)
    return CenarioContribuicao(_PADRAO, pessoa, "98" if entrada else "49", ZERO)


def _shared(classe: type[_T], origem: object) -> _T:
    """An object of `classe` with the attributes that `origem` has too."""
    nomes = {campo.name for campo in fields(origem)} & {campo.name for campo in fields(classe)}  # pyright: ignore
    return classe(**{nome: getattr(origem, nome) for nome in nomes})
