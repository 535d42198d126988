"""Wire form of the company operations."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from chancela.faces.tffiscal.tipos import (
    Codigo,
    Corpo,
    Documento,
    Inteiro,
    Logico,
    Texto,
    Url,
    at_most,
    matching,
    refusal,
)

REGIMES = ("simples_nacional", "simples_excesso", "normal", "mei")
_SINONIMOS = {
    "lucro_presumido": "normal",
    "lucro_real": "normal",
    "regime_normal": "normal",
    "simples": "simples_nacional",
}


def read_regime(valor: object) -> object:
    """The wire word of a tax regime; common other names are taken."""
    if not isinstance(valor, str):
        return valor
    nome = valor.strip().lower().replace(" ", "_").replace("-", "_")
    nome = _SINONIMOS.get(nome, nome)
    if nome not in REGIMES:
        raise refusal(
            "EMPRESA-REGIME", "O regime tributário não é conhecido.", f"Use um destes: {', '.join(REGIMES)}."
        )
    return nome


def check_series(valor: int) -> int:
    """A series that an issuer with CNPJ may use."""
    if not 0 <= valor <= 889:
        raise refusal(
            "EMPRESA-SERIE",
            "A série de NF-e de uma empresa com CNPJ vai de 0 a 889.",
            "As séries 890 a 969 são reservadas a notas avulsas e a emitentes com CPF.",
        )
    return valor


def check_number(valor: int) -> int:
    """A document number."""
    if not 1 <= valor <= 999_999_999:
        raise refusal(
            "EMPRESA-NUMERO", "O número inicial vai de 1 a 999999999.", "Envie o próximo número a emitir."
        )
    return valor


Curto = Annotated[Texto, at_most(60)]


class EmpresaEntrada(Corpo):
    """Body of `/api/company/create`; `alias`, `complemento` and `telefone` are additions."""

    cnpj: Documento = Field(title="CNPJ")
    name: Annotated[Texto, at_most(60)] = Field(title="Razão social")
    alias: Curto = Field("", title="Nome fantasia")
    ie: Annotated[
        Documento,
        matching(
            "[0-9]{2,14}|ISENTO",
            "EMPRESA-IE",
            "A inscrição estadual tem de 2 a 14 números.",
            "Envie só os números, ou ISENTO.",
        ),
    ] = Field(title="Inscrição estadual")
    invoice_type: Annotated[str, BeforeValidator(read_regime)] = Field(title="Regime tributário")
    unit: Annotated[Codigo, at_most(6)] = Field(title="Unidade padrão")
    email: Annotated[Codigo, at_most(60)] = Field("", title="E-mail")
    telefone: Annotated[
        Documento,
        matching(
            "[0-9]{6,14}", "EMPRESA-FONE", "O telefone tem de 6 a 14 números.", "Envie só números, com DDD."
        ),
    ] = Field("", title="Telefone")
    cep: Annotated[
        Documento, matching("[0-9]{8}", "EMPRESA-CEP", "O CEP tem 8 números.", "Envie o CEP com 8 números.")
    ] = Field(title="CEP")
    address: Curto = Field(title="Logradouro")
    house_number: Curto = Field(title="Número")
    complemento: Curto = Field("", title="Complemento")
    town: Curto = Field(title="Bairro")
    city: Curto = Field(title="Município")
    state: Annotated[
        Documento,
        matching("[A-Z]{2}", "EMPRESA-UF", "A UF tem duas letras.", "Envie a sigla da UF, como SP."),
    ] = Field(title="UF")
    cert_file: Url = Field(title="Arquivo do certificado")
    cert_pwd: Annotated[Texto, at_most(200)] = Field(title="Senha do certificado")
    serie: Annotated[Inteiro, AfterValidator(check_series)] = Field(title="Série da NF-e")
    number: Annotated[Inteiro, AfterValidator(check_number)] = Field(title="Número inicial da NF-e")
    is_create_category_template: Logico = Field(True, title="Criar categorias padrão")
