"""One table: where a field of `PedidoNfe` stands in the caller's JSON. `nfce.caminhos` has that of the NFC-e.

Where the contract has two spellings (`numero` and `number`, `impostos` and `tax_info`), the one that the caller used
is named; taxes that came from a category are named by `category_id`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import BaseModel

from chancela.faces.tffiscal.nota.schemas import NotaEntrada
from chancela.faces.tffiscal.validacao import known_path

_PARTE = re.compile(r"(\w+)(?:\[(\d+)\])?")


@dataclass(frozen=True, slots=True)
class No:
    """A name on the wire, its other spellings, and what lies below. `unico`: our list is one object there."""

    nomes: tuple[str, ...]
    filhos: Mapping[str, "No"] = field(default_factory=dict[str, "No"])
    unico: bool = False


def names(**nomes: str) -> dict[str, No]:
    return {nosso: No(tuple(fio.split("|"))) for nosso, fio in nomes.items()}


_PESSOA = names(
    inscricao_estadual="ie",
    nome="name",
    logradouro="endereco",
    municipio="city",
    codigo_municipio="city",
    codigo_pais="c_pais",
    pais="x_pais",
    indicador_ie="indIEDest",
)
CLIENTE = {**_PESSOA, **names(numero="numero|number")}
_LOCAL = {**_PESSOA, **names(numero="number|numero")}
_VEICULO = names(placa="plate")
_IMPORTACAO = names(base="vBC", despesas_aduaneiras="vDespAdu", valor="vII", iof="vIOF")
_ADICAO = names(
    numero="nAdicao",
    numero_sequencial="nSeqAdic",
    fabricante="cFabricante",
    desconto="vDescDI",
    drawback="nDraw",
)
_DECLARACAO = {
    **names(
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
    "adicoes": No(("additions",), _ADICAO),
}
_IMPOSTOS = {"imposto_seletivo": No(("is",))}
ITEM = {
    **names(
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
    "impostos": No(("impostos", "tax_info"), _IMPOSTOS),
    "importacao": No(("ii",), _IMPORTACAO),
    "declaracoes_importacao": No(("import_declarations",), _DECLARACAO),
}
_TRANSPORTE = {
    **names(modalidade="transport_mode", frete="freight_amount"),
    "transportador": No(
        ("carrier_info",),
        names(inscricao_estadual="ie", nome="name", municipio="city", codigo_municipio="city"),
    ),
    "veiculo": No(("vehicle_info",), _VEICULO),
    "reboques": No(("trailer_info",), _VEICULO, unico=True),
    "volumes": No(
        ("packages",),
        names(
            quantidade="qty",
            especie="packaging_type",
            marca="mark",
            numeracao="number",
            peso_liquido="net_weight",
            peso_bruto="gross_weight",
            lacres="seals",
        ),
    ),
    "retencao": No(
        ("transport_tax_retention_info",),
        names(
            valor_servico="freight_service_amount",
            base="tax_base",
            aliquota="tax_rate",
            codigo_municipio="cep",
        ),
    ),
}
CARTAO = No(
    ("card_info",),
    names(
        integracao="integration_type",
        bandeira="brand_code",
        cnpj_credenciadora="acquirer_cnpj",
        autorizacao="authorization_code",
    ),
)
_PAGAMENTO = {
    **names(meio="payment_method", indicador="payment_indicator", valor="payment_value"),
    "cartao": CARTAO,
}
_RAIZ = {
    **names(
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
    "destinatario": No(("cliente",), CLIENTE),
    "retirada": No(("shipping_address",), _LOCAL),
    "entrega": No(("delivery_address",), _LOCAL),
    "itens": No(("products",), ITEM),
    "transporte": No(("transportation",), _TRANSPORTE),
    "pagamentos": No(("pag_info",), _PAGAMENTO),
}
_GRUPOS_TRIBUTARIOS = frozenset(
    {"icms", "ipi", "pis", "cofins", "ibs_cbs", "imposto_seletivo", "difal", "icms_st"}
)


_DA_NOTA = re.compile(r"itens\[\d+\]\.(frete|seguro|outras_despesas)")


@dataclass(frozen=True, slots=True)
class Vocabulario:
    """The names of one create operation."""

    corpo: type[BaseModel]
    raiz: Mapping[str, No]
    rateados: Mapping[str, str]
    """Shares of an item that the contract only knows as amounts of the whole document."""
    referencias: str = ""

    def path(self, caminho: str, dados: Mapping[str, Any]) -> str:
        """`itens[1].ncm` as `products[1].ncm`. Empty for what the caller's JSON does not hold (the company's registry)."""
        if not caminho or caminho == "emitente" or caminho.startswith("emitente."):
            return ""
        if caminho.startswith("referencias"):
            return self.referencias
        rateado = _DA_NOTA.fullmatch(caminho)
        if rateado is not None:
            return self.rateados[rateado.group(1)]
        return known_path(self.corpo, _translate(caminho, self.raiz, dados))


NFE = Vocabulario(
    NotaEntrada,
    _RAIZ,
    {
        "frete": "transportation.freight_amount",
        "seguro": "seguro",
        "outras_despesas": "outras_despesas",
    },
    "ref_nfe_chave",
)


def wire_path(caminho: str, dados: Mapping[str, Any]) -> str:
    """A path of the request in the words of `invoice/create`."""
    return NFE.path(caminho, dados)


def _translate(caminho: str, raiz: Mapping[str, No], dados: Mapping[str, Any]) -> str:
    partes = [_PARTE.fullmatch(parte) for parte in caminho.split(".")]
    escrito = ""
    filhos = raiz
    atual: Any = dados
    for parte in partes:
        if parte is None:
            return escrito
        nosso, indice = parte.group(1), parte.group(2)
        if filhos is ITEM and nosso in ("impostos", *_GRUPOS_TRIBUTARIOS):
            prefixo = _taxes_prefix(atual)
            if prefixo is None:
                return f"{escrito}.category_id"
            if nosso != "impostos":
                escrito, atual, filhos = f"{escrito}.{prefixo}", _below(atual, prefixo, None), _IMPOSTOS
        no = filhos.get(nosso, No((nosso,)))
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
