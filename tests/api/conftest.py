"""The API as its process runs it, on a real socket and a real PostgreSQL, with two integrators and three companies."""

import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import obstore
import pytest
import requests
import uvicorn
from fastapi import FastAPI
from obstore.store import ObjectStore
from tests.fixtures.banco import servidor_banco, url_banco_do_modulo
from tests.stores.fabrica import new_company, new_document, new_id, outcome, plan, protocol, signed

from chancela.faces.tffiscal.autenticacao import sign_md5
from chancela.issuing.empresa import Empresa
from chancela.issuing.modelo import Documento, Estado, Resumo
from chancela.issuing.notificacao import NovoWebhook
from chancela.kit.clock import SystemClock
from chancela.kit.ids import TimeOrderedIds
from chancela.kit.json_exact import write_json
from chancela.kit.portas import free_port
from chancela.kit.randomness import SystemRandomness
from chancela.reports.exportacao import Exportador
from chancela.server.api import create_app
from chancela.server.configuracao import Configuracao
from chancela.server.pecas import open_cofre
from chancela.stores.artefatos import open_objects
from chancela.stores.contadores import Contador, ContadoresPg
from chancela.stores.documentos import DocumentosPg
from chancela.stores.empresas import EmpresasPg
from chancela.stores.exportacoes import ExportacoesPg
from chancela.stores.relatorios import RelatoriosPg
from chancela.stores.webhooks import WebhooksPg

__all__ = ["servidor_banco", "url_banco_do_modulo"]

CANARIO = "CANARIOAMARELO"
"""Stands in everything that belongs to the first company, and nowhere else."""


@dataclass(frozen=True)
class Cenario:
    """A running API, whom it knows, and what belongs to the first company."""

    url: str
    empresa: Empresa
    token: str
    token_integrador: str
    token_vizinha: str
    """Another company of the same integrator."""
    token_estranha: str
    """A company of another integrator."""
    token_outro_integrador: str
    documento: Documento
    contador_id: str
    webhook_id: int
    exportacao_id: str
    configuracao: Configuracao
    url_banco: str
    app: FastAPI
    """The application itself, for what its routes say of themselves."""

    def make_exports(self) -> None:
        """What the worker does with the exports that wait."""
        with self._exporting() as (exportador, _):
            while exportador.make_next():
                pass

    def files(self, extensao: str) -> list[bytes]:
        """The files of exports, oldest first."""
        with self._exporting() as (_, objetos):
            caminhos = sorted(f["path"] for parte in obstore.list(objetos, "exportacoes") for f in parte)
            return [bytes(obstore.get(objetos, c).bytes()) for c in caminhos if c.endswith(extensao)]

    def lose_exports(self) -> None:
        """Delete every file of an export behind the program's back."""
        with self._exporting() as (_, objetos):
            for parte in obstore.list(objetos, "exportacoes"):
                obstore.delete(objetos, [f["path"] for f in parte])

    @contextmanager
    def _exporting(self) -> Generator[tuple[Exportador, ObjectStore]]:
        with open_cofre(self.configuracao, self.url_banco) as (banco, cofre):
            objetos = open_objects(self.configuracao.url_artefatos)
            empresas = EmpresasPg(banco, cofre, SystemRandomness())
            ids = TimeOrderedIds(SystemClock(), SystemRandomness())
            yield Exportador(RelatoriosPg(banco), ExportacoesPg(banco), objetos, ids, empresas.get), objetos

    def call(
        self, metodo: str, caminho: str, dados: dict[str, Any], token: str | None, *, certo: bool = True
    ) -> requests.Response:
        """A signed call; `certo` false: the signature is another token's."""
        corpo = b"" if metodo == "GET" else write_json(dados)
        pedido = requests.Request(
            metodo, self.url + caminho, params=dados if metodo == "GET" else None, data=corpo or None,
            headers={"Content-Type": "application/json;charset=utf-8"},
        ).prepare()  # fmt: skip
        if token is not None:
            sign(pedido, token, token if certo else token + "x")
        with requests.Session() as sessao:
            return sessao.send(pedido, timeout=60)


