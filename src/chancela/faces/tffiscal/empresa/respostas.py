"""A company in the words of the contract. The certificate's password never leaves the vault: `***` stands for it."""

from collections.abc import Sequence

from chancela.domain.tabelas.lugares import LugarCep
from chancela.faces.tffiscal.empresa.cadastro import company_id
from chancela.faces.tffiscal.empresa.saidas import (
    CadastroSaida,
    CategoriaResumoSaida,
    CepSaida,
    EmpresaCriadaSaida,
    EmpresaNfceSaida,
    EmpresaSaida,
)
from chancela.faces.tffiscal.erros import ErroCampo
from chancela.faces.tffiscal.saida import with_warnings
from chancela.issuing.categorias import read_categoria
from chancela.issuing.empresa import Categoria, Empresa

SENHA_OCULTA = "***"


def describe_created(empresa: Empresa, token: str, avisos: Sequence[ErroCampo]) -> EmpresaCriadaSaida:
    """The answer of the three ways to register a company."""
    return {"company_id": company_id(empresa.id), "token": token, **with_warnings(avisos)}


def describe_company(empresa: Empresa, token: str, numero: int | None) -> EmpresaSaida:
    """One company as get_list and get_detail show it; `numero` is the next of its NF-e series."""
    return {
        **_describe_register(empresa),
        "token": token,
        "unit": empresa.unidade,
        "cert_pwd": SENHA_OCULTA,
        "serie": empresa.serie_nfe,
        "number": numero,
    }


def describe_nfce(empresa: Empresa, csc: str, numero: int | None) -> EmpresaNfceSaida:
    """The NFC-e side of a company; `numero` is the next of its NFC-e series."""
    return {
        **_describe_register(empresa),
        "state_code": empresa.endereco.uf.value,
        "csc_id": empresa.csc_id,
        "csc": csc,
        "serie_nfce": empresa.serie_nfce,
        "number_nfce": numero,
    }


def _describe_register(empresa: Empresa) -> CadastroSaida:
    endereco = empresa.endereco
    return {
        "company_id": company_id(empresa.id),
        "invoice_type": empresa.regime,
        "cnpj": empresa.cnpj,
        "name": empresa.razao_social,
        "alias": empresa.nome_fantasia,
        "ie": empresa.inscricao_estadual,
        "email": empresa.email,
        "telefone": empresa.telefone,
        "cep": endereco.cep,
        "address": endereco.logradouro,
        "house_number": endereco.numero,
        "complemento": endereco.complemento,
        "town": endereco.bairro,
        "city": endereco.municipio,
        "state": endereco.uf.value,
        "ibge": endereco.municipio_ibge,
        "cert_file": empresa.certificado_url,
    }


def describe_categories(categorias: Sequence[Categoria]) -> list[CategoriaResumoSaida]:
    """`categorys` of get_detail."""
    linhas: list[CategoriaResumoSaida] = []
    for guardada in categorias:
        lida = read_categoria(guardada.codigo, guardada.conteudo)
        linhas.append(
            {
                "category_id": guardada.codigo,
                "descricao": guardada.descricao,
                "disable_difal": lida.disable_difal,
                "desconta_icms_pis_cofins": lida.desconta_icms_pis_cofins,
            }
        )
    return linhas


def describe_cep(lugar: LugarCep) -> CepSaida:
    """What a CEP says. `ibge` is 0 and `localidade` empty when only the state is known."""
    municipio = lugar.municipio
    return {
        "cep": f"{lugar.cep[:5]}-{lugar.cep[5:]}",
        "uf": lugar.uf.value,
        "ibge": 0 if municipio is None else int(municipio.codigo),
        "logradouro": lugar.logradouro,
        "bairro": lugar.bairro,
        "localidade": "" if municipio is None else municipio.nome,
        "ddd": lugar.ddd,
    }
