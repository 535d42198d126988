"""Answers of `company/*` and `nfce/company/*`."""

from typing_extensions import TypedDict

from chancela.faces.tffiscal.paginas import LugarSaida
from chancela.faces.tffiscal.saida import AvisosSaida


class EmpresaCriadaSaida(AvisosSaida):
    """A empresa cadastrada e o token com que ela assina suas chamadas."""

    company_id: str
    token: str


class CadastroSaida(TypedDict):
    """O que um cadastro diz em qualquer das duas consultas."""

    company_id: str
    invoice_type: str
    cnpj: str
    name: str
    alias: str
    ie: str
    email: str
    telefone: str
    cep: str
    address: str
    house_number: str
    complemento: str
    town: str
    city: str
    state: str
    ibge: str
    cert_file: str


class EmpresaSaida(CadastroSaida):
    """Uma empresa; `number` é o próximo número da série de NF-e, `cert_pwd` é sempre `***`."""

    token: str
    unit: str
    cert_pwd: str
    serie: int | None
    number: int | None


class CategoriaResumoSaida(TypedDict):
    """Uma categoria da empresa, sem os cenários."""

    category_id: str
    descricao: str
    disable_difal: bool
    desconta_icms_pis_cofins: bool


class EmpresaDetalheSaida(EmpresaSaida):
    """A empresa do token e suas categorias de NF-e."""

    categorys: list[CategoriaResumoSaida]


class EmpresasSaida(LugarSaida):
    """Uma página das empresas do integrador."""

    companys: list[EmpresaSaida]


class EmpresaNfceSaida(CadastroSaida):
    """O cadastro de NFC-e; `serie_nfce` e `number_nfce` são nulos enquanto a empresa não emite NFC-e."""

    state_code: str
    csc_id: str
    csc: str
    serie_nfce: int | None
    number_nfce: int | None


class CepSaida(TypedDict):
    """O lugar de um CEP; `ibge` é 0 e `localidade` vazia quando só a UF é conhecida."""

    cep: str
    uf: str
    ibge: int
    logradouro: str
    bairro: str
    localidade: str
    ddd: str
