"""Answers of `category/*` and `nfce/category/*`."""

from collections.abc import Sequence
from typing import NotRequired

from typing_extensions import TypedDict

from chancela.faces.tffiscal.paginas import LugarSaida
from chancela.faces.tffiscal.saida import AvisosSaida, Valor


class CategoriaGravadaSaida(AvisosSaida):
    """A categoria criada ou substituída."""

    category_id: str


class CategoriaLinhaSaida(TypedDict):
    """Uma categoria numa lista."""

    category_id: str
    descricao: str


class CategoriasSaida(LugarSaida):
    """Uma página de categorias."""

    list: Sequence[CategoriaLinhaSaida]


class AliquotaUfSaida(TypedDict):
    """A alíquota de uma UF."""

    estado: str
    aliquota: Valor


class BeneficioUfSaida(TypedDict):
    """O código de benefício fiscal de uma UF."""

    estado: str
    codigo: str


class EscopoSaida(TypedDict):
    """Quando um cenário vale, e com que situação tributária."""

    cenario: str
    tipo_pessoa: str
    situacao_tributaria: str


class CenarioIcmsSaida(EscopoSaida):
    """Um cenário de ICMS; os três nomes em camelCase de `create` voltam em snake_case."""

    tipo_tributacao: str
    nao_contribuinte: bool
    codigo_cfop: str
    aliquota_importacao: str
    aliquota_credito: Valor
    aliquota_diferimento: Valor
    aliquota_diferimento_fcp: str
    aliquota_reducao: Valor
    aliquota_reducao_st: Valor
    motivo_desoneracao: str
    motivo_desoneracao_st: str
    aliquota_mva: list[AliquotaUfSaida]
    aliquota_icms: list[AliquotaUfSaida]
    aliquota_icms_st: list[AliquotaUfSaida]
    aliquota_fcp: list[AliquotaUfSaida]
    aliquota_fcp_st: list[AliquotaUfSaida]
    beneficio_fiscal: list[BeneficioUfSaida]


class CenarioIpiSaida(EscopoSaida):
    """Um cenário de IPI."""

    codigo_enquadramento: str
    aliquota: str


class CenarioContribuicaoSaida(EscopoSaida):
    """Um cenário de PIS ou de COFINS."""

    aliquota: str


class CenarioIbsCbsSaida(EscopoSaida):
    """Um cenário de IBS e CBS."""

    classificacao_tributaria: str


class CenarioIsSaida(EscopoSaida):
    """Um cenário de Imposto Seletivo."""

    aliquota: str
    classificacao_tributaria: str


CategoriaSaida = TypedDict(
    "CategoriaSaida",
    {
        "category_id": str,
        "descricao": str,
        "disable_difal": bool,
        "desconta_icms_pis_cofins": bool,
        "icms": list[CenarioIcmsSaida],
        "ipi": list[CenarioIpiSaida],
        "pis": list[CenarioContribuicaoSaida],
        "cofins": list[CenarioContribuicaoSaida],
        "ibs_cbs": list[CenarioIbsCbsSaida],
        "is": list[CenarioIsSaida],
    },
)
"""A whole category; `is` is no name that a class could have."""


class IcmsPlanoSaida(TypedDict):
    """O ICMS de uma categoria de NFC-e; as listas vazias não vêm."""

    situacao_tributaria: str
    aliquota_reducao: NotRequired[Valor]
    motivo_desoneracao: NotRequired[str]
    aliquota_icms: NotRequired[list[AliquotaUfSaida]]
    aliquota_fcp: NotRequired[list[AliquotaUfSaida]]
    beneficio_fiscal: NotRequired[list[BeneficioUfSaida]]


class ContribuicaoPlanaSaida(TypedDict):
    """PIS ou COFINS de uma categoria de NFC-e."""

    situacao_tributaria: str
    aliquota: str


class IbsCbsPlanoSaida(TypedDict):
    """IBS e CBS de uma categoria de NFC-e."""

    situacao_tributaria: str
    classificacao_tributaria: str


class CategoriaNfceSaida(TypedDict):
    """Uma categoria de NFC-e, um objeto por tributo."""

    category_id: str
    descricao: str
    codigo_cfop: str
    icms: IcmsPlanoSaida
    pis: ContribuicaoPlanaSaida
    cofins: ContribuicaoPlanaSaida
    ibs_cbs: NotRequired[IbsCbsPlanoSaida]
