"""Wire form of the NFC-e categories: one flat object per tax, since every sale is internal."""

from typing import Annotated

from pydantic import AfterValidator, Field

from chancela.faces.tffiscal.categoria.schemas import (
    AliquotaUf,
    BeneficioUf,
    Cfop,
    ClassificacaoTributaria,
    CstIcms,
    CstPisCofins,
    CstTresNumeros,
    IdCategoria,
    Percentual,
)
from chancela.faces.tffiscal.tipos import Codigo, Corpo, Texto, at_most, refusal


def _internal(cfop: str) -> str:
    if not cfop.startswith("5"):
        raise refusal(
            "CAT-CFOP-NFCE", "A NFC-e só tem operações internas.", "Use um CFOP que comece por 5, como 5102."
        )
    return cfop


class IcmsPlano(Corpo):
    """`icms`."""

    situacao_tributaria: CstIcms = Field(title="CST ou CSOSN do ICMS")
    aliquota_reducao: Percentual | None = Field(None, title="Redução da base do ICMS (%)")
    motivo_desoneracao: Codigo = Field("", title="Motivo da desoneração")
    aliquota_icms: list[AliquotaUf] = Field([], title="ICMS por UF")
    aliquota_fcp: list[AliquotaUf] = Field([], title="FCP por UF")
    beneficio_fiscal: list[BeneficioUf] = Field([], title="Benefício fiscal por UF")


class ContribuicaoPlana(Corpo):
    """`pis` and `cofins`."""

    situacao_tributaria: CstPisCofins = Field(title="CST do PIS/COFINS")
    aliquota: Percentual = Field(title="Alíquota (%)")


class IbsCbsPlano(Corpo):
    """`ibs_cbs`."""

    situacao_tributaria: CstTresNumeros = Field(title="CST do IBS/CBS")
    classificacao_tributaria: ClassificacaoTributaria = Field(title="Classificação tributária do IBS/CBS")


class CategoriaNfceEntrada(Corpo):
    """Body of `/api/nfce/category/create`; `category_id` is an addition there."""

    category_id: IdCategoria | None = Field(None, title="Código da categoria")
    descricao: Annotated[Texto, at_most(200)] = Field(title="Descrição")
    codigo_cfop: Annotated[Cfop, AfterValidator(_internal)] = Field(title="CFOP")
    icms: IcmsPlano = Field(title="ICMS")
    pis: ContribuicaoPlana = Field(title="PIS")
    cofins: ContribuicaoPlana = Field(title="COFINS")
    ibs_cbs: IbsCbsPlano | None = Field(None, title="IBS/CBS")


class CategoriaNfceEdicao(CategoriaNfceEntrada):
    """Body of `/api/nfce/category/edit`: the whole category again."""

    category_id: IdCategoria = Field(title="Código da categoria")  # pyright: ignore[reportIncompatibleVariableOverride]
