"""Paths of the document and of the tax engine, brought to the names of the request (see `pedido`)."""

import re
from collections.abc import Iterable
from dataclasses import replace

from chancela.documents.nfe.pedido import ItemPedido, PartePedido, PedidoNfe, TransportadorPedido
from chancela.domain.erros import Violacao

_ITEM = re.compile(r"itens\[(\d+)\](?:\.(.*))?")
_IMPOSTO = re.compile(r"(icms|ipi|pis|cofins|ibs_cbs|imposto_seletivo)\b(?:\.(.*))?")
_DOCUMENTO = re.compile(r"(destinatario|retirada|entrega|transporte\.transportador)\.documento")
_DO_PRODUTO = {
    "item_pedido": "numero_item_pedido",
    "valor_produto": "valor_total",
    "valor_frete": "frete",
    "valor_seguro": "seguro",
    "valor_desconto": "desconto",
    "valor_outras_despesas": "outras_despesas",
}
_FORA_DO_INFORMADO = frozenset(["numero", "cfop", "codigo_beneficio", "compoe_total", *_DO_PRODUTO])
"""What an item with its taxes informed says elsewhere."""
_TRIBUTAVEL = frozenset(
    [
        "valor_total",
        "quantidade",
        "valor_unitario",
        "quantidade_tributavel",
        "desconto",
        "frete",
        "seguro",
        "outras_despesas",
        "origem",
        "compoe_total",
        "codigo_beneficio",
        "disable_difal",
        "desconta_icms_pis_cofins",
    ]
)
"""Names that the engine's item and the item of the request share."""
_EXTENSOES = frozenset(
    [
        "informado",
        "pauta",
        "pauta_st",
        "icms_retido",
        "icms_efetivo",
        "partilha",
        "valor_st_desonerado",
        "percentual_reducao_destino",
        "codigo_beneficio_reducao",
        "ipi_devolvido",
        "pis_quantidade",
        "cofins_quantidade",
        "pis_st",
        "cofins_st",
        "servico",
        "carga_tributaria",
    ]
)
_TROCAS = (
    (re.compile(r"^(destinatario|retirada|entrega|emitente)\.endereco(?:\.|$)"), r"\1."),
    (re.compile(r"^cobranca\.fatura\.?"), "cobranca."),
    (re.compile(r"^informacoes\.complementares"), "informacoes_complementares"),
    (re.compile(r"^informacoes\.fisco"), "informacoes_fisco"),
    (re.compile(r"^informacoes\."), ""),
    (re.compile(r"^(referencias\[\d+\])\.chave_\w+"), r"\1.chave"),
    (re.compile(r"^(referencias\[\d+\])\.(nf|produtor|ecf)\.?"), r"\1."),
    (re.compile(r"^(autorizados\[\d+\])\.documento"), r"\1"),
    (re.compile(r"^(tp_emis|contingencia).*"), "tipo_emissao"),
    (re.compile(r"^(formato_danfe|modelo)$"), "modelo"),
    (re.compile(r"^municipio_fato_gerador_ibs"), "codigo_municipio_ibs"),
    (re.compile(r"^municipio_fato_gerador"), "emitente.codigo_municipio"),
    (re.compile(r"^responsavel_tecnico"), "emitente.responsavel_tecnico"),
    (re.compile(r"^totais\..*"), "itens"),
    (re.compile(r"^frete_retido"), "transporte.retencao"),
    (re.compile(r"^frete$"), "transporte.frete"),
    (re.compile(r"^retencao$"), "retencao_tributos"),
    (re.compile(r"^compra_gov$"), "compra_governamental"),
    (re.compile(r"^data_emissao$"), "emissao"),
    (re.compile(r"^ind_presenca$"), "presenca"),
    (re.compile(r"^ind_final$"), "consumidor_final"),
    (re.compile(r"^ind_ie_dest$"), "destinatario.indicador_ie"),
    (re.compile(r"^uf_destinatario$"), "destinatario.uf"),
)


def to_pedido(violacoes: Iterable[Violacao], pedido: PedidoNfe) -> tuple[Violacao, ...]:
    """The violations with their paths in the names of the request."""
    return tuple(replace(v, caminho=path_in_pedido(v.caminho, pedido)) for v in violacoes)


