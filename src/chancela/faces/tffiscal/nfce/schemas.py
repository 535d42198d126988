"""Wire form of the NFC-e documents: `/api/nfce/create`, `get_detail`, `get_danfe`.

Near to `nota.schemas`, with the differences that the contract prints: `client`, `amount`, `frete`, no IPI, no transport.
"""

from typing import Annotated

from pydantic import Field

from chancela.faces.tffiscal.categoria.schemas import (
    ContribuicaoItem,
    IbsCbsItem,
    IcmsItem,
    ImpostosItem,
    IsItem,
)
from chancela.faces.tffiscal.nota.schemas import CartaoEntrada, Palavra, Pessoa, ProdutoComum
from chancela.faces.tffiscal.tipos import (
    Codigo,
    Corpo,
    Logico,
    Texto,
    Valor,
    at_most,
    one_of,
)


class ConsumidorEntrada(Pessoa):
    """`client`. The name may be missing: only the document identifies a consumer."""

    name: Texto = Field("", title="Nome do consumidor")


class ImpostosNfce(Corpo):
    """`impostos` of an item: without IPI and DIFAL, which model 65 does not have."""

    industria: Codigo = Field("", title="Alíquota do ICMS (%)")
    aliquota: Codigo = Field("", title="Alíquota do ICMS (%)")
    icms: IcmsItem | None = Field(None, title="ICMS")
    pis: ContribuicaoItem | None = Field(None, title="PIS")
    cofins: ContribuicaoItem | None = Field(None, title="COFINS")
    imposto_seletivo: IsItem | None = Field(None, title="Imposto Seletivo", validation_alias="is")
    ibs_cbs: IbsCbsItem | None = Field(None, title="IBS/CBS")

    def as_nfe(self) -> ImpostosItem:
        """The same in the shape that the mapping of inline taxes takes."""
        return ImpostosItem(
            industria=self.industria,
            aliquota=self.aliquota,
            icms=self.icms,
            ipi=None,
            difal=None,
            pis=self.pis,
            cofins=self.cofins,
            imposto_seletivo=self.imposto_seletivo,
            ibs_cbs=self.ibs_cbs,
        )


class ProdutoNfce(ProdutoComum):
    """`products[]`; `cfop` is in the examples and not in the table."""

    impostos: ImpostosNfce | None = Field(None, title="Impostos do item")
    tax_info: ImpostosNfce | None = Field(None, title="Impostos do item")


class PagamentoNfce(Corpo):
    """`pag_info[]`. `payment_value`, the name that the NF-e uses, is taken as well."""

    payment_method: Codigo = Field(title="Meio de pagamento")
    payment_indicator: Codigo = Field(title="Indicador da forma de pagamento")
    amount: Valor | None = Field(None, title="Valor do pagamento")
    payment_value: Valor | None = Field(None, title="Valor do pagamento")
    card_info: CartaoEntrada | None = Field(None, title="Cartão")


class NfceEntrada(Corpo):
    """Body of `/api/nfce/create`. `issuance_type` is required by the table and missing in the examples: 1."""

    id: Annotated[Codigo, at_most(120)] = Field("", title="Identificador do pedido")
    nature_of_operation: Texto = Field(title="Natureza da operação")
    issuance_type: Annotated[Codigo, Palavra, one_of("1", "9")] = Field("1", title="Tipo de emissão")
    ambiente: Annotated[Codigo, Palavra, one_of("1", "2")] = Field(title="Ambiente")
    insistir: Logico = Field(False, title="Enviar apesar das recusas repetidas")
    ind_pres: Codigo = Field("", title="Indicador de presença")
    ind_intermed: Codigo = Field("", title="Indicador de intermediador")
    total_discount_amount: Valor | None = Field(None, title="Desconto total")
    troco: Valor | None = Field(None, title="Troco")
    frete: Valor | None = Field(None, title="Frete")
    seguro: Valor | None = Field(None, title="Seguro")
    outras_despesas: Valor | None = Field(None, title="Outras despesas")
    informacoes_complementares: Texto = Field("", title="Informações complementares")
    informacoes_fisco: Texto = Field("", title="Informações ao fisco")
    client: ConsumidorEntrada | None = Field(None, title="Consumidor")
    products: list[ProdutoNfce] = Field(title="Produtos", min_length=1, max_length=990)
    pag_info: list[PagamentoNfce] = Field([], title="Pagamentos", max_length=100)


class DetalheNfceConsulta(Corpo):
    """Query of `/api/nfce/get_detail`."""

    uuid: Codigo = Field(title="UUID da NFC-e")
    memoria: Logico = Field(False, title="Memória de cálculo")


class DanfeNfceEntrada(Corpo):
    """Body of `/api/nfce/get_danfe`."""

    uuid: Codigo = Field(title="UUID da NFC-e")
