"""Bodies of the operations on events, in the spelling of the contract."""

from typing import Annotated

from pydantic import Field

from chancela.faces.tffiscal.nota.schemas import Palavra
from chancela.faces.tffiscal.tipos import Codigo, Corpo, Inteiro, Texto, one_of


class NotaPorUuid(Corpo):
    """Body of `/api/invoice/cancel` and `/api/invoice/refresh`."""

    uuid: Codigo = Field(title="UUID da nota")


class CanceladaNfce(Corpo):
    """Body of `/api/nfce/cancel`."""

    chave: Codigo = Field(title="Chave de acesso da NFC-e")
    motivo: Texto = Field(title="Motivo do cancelamento")


class InutilizaEntrada(Corpo):
    """Body of `/api/invoice/invalid`."""

    modelo: Annotated[Codigo, Palavra, one_of("55", "65")] = Field(title="Modelo do documento")
    ambiente: Annotated[Codigo, Palavra, one_of("1", "2")] = Field(title="Ambiente")
    serie: Inteiro = Field(title="Série")
    start_number: Inteiro = Field(title="Número inicial")
    end_number: Inteiro = Field(title="Número final")
    motivo: Texto = Field(title="Justificativa")


class CceEntrada(Corpo):
    """Body of `/api/invoice/cce/send`."""

    uuid: Codigo = Field("", title="UUID da nota")
    chave: Codigo = Field("", title="Chave de acesso")
    correcao: Texto = Field(title="Texto da correção")


class CceLista(Corpo):
    """Body of `/api/invoice/cce/get_list`."""

    uuid: Codigo = Field("", title="UUID da nota")
    chave: Codigo = Field("", title="Chave de acesso")


class CcePorId(Corpo):
    """Body of `/api/invoice/cce/download_pdf` and `download_xml`."""

    cce_id: Codigo = Field(title="Identificador da CC-e")


class ConsultaStatus(Corpo):
    """Body of `/api/invoice/consultar_status`; `ambiente` is ours, for keys that no document of the company has."""

    chave: Codigo = Field("", title="Chave de acesso")
    ambiente: Annotated[Codigo, Palavra, one_of("1", "2")] = Field("1", title="Ambiente")
