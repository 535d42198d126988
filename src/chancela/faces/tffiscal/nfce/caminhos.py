"""Where a field of `PedidoNfe` stands in the JSON of `nfce/create`."""

from chancela.faces.tffiscal.nfce.schemas import NfceEntrada
from chancela.faces.tffiscal.nota.caminhos import CARTAO, CLIENTE, ITEM, No, Vocabulario, names

NFCE = Vocabulario(
    NfceEntrada,
    {
        **names(
            referencia="id",
            natureza_operacao="nature_of_operation",
            tipo_emissao="issuance_type",
            desconto="total_discount_amount",
            presenca="ind_pres",
            com_intermediador="ind_intermed",
            intermediador="ind_intermed",
            serie="",
        ),
        "destinatario": No(("client",), {**CLIENTE, **names(numero="number|numero")}),
        "itens": No(("products",), ITEM),
        "transporte": No(("frete",)),
        "pagamentos": No(
            ("pag_info",),
            {
                **names(meio="payment_method", indicador="payment_indicator", valor="amount|payment_value"),
                "cartao": CARTAO,
            },
        ),
    },
    {"frete": "frete", "seguro": "seguro", "outras_despesas": "outras_despesas"},
)
