"""One table: where a field of `PedidoNfe` stands in the caller's JSON.

Where the contract has two spellings (`numero` and `number`, `impostos` and `tax_info`), the one that the caller used
is named; taxes that came from a category are named by `category_id`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from chancela.faces.tffiscal.nota.schemas import NotaEntrada
from chancela.faces.tffiscal.validacao import known_path

_PARTE = re.compile(r"(\w+)(?:\[(\d+)\])?")


@dataclass(frozen=True, slots=True)
class _No:
    """A name on the wire, its other spellings, and what lies below. `unico`: our list is one object there."""

    nomes: tuple[str, ...]
    filhos: Mapping[str, "_No"] = field(default_factory=dict[str, "_No"])
    unico: bool = False


def _names(**nomes: str) -> dict[str, _No]:
    return {nosso: _No(tuple(fio.split("|"))) for nosso, fio in nomes.items()}


_PESSOA = _names(
    inscricao_estadual="ie",
    nome="name",
    logradouro="endereco",
    municipio="city",
    codigo_municipio="city",
    codigo_pais="c_pais",
    pais="x_pais",
    indicador_ie="indIEDest",
)
_CLIENTE = {**_PESSOA, **_names(numero="numero|number")}
_LOCAL = {**_PESSOA, **_names(numero="number|numero")}
_VEICULO = _names(placa="plate")
_IMPORTACAO = _names(base="vBC", despesas_aduaneiras="vDespAdu", valor="vII", iof="vIOF")
_ADICAO = _names(
    numero="nAdicao",
    numero_sequencial="nSeqAdic",
    fabricante="cFabricante",
    desconto="vDescDI",
    drawback="nDraw",
)
_DECLARACAO = {
    **_names(
        numero="nDI",
        data_registro="dDI",
        local_desembaraco="xLocDesemb",
        uf_desembaraco="UFDesemb",
        data_desembaraco="dDesemb",
        exportador="cExportador",
        via_transporte="tpViaTransp",
        intermediacao="tpIntermedio",
        valor_afrmm="vAFRMM",
    ),
    "adicoes": _No(("additions",), _ADICAO),
}
_IMPOSTOS = {"imposto_seletivo": _No(("is",))}
_ITEM = {
    **_names(
        descricao="name",
        unidade="unit",
        quantidade="count",
        valor_unitario="unit_price",
        valor_total="total_price",
        desconto="discount_price",
        compoe_total="indicador_total",
        categoria="category_id",
        numero_item_pedido="nItemPed",
    ),
    "impostos": _No(("impostos", "tax_info"), _IMPOSTOS),
    "importacao": _No(("ii",), _IMPORTACAO),
    "declaracoes_importacao": _No(("import_declarations",), _DECLARACAO),
}
_TRANSPORTE = {
    **_names(modalidade="transport_mode", frete="freight_amount"),
    "transportador": _No(
        ("carrier_info",),
        _names(inscricao_estadual="ie", nome="name", municipio="city", codigo_municipio="city"),
    ),
    "veiculo": _No(("vehicle_info",), _VEICULO),
    "reboques": _No(("trailer_info",), _VEICULO, unico=True),
    "volumes": _No(
        ("packages",),
        _names(
            quantidade="qty",
            especie="packaging_type",
            marca="mark",
            numeracao="number",
            peso_liquido="net_weight",
            peso_bruto="gross_weight",
            lacres="seals",
        ),
    ),
    "retencao": _No(
        ("transport_tax_retention_info",),
        _names(
            valor_servico="freight_service_amount",
            base="tax_base",
            aliquota="tax_rate",
            codigo_municipio="cep",
        ),
    ),
}
_PAGAMENTO = {
    **_names(meio="payment_method", indicador="payment_indicator", valor="payment_value"),
    "cartao": _No(
        ("card_info",),
        _names(
            integracao="integration_type",
            bandeira="brand_code",
            cnpj_credenciadora="acquirer_cnpj",
            autorizacao="authorization_code",
        ),
    ),
}
_RAIZ = {
    **_names(
        referencia="id",
        natureza_operacao="nature_of_operation",
        tipo_operacao="transaction_type",
        modelo="model",
        tipo_emissao="issuance_type",
        saida_entrada="dh_sai_ent",
        desconto="total_discount_amount",
        consumidor_final="ind_final",
        presenca="ind_pres",
    ),
    "destinatario": _No(("cliente",), _CLIENTE),
    "retirada": _No(("shipping_address",), _LOCAL),
    "entrega": _No(("delivery_address",), _LOCAL),
    "itens": _No(("products",), _ITEM),
    "transporte": _No(("transportation",), _TRANSPORTE),
    "pagamentos": _No(("pag_info",), _PAGAMENTO),
}
_GRUPOS_TRIBUTARIOS = frozenset(
    {"icms", "ipi", "pis", "cofins", "ibs_cbs", "imposto_seletivo", "difal", "icms_st"}
)


_DA_NOTA = re.compile(r"itens\[\d+\]\.(frete|seguro|outras_despesas)")
_RATEADOS = {
    "frete": "transportation.freight_amount",
    "seguro": "seguro",
    "outras_despesas": "outras_despesas",
}
"""Shares of an item that the contract only knows as amounts of the whole document."""


def wire_path(caminho: str, dados: Mapping[str, Any]) -> str:
    """`itens[1].ncm` as `products[1].ncm`. Empty for what the caller's JSON does not hold (the company's registry)."""
    if not caminho or caminho == "emitente" or caminho.startswith("emitente."):
        return ""
    if caminho.startswith("referencias"):
        return "ref_nfe_chave"
    rateado = _DA_NOTA.fullmatch(caminho)
    if rateado is not None:
        return _RATEADOS[rateado.group(1)]
    return known_path(NotaEntrada, _translate(caminho, dados))


def _translate(caminho: str, dados: Mapping[str, Any]) -> str:
    partes = [_PARTE.fullmatch(parte) for parte in caminho.split(".")]
    escrito = ""
    filhos: Mapping[str, _No] = _RAIZ
    atual: Any = dados
    for parte in partes:
        if parte is None:
            return escrito
        nosso, indice = parte.group(1), parte.group(2)
        if filhos is _ITEM and nosso in ("impostos", *_GRUPOS_TRIBUTARIOS):
            prefixo = _taxes_prefix(atual)
            if prefixo is None:
                return f"{escrito}.category_id"
            if nosso != "impostos":
                escrito, atual, filhos = f"{escrito}.{prefixo}", _below(atual, prefixo, None), _IMPOSTOS
        no = filhos.get(nosso, _No((nosso,)))
        nome = next((n for n in no.nomes if isinstance(atual, Mapping) and n in atual), no.nomes[0])
        if no.unico:
            indice = None
        escrito = f"{escrito}.{nome}" if escrito else nome
        if indice is not None:
            escrito += f"[{indice}]"
        atual = _below(atual, nome, indice)
        filhos = no.filhos
    return escrito


def _taxes_prefix(item: Any) -> str | None:
    if not isinstance(item, Mapping):
        return "impostos"
    campos = cast("Mapping[str, Any]", item)
    nome = next((n for n in ("impostos", "tax_info") if campos.get(n)), None)
    return nome if nome or campos.get("category_id") else "impostos"


def _below(atual: Any, nome: str, indice: str | None) -> Any:
    if not isinstance(atual, Mapping):
        return None
    valor: Any = cast("Mapping[str, Any]", atual).get(nome)
    if indice is None:
        return valor
    if isinstance(valor, list):
        itens = cast("list[Any]", valor)
        return itens[int(indice)] if int(indice) < len(itens) else None
    return None
