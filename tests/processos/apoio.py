"""What process tests share: a company of their own, and the simulator's ledger as the outside judge."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, TypeVar

from chancela.cli.cliente_tffiscal import ClienteTffiscal
from chancela.domain.identidade import dv_cnpj
from chancela.kit.clock import Clock, SystemClock, wait
from chancela.server.demonstracao import (
    CATEGORIA_NORMAL,
    EMPRESA_NORMAL,
    Plataforma,
    invoice,
    issue_test_pfx,
    register_company,
)

T = TypeVar("T")

_RAIZES = count(1)


def new_cnpj(*, letras: bool = False) -> str:
    """Of a company that nobody has registered: a platform refuses a CNPJ that it already knows."""
    base = f"{'LJA' if letras else '700'}{next(_RAIZES):05d}0001"
    return base + dv_cnpj(base)


def eventually(pergunta: Callable[[], T], *, prazo_s: float = 40.0) -> T:
    """Ask until the answer is true, or fail with the last one. Real processes have no virtual clock."""
    relogio = SystemClock()
    limite = relogio.monotonic() + prazo_s
    while True:
        resposta = pergunta()
        if resposta or relogio.monotonic() > limite:
            assert resposta, f"did not happen within {prazo_s} s"
            return resposta
        wait(0.1)


def run_command(plataforma: Plataforma, *argumentos: str, entrada: str = "") -> tuple[int, Any, str]:
    """A command of `chancela` on a platform: its exit code, the JSON of its output and its words."""
    simulador = plataforma.pronto["simulador"]
    processo = subprocess.run(
        [sys.executable, "-m", "chancela", *argumentos],
        env={
            **os.environ, "CHANCELA_HOME": str(plataforma.pasta), "CHANCELA_SEFAZ_URL": simulador["url"],
            "CHANCELA_SEFAZ_CA_FILE": simulador["ca_file"],
        },
        input=entrada, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return processo.returncode, json.loads(processo.stdout or "null"), processo.stderr


class Loja:
    """A registered company, its category and a way to sell."""

    regime: Mapping[str, Any] = EMPRESA_NORMAL
    tributacao: Mapping[str, Any] = CATEGORIA_NORMAL

    def __init__(self, plataforma: Plataforma, relogio: Clock | None = None, *, letras: bool = False) -> None:
        self.plataforma = plataforma
        self.cnpj = cnpj = new_cnpj(letras=letras)
        pfx = issue_test_pfx(plataforma.pasta, cnpj, "LOJA DE TESTE LTDA")
        self.cliente = register_company(plataforma.pronto, {**self.regime, "cnpj": cnpj}, pfx, relogio)
        criada = self.cliente.post("/api/category/create", self.tributacao)
        assert criada.corpo["success"], criada.corpo
        self.categoria: str = criada.dados["category_id"]

    def sale(self, **mudancas: Any) -> dict[str, Any]:
        return invoice(self.categoria, **mudancas)

    def company_id(self) -> str:
        """The number by which commands name the company."""
        mostrado: str = self.cliente.get("/api/company/get_detail").dados["company_id"]
        return mostrado.removeprefix("comp_")

    def control(self) -> ClienteTffiscal:
        """The control of the simulator."""
        return ClienteTffiscal(self.plataforma.pronto["simulador"]["controle_url"], "")

    def ledger(self) -> list[dict[str, Any]]:
        """Every note that SEFAZ authorised for this company, as the simulator's own ledger tells it."""
        resposta = self.control().get("/_simulador/notas", emitente=self.cnpj)
        assert resposta.status == 200, resposta.corpo
        return resposta.lista

    def receptions(self, chave: str) -> list[dict[str, Any]]:
        """Every time that a document arrived at SEFAZ to be authorised."""
        return self.control().get("/_simulador/recepcoes", chave=chave).lista

    def start_outage(self, autorizador: str, tipo: str = "drop_before") -> list[int]:
        """Take an authorizer down for everybody, as `tipo` of fault; its ids end it again."""
        resposta = self.control().post("/_simulador/falhas", {"tipo": tipo, "autorizador": autorizador})
        assert resposta.status == 201, resposta.corpo
        return [resposta.corpo["id"]]

    def end_outage(self, falhas: list[int]) -> None:
        """The authorizer is back."""
        for falha in falhas:
            assert self.control().delete(f"/_simulador/falhas/{falha}").status == 200

    def switch_svc(self, uf: str, estado: int) -> None:
        """The contingency of a UF: 107 on, 113 about to end, 114 off."""
        assert self.control().put(f"/_simulador/svc/{uf}", {"estado": estado}).status == 200

    def plan_fault(self, **falha: Any) -> None:
        """Add an entry to the fault plan, for this company only."""
        resposta = self.control().post("/_simulador/falhas", {"cnpj": self.cnpj, **falha})
        assert resposta.status == 201, resposta.corpo
