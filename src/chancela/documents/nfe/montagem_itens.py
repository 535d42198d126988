"""The items of a request, twice: as the tax engine needs them, and as products of the document."""

import re
from collections.abc import Mapping
from operator import attrgetter

from chancela.documents.nfe import itens as m
from chancela.documents.nfe.coleta import Coleta
from chancela.documents.nfe.leitor_item import LeitorItem, Medidas
from chancela.documents.nfe.montagem_especiais import fit_item
from chancela.documents.nfe.montagem_importacao import read_declaracoes, read_importacao
from chancela.documents.nfe.montagem_item_tributos import read_tributavel
from chancela.documents.nfe.pedido import ItemPedido, PedidoNfe
from chancela.domain.tributos.categoria import Categoria
from chancela.domain.tributos.entrada import ItemTributavel, TipoOperacao
from chancela.domain.tributos.resultado import TributosItem
from chancela.kit.frozen import frozen, replace

_GTIN = re.compile(r"[0-9]{8}|[0-9]{12,14}")
_NVE = re.compile(r"[A-Z]{2}[0-9]{4}")
_EXTIPI = re.compile(r"[0-9]{2,3}")
_FCI = re.compile(r"[A-F0-9]{8}-[A-F0-9]{4}-[A-F0-9]{4}-[A-F0-9]{4}-[A-F0-9]{12}")
_SN = re.compile("[SN]")
_ZFM = re.compile("[0-4]")
_SEM_GTIN = frozenset({"", "SEMGTIN"})
NCM_GENERICO = "00"
MAXIMO_ITENS = 990
MAXIMO_PEDIDO = 15
"""Characters of xPed."""


@frozen
class ItemLido:
    """One item read. `completo` is False when an amount was missing or wrong and `tributavel` holds stand-ins."""

    produto: m.Produto
    tributavel: ItemTributavel
    pedido: ItemPedido
    informacoes: str | None
    completo: bool

    def join(self, tributos: TributosItem) -> m.Item:
        """The item of the document."""
        return m.Item(
            produto=self.produto,
            tributos=tributos,
            informacoes=self.informacoes,
            observacao_contribuinte=self.pedido.observacao_contribuinte,
            observacao_fisco=self.pedido.observacao_fisco,
            referenciado=self.pedido.referenciado,
        )


def read_itens(
    coleta: Coleta, pedido: PedidoNfe, categorias: Mapping[str, Categoria]
) -> tuple[ItemLido, ...]:
    """All items; at least one and at most 990."""
    if not pedido.itens:
        coleta.miss("itens", "Itens", "Informe ao menos um item.")
    if len(pedido.itens) > MAXIMO_ITENS:
        coleta.refuse(
            "PEDIDO-ITENS-01",
            "itens",
            "Itens",
            f"O documento leva no máximo {MAXIMO_ITENS} itens.",
            "Divida a venda em mais de um documento.",
            valor=len(pedido.itens),
        )
        return ()
    ordem = _order_of(coleta, pedido)
    return tuple(
        [
            _read_item(
                LeitorItem(coleta, pedido, fit_item(coleta, item, posicao), posicao), categorias, ordem
            )
            for posicao, item in enumerate(pedido.itens)
        ]
    )


def _order_of(coleta: Coleta, pedido: PedidoNfe) -> str | None:
    """The caller's id as xPed: whole, or not at all (a cut order number would be another order)."""
    if not pedido.referencia.strip():
        return None
    limpo = coleta.normalizador.limpa("referencia", pedido.referencia, 1000)
    if 0 < len(limpo) <= MAXIMO_PEDIDO:
        return limpo
    coleta.warn(
        "PEDIDO-REFERENCIA-01",
        "referencia",
        "Identificador do pedido",
        f"O identificador não cabe nos {MAXIMO_PEDIDO} caracteres do número do pedido (xPed) e não consta do XML.",
        f"Use até {MAXIMO_PEDIDO} caracteres se ele deve constar do documento.",
        valor=pedido.referencia,
    )
    return None


def _read_item(leitor: LeitorItem, categorias: Mapping[str, Categoria], ordem: str | None) -> ItemLido:
    medidas = leitor.read_medidas()
    item = leitor.item
    declaracoes: tuple[m.DeclaracaoImportacao, ...] = ()
    importacao = informacoes = None
    importa = leitor.pedido.tipo_operacao is TipoOperacao.IMPORTACAO
    if importa or item.declaracoes_importacao or item.importacao is not None:
        declaracoes = read_declaracoes(leitor)
        importacao = read_importacao(leitor, declaracoes)
    produto = _produto(leitor, medidas, declaracoes, ordem)
    if item.informacoes:
        informacoes = leitor.texto("informacoes", "informações", item.informacoes, 500)
    tributavel = read_tributavel(leitor, medidas, importacao, categorias)
    return ItemLido(produto, tributavel, item, informacoes, leitor.completo)


def _produto(
    leitor: LeitorItem,
    medidas: Medidas,
    declaracoes: tuple[m.DeclaracaoImportacao, ...],
    ordem: str | None,
) -> m.Produto:
    item = leitor.item
    unidade = leitor.texto("unidade", "unidade", item.unidade, 6, obrigatorio=True) or ""
    pedido, item_pedido = _pedido(leitor, ordem)
    produto = m.Produto(
        codigo=leitor.texto("codigo", "código", item.codigo, 60) or str(leitor.numero),
        descricao=leitor.texto("descricao", "descrição", item.descricao, 120, obrigatorio=True) or "",
        ncm=_ncm(leitor),
        unidade=unidade,
        quantidade=medidas.quantidade,
        valor_unitario=medidas.valor_unitario,
        unidade_tributavel=unidade
        if not item.unidade_tributavel
        else leitor.texto("unidade_tributavel", "unidade tributável", item.unidade_tributavel, 6) or unidade,
        quantidade_tributavel=medidas.quantidade_tributavel,
        valor_unitario_tributavel=medidas.valor_unitario_tributavel,
        declaracoes_importacao=declaracoes,
        pedido=pedido,
        item_pedido=item_pedido,
    )
    return _complete(leitor, produto) if any(_raros_of(item)) else produto


