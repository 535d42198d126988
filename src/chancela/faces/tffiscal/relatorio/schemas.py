"""Wire form of the report operations."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from chancela.domain.identidade import Modelo
from chancela.faces.tffiscal.tipos import Codigo, Corpo, Inteiro, Logico, one_of, refusal
from chancela.issuing.modelo import Estado
from chancela.stores.relatorios import RELATADOS

ESTADOS: Mapping[str, Sequence[Estado]] = {
    "ALL": RELATADOS,
    "AUTHORIZED": (Estado.AUTORIZADO,),
    "SUCCESS": (Estado.AUTORIZADO,),
    "CANCELED": (Estado.CANCELADO,),
    "DENIED": (Estado.DENEGADO,),
    "VOIDED": (Estado.INUTILIZADO,),
}
"""Both families of status words."""
MODELOS: Mapping[str, Sequence[Modelo]] = {
    "all": (Modelo.NFE, Modelo.NFCE),
    "nfe": (Modelo.NFE,),
    "nfce": (Modelo.NFCE,),
}
_DATA = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _day(valor: object) -> object:
    if not isinstance(valor, str) or _DATA.fullmatch(valor.strip()) is None:
        raise refusal("RELATORIO-DATA", "Este campo é uma data.", "Envie a data como AAAA-MM-DD.")
    try:
        dia = date.fromisoformat(valor.strip())
    except ValueError:
        raise refusal("RELATORIO-DATA", "Esta data não existe.", "Confira dia e mês.") from None
    if not 2000 <= dia.year <= 2200:
        raise refusal("RELATORIO-DATA", "Este ano não é aceito.", "Envie um ano entre 2000 e 2200.")
    return dia


def _between(minimo: int, maximo: int) -> AfterValidator:
    def check(valor: int) -> int:
        if not minimo <= valor <= maximo:
            raise refusal("RELATORIO-LIMITE", f"Este número vai de {minimo} a {maximo}.", "Corrija o número.")
        return valor

    return AfterValidator(check)


def _upper(valor: str) -> str:
    return valor.upper()


def _lower(valor: str) -> str:
    return valor.lower()


Dia = Annotated[date, BeforeValidator(_day)]
Status = Annotated[
    Codigo, AfterValidator(_upper), one_of("ALL", "AUTHORIZED", "SUCCESS", "CANCELED", "DENIED")
]
ModeloNota = Annotated[Codigo, AfterValidator(_lower), one_of(*MODELOS)]
AmbienteCodigo = Annotated[Codigo, one_of("1", "2")]
CompanyId = Annotated[Codigo, Field(title="Empresa (company_id)", examples=["comp_123456"])]
_AMBIENTE = "Ambiente: 1 produção, 2 homologação; sem ele, produção se a empresa já emitiu nela"


class RelatorioConsulta(Corpo):
    """Query of `invoice/report`; `ambiente` is an addition."""

    company_id: CompanyId
    start_date: Dia = Field(title="Início do período", examples=["2024-01-01"])
    end_date: Dia = Field(title="Fim do período", examples=["2024-01-31"])
    status: Status = Field("ALL", title="Situação", examples=["AUTHORIZED"])
    model: ModeloNota = Field("all", title="Modelo")
    format: Annotated[Codigo, AfterValidator(_lower), one_of("json", "csv", "pdf")] = Field(
        "json", title="Formato", examples=["json"]
    )
    page: Annotated[Inteiro, _between(1, 10_000_000)] = Field(1, title="Página")
    per_page: Annotated[Inteiro, _between(1, 200)] = Field(50, title="Registros por página")
    ambiente: AmbienteCodigo | None = Field(None, title=_AMBIENTE)


class ResumoConsulta(Corpo):
    """Query of `invoice/report/summary`; `ambiente` is an addition."""

    company_id: CompanyId
    year: Annotated[Inteiro, _between(2000, 2200)] = Field(title="Ano", examples=[2024])
    group_by: Annotated[Codigo, AfterValidator(_lower), one_of("month", "week", "day")] = Field(
        "month", title="Agrupamento"
    )
    ambiente: AmbienteCodigo | None = Field(None, title=_AMBIENTE)


class ExportacaoEntrada(Corpo):
    """Body of `invoice/report/export`; `xlsx` and `ambiente` are additions."""

    company_id: CompanyId
    start_date: Dia = Field(title="Início do período", examples=["2024-01-01"])
    end_date: Dia = Field(title="Fim do período", examples=["2024-12-31"])
    format: Annotated[Codigo, AfterValidator(_lower), one_of("pdf", "csv", "xlsx")] = Field(
        title="Formato", examples=["pdf"]
    )
    status: Status = Field("ALL", title="Situação", examples=["ALL"])
    include_details: Logico = Field(True, title="Incluir detalhes", examples=[True])
    include_taxes: Logico = Field(True, title="Incluir tributos", examples=[True])
    ambiente: AmbienteCodigo | None = Field(None, title=_AMBIENTE)


class SituacaoConsulta(Corpo):
    """Path of `report/status/{report_id}`."""

    report_id: Codigo = Field(title="Relatório", examples=["rpt_abc123"])


class XmlEntrada(Corpo):
    """Body of `invoice/get_xml`; `ambiente` is an addition."""

    type: Codigo = Field("", title="Tipo do arquivo: excel, ou xml", examples=["xml"])
    status: Annotated[Codigo, AfterValidator(_upper), one_of(*ESTADOS, "AUTHORIZED")] = Field(
        "SUCCESS", title="Situação", examples=["Success"]
    )
    month: Annotated[Inteiro, _between(1, 12)] | None = Field(None, title="Mês", examples=[5])
    start_create_time: Annotated[Inteiro, _between(0, 7_258_118_400_000)] | None = Field(
        None, title="Início (Unix, milissegundos)"
    )
    end_create_time: Annotated[Inteiro, _between(0, 7_258_118_400_000)] | None = Field(
        None, title="Fim (Unix, milissegundos)"
    )
    ambiente: AmbienteCodigo | None = Field(None, title=_AMBIENTE)
