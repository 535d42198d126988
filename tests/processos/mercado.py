"""A shop of the Simples that sells over the counter and by invoice."""

from typing import Any

from tests.processos.apoio import Loja, run_command

from chancela.cli.cliente_tffiscal import ClienteTffiscal
from chancela.kit.clock import Clock
from chancela.server.demonstracao import (
    CATEGORIA_NFCE,
    CATEGORIA_SIMPLES,
    CSC_DEMONSTRACAO,
    EMPRESA_SIMPLES,
    SENHA,
    Plataforma,
    issue_test_pfx,
    pfx_data_url,
    receipt,
)


class Mercado(Loja):
    """A shop of the Simples that sells over the counter."""

    regime = EMPRESA_SIMPLES
    tributacao = CATEGORIA_SIMPLES

    def __init__(self, plataforma: Plataforma, relogio: Clock | None = None, *, letras: bool = False) -> None:
        super().__init__(plataforma, relogio, letras=letras)
        cnpj = self.cnpj
        self.contados = 0
        pronto = plataforma.pronto
        self.controle = ClienteTffiscal(pronto["simulador"]["controle_url"], "")
        self.controle.post("/_simulador/csc", {"documento": cnpj, "id": "1", "codigo": CSC_DEMONSTRACAO})
        pfx = issue_test_pfx(plataforma.pasta, cnpj, "MERCADO DE TESTE LTDA")
        integrador = ClienteTffiscal(
            pronto["tffiscal"]["url"], pronto["tffiscal"]["integrador_token"], clock=relogio
        )
        criada = integrador.post(
            "/api/nfce/company/create",
            {
                "cnpj": cnpj, "cert_file": pfx_data_url(pfx), "cert_pwd": SENHA, "csc_id": "000001",
                "csc": CSC_DEMONSTRACAO, "serie_nfce": 1, "number_nfce": 1,
            },
        )  # fmt: skip
        assert criada.corpo["success"], criada.corpo
        self.bebidas: str = self.cliente.post("/api/nfce/category/create", CATEGORIA_NFCE).dados[
            "category_id"
        ]

    def sell(self, **mudancas: Any) -> dict[str, Any]:
        resposta = self.cliente.post("/api/nfce/create", receipt(self.bebidas, **mudancas))
        assert resposta.status == 200, resposta.corpo
        return resposta.dados

    def note(self, referencia: str) -> dict[str, Any]:
        resposta = self.cliente.post("/api/invoice/create", self.sale(id=referencia))
        assert resposta.status == 200, resposta.corpo
        return resposta.dados

    def count(self) -> int:
        """A number that was not used yet."""
        self.contados += 1
        return self.contados

    def voided(self) -> list[dict[str, Any]]:
        return self.controle.get("/_simulador/inutilizacoes", emitente=self.cnpj).lista

    def events(self, chave: str) -> list[dict[str, Any]]:
        return self.controle.get("/_simulador/eventos", chave=chave).lista

    def detail(self, uuid: str) -> dict[str, Any]:
        return self.cliente.get("/api/nfce/get_detail", uuid=uuid).dados

    def configure(self, *pares: str) -> None:
        """Change settings of the company by the command, as an operator does."""
        codigo, _, palavras = run_command(
            self.plataforma, "empresa", "configurar", self.company_id(), *pares, "--json"
        )
        assert codigo == 0, palavras

    def detail_nfe(self, uuid: str) -> dict[str, Any]:
        return self.cliente.get("/api/invoice/get_detail", uuid=uuid).dados
