"""The working state of one computation: what holds for the whole operation, and one line per item.

Mutable and private to the engine: born in `motor.compute_tributos`, gone with its result.
"""

from decimal import Decimal

from chancela.domain.erros import Severidade, Violacao
from chancela.domain.identidade import Modelo, Uf
from chancela.domain.tributos.categoria import (
    Categoria,
    CenarioContribuicao,
    CenarioIbsCbs,
    CenarioIcms,
    CenarioIpi,
    CenarioIs,
)
from chancela.domain.tributos.configuracao import AliquotasIbsCbs
from chancela.domain.tributos.entrada import ItemTributavel, Operacao, TipoOperacao
from chancela.domain.tributos.numeros import CENTESIMO, ZERO
from chancela.domain.tributos.resultado import (
    Contribuicao,
    Enquadramento,
    Icms,
    IcmsUfDestino,
    ImpostoImportacao,
    Ipi,
    IpiDevolvido,
    Issqn,
    Passo,
)
from chancela.domain.tributos.resultado_ibs_cbs import IbsCbs, ImpostoSeletivo
from chancela.domain.tributos.tabelas import ClassificacaoIbsCbs, CstIbsCbs, Tabelas


class Escolha:
    """The scenario entries that one category gives for this operation, with the rates already resolved.

    It is kept for operations of the same kind (`escolhas`), and with it what was found good of it.
    """

    __slots__ = (
        "boa_para",
        "cfop",
        "cfops_bons",
        "cofins",
        "ibs_cbs",
        "icms",
        "imposto_seletivo",
        "ipi",
        "parametros",
        "pis",
    )

    def __init__(self) -> None:
        self.icms: CenarioIcms | None = None
        self.ipi: CenarioIpi | None = None
        self.pis: CenarioContribuicao | None = None
        self.cofins: CenarioContribuicao | None = None
        self.ibs_cbs: CenarioIbsCbs | None = None
        self.imposto_seletivo: CenarioIs | None = None
        self.cfop = ""
        self.parametros: dict[bool, object] = {}
        self.boa_para: set[tuple[int, bool]] = set()
        """CRT, and whether the item is a service."""
        self.cfops_bons: set[str] = set()


class Linha:
    """One item on its way: its shares, its chosen scenarios, and the groups computed so far.

    What most items never have is of the class, so that a line is born with the few values that are its own.
    """

    frete: Decimal = ZERO
    seguro: Decimal = ZERO
    desconto: Decimal = ZERO
    outras: Decimal = ZERO
    cfop: str = ""
    codigo_beneficio: str | None = None
    escolha: Escolha | None = None
    icms: Icms | None = None
    ipi: Ipi | None = None
    ipi_devolvido: IpiDevolvido | None = None
    ii: ImpostoImportacao | None = None
    issqn: Issqn | None = None
    pis: Contribuicao | None = None
    pis_st: Contribuicao | None = None
    cofins: Contribuicao | None = None
    cofins_st: Contribuicao | None = None
    difal: IcmsUfDestino | None = None
    is_: ImpostoSeletivo | None = None
    ibs_cbs: IbsCbs | None = None
    total_tributos: Decimal | None = None
    valor_item: Decimal | None = None

    def __init__(self, indice: int, item: ItemTributavel, vprod: Decimal) -> None:
        self.indice = indice
        self.numero = indice + 1
        self.item = item
        self.vprod = self.oper = vprod

    @property
    def quantidade_tributavel(self) -> Decimal:
        """qTrib: the commercial quantity when no other is given."""
        informada = self.item.quantidade_tributavel
        return self.item.quantidade if informada is None else informada

    @property
    def valor_ipi(self) -> Decimal:
        """vIPI declared so far, zero without one."""
        return ZERO if self.ipi is None or self.ipi.valor is None else self.ipi.valor


