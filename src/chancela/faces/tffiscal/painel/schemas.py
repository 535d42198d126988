"""Query of the panel's list."""

from typing import Annotated

from pydantic import AfterValidator, Field

from chancela.faces.tffiscal.nota.situacoes import check_status
from chancela.faces.tffiscal.paginas import Pagina
from chancela.faces.tffiscal.tipos import Codigo, Corpo, one_of


class PainelConsulta(Corpo):
    """Query of `/invoice/company/kanban`."""

    modelo: Annotated[Codigo, one_of("55", "65")] = Field("55", title="Modelo")
    status: Annotated[Codigo, AfterValidator(check_status)] = Field("", title="Situação")
    page: Pagina = Field(1, title="Página")
