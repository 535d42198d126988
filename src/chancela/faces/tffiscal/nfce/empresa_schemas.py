"""Wire form of the NFC-e company operations."""

from pydantic import Field

from chancela.faces.tffiscal.empresa.schemas import (
    CadastroMudanca,
    InscricaoEstadual,
    NumeroInicial,
    Senha,
    Serie,
    Telefone,
)
from chancela.faces.tffiscal.tipos import Codigo, Corpo, Documento, Url


class EmpresaNfceEntrada(Corpo):
    """Body of `/api/nfce/company/create`; `ie` is an addition, for registers that do not tell it."""

    cnpj: Documento = Field(title="CNPJ")
    cert_file: Url = Field(title="Arquivo do certificado")
    cert_pwd: Senha = Field(title="Senha do certificado")
    csc_id: Codigo = Field(title="Identificador do CSC")
    csc: Codigo = Field(title="CSC")
    serie_nfce: Serie | None = Field(None, title="Série da NFC-e")
    number_nfce: NumeroInicial | None = Field(None, title="Número inicial da NFC-e")
    telefone: Telefone = Field("", title="Telefone")
    ie: InscricaoEstadual = Field("", title="Inscrição estadual")


class EmpresaNfceMudanca(CadastroMudanca):
    """Body of `/api/nfce/company/update`: whatever is to change."""

    csc_id: Codigo | None = Field(None, title="Identificador do CSC")
    csc: Codigo | None = Field(None, title="CSC")
    serie_nfce: Serie | None = Field(None, title="Série da NFC-e")
    number_nfce: NumeroInicial | None = Field(None, title="Próximo número da NFC-e")


class EmpresaNfceConsulta(Corpo):
    """Body of `/api/nfce/company/get`: empty."""
