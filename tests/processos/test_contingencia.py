"""SEFAZ goes away and comes back, on real processes: nobody waits at the counter, nothing is lost, nothing is doubled.

A platform of its own: an outage concerns an authorizer as a whole, and other tests use theirs.
"""

import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from tests.processos.apoio import Loja, eventually

from chancela.cli.cliente_tffiscal import ClienteTffiscal
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
    running_platform,
)

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos")]


@pytest.fixture(scope="module")
def plataforma() -> Iterator[Plataforma]:
    with tempfile.TemporaryDirectory(prefix="chancela-contingencia-", ignore_cleanup_errors=True) as pasta:
        ajustes = {
            "CHANCELA_SWEEP_S": "1",
            "CHANCELA_CIRCUIT_FAILURES": "1",
            "CHANCELA_STATUS_INTERVAL_S": "0.5",
            "CHANCELA_LOG_LEVEL": "WARNING",
        }
        with running_platform(Path(pasta), ajustes) as plataforma:
            yield plataforma


class Mercado(Loja):
    """A shop of the Simples that sells over the counter."""

    regime = EMPRESA_SIMPLES
    tributacao = CATEGORIA_SIMPLES

    def __init__(self, plataforma: Plataforma, cnpj: str) -> None:
        super().__init__(plataforma, cnpj)
        self.contados = 0
        pronto = plataforma.pronto
        self.controle = ClienteTffiscal(pronto["simulador"]["controle_url"], "")
        self.controle.post("/_simulador/csc", {"documento": cnpj, "id": "1", "codigo": CSC_DEMONSTRACAO})
        pfx = issue_test_pfx(plataforma.pasta, cnpj, "MERCADO DE TESTE LTDA")
        integrador = ClienteTffiscal(pronto["tffiscal"]["url"], pronto["tffiscal"]["integrador_token"])
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

    def switch_svc(self, uf: str, estado: int) -> None:
        assert self.controle.put(f"/_simulador/svc/{uf}", {"estado": estado}).status == 200

    def voided(self) -> list[dict[str, Any]]:
        return self.controle.get("/_simulador/inutilizacoes", emitente=self.cnpj).lista

    def events(self, chave: str) -> list[dict[str, Any]]:
        return self.controle.get("/_simulador/eventos", chave=chave).lista

    def detail(self, uuid: str) -> dict[str, Any]:
        return self.cliente.get("/api/nfce/get_detail", uuid=uuid).dados


@pytest.fixture(scope="module")
def mercado(plataforma: Plataforma) -> Mercado:
    return Mercado(plataforma, "12ABC34501DE35")


def test_a_sale_during_an_outage_is_handed_over_at_once_and_travels_later(mercado: Mercado) -> None:
    falha = mercado.start_outage("SP")
    primeira = mercado.sell(id="QUEDA-1")
    venda = mercado.sell(id="QUEDA-2")
    assert venda["status"] == "Processing"
    assert venda["contingencia"]["tipo"] == "offline"
    assert venda["contingencia"]["tp_emis"] == 9
    assert venda["contingencia"]["transmitida"] is False
    papel = PdfReader(BytesIO(mercado.cliente.download(venda["danfe"])))
    texto = " ".join(pagina.extract_text() for pagina in papel.pages).upper()
    assert "CONTING" in texto
    assinado = mercado.cliente.download(venda["xml"])
    assert b"<tpEmis>9</tpEmis>" in assinado
    mercado.end_outage(falha)
    for uuid in (primeira["uuid"], venda["uuid"]):
        eventually(lambda uuid=uuid: mercado.detail(uuid)["status"] in ("Authorized", "Success"))
    assert assinado in mercado.cliente.download(mercado.detail(venda["uuid"])["xml"])
    assert len(mercado.receptions(venda["chave"])) == 1


def test_a_lost_original_is_inutilised_when_sefaz_never_saw_it(mercado: Mercado) -> None:
    falha = mercado.start_outage("SP")
    venda = mercado.sell(id="SEM-DONO")
    assert venda["contingencia"]["tp_emis"] == 9
    original = venda["nfe"] - 1
    mercado.end_outage(falha)
    eventually(lambda: (original, original) in [(i["inicio"], i["fim"]) for i in mercado.voided()])


def test_a_lost_original_is_cancelled_when_sefaz_authorised_it(mercado: Mercado) -> None:
    mercado.plan_fault(tipo="drop_after", servico="NFeAutorizacao4", vezes=1)
    falha = mercado.start_outage("SP")
    venda = mercado.sell(id="AUTORIZADA-SEM-RESPOSTA")
    assert venda["contingencia"]["tp_emis"] == 9
    mercado.end_outage(falha)
    (original,) = [
        n["chave"] for n in mercado.ledger() if n["modelo"] == "65" and n["numero"] == venda["nfe"] - 1
    ]
    eventually(lambda: "110111" in [e["tp_evento"] for e in mercado.events(original)])
    eventually(lambda: mercado.detail(venda["uuid"])["status"] == "Authorized")


def test_the_svc_is_entered_on_its_own_word_and_left_by_itself(mercado: Mercado) -> None:
    falha = mercado.start_outage("SP")
    mercado.switch_svc("SP", 107)
    for nota in (mercado.note("SVC-1"), mercado.note("SVC-2")):
        assert (nota["status"], nota["contingencia"]["tipo"], nota["contingencia"]["tp_emis"]) == (
            "Success",
            "svc",
            6,
        )
    mercado.switch_svc("SP", 114)
    eventually(lambda: mercado.note(f"SVC-FORA-{mercado.count()}")["status"] == "Processing")
    mercado.end_outage(falha)
    eventually(lambda: "contingencia" not in mercado.note(f"NORMAL-{mercado.count()}"))
    mercado.switch_svc("SP", 107)
