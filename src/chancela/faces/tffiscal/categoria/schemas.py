"""Wire form of tax categories: `/api/category/*` and the inline `impostos` of an item."""

from typing import Annotated

from pydantic import Field

from chancela.faces.tffiscal.paginas import Pagina, size_up_to
from chancela.faces.tffiscal.tipos import (
    Codigo,
    Corpo,
    Documento,
    Inteiro,
    Logico,
    Texto,
    Valor,
    at_most,
    matching,
    one_of,
)

TAMANHO_MAXIMO_PAGINA = 50
CST_ICMS = ("00", "02", "10", "15", "20", "30", "40", "41", "50", "51", "53", "60", "61", "70", "90")
CSOSN = ("101", "102", "103", "201", "202", "203", "300", "400", "500", "900")
CST_IPI = ("00", "01", "02", "03", "04", "05", "49", "50", "51", "52", "53", "54", "55", "99")
CST_PIS_COFINS = (
    "01", "02", "03", "04", "05", "06", "07", "08", "09", "49", "50", "51", "52", "53", "54", "55", "56", "60", "61",
    "62", "63", "64", "65", "66", "67", "70", "71", "72", "73", "74", "75", "98", "99",
)  # fmt: skip

TipoPessoa = Annotated[Codigo, one_of("fisica", "juridica")]
Cfop = Annotated[
    Documento,
    matching(
        "[123567][0-9]{3}",
        "CAT-CFOP",
        "O CFOP tem 4 números e começa por 1, 2, 3, 5, 6 ou 7.",
        "Confira o CFOP.",
    ),
]
CstIcms = Annotated[Codigo, one_of(*CST_ICMS, *CSOSN)]
CstIpi = Annotated[Codigo, one_of(*CST_IPI)]
CstPisCofins = Annotated[Codigo, one_of(*CST_PIS_COFINS)]
CstTresNumeros = Annotated[
    Codigo, matching("[0-9]{3}", "CAT-CST", "Este CST tem 3 números.", "Confira a tabela de CST do tributo.")
]
ClassificacaoTributaria = Annotated[
    Codigo,
    matching(
        "[0-9]{6}",
        "CAT-CCLASSTRIB",
        "A classificação tributária tem 6 números.",
        "Confira a tabela cClassTrib.",
    ),
]
Enquadramento = Annotated[
    Codigo,
    matching(
        "[0-9]{3}", "CAT-CENQ", "O código de enquadramento do IPI tem 3 números.", "Na dúvida, use 999."
    ),
]
NomeUf = Annotated[
    Documento,
    one_of(
        "AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA", "PB", "PE", "PI", "PR", "RJ",
        "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO",
    ),
]  # fmt: skip
Percentual = Valor
IdCategoria = Annotated[
    Codigo,
    at_most(60),
    matching(
        "[!-~]+",
        "CAT-ID",
        "O category_id aceita letras, números e sinais, sem espaços.",
        "Use, por exemplo, TF123.",
    ),
]


class AliquotaUf(Corpo):
    """A rate for one state."""

    estado: NomeUf = Field(title="Estado")
    aliquota: Percentual = Field(title="Alíquota (%)")


class BeneficioUf(Corpo):
    """A benefit code for one state."""

    estado: NomeUf = Field(title="Estado")
    codigo: Codigo = Field(title="Código do benefício fiscal")