def path_in_pedido(caminho: str, pedido: PedidoNfe) -> str:
    """One path. What the request has no field for is led to the nearest field that the caller can change."""
    item = _ITEM.fullmatch(caminho)
    if item is not None:
        posicao = int(item[1])
        base = f"itens[{posicao}]"
        if posicao >= len(pedido.itens):
            return "itens"
        dentro = _inside_item(item[2], pedido.itens[posicao]) if item[2] else ""
        return f"{base}.{dentro}" if dentro else base
    documento = _DOCUMENTO.fullmatch(caminho)
    if documento is not None:
        return f"{documento[1]}.{_identity_of(documento[1], pedido)}"
    proprio = _own_of_document(caminho, pedido)
    if proprio:
        return proprio
    for forma, troca in _TROCAS:
        novo, vezes = forma.subn(troca, caminho)
        if vezes:
            return novo.rstrip(".")
    return caminho


def _own_of_document(caminho: str, pedido: PedidoNfe) -> str:
    """Where the request itself states what is otherwise derived or registered; empty when it does not."""
    if caminho.startswith("totais."):
        return caminho if caminho.removeprefix("totais.") in pedido.totais else ""
    if caminho.startswith("responsavel_tecnico"):
        return caminho if pedido.responsavel_tecnico is not None else ""
    if caminho == "municipio_fato_gerador" and pedido.codigo_municipio_fato_gerador.strip():
        return "codigo_municipio_fato_gerador"
    return ""


def _inside_item(dentro: str, item: ItemPedido) -> str:
    if dentro.startswith("produto"):
        resto = dentro.removeprefix("produto").removeprefix(".")
        primeiro, ponto, fim = resto.partition(".")
        return _DO_PRODUTO.get(primeiro, primeiro) + ponto + fim
    if not dentro.startswith("tributos"):
        return _of_engine(dentro, item)
    resto = dentro.removeprefix("tributos").removeprefix(".")
    primeiro = resto.partition(".")[0]
    if item.extensoes.informado is not None and resto and primeiro not in _FORA_DO_INFORMADO:
        return f"extensoes.informado.{resto}"
    return _of_engine(resto, item)


def _of_engine(dentro: str, item: ItemPedido) -> str:
    primeiro = re.split(r"[.\[]", dentro, maxsplit=1)[0]
    if primeiro in _DO_PRODUTO:
        return _DO_PRODUTO[primeiro]
    if primeiro in ("ii", "importacao"):
        return dentro.replace("ii", "importacao", 1) if primeiro == "ii" else dentro
    if primeiro == "cfop":
        return "cfop" if item.cfop.strip() else _of_tax("icms", "codigo_cfop", item)
    if primeiro == "categoria":
        imposto = _IMPOSTO.fullmatch(dentro.removeprefix("categoria").removeprefix("."))
        return "categoria" if imposto is None or item.impostos is None else f"impostos.{imposto[1]}"
    imposto = _IMPOSTO.fullmatch(dentro)
    if imposto is not None:
        return _of_tax(imposto[1], imposto[2] or "", item)
    if primeiro in _EXTENSOES:
        return f"extensoes.{dentro}"
    if primeiro == "combustivel" and item.extensoes.monofasico is not None:
        return dentro.replace("combustivel", "extensoes.monofasico", 1)
    if primeiro in (
        "informacoes",
        "observacao_contribuinte",
        "observacao_fisco",
        "referenciado",
        *_TRIBUTAVEL,
    ):
        return dentro
    return "impostos" if item.impostos is not None else "categoria" if item.categoria else dentro


def _of_tax(imposto: str, campo: str, item: ItemPedido) -> str:
    if item.impostos is None:
        return "categoria"
    return f"impostos.{imposto}.{campo}" if campo else f"impostos.{imposto}"


def _identity_of(base: str, pedido: PedidoNfe) -> str:
    parte: PartePedido | TransportadorPedido | None
    if base == "transporte.transportador":
        parte = None if pedido.transporte is None else pedido.transporte.transportador
    else:
        parte = {"destinatario": pedido.destinatario, "retirada": pedido.retirada, "entrega": pedido.entrega}[
            base
        ]
    if parte is None:
        return "cnpj"
    if isinstance(parte, PartePedido) and parte.id_estrangeiro.strip():
        return "id_estrangeiro"
    return "cpf" if parte.cpf.strip() else "cnpj"