class Calculo:
    """One operation being computed: its reading, its tables, and everything collected along the way."""

    __slots__ = (
        "aliquotas_ibs_cbs", "avisos", "classes_boas", "configuracao", "enquadramento", "escolhas",
        "importacao", "interestadual", "interna", "ipi_na_base", "modo", "nfce", "note", "operacao", "passos", "tabelas", "uf", "violacoes",
    )  # fmt: skip

    def __init__(self, operacao: Operacao, tabelas: Tabelas, enquadramento: Enquadramento) -> None:
        self.operacao = operacao
        self.tabelas = tabelas
        self.configuracao = operacao.configuracao
        self.modo = operacao.configuracao.arredondamento.modo
        self.enquadramento = enquadramento
        self.nfce = operacao.modelo is Modelo.NFCE
        self.importacao = operacao.tipo is TipoOperacao.IMPORTACAO
        self.interna = enquadramento.destino == "1"
        self.interestadual = enquadramento.destino == "2"
        self.uf: Uf = operacao.uf_emitente
        if self.interestadual and operacao.uf_destinatario is not None:
            self.uf = operacao.uf_destinatario
        self.ipi_na_base = enquadramento.consumidor_final or enquadramento.ind_ie_dest == "9"
        self.passos: list[Passo] = []
        self.note = self.passos.append
        """`explain`, for the steps that nearly every item takes."""
        self.violacoes: list[Violacao] = []
        self.avisos: list[Violacao] = []
        self.escolhas: dict[int, tuple[Categoria, Escolha]] = {}
        self.aliquotas_ibs_cbs: AliquotasIbsCbs | None = None
        """Of the operation, once an item asked for them."""
        # What was found good for one item of the document is good for the next.
        self.classes_boas: dict[tuple[str, str], tuple[CstIbsCbs, ClassificacaoIbsCbs]] = {}

    def centavos(self, valor: Decimal) -> Decimal:
        """R(x): two decimals in the mode of the company."""
        return valor.quantize(CENTESIMO, self.modo)

    def percent(self, base: Decimal, aliquota: Decimal) -> Decimal:
        """R(base x rate / 100)."""
        return (base * aliquota * CENTESIMO).quantize(CENTESIMO, self.modo)

    def explain(
        self, linha: Linha | None, regra: str, operandos: tuple[Decimal, ...], valor: Decimal
    ) -> Decimal:
        """Note a step of the reasoning and give the value back."""
        self.passos.append((0 if linha is None else linha.numero, regra, operandos, valor))
        return valor

    def refuse(
        self,
        codigo: str,
        linha: Linha | None,
        campo: str,
        mensagem: str,
        correcao: str,
        *,
        rotulo: str = "",
        valor: object = "",
        c_stat: int | None = None,
    ) -> None:
        """Collect a violation; the computation goes on, so that all of them are told at once."""
        self.violacoes.append(
            _violacao(codigo, linha, campo, mensagem, correcao, rotulo, valor, c_stat, Severidade.ERRO)
        )

    def warn(
        self,
        codigo: str,
        linha: Linha | None,
        campo: str,
        mensagem: str,
        correcao: str,
        *,
        rotulo: str = "",
        valor: object = "",
        c_stat: int | None = None,
    ) -> None:
        """Collect a warning that accompanies the result."""
        self.avisos.append(
            _violacao(codigo, linha, campo, mensagem, correcao, rotulo, valor, c_stat, Severidade.AVISO)
        )


def _violacao(
    codigo: str,
    linha: Linha | None,
    campo: str,
    mensagem: str,
    correcao: str,
    rotulo: str,
    valor: object,
    c_stat: int | None,
    severidade: Severidade,
) -> Violacao:
    caminho = campo if linha is None else f"itens[{linha.indice}].{campo}"
    nome = rotulo if linha is None else f"Item {linha.numero}, {rotulo}" if rotulo else f"Item {linha.numero}"
    return Violacao(
        codigo,
        caminho,
        mensagem,
        correcao,
        rotulo=nome,
        valor=str(valor),
        c_stat=c_stat,
        severidade=severidade,
    )