class OpcoesIcms(Corpo):
    """What a scenario of ICMS may add; both spellings of the three odd names are taken."""

    nao_contribuinte: Logico = Field(False, title="Não contribuinte")
    aliquota_importacao: Percentual | None = Field(None, title="Alíquota de importação (%)")
    aliquota_credito: Percentual | None = Field(None, title="Alíquota do crédito do Simples (%)")
    aliquota_diferimento: Percentual | None = Field(None, title="Percentual do diferimento")
    aliquota_diferimento_fcp: Percentual | None = Field(
        None,
        title="Percentual do diferimento do FCP",
        validation_alias="aliquota_diferimentoFcp",
    )
    aliquota_reducao: Percentual | None = Field(None, title="Redução da base do ICMS (%)")
    aliquota_reducao_st: Percentual | None = Field(
        None,
        title="Redução da base do ICMS-ST (%)",
        validation_alias="aliquota_reducaoSt",
    )
    motivo_desoneracao: Codigo = Field("", title="Motivo da desoneração")
    motivo_desoneracao_st: Codigo = Field(
        "",
        title="Motivo da desoneração do ICMS-ST",
        validation_alias="motivo_desoneracaoSt",
    )
    aliquota_mva: list[AliquotaUf] = Field([], title="MVA por UF")
    aliquota_icms: list[AliquotaUf] = Field([], title="ICMS por UF")
    aliquota_icms_st: list[AliquotaUf] = Field([], title="ICMS-ST por UF")
    aliquota_fcp: list[AliquotaUf] = Field([], title="FCP por UF")
    aliquota_fcp_st: list[AliquotaUf] = Field([], title="FCP-ST por UF")
    beneficio_fiscal: list[BeneficioUf] = Field([], title="Benefício fiscal por UF")


class CenarioIcmsEntrada(OpcoesIcms):
    """One entry of `icms[]`."""

    tipo_tributacao: Codigo = Field(title="Tipo de tributação")
    cenario: Codigo = Field(title="Cenário")
    tipo_pessoa: TipoPessoa = Field(title="Tipo de pessoa")
    codigo_cfop: Cfop = Field(title="CFOP")
    situacao_tributaria: CstIcms = Field(title="CST ou CSOSN do ICMS")


class CenarioIpiEntrada(Corpo):
    """One entry of `ipi[]`."""

    cenario: Codigo = Field(title="Cenário")
    tipo_pessoa: TipoPessoa = Field(title="Tipo de pessoa")
    situacao_tributaria: CstIpi = Field(title="CST do IPI")
    codigo_enquadramento: Enquadramento = Field(title="Código de enquadramento do IPI")
    aliquota: Percentual = Field(title="Alíquota do IPI (%)")


class CenarioContribuicaoEntrada(Corpo):
    """One entry of `pis[]` or `cofins[]`."""

    cenario: Codigo = Field(title="Cenário")
    tipo_pessoa: TipoPessoa = Field(title="Tipo de pessoa")
    situacao_tributaria: CstPisCofins = Field(title="CST do PIS/COFINS")
    aliquota: Percentual = Field(title="Alíquota (%)")


class CenarioIbsCbsEntrada(Corpo):
    """One entry of `ibs_cbs[]`."""

    cenario: Codigo = Field(title="Cenário")
    tipo_pessoa: TipoPessoa = Field(title="Tipo de pessoa")
    situacao_tributaria: CstTresNumeros = Field(title="CST do IBS/CBS")
    classificacao_tributaria: ClassificacaoTributaria = Field(title="Classificação tributária do IBS/CBS")


class CenarioIsEntrada(Corpo):
    """One entry of `is[]`; `classificacao_tributaria` is an addition of ours."""

    cenario: Codigo = Field(title="Cenário")
    tipo_pessoa: TipoPessoa = Field(title="Tipo de pessoa")
    situacao_tributaria: CstTresNumeros = Field(title="CST do Imposto Seletivo")
    aliquota: Percentual = Field(title="Alíquota do Imposto Seletivo (%)")
    classificacao_tributaria: Codigo = Field("", title="Classificação tributária do Imposto Seletivo")


class CategoriaEntrada(Corpo):
    """Body of `/api/category/create`."""

    category_id: IdCategoria | None = Field(None, title="Código da categoria")
    descricao: Annotated[Texto, at_most(200)] = Field(title="Descrição")
    disable_difal: Logico = Field(False, title="Desligar o DIFAL")
    desconta_icms_pis_cofins: Logico = Field(False, title="Descontar o ICMS da base do PIS/COFINS")
    icms: list[CenarioIcmsEntrada] = Field(title="ICMS", min_length=1, max_length=500)
    ipi: list[CenarioIpiEntrada] = Field(title="IPI", min_length=1, max_length=500)
    pis: list[CenarioContribuicaoEntrada] = Field(title="PIS", min_length=1, max_length=500)
    cofins: list[CenarioContribuicaoEntrada] = Field(title="COFINS", min_length=1, max_length=500)
    ibs_cbs: list[CenarioIbsCbsEntrada] = Field([], title="IBS/CBS", max_length=500)
    imposto_seletivo: list[CenarioIsEntrada] = Field(
        [], title="Imposto Seletivo", max_length=500, validation_alias="is"
    )


