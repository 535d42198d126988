"""Wire form of the NFC-e company operations."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from chancela.faces.tffiscal.empresa.schemas import Curto, check_number, check_series, read_regime
from chancela.faces.tffiscal.tipos import Codigo, Corpo, Documento, Inteiro, Texto, Url, at_most, matching

InscricaoEstadual = Annotated[
    Documento,
    matching(
        "[0-9]{2,14}|ISENTO",
        "EMPRESA-IE",
        "A inscrição estadual tem de 2 a 14 números.",
        "Envie só os números, ou ISENTO.",
    ),
]
Telefone = Annotated[
    Documento,
    matching(
        "[0-9]{6,14}", "EMPRESA-FONE", "O telefone tem de 6 a 14 números.", "Envie só números, com DDD."
    ),
]
Cep = Annotated[
    Documento, matching("[0-9]{8}", "EMPRESA-CEP", "O CEP tem 8 números.", "Envie o CEP com 8 números.")
]
SiglaUf = Annotated[
    Documento, matching("[A-Z]{2}", "EMPRESA-UF", "A UF tem duas letras.", "Envie a sigla da UF, como SP.")
]
Serie = Annotated[Inteiro, AfterValidator(check_series)]
NumeroInicial = Annotated[Inteiro, AfterValidator(check_number)]
Regime = Annotated[str, BeforeValidator(read_regime)]


class EmpresaNfceEntrada(Corpo):
    """Body of `/api/nfce/company/create`; `ie` is an addition, for registers that do not tell it."""

    cnpj: Documento = Field(title="CNPJ")
    cert_file: Url = Field(title="Arquivo do certificado")
    cert_pwd: Annotated[Texto, at_most(200)] = Field(title="Senha do certificado")
    csc_id: Codigo = Field(title="Identificador do CSC")
    csc: Codigo = Field(title="CSC")
    serie_nfce: Serie | None = Field(None, title="Série da NFC-e")
    number_nfce: NumeroInicial | None = Field(None, title="Número inicial da NFC-e")
    telefone: Telefone = Field("", title="Telefone")
    ie: InscricaoEstadual = Field("", title="Inscrição estadual")


class EmpresaNfceMudanca(Corpo):
    """Body of `/api/nfce/company/update`: whatever is to change."""

    name: Annotated[Texto, at_most(60)] | None = Field(None, title="Razão social")
    alias: Curto | None = Field(None, title="Nome fantasia")
    ie: InscricaoEstadual | None = Field(None, title="Inscrição estadual")
    invoice_type: Regime | None = Field(None, title="Regime tributário")
    email: Annotated[Codigo, at_most(60)] | None = Field(None, title="E-mail")
    telefone: Telefone | None = Field(None, title="Telefone")
    cep: Cep | None = Field(None, title="CEP")
    address: Curto | None = Field(None, title="Logradouro")
    house_number: Curto | None = Field(None, title="Número")
    complemento: Curto | None = Field(None, title="Complemento")
    town: Curto | None = Field(None, title="Bairro")
    city: Curto | None = Field(None, title="Município")
    state: SiglaUf | None = Field(None, title="UF")
    csc_id: Codigo | None = Field(None, title="Identificador do CSC")
    csc: Codigo | None = Field(None, title="CSC")
    serie_nfce: Serie | None = Field(None, title="Série da NFC-e")
    number_nfce: NumeroInicial | None = Field(None, title="Próximo número da NFC-e")
    cert_file: Url | None = Field(None, title="Arquivo do certificado")
    cert_pwd: Annotated[Texto, at_most(200)] | None = Field(None, title="Senha do certificado")


class EmpresaNfceConsulta(Corpo):
    """Body of `/api/nfce/company/get`: empty."""
