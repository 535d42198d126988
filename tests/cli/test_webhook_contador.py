"""`chancela webhook` and `chancela contador` on a real database: registered, listed, linked, taken away, and refused by name."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from tests.fixtures.banco import servidor_banco, url_banco
from tests.stores.fabrica import companies, vault

from chancela.cli.contador import create_contador, link_contador, unlink_contador
from chancela.cli.saida import RECUSADO, USO_ERRADO
from chancela.cli.webhook import (
    create_webhook,
    delete_webhook,
    find_owner,
    list_deliveries,
    list_webhooks,
    resend_delivery,
)
from chancela.issuing.empresa import Empresa
from chancela.issuing.notificacao import TentativaEntrega
from chancela.kit.clock import VirtualClock
from chancela.kit.ids import TimeOrderedIds
from chancela.kit.randomness import SeededRandomness
from chancela.stores.conexao import Banco
from chancela.stores.contadores import ContadoresPg
from chancela.stores.empresas import EmpresasPg
from chancela.stores.entregas import EntregasPg
from chancela.stores.webhooks import Dono, WebhooksPg

__all__ = ["servidor_banco", "url_banco"]
CADASTRO = {
    "email": "c@escritorio.com.br", "tipo_documento": "CNPJ", "documento": "11222333000181", "escritorio": "Escritório",
    "responsavel": "Responsável", "crc": "SP-123456", "cpf": "12345678909",
}  # fmt: skip


@dataclass
class Mesa:
    """The database, one company, and what the last command printed."""

    banco: Banco
    empresa: Empresa
    capsys: pytest.CaptureFixture[str]

    @property
    def webhooks(self) -> WebhooksPg:
        return WebhooksPg(self.banco, vault(), SeededRandomness(3))

    @property
    def entregas(self) -> EntregasPg:
        return EntregasPg(self.banco, vault())

    @property
    def dono(self) -> Dono:
        return Dono(self.empresa.integrador_id, self.empresa.id)

    def printed(self) -> Any:
        return json.loads(self.capsys.readouterr().out)

    def said(self) -> str:
        return self.capsys.readouterr().err


@pytest.fixture
def mesa(url_banco: str, capsys: pytest.CaptureFixture[str]) -> Iterator[Mesa]:
    banco = Banco(url_banco)
    yield Mesa(banco, companies(banco)[0], capsys)
    banco.close()


def test_an_address_from_registered_to_gone(mesa: Mesa) -> None:
    create_webhook(
        mesa.webhooks, mesa.dono, "https://erp.exemplo.com.br/", ["documento.autorizado"], em_json=True
    )
    criado = mesa.printed()
    assert criado["segredo"].startswith("whsec_")
    list_webhooks(mesa.webhooks, mesa.dono, em_json=True)
    (linha,) = mesa.printed()
    assert (linha["id"], linha["eventos"], linha["ativo"]) == (
        str(criado["id"]),
        "documento.autorizado",
        "sim",
    )
    assert "segredo" not in linha
    delete_webhook(mesa.webhooks, mesa.dono, criado["id"], em_json=True)
    assert mesa.printed() == {"id": criado["id"]}
    with pytest.raises(SystemExit) as saida:
        delete_webhook(mesa.webhooks, mesa.dono, criado["id"], em_json=True)
    assert saida.value.code == RECUSADO
    assert "WEBHOOK-NAO-EXISTE" in mesa.said()


def test_a_delivery_is_shown_and_sent_again(mesa: Mesa) -> None:
    create_webhook(mesa.webhooks, mesa.dono, "https://erp.exemplo.com.br/", [], em_json=True)
    webhook_id = mesa.printed()["id"]
    with mesa.banco.company(mesa.empresa.id) as conexao:
        conexao.execute(
            text("SELECT chancela_notificar(:empresa, 'x', 'documento.autorizado', '{}')"),
            {"empresa": mesa.empresa.id},
        )
    (tomada,) = mesa.entregas.take(limite=1, prazo_s=60)
    with pytest.raises(SystemExit):
        resend_delivery(mesa.entregas, mesa.dono, tomada.entrega.id, em_json=True)
    assert "encerrada" in mesa.said()
    mesa.entregas.record(tomada.entrega, TentativaEntrega(204, 3), nova_em_s=None)
    list_deliveries(mesa.entregas, mesa.dono, webhook_id, em_json=True)
    (linha,) = mesa.printed()
    assert (linha["evento"], linha["uuid"], linha["estado"]) == ("documento.autorizado", "x", "ENTREGUE")
    resend_delivery(mesa.entregas, mesa.dono, tomada.entrega.id, em_json=True)
    assert mesa.printed()["estado"] == "PENDENTE"
    assert len(mesa.entregas.take(limite=1, prazo_s=60)) == 1


@pytest.mark.parametrize(
    ("url", "eventos", "codigo", "dito"),
    [
        ("https://erp.exemplo.com.br/", ["documento.inventado"], USO_ERRADO, "documento.inventado"),
        ("ftp://erp.exemplo.com.br/", [], RECUSADO, "WEBHOOK-URL"),
        ("https://alguem:senha@erp.exemplo.com.br/", [], RECUSADO, "WEBHOOK-URL"),
    ],
)
def test_an_address_is_refused(mesa: Mesa, url: str, eventos: list[str], codigo: int, dito: str) -> None:
    with pytest.raises(SystemExit) as saida:
        create_webhook(mesa.webhooks, mesa.dono, url, eventos, em_json=True)
    assert saida.value.code == codigo
    assert dito in mesa.said()
    assert mesa.webhooks.list_of(mesa.dono) == []


def test_the_owner_is_a_company_or_an_integrator(mesa: Mesa) -> None:
    empresas = EmpresasPg(mesa.banco, vault(), SeededRandomness(4))
    assert find_owner(empresas, mesa.empresa.id, None) == mesa.dono
    assert find_owner(empresas, None, mesa.empresa.integrador_id) == Dono(mesa.empresa.integrador_id, None)
    for empresa, integrador, codigo in (
        (None, None, USO_ERRADO),
        (1, 1, USO_ERRADO),
        (10**9, None, RECUSADO),
    ):
        with pytest.raises(SystemExit) as saida:
            find_owner(empresas, empresa, integrador)
        assert saida.value.code == codigo


def test_an_accountant_is_registered_and_linked(mesa: Mesa, tmp_path: Path) -> None:
    contadores = ContadoresPg(mesa.banco)
    ids = TimeOrderedIds(VirtualClock(datetime(2026, 11, 20, tzinfo=UTC)), SeededRandomness(5))
    arquivo = tmp_path / "contador.json"
    arquivo.write_text(json.dumps(CADASTRO))
    create_contador(contadores, ids, arquivo, em_json=True)
    contador_id = mesa.printed()["id"]
    link_contador(contadores, contador_id, mesa.empresa.id, em_json=True)
    assert mesa.printed()["vinculo"] == "sim"
    unlink_contador(contadores, contador_id, mesa.empresa.id, em_json=True)
    assert mesa.printed()["vinculo"] == "não"
    for desconhecido in ("nenhum", "f" * 24):
        with pytest.raises(SystemExit) as saida:
            link_contador(contadores, desconhecido, mesa.empresa.id, em_json=True)
        assert saida.value.code == RECUSADO
    with pytest.raises(SystemExit):
        unlink_contador(contadores, contador_id, mesa.empresa.id, em_json=True)
    assert "CONTADOR-NAO-EXISTE" in mesa.said()


@pytest.mark.parametrize(
    ("conteudo", "codigo", "dito"),
    [
        ("{", USO_ERRADO, "não é um JSON válido"),
        ("[]", USO_ERRADO, "Faltam: email"),
        (json.dumps(CADASTRO | {"idade": "7"}), USO_ERRADO, "A mais: idade"),
        (json.dumps(CADASTRO | {"crc": 7}), USO_ERRADO, "objeto de textos"),
        (json.dumps(CADASTRO | {"tipo_documento": "RG"}), USO_ERRADO, "CNPJ ou CPF"),
        (json.dumps(CADASTRO | {"documento": "11222333000182"}), RECUSADO, "documento:"),
    ],
)
def test_a_registration_is_refused(mesa: Mesa, tmp_path: Path, conteudo: str, codigo: int, dito: str) -> None:
    arquivo = tmp_path / "contador.json"
    arquivo.write_text(conteudo)
    ids = TimeOrderedIds(VirtualClock(datetime(2026, 11, 20, tzinfo=UTC)), SeededRandomness(5))
    with pytest.raises(SystemExit) as saida:
        create_contador(ContadoresPg(mesa.banco), ids, arquivo, em_json=True)
    assert saida.value.code == codigo
    assert dito in mesa.said()
