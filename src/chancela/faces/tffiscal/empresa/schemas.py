"""Wire form of the company operations."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from chancela.faces.tffiscal.paginas import Pagina, size_up_to
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
Senha = Annotated[Texto, at_most(200)]
Email = Annotated[Codigo, at_most(60)]
Unidade = Annotated[Codigo, at_most(6)]
TAMANHO_MAXIMO_PAGINA = 20


class EmpresaEntrada(Corpo):
    """Body of `/api/company/create`; `alias`, `complemento` and `telefone` are additions."""

    cnpj: Documento = Field(title="CNPJ")
    name: Curto = Field(title="Razão social")
    alias: Curto = Field("", title="Nome fantasia")
    ie: InscricaoEstadual = Field(title="Inscrição estadual")
    invoice_type: Regime = Field(title="Regime tributário")
    unit: Unidade = Field(title="Unidade padrão")
    email: Email = Field("", title="E-mail")
    telefone: Telefone = Field("", title="Telefone")
    cep: Cep = Field(title="CEP")
    address: Curto = Field(title="Logradouro")
    house_number: Curto = Field(title="Número")
    complemento: Curto = Field("", title="Complemento")
    town: Curto = Field(title="Bairro")
    city: Curto = Field(title="Município")
    state: SiglaUf = Field(title="UF")
    cert_file: Url = Field(title="Arquivo do certificado")
    cert_pwd: Senha = Field(title="Senha do certificado")
    serie: Serie = Field(title="Série da NF-e")
    number: NumeroInicial = Field(title="Número inicial da NF-e")
    is_create_category_template: Logico = Field(True, title="Criar categorias padrão")


class EmpresaSimples(Corpo):
    """Body of `/api/company/v2/create`; `ie` is an addition, for registers that do not tell it."""

    cnpj: Documento = Field(title="CNPJ")
    cert_file: Url = Field(title="Arquivo do certificado")
    cert_pwd: Senha = Field(title="Senha do certificado")
    is_create_category_template: Logico = Field(True, title="Criar categorias padrão")
    ie: InscricaoEstadual = Field("", title="Inscrição estadual")


class CadastroMudanca(Corpo):
    """What may change of a company whichever model it issues; `cnpj` is refused when it comes."""

    cnpj: Codigo | None = Field(None, title="CNPJ")
    name: Curto | None = Field(None, title="Razão social")
    alias: Curto | None = Field(None, title="Nome fantasia")
    ie: InscricaoEstadual | None = Field(None, title="Inscrição estadual")
    invoice_type: Regime | None = Field(None, title="Regime tributário")
    email: Email | None = Field(None, title="E-mail")
    telefone: Telefone | None = Field(None, title="Telefone")
    cep: Cep | None = Field(None, title="CEP")
    address: Curto | None = Field(None, title="Logradouro")
    house_number: Curto | None = Field(None, title="Número")
    complemento: Curto | None = Field(None, title="Complemento")
    town: Curto | None = Field(None, title="Bairro")
    city: Curto | None = Field(None, title="Município")
    state: SiglaUf | None = Field(None, title="UF")
    cert_file: Url | None = Field(None, title="Arquivo do certificado")
    cert_pwd: Senha | None = Field(None, title="Senha do certificado")


class EmpresaMudanca(CadastroMudanca):
    """Body of `/api/company/edit`. `alias`, `complemento` and `telefone` are additions."""

    company_id: Codigo = Field(title="Identificador da empresa")
    unit: Unidade | None = Field(None, title="Unidade padrão")
    serie: Serie | None = Field(None, title="Série da NF-e")
    number: NumeroInicial | None = Field(None, title="Próximo número da NF-e")


class EmpresaLista(Corpo):
    """Query of `/api/company/get_list`."""

    page: Pagina = Field(title="Página")
    page_size: Annotated[Inteiro, size_up_to(TAMANHO_MAXIMO_PAGINA)] = Field(title="Itens por página")


class EmpresaConsulta(Corpo):
    """Query of `/api/company/get_detail`: empty."""


class CepConsulta(Corpo):
    """Query of `/api/company/get_cep_detail`."""

    cep: Cep = Field(title="CEP")
