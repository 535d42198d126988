"""The public register of companies that stands in for those of the internet: what is registered, else a fictitious shop.

Answers in the shape of BrasilAPI, with the state registrations added, since those services of the internet that know them
add them too.
"""

from dataclasses import replace
from typing import Any

from chancela.simulator.cadastro import Cadastro, Contribuinte
from chancela.simulator.regras.contas import cnpj_ok

_IE_SP = "110042490114"
_SE = {
    "cep": "01001000",
    "logradouro": "Praça da Sé",
    "numero": "100",
    "complemento": "",
    "bairro": "Sé",
    "municipio": "São Paulo",
}


def registrations(cadastro: Cadastro, documento: str) -> list[Contribuinte]:
    """What is registered; else, unless the register is strict, a fictitious shop of São Paulo for any valid CNPJ."""
    registros = cadastro.of(documento)
    if not registros and not cadastro.estrito and cnpj_ok(documento):
        registros = [Contribuinte(documento, "SP", _IE_SP, f"EMPRESA FICTICIA {documento} LTDA")]
    return [replace(r, **_SE) if r.uf == "SP" and not r.cep else r for r in registros]


def describe_cnpj(cadastro: Cadastro, cnpj: str) -> dict[str, Any] | None:
    """What the register tells of a CNPJ; None for one that is not valid, or not registered when the register is strict."""
    registros = registrations(cadastro, cnpj)
    if not registros:
        return None
    primeiro = registros[0]
    endereco = {campo: getattr(primeiro, campo) for campo in _SE}
    return {
        "cnpj": cnpj,
        "razao_social": primeiro.nome,
        "nome_fantasia": primeiro.fantasia,
        **endereco,
        "uf": primeiro.uf,
        "ddd_telefone_1": primeiro.telefone,
        "email": None,
        "opcao_pelo_simples": primeiro.crt in ("1", "2", "4"),
        "opcao_pelo_mei": primeiro.crt == "4",
        "inscricoes_estaduais": [
            {"uf": r.uf, "inscricao_estadual": r.ie, "ativa": r.ativa} for r in registros if r.ie
        ],
    }
