"""Every operation under every token: none, a forged one, a neighbour's, a stranger's, and the right one.

The arguments name what belongs to the first company, whose everything carries a canary. Only its own tokens may ever see
it. The operations come from the description of the API: one without a row here fails.
"""

from typing import Any

import pytest
import requests
from tests.api.conftest import CANARIO, Cenario


def arguments(c: Cenario) -> dict[str, dict[str, Any]]:
    """Arguments per operation; an operation that takes none has an empty row."""
    uuid, chave = {"uuid": c.documento.id}, {"chave": c.documento.chave}
    empresa = f"comp_{c.empresa.id}"
    periodo = {"company_id": empresa, "start_date": "2026-11-01", "end_date": "2026-11-30"}
    categoria, desconhecido = {"category_id": "TF1"}, {"id": c.documento.id, "uuid": c.documento.id}
    return {
        "accountant/get_info": {"companyId": c.empresa.id, "accountantId": c.contador_id, "email": "c@escritorio.com.br"},
        "category/create": {}, "category/delete": categoria, "category/edit": categoria,
        "category/get_detail": categoria, "category/get_list": {"page": 1, "page_size": 20},
        "company/create": {}, "company/edit": {"company_id": empresa, "name": "Outra"}, "company/get_cep_detail": {"cep": "01001000"},
        "company/get_detail": {}, "company/get_export_invoice_month_files": {}, "company/get_list": {"page": 1, "page_size": 20},
        "company/v2/create": {},
        "invoice/calcular": {}, "invoice/cancel": uuid, "invoice/cce/download_pdf": {"cce_id": c.documento.id},
        "invoice/cce/download_xml": {"cce_id": c.documento.id}, "invoice/cce/get_list": uuid,
        "invoice/cce/send": {**uuid, "correcao": "texto de correção da nota"}, "invoice/consultar_status": {"chave": "1"},
        "invoice/create": {}, "invoice/get_danfe": chave, "invoice/get_detail": uuid,
        "invoice/get_list": {"page": 1, "page_size": 20}, "invoice/get_xml": {"type": "xml"},
        "invoice/invalid": {}, "invoice/manifest": chave, "invoice/manifest/get_xml": desconhecido, "invoice/manifest/list": {},
        "invoice/received/get_sync_status": desconhecido, "invoice/received/get_xml": desconhecido, "invoice/received/list": {},
        "invoice/received/sync": {}, "invoice/refresh": uuid,
        "invoice/report": periodo, "invoice/report/export": {**periodo, "format": "csv"},
        "invoice/report/summary": {"company_id": empresa, "year": 2026}, "invoice/return": uuid,
        "nfce/cancel": {**chave, "motivo": "motivo do cancelamento"}, "nfce/category/create": {}, "nfce/category/delete": categoria,
        "nfce/category/edit": categoria, "nfce/category/get_detail": categoria, "nfce/category/get_list": {"page": 1, "page_size": 20},
        "nfce/company/create": {}, "nfce/company/get": {}, "nfce/company/update": {}, "nfce/create": {},
        "nfce/get_danfe": uuid, "nfce/get_detail": uuid,
        "report/status/{report_id}": {"report_id": f"rpt_{c.exportacao_id}"},
        "sso/consume_ticket": {"ticket": "x"}, "sso/create_ticket": {"token": c.token},
        "webhook/create": {}, "webhook/delete": {"webhook_id": c.webhook_id}, "webhook/get_attempts": {"entrega_id": 1},
        "webhook/get_deliveries": {"webhook_id": c.webhook_id}, "webhook/get_list": {},
        "webhook/reactivate": {"webhook_id": c.webhook_id}, "webhook/resend": {"entrega_id": 1},
    }  # fmt: skip


@pytest.fixture(scope="module")
def operacoes(cenario: Cenario) -> list[tuple[str, str]]:
    caminhos = requests.get(f"{cenario.url}/openapi.json", timeout=60).json()["paths"]
    return [
        (m.upper(), caminho.removeprefix("/api/")) for caminho, metodos in caminhos.items() for m in metodos
    ]


def test_every_operation_has_a_row(cenario: Cenario, operacoes: list[tuple[str, str]]) -> None:
    assert {caminho for _, caminho in operacoes} - set(arguments(cenario)) == set()


def call(c: Cenario, metodo: str, rota: str, token: str | None, *, certo: bool = True) -> requests.Response:
    dados = dict(arguments(c)[rota])
    caminho = "/api/" + rota.format(**dados)
    if "{" in rota:
        dados = {}
    return c.call(metodo, caminho, dados, token, certo=certo)


def shows(resposta: requests.Response) -> bool:
    return CANARIO in resposta.text.upper()


def test_nobody_without_a_valid_signature_gets_anything(
    cenario: Cenario, operacoes: list[tuple[str, str]]
) -> None:
    for metodo, rota in operacoes:
        if rota == "sso/consume_ticket":  # its ticket is its credential
            continue
        for resposta in (
            call(cenario, metodo, rota, None),
            call(cenario, metodo, rota, "um-token-qualquer"),
            call(cenario, metodo, rota, cenario.token, certo=False),
        ):
            assert resposta.status_code == 401, (rota, resposta.text)
            assert not shows(resposta), rota


def test_no_foreign_byte_under_another_token(cenario: Cenario, operacoes: list[tuple[str, str]]) -> None:
    for metodo, rota in operacoes:
        for token in (cenario.token_vizinha, cenario.token_estranha, cenario.token_outro_integrador):
            resposta = call(cenario, metodo, rota, token)
            assert resposta.status_code < 500, (rota, resposta.text)
            assert not shows(resposta), (rota, resposta.text)


def test_the_owner_sees_the_canary(cenario: Cenario, operacoes: list[tuple[str, str]]) -> None:
    """Without this the test above would prove nothing."""
    vistas = {
        rota
        for metodo, rota in operacoes
        if metodo == "GET" or rota == "accountant/get_info"
        if shows(call(cenario, metodo, rota, cenario.token))
    }
    assert {
        "accountant/get_info",
        "company/get_detail",
        "invoice/get_detail",
        "invoice/report",
        "webhook/get_list",
    } <= vistas
    assert shows(call(cenario, "GET", "company/get_list", cenario.token_integrador))