def sign(pedido: requests.PreparedRequest, token: str, chave: str) -> None:
    """Put the three headers on a request, as a customer's program does."""
    instante = str(int(time.time()))
    caminho = pedido.path_url if pedido.method == "GET" else pedido.path_url.partition("?")[0]
    corpo = pedido.body or b""
    conteudo = corpo if isinstance(corpo, bytes) else corpo.encode()
    pedido.headers.update(
        {"token": token, "timestamp": instante, "sign": sign_md5(chave, caminho, conteudo, instante)}
    )


@pytest.fixture(scope="module")
def cenario(url_banco_do_modulo: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cenario]:
    pasta: Path = tmp_path_factory.mktemp("api")
    porta = free_port()
    configuracao = Configuracao(home=pasta, port=porta, log_level="ERROR", response_deadline_s=1.0)
    app = create_app(configuracao, url_banco_do_modulo)
    servidor = uvicorn.Server(uvicorn.Config(app, port=porta, log_level="error", access_log=False))
    fio = threading.Thread(target=servidor.run, daemon=True)
    fio.start()
    try:
        while not servidor.started:
            assert fio.is_alive(), "the API did not start"
            fio.join(0.05)
        yield _fill(configuracao, url_banco_do_modulo, f"http://127.0.0.1:{porta}", app)
    finally:
        servidor.should_exit = True
        fio.join()


def _fill(configuracao: Configuracao, url_banco: str, url: str, app: FastAPI) -> Cenario:
    with open_cofre(configuracao, url_banco) as (banco, cofre):
        empresas = EmpresasPg(banco, cofre, SystemRandomness())
        primeiro, token_integrador = empresas.create_integrador("Primeiro")
        segundo, token_outro = empresas.create_integrador("Segundo")
        nova = new_company(primeiro.id, 1, razao_social=f"LOJA {CANARIO}", email=f"{CANARIO}@exemplo.com.br")
        empresa, token = empresas.create(nova)
        _, token_vizinha = empresas.create(new_company(primeiro.id, 2))
        _, token_estranha = empresas.create(new_company(segundo.id, 3))
        webhook, _ = WebhooksPg(banco, cofre, SystemRandomness()).create(
            NovoWebhook(primeiro.id, empresa.id, f"https://{CANARIO.lower()}.exemplo.com.br/")
        )
        contadores, contador_id = ContadoresPg(banco), new_id()
        contadores.create(contador_id, Contador("c@escritorio.com.br", "CNPJ", "12345678000199", CANARIO, CANARIO, "1", "1"))  # fmt: skip
        contadores.link(contador_id, empresa.id)
        exportacao = ExportacoesPg(banco).request(
            new_id(), empresa.id, "relatorio", {"de": CANARIO}, total=1, mudancas=1
        )
        documento = _issue(DocumentosPg(banco), empresa)
    return Cenario(
        url, empresa, token, token_integrador, token_vizinha, token_estranha, token_outro, documento,
        contador_id, webhook.id, exportacao.id, configuracao, url_banco, app,
    )  # fmt: skip


def _issue(documentos: DocumentosPg, empresa: Empresa) -> Documento:
    resumo = Resumo(Decimal("300.00"), f"Venda {CANARIO}", f"Cliente {CANARIO}", "12345678909", 1)
    admissao = documentos.admit(new_document(empresa, resumo=resumo), dono="api", prazo_s=60)
    assert admissao.concessao is not None
    (tentativa,) = documentos.begin([plan(admissao.concessao, signed())])
    fim = outcome(
        admissao.concessao, Estado.AUTORIZADO, tentativa, xml_autorizado=f"<n>{CANARIO}</n>".encode()
    )
    return documentos.settle([replace(fim, protocolo=protocol(), motivo=CANARIO)])[0]
