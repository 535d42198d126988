"""The printed calls of reports, exports, received notes, manifestation, automatic login and accountants, on a real platform.

They are those of `data/openapi/exemplos.json`, as printed, sent with the replacements listed here, each with its reason; the
answer must have every printed key with the printed JSON type, and fit what `/openapi.json` promises of it.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.processos.apoio import Loja, eventually, run_command
from tests.processos.promessas import Promessas
from tests.processos.test_contrato_operacoes import _compare

from chancela.cli.cliente_tffiscal import Resposta
from chancela.kit.clock import SystemClock
from chancela.kit.packaged import packaged_bytes
from chancela.server.demonstracao import Plataforma, wait_settled

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos")]

EXEMPLOS: dict[str, Any] = json.loads(packaged_bytes("openapi/exemplos.json"))
PROPRIO = "an identifier that the server gives"
PERIODO = "the printed period is over: nothing was issued in it"
DESTINATARIO = "the company that asks"
NAO_LITERAIS: dict[str, dict[str, str]] = {
    "invoice/report": {"company_id": PROPRIO},
    "invoice/report/export": {"company_id": PROPRIO},
    "invoice/get_xml": {"month": PERIODO},
    "invoice/manifest": {"chave": "the printed key is nobody's", "cnpj": DESTINATARIO},
    "invoice/manifest/list": {"cnpj": DESTINATARIO, "start_create_time": PERIODO, "end_create_time": PERIODO},
    "invoice/manifest/get_xml": {"id": PROPRIO},
    "invoice/received/sync": {"cnpj": DESTINATARIO},
    "invoice/received/list": {"cnpj": DESTINATARIO, "start_create_time": PERIODO, "end_create_time": PERIODO},
    "invoice/received/get_xml": {"id": PROPRIO},
    "invoice/received/get_sync_status": {"cnpj": DESTINATARIO},
    "sso/create_ticket": {"token": PROPRIO},
    "sso/consume_ticket": {"ticket": PROPRIO},
    "accountant/get_info": {"accountantId": PROPRIO, "companyId": PROPRIO},
}
"""What does not hold as printed, by operation."""


class Gestao:
    """A company that sold one note, and to which a supplier sold three."""

    def __init__(self, plataforma: Plataforma) -> None:
        self.plataforma = plataforma
        self.loja = Loja(plataforma)
        self.cliente = self.loja.cliente
        self.promessas = Promessas(plataforma.pronto["tffiscal"]["url"])
        criada = self.cliente.post("/api/invoice/create", self.loja.sale(id="GESTAO-1"))
        assert criada.corpo["success"], criada.corpo
        wait_settled(self.cliente, criada.dados["uuid"], SystemClock())
        self.hoje = date.fromtimestamp(SystemClock().now().timestamp()).strftime("%d/%m/%Y")

    def post(self, rota: str, qual: int = 0, **trocas: Any) -> Resposta:
        """A printed body with its replacements, sent."""
        pedido = dict(EXEMPLOS[rota]["entradas"][qual])
        assert set(trocas) == set(NAO_LITERAIS[rota]), rota
        return self.cliente.post(f"/api/{rota}", {**pedido, **trocas})

    def check(self, rota: str, resposta: Resposta, qual: int = 0) -> dict[str, Any]:
        """The answer succeeds, has every printed key with the printed type, and keeps the promise; the whole of it."""
        assert (resposta.status, resposta.corpo["success"]) == (200, True), (rota, resposta.corpo)
        _compare(EXEMPLOS[rota]["respostas"][qual], resposta.corpo, rota)
        self.promessas.check(rota, resposta)
        return resposta.corpo


@pytest.fixture(scope="module")
def gestao(plataforma: Plataforma) -> Gestao:
    return Gestao(plataforma)


def test_reports(gestao: Gestao) -> None:
    empresa = f"comp_{gestao.loja.company_id()}"
    (consulta,) = EXEMPLOS["invoice/report"]["consultas"]
    impressa = dict(parte.split("=") for parte in consulta.split("&")) | {"company_id": empresa}
    gestao.check("invoice/report", gestao.cliente.get("/api/invoice/report", **impressa))
    ano = SystemClock().now().year
    agora = impressa | {"start_date": f"{ano}-01-01", "end_date": f"{ano}-12-31", "ambiente": "2"}
    relatorio = gestao.check("invoice/report", gestao.cliente.get("/api/invoice/report", **agora))["data"]
    assert relatorio["summary"]["total_invoices"] == len(relatorio["invoices"]) == 1
    resumo = {"company_id": empresa, "year": ano, "ambiente": "2"}
    somado = gestao.check(
        "invoice/report/summary", gestao.cliente.get("/api/invoice/report/summary", **resumo)
    )
    assert [periodo["total_invoices"] for periodo in somado["data"]["periods"]] == [1]


def test_exports(gestao: Gestao) -> None:
    empresa = f"comp_{gestao.loja.company_id()}"
    pedida = gestao.check("invoice/report/export", gestao.post("invoice/report/export", company_id=empresa))
    assert pedida["message"] == EXEMPLOS["invoice/report/export"]["respostas"][0]["message"]
    rota = f"/api/report/status/{pedida['data']['report_id']}"

    def done() -> Resposta | None:
        resposta = gestao.cliente.get(rota)
        return resposta if resposta.dados["status"] == "completed" else None

    pronta = eventually(done)
    assert pronta is not None
    _compare(EXEMPLOS["invoice/report/export"]["respostas"][1], pronta.corpo, "report/status")
    assert gestao.cliente.download(pronta.dados["download_url"]).startswith(b"%PDF")

    def packed() -> Resposta | None:
        resposta = gestao.post("invoice/get_xml", month=SystemClock().now().month)
        return resposta if resposta.dados["status"] == "Success" else None

    gestao.check("invoice/get_xml", gestao.post("invoice/get_xml", month=SystemClock().now().month))
    pacote = eventually(packed)
    assert pacote is not None
    dados = gestao.check("invoice/get_xml", pacote, 1)["data"]
    assert dados["progress_count"] == dados["total_count"]
    assert gestao.cliente.download(dados["url"]).startswith(b"PK")
    mensais = gestao.cliente.get("/api/company/get_export_invoice_month_files")
    gestao.check("company/get_export_invoice_month_files", mensais)


def test_received_notes_and_manifestation(gestao: Gestao) -> None:
    cnpj, hoje = gestao.loja.cnpj, {"start_create_time": gestao.hoje, "end_create_time": gestao.hoje}
    nunca = gestao.post("invoice/received/get_sync_status", cnpj=cnpj)
    gestao.check("invoice/received/get_sync_status", nunca, 1)
    compra = {"destinatario": cnpj, "quantidade": 3, "ambiente": 1}
    chaves = gestao.loja.control().post("/_simulador/fornecedor/notas", compra).corpo["chaves"]
    feita = gestao.check("invoice/received/sync", gestao.post("invoice/received/sync", cnpj=cnpj))["data"]
    assert feita["pending"] == 0
    gestao.check("invoice/received/get_sync_status", gestao.post("invoice/received/get_sync_status", cnpj=cnpj))  # fmt: skip
    lista = gestao.post("invoice/received/list", cnpj=cnpj, **hoje)
    recebidas = gestao.check("invoice/received/list", lista)["data"]["list"]
    assert {nota["chave"] for nota in recebidas} == set(chaves)
    um = gestao.post("invoice/received/get_xml", id=recebidas[0]["id"])
    gestao.check("invoice/received/get_xml", um)
    for qual in range(2):
        manifestada = gestao.post("invoice/manifest", qual, cnpj=cnpj, chave=chaves[qual])
        gestao.check("invoice/manifest", manifestada)
    manifestos = gestao.post("invoice/manifest/list", cnpj=cnpj, **hoje)
    linhas = gestao.check("invoice/manifest/list", manifestos)["data"]["list"]
    assert {linha["tipo_evento"] for linha in linhas} == {210210, 210220}
    xml = gestao.check("invoice/manifest/get_xml", gestao.post("invoice/manifest/get_xml", id=linhas[0]["id"]))  # fmt: skip
    assert b"infEvento" in gestao.cliente.download(xml["data"]["xml_url"])


def test_automatic_login(gestao: Gestao) -> None:
    token = gestao.cliente.get("/api/company/get_detail").dados["token"]
    criado = gestao.check("sso/create_ticket", gestao.post("sso/create_ticket", token=token))
    assert criado["message"] == EXEMPLOS["sso/create_ticket"]["respostas"][0]["message"]
    entrada = gestao.check("sso/consume_ticket", gestao.post("sso/consume_ticket", ticket=criado["ticket"]))
    assert (entrada["message"], entrada["page"]) == ("Login succeeded", "emitir_nfe")


def test_accountants(gestao: Gestao, tmp_path: Path) -> None:
    pedido, impresso = EXEMPLOS["accountant/get_info"]["entradas"][0], EXEMPLOS["accountant/get_info"]["respostas"][0]["data"]  # fmt: skip
    nomes = {
        "email": "email", "tipo_documento": "officeDocumentType", "escritorio": "officeName", "responsavel": "responsibleName",
        "crc": "crc", "cpf": "accountantCpf", "endereco": "workAddress", "site": "site", "telefone": "landline",
        "celular": "mobile", "assistente": "assistantName", "assistente_email": "assistantEmail",
        "assistente_telefone": "assistantPhone", "observacoes": "observations",
    }  # fmt: skip
    cadastro = {nosso: impresso[fio] for nosso, fio in nomes.items()}
    cadastro["documento"] = gestao.loja.cnpj  # the printed CNPJ has wrong check digits
    (tmp_path / "contador.json").write_text(json.dumps(cadastro))
    codigo, criado, _ = run_command(gestao.plataforma, "contador", "criar", str(tmp_path / "contador.json"), "--json")  # fmt: skip
    assert codigo == 0
    empresa = gestao.loja.company_id()
    codigo, _, dito = run_command(
        gestao.plataforma, "contador", "vincular", criado["id"], "--empresa", empresa, "--json"
    )
    assert codigo == 0, dito
    assert pedido["email"] == cadastro["email"]
    resposta = gestao.post("accountant/get_info", accountantId=criado["id"], companyId=int(empresa))
    dados = gestao.check("accountant/get_info", resposta)["data"]
    assert dados == {**impresso, "officeDocument": gestao.loja.cnpj}


def test_every_printed_call_of_these_operations_is_replayed() -> None:
    """With those of `test_contrato_operacoes` they are all that the description of the API has."""
    fonte = Path(__file__).read_text(encoding="utf-8")
    impressas = json.loads((Path(__file__).parent / "contrato" / "chamadas.json").read_text(encoding="utf-8"))
    outras = {nome.partition(" ")[0] for nome in impressas} | {"invoice/create"}
    assert [rota for rota in EXEMPLOS if rota not in outras and f'"{rota}"' not in fonte] == []