class CategoriaEdicao(CategoriaEntrada):
    """Body of `/api/category/edit`: the whole category again."""

    category_id: IdCategoria = Field(title="Código da categoria")  # pyright: ignore[reportIncompatibleVariableOverride]


class CategoriaChave(Corpo):
    """Query of get_detail and body of delete, of either model."""

    category_id: Codigo = Field(title="Código da categoria")


class CategoriaLista(Corpo):
    """Query of get_list, of either model."""

    page: Pagina = Field(title="Página")
    page_size: Annotated[Inteiro, size_up_to(TAMANHO_MAXIMO_PAGINA)] = Field(title="Itens por página")


class IcmsItem(OpcoesIcms):
    """`impostos.icms` of an item: one entry for whatever scenario."""

    codigo_cfop: Cfop = Field(title="CFOP")
    situacao_tributaria: CstIcms = Field(title="CST ou CSOSN do ICMS")
    tipo_tributacao: Codigo = Field("", title="Tipo de tributação")
    tipo_pessoa: Codigo = Field("", title="Tipo de pessoa")
    industria: Codigo = Field("", title="Alíquota do ICMS (%)")
    aliquota: Codigo = Field("", title="Alíquota do ICMS (%)")
    codigo_beneficio_fiscal: Codigo = Field("", title="Código do benefício fiscal")


class IpiItem(Corpo):
    """`impostos.ipi`."""

    situacao_tributaria: CstIpi = Field(title="CST do IPI")
    codigo_enquadramento: Enquadramento = Field("999", title="Código de enquadramento do IPI")
    aliquota: Percentual | None = Field(None, title="Alíquota do IPI (%)")
    tipo_pessoa: Codigo = Field("", title="Tipo de pessoa")


class ContribuicaoItem(Corpo):
    """`impostos.pis` and `impostos.cofins`."""

    situacao_tributaria: CstPisCofins = Field(title="CST do PIS/COFINS")
    aliquota: Percentual | None = Field(None, title="Alíquota (%)")
    tipo_pessoa: Codigo = Field("", title="Tipo de pessoa")


class IbsCbsItem(Corpo):
    """`impostos.ibs_cbs`."""

    situacao_tributaria: CstTresNumeros = Field(title="CST do IBS/CBS")
    classificacao_tributaria: ClassificacaoTributaria = Field(title="Classificação tributária do IBS/CBS")
    tipo_pessoa: Codigo = Field("", title="Tipo de pessoa")


class IsItem(Corpo):
    """`impostos.is`."""

    situacao_tributaria: CstTresNumeros = Field(title="CST do Imposto Seletivo")
    aliquota: Percentual | None = Field(None, title="Alíquota do Imposto Seletivo (%)")
    classificacao_tributaria: Codigo = Field("", title="Classificação tributária do Imposto Seletivo")
    cenario: Codigo = Field("", title="Cenário")
    tipo_pessoa: Codigo = Field("", title="Tipo de pessoa")


class DifalItem(Corpo):
    """`impostos.difal`."""

    disable_difal: Logico | None = Field(None, title="Desligar o DIFAL")


class ImpostosItem(Corpo):
    """`impostos` (alias `tax_info`) of an item."""

    industria: Codigo = Field("", title="Alíquota do ICMS (%)")
    aliquota: Codigo = Field("", title="Alíquota do ICMS (%)")
    icms: IcmsItem | None = Field(None, title="ICMS")
    ipi: IpiItem | None = Field(None, title="IPI")
    pis: ContribuicaoItem | None = Field(None, title="PIS")
    cofins: ContribuicaoItem | None = Field(None, title="COFINS")
    imposto_seletivo: IsItem | None = Field(None, title="Imposto Seletivo", validation_alias="is")
    ibs_cbs: IbsCbsItem | None = Field(None, title="IBS/CBS")
    difal: DifalItem | None = Field(None, title="DIFAL")
