"""Bodies of `invoice/manifest*` and `invoice/received/*`, in the spelling of the contract."""

from typing import Annotated

from pydantic import AfterValidator, Field

from chancela.faces.tffiscal.datas import Fim, Inicio
from chancela.faces.tffiscal.paginas import Pagina, size_up_to
from chancela.faces.tffiscal.tipos import Codigo, Corpo, Documento, Inteiro, Texto, one_of, refusal

Tamanho = Annotated[Inteiro, size_up_to(100)]


def _iterations(valor: int) -> int:
    if not 1 <= valor <= 200:
        raise refusal(
            "CAMPO-ITERACOES", "São de 1 a 200 chamadas por execução.", "Envie max_iterations de 1 a 200."
        )
    return valor


class ManifestaEntrada(Corpo):
    """Body of `/api/invoice/manifest`."""

    chave: Codigo = Field(title="Chave de acesso da NF-e")
    cnpj: Documento = Field(title="CNPJ do destinatário")
    tipo_evento: Annotated[Codigo, one_of("210200", "210210", "210220", "210240")] = Field(
        title="Tipo do evento"
    )
    justificativa: Texto = Field("", title="Justificativa")


class ManifestaLista(Corpo):
    """Body of `/api/invoice/manifest/list`."""

    cnpj: Documento = Field("", title="CNPJ do destinatário")
    chave: Codigo = Field("", title="Chave de acesso")
    start_create_time: Inicio | None = Field(None, title="Início do período")
    end_create_time: Fim | None = Field(None, title="Fim do período")
    page: Pagina = Field(1, title="Página")
    page_size: Tamanho = Field(20, title="Itens por página")


class PorId(Corpo):
    """Body of `/api/invoice/manifest/get_xml` and `/api/invoice/received/get_xml`."""

    id: Codigo = Field(title="Identificador")


class SincronizaEntrada(Corpo):
    """Body of `/api/invoice/received/sync`."""

    cnpj: Documento = Field(title="CNPJ da empresa")
    max_iterations: Annotated[Inteiro, AfterValidator(_iterations)] = Field(50, title="Máximo de chamadas")


class RecebidosLista(ManifestaLista):
    """Body of `/api/invoice/received/list`."""

    doc_type: Annotated[Codigo, one_of("resNFe", "procNFe", "resEvento", "procEvento")] | None = Field(
        None, title="Tipo do documento"
    )
    emitente_cnpj: Documento = Field("", title="CNPJ do emitente")


class EstadoEntrada(Corpo):
    """Body of `/api/invoice/received/get_sync_status`."""

    cnpj: Documento = Field(title="CNPJ da empresa")
