"""The examples that the contract prints for invoice/create, sent as printed to a real server, database and SEFAZ.

`contrato/` holds them as printed. They cannot hold literally: categories belong to the company, and several identities
were invented without check digits. What is replaced is listed here, with the reason; nothing else is touched.
"""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.processos.apoio import Loja
from tests.processos.promessas import Promessas

from chancela.cli.cliente_tffiscal import Resposta
from chancela.kit.clock import SystemClock
from chancela.kit.json_exact import JsonLimits, read_json, write_json
from chancela.server.demonstracao import CATEGORIA_NORMAL, Plataforma, wait_settled

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos")]

CONTRATO = Path(__file__).parent / "contrato"
CATEGORIA = "the company's own category"
DIGITO = "the printed CNPJ has wrong check digits (rejections 208, 207...)"
INSCRICAO = "the printed IE has not the digits of São Paulo (rejection 210)"
BARRAS = "the printed GTIN has a wrong check digit (rejection 611)"
TROCAS: dict[str, dict[str, tuple[str, str, str]]] = {
    "simples": {"products[0].category_id": ("SEU_CATEGORY_ID", "@venda", CATEGORIA)},
    "completa": {
        "products[0].category_id": ("TF00001", "@venda", CATEGORIA),
        "cliente.cnpj": ("12345678000199", "12345678000195", DIGITO),
        "cliente.ie": ("123456789", "110042490114", INSCRICAO),
        "shipping_address.cnpj": ("98765432000111", "98765432000198", DIGITO),
        "shipping_address.ie": ("987654321", "110042490114", INSCRICAO),
        "delivery_address.cnpj": ("12345678000199", "12345678000195", DIGITO),
        "delivery_address.ie": ("123456789", "110042490114", INSCRICAO),
        "products[0].gtin": ("7891234567890", "7891234567895", BARRAS),
        "products[0].gtin_tributavel": ("7891234567890", "7891234567895", BARRAS),
        "transportation.carrier_info.cnpj": ("11222333000144", "11222333000181", DIGITO),
        "transportation.carrier_info.ie": ("112223334", "110042490114", INSCRICAO),
        "pag_info[0].card_info.acquirer_cnpj": ("01234567000189", "01234567000195", DIGITO),
    },
    "transporte": {
        "products[0].category_id": ("YOUR_CATEGORY_ID", "@venda", CATEGORIA),
        "cliente.cnpj": ("12345678000199", "12345678000195", DIGITO),
        "cliente.ie": ("123456789", "110042490114", INSCRICAO),
        "transportation.carrier_info.cnpj": ("12345678000188", "11222333000181", DIGITO),
        "shipping_address.cnpj": ("12345678000199", "12345678000195", DIGITO),
        "delivery_address.cnpj": ("98765432000111", "98765432000198", DIGITO),
    },
    "importacao": {
        "products[0].category_id": ("YOUR_CATEGORY_ID", "@importacao", "a category with CFOP 3102"),
        "products[1].category_id": ("YOUR_CATEGORY_ID", "@importacao", "a category with CFOP 3102"),
    },
    "complementar": {
        "ref_nfe_chave": ("NFE_KEY_HERE", "@chave", "the key of a document of this company"),
        "products[0].category_id": ("YOUR_CATEGORY_ID", "@venda", CATEGORIA),
    },
    "ajuste": {
        "ref_nfe_chave": ("NFE_KEY_HERE", "@chave", "the key of a document of this company"),
        "products[0].category_id": ("YOUR_CATEGORY_ID", "@venda", CATEGORIA),
    },
}


class Contrato:
    """A company of the contract: its two categories, and the examples with their replacements."""

    def __init__(self, plataforma: Plataforma) -> None:
        self.loja = Loja(plataforma)
        self.promessas = Promessas(plataforma.pronto["tffiscal"]["url"])
        importacao = {
            **CATEGORIA_NORMAL,
            "category_id": "IMPORTACAO",
            "icms": [{**CATEGORIA_NORMAL["icms"][0], "codigo_cfop": "3102"}],
        }
        criada = self.loja.cliente.post("/api/category/create", importacao)
        assert criada.corpo["success"], criada.corpo
        self.valores = {"@venda": self.loja.categoria, "@importacao": "IMPORTACAO", "@chave": ""}

    def body(self, nome: str) -> dict[str, Any]:
        corpo = read_json((CONTRATO / f"{nome}.json").read_bytes(), JsonLimits(size_bytes=100_000))
        assert isinstance(corpo, dict)
        for caminho, (impresso, novo, _motivo) in TROCAS[nome].items():
            dono, campo = _owner(corpo, caminho)
            assert str(dono[campo]) == impresso, caminho
            dono[campo] = self.valores.get(novo, novo)
        return corpo

    def issue(self, corpo: dict[str, Any]) -> Resposta:
        resposta = self.loja.cliente.post("/api/invoice/create", write_json(corpo))
        assert resposta.status == 200, resposta.corpo
        assert resposta.corpo["success"], resposta.corpo
        self.promessas.check("invoice/create", resposta)
        return wait_settled(self.loja.cliente, resposta.dados["uuid"], SystemClock())


def _owner(corpo: dict[str, Any], caminho: str) -> tuple[dict[str, Any], str]:
    atual: Any = corpo
    partes = re.findall(r"\w+", caminho)
    for parte in partes[:-1]:
        atual = atual[int(parte)] if parte.isdecimal() else atual[parte]
    return atual, partes[-1]


@pytest.fixture(scope="module")
def contrato(plataforma: Plataforma) -> Contrato:
    contrato = Contrato(plataforma)
    # The examples that refer to another document are of the production environment: so is what they refer to.
    original = {**contrato.body("simples"), "id": "ORIGINAL", "ambiente": "1"}
    contrato.valores["@chave"] = contrato.issue(original).dados["chave"]
    return contrato


@pytest.mark.parametrize("nome", TROCAS)
def test_printed_example_is_authorised(contrato: Contrato, nome: str) -> None:
    corpo = contrato.body(nome)
    detalhe = contrato.issue(corpo).dados
    assert detalhe["status"] == "Authorized", detalhe
    assert detalhe["ambiente"] == corpo["ambiente"]
    assert detalhe["id"] == corpo.get("id", "")
    (nota,) = [n for n in contrato.loja.ledger() if n["chave"] == detalhe["chave"]]
    assert nota["chave"][20:22] == "55"
    if nome == "simples":
        assert Decimal(str(detalhe["total_price"])) == Decimal("300.00")
