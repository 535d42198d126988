"""An item of a request as the tax engine takes it."""

import re
from collections.abc import Mapping
from decimal import Decimal
from operator import attrgetter

from chancela.documents.nfe.leitor_item import LeitorItem, Medidas
from chancela.documents.nfe.pedido_itens import SEM_EXTENSOES
from chancela.domain.tributos.categoria import Categoria
from chancela.domain.tributos.entrada import Importacao, ItemTributavel
from chancela.domain.valores import ZERO
from chancela.kit.frozen import replace

_CBENEF = re.compile(r"[!-~¡-ÿ]{8}|[!-~¡-ÿ]{10}|SEM CBENEF")
_ORIGENS = frozenset("012345678")


def read_tributavel(
    leitor: LeitorItem, medidas: Medidas, importacao: Importacao | None, categorias: Mapping[str, Categoria]
) -> ItemTributavel:
    """The item for the engine. When its figures are incomplete, stand-ins let the category still be judged."""
    item = leitor.item
    codigo = item.categoria.strip()
    desconto = frete = seguro = outras_despesas = ZERO
    if _parcelas_of(item) != _SEM_PARCELAS:
        desconto, frete, seguro, outras_despesas = _parcelas(leitor, medidas)
    beneficio = None
    if item.codigo_beneficio:
        beneficio = leitor.padrao(
            "codigo_beneficio", "código de benefício", item.codigo_beneficio, _CBENEF, "8 ou 10 posições"
        )
    tributavel = ItemTributavel(
        valor_total=medidas.valor_total,
        quantidade=medidas.quantidade,
        valor_unitario=medidas.valor_unitario,
        quantidade_tributavel=medidas.quantidade_tributavel,
        categoria=item.impostos if item.impostos is not None else categorias.get(codigo),
        categoria_codigo=codigo,
        informado=item.extensoes.informado,
        origem=_origem(leitor),
        compoe_total=item.compoe_total,
        desconto=desconto,
        frete=frete,
        seguro=seguro,
        outras_despesas=outras_despesas,
        cfop=re.sub(r"[.\s]", "", item.cfop) if item.cfop else "",
        codigo_beneficio=beneficio or "",
        disable_difal=item.disable_difal,
        desconta_icms_pis_cofins=item.desconta_icms_pis_cofins,
        faturamento_direto=item.veiculo is not None and item.veiculo.tipo_operacao == "2",
        importacao=importacao,
    )
    if item.extensoes is SEM_EXTENSOES:
        return tributavel
    return _extend(leitor, tributavel)


_parcelas_of = attrgetter("desconto", "frete", "seguro", "outras_despesas")
_SEM_PARCELAS = (None,) * 4


def _parcelas(leitor: LeitorItem, medidas: Medidas) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Discount, freight, insurance and other expenses; zero, all of them, when the figures of the item are incomplete."""
    item = leitor.item
    desconto = _desconto(leitor, medidas)
    frete = leitor.quantia("frete", "frete", item.frete)
    seguro = leitor.quantia("seguro", "seguro", item.seguro)
    outras_despesas = leitor.quantia("outras_despesas", "outras despesas", item.outras_despesas)
    return (desconto, frete, seguro, outras_despesas) if leitor.completo else (ZERO, ZERO, ZERO, ZERO)


def _desconto(leitor: LeitorItem, medidas: Medidas) -> Decimal:
    """The item's own discount, at most its value."""
    desconto = leitor.quantia("desconto", "desconto", leitor.item.desconto)
    if leitor.completo and desconto > medidas.valor_total:
        leitor.coleta.refuse(
            "PEDIDO-DESCONTO-01",
            f"{leitor.base}.desconto",
            leitor.rotulo("desconto"),
            "O desconto é maior que o valor do item.",
            "Confira o desconto e o valor total do item.",
            valor=desconto,
            c_stat=483,
        )
        leitor.completo = False
    return desconto


def _extend(leitor: LeitorItem, tributavel: ItemTributavel) -> ItemTributavel:
    x = leitor.item.extensoes
    return replace(
        tributavel,
        codigo_beneficio_reducao=x.codigo_beneficio_reducao,
        pauta=x.pauta,
        pauta_st=x.pauta_st,
        icms_retido=x.icms_retido,
        icms_efetivo=x.icms_efetivo,
        combustivel=x.monofasico,
        partilha=x.partilha,
        valor_st_desonerado=x.valor_st_desonerado,
        percentual_reducao_destino=x.percentual_reducao_destino or ZERO,
        ipi=x.ipi,
        ipi_devolvido=x.ipi_devolvido,
        pis_quantidade=x.pis_quantidade,
        cofins_quantidade=x.cofins_quantidade,
        pis_st=x.pis_st,
        cofins_st=x.cofins_st,
        servico=x.servico,
        imposto_seletivo=x.imposto_seletivo,
        ibs_cbs=x.ibs_cbs,
        carga_tributaria=x.carga_tributaria,
    )


def _origem(leitor: LeitorItem) -> str:
    limpo = leitor.item.origem.strip()
    if limpo in _ORIGENS:
        return limpo
    if not limpo:
        leitor.coleta.miss(
            f"{leitor.base}.origem", leitor.rotulo("origem"), "Informe a origem da mercadoria, de 0 a 8."
        )
    else:
        leitor.coleta.unknown_code(f"{leitor.base}.origem", leitor.rotulo("origem"), limpo, sorted(_ORIGENS))
    return "0"