_raros_of = attrgetter(
    "gtin", "gtin_tributavel", "codigo_barras", "codigo_barras_tributavel", "nve", "cest", "escala_relevante", "cnpj_fabricante",
    "creditos_presumidos", "credito_presumido_ibs_zfm", "ex_tipi", "bem_movel_usado", "exportacoes", "fci", "lotes", "embalagem",
    "veiculo", "medicamento", "armas", "combustivel", "recopi",
)  # fmt: skip


def _complete(leitor: LeitorItem, produto: m.Produto) -> m.Produto:
    """The product with what few have."""
    item = leitor.item
    gtin, gtin_tributavel = _gtins(leitor)
    algarismos = leitor.coleta.algarismos
    return replace(
        produto,
        gtin=gtin,
        gtin_tributavel=gtin_tributavel,
        codigo_barras=leitor.texto("codigo_barras", "código de barras próprio", item.codigo_barras, 30),
        codigo_barras_tributavel=leitor.texto(
            "codigo_barras_tributavel", "código de barras próprio", item.codigo_barras_tributavel, 30
        ),
        nve=_nves(leitor),
        cest=algarismos(f"{leitor.base}.cest", leitor.rotulo("CEST"), item.cest, (7,)) if item.cest else None,
        escala_relevante=leitor.padrao(
            "escala_relevante", "escala relevante", item.escala_relevante, _SN, "S ou N"
        ),
        cnpj_fabricante=leitor.coleta.cnpj(
            f"{leitor.base}.cnpj_fabricante", leitor.rotulo("CNPJ do fabricante"), item.cnpj_fabricante, 489
        )
        if item.cnpj_fabricante
        else None,
        creditos_presumidos=item.creditos_presumidos,
        credito_presumido_ibs_zfm=leitor.padrao(
            "credito_presumido_ibs_zfm",
            "crédito presumido do IBS",
            item.credito_presumido_ibs_zfm,
            _ZFM,
            "0 a 4",
        ),
        ex_tipi=leitor.padrao("ex_tipi", "EX TIPI", item.ex_tipi, _EXTIPI, "2 ou 3 algarismos"),
        bem_movel_usado=item.bem_movel_usado or None,
        exportacoes=item.exportacoes,
        fci=leitor.padrao("fci", "FCI", item.fci, _FCI, "o número de 36 posições da FCI"),
        lotes=item.lotes,
        embalagem=item.embalagem,
        veiculo=item.veiculo,
        medicamento=item.medicamento,
        armas=item.armas,
        combustivel=item.combustivel,
        recopi=algarismos(f"{leitor.base}.recopi", leitor.rotulo("RECOPI"), item.recopi, (20,))
        if item.recopi
        else None,
    )


def _ncm(leitor: LeitorItem) -> str:
    bruto = leitor.item.ncm
    limpo = bruto if bruto.isdigit() else re.sub(r"[.\-/\s]", "", bruto)
    if limpo == NCM_GENERICO:
        return limpo
    if len(limpo) == 8 and limpo.isascii() and limpo.isdigit():
        return limpo
    lido = leitor.coleta.algarismos(
        f"{leitor.base}.ncm", leitor.rotulo("NCM"), leitor.item.ncm, (8,), obrigatorio=True
    )
    return lido or NCM_GENERICO


def _gtins(leitor: LeitorItem) -> tuple[str, str]:
    """Both GTINs; one stands for the other when only one was given (885, 886)."""
    lidos = [
        _gtin(leitor, "gtin", "GTIN", leitor.item.gtin),
        _gtin(leitor, "gtin_tributavel", "GTIN tributável", leitor.item.gtin_tributavel),
    ]
    comercial = lidos[0] or lidos[1] or m.SEM_GTIN
    return comercial, lidos[1] or comercial


def _gtin(leitor: LeitorItem, campo: str, palavra: str, bruto: str) -> str | None:
    limpo = re.sub(r"[.\-\s]", "", bruto).upper() if bruto else ""
    if limpo in _SEM_GTIN:
        return None
    return leitor.padrao(campo, palavra, limpo, _GTIN, "8, 12, 13 ou 14 algarismos, ou SEM GTIN")


def _nves(leitor: LeitorItem) -> tuple[str, ...]:
    lidas = [
        leitor.padrao(f"nve[{i}]", "NVE", nve, _NVE, "2 letras e 4 algarismos")
        for i, nve in enumerate(leitor.item.nve)
    ]
    return tuple(nve for nve in lidas if nve is not None)


def _pedido(leitor: LeitorItem, ordem: str | None) -> tuple[str | None, str | None]:
    item = leitor.item
    pedido = ordem
    if item.pedido.strip():
        pedido = leitor.texto("pedido", "número do pedido", item.pedido, MAXIMO_PEDIDO)
    if item.numero_item_pedido is None:
        return pedido, None
    if not 1 <= item.numero_item_pedido <= 999_999:
        leitor.coleta.refuse(
            "PEDIDO-NITEMPED-01",
            f"{leitor.base}.numero_item_pedido",
            leitor.rotulo("item do pedido"),
            "O item do pedido vai de 1 a 999999.",
            "Confira o número do item no pedido, ou não o informe.",
            valor=item.numero_item_pedido,
        )
        return pedido, None
    return pedido, str(item.numero_item_pedido)
