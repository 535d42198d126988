"""Everything that suppliers issued is captured once, whatever dies in between, and a summary becomes the whole note."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from tests.processos.apoio import Loja, eventually

from chancela.cli.cliente_tffiscal import ClienteTffiscal
from chancela.issuing.configuracao_emissao import change_configuracao
from chancela.server.configuracao import load_configuracao
from chancela.server.demonstracao import Plataforma
from chancela.server.pecas import create_transport, database_of, open_pecas
from chancela.server.recebidos import create_servico_recebidos, open_servico_eventos
from chancela.stores.recebidos import RecebidosPg

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos")]

PONTOS = ("distribuicao_respondida", "distribuicao_pagina.apos_gravar")


class Recebedor:
    """A company that receives, and the supplier that the simulator plays."""

    def __init__(self, plataforma: Plataforma) -> None:
        self.loja = Loja(plataforma)
        self.cnpj = self.loja.cnpj
        self.controle = ClienteTffiscal(plataforma.pronto["simulador"]["controle_url"], "")

    def supply(self, quantidade: int) -> list[str]:
        """The keys of new notes issued to this company."""
        resposta = self.controle.post(
            "/_simulador/fornecedor/notas",
            {"destinatario": self.cnpj, "quantidade": quantidade, "ambiente": 1},
        )
        assert resposta.status == 201, resposta.corpo
        return resposta.corpo["chaves"]

    def sync(self, maximo: int) -> dict[str, Any]:
        return self._call("received/sync", max_iterations=maximo).dados

    def sync_into_crash(self, maximo: int) -> None:
        with suppress(OSError, HTTPException, ValueError, AssertionError):
            self.sync(maximo)

    def state(self) -> dict[str, Any]:
        return self._call("received/get_sync_status").dados

    def manifest(self, chave: str, tipo: int, **resto: Any) -> Any:
        return self._call("manifest", chave=chave, tipo_evento=tipo, **resto)

    def list_all(self, tipo: str) -> list[dict[str, Any]]:
        itens: list[dict[str, Any]] = []
        while True:
            pagina = self._call(
                "received/list", doc_type=tipo, page=len(itens) // 100 + 1, page_size=100
            ).dados
            itens += pagina["list"]
            if len(itens) >= pagina["total"]:
                return itens

    def _call(self, caminho: str, **campos: Any) -> Any:
        return self.loja.cliente.post(f"/api/invoice/{caminho}", {"cnpj": self.cnpj, **campos})


def _capture(recebedor: Recebedor, pasta: Path, quantidade: int, quedas: int) -> None:
    """Supply, capture through kills, give ciência half-way, and compare with what the supplier issued."""
    chaves = recebedor.supply(quantidade)
    for vez in range(quedas):
        ponto = PONTOS[vez % len(PONTOS)]
        (pasta / ponto).touch()
        recebedor.sync_into_crash(2)
        assert not (pasta / ponto).exists(), f"{ponto} was not reached"
        eventually(lambda: _answers(recebedor.state))
    parcial = eventually(lambda: _progress(recebedor))
    assert 0 < parcial["ult_nsu"] < quantidade
    meio = eventually(lambda: recebedor.list_all("resNFe"))
    escolhida = meio[-1]["chave"]
    ciencia = recebedor.manifest(escolhida, 210210)
    assert (ciencia.dados["cStat"], ciencia.dados["nSeqEvento"]) == (135, 1), ciencia.corpo
    fim = eventually(lambda: _finish(recebedor), prazo_s=600.0)
    assert fim["pending"] == 0
    contadas = Counter(item["chave"] for item in recebedor.list_all("resNFe"))
    assert contadas == Counter(chaves)
    assert [item["chave"] for item in recebedor.list_all("procNFe")] == [escolhida]


def _answers(pergunta: Callable[[], dict[str, Any]]) -> bool:
    with suppress(OSError, HTTPException, ValueError):
        return "ult_nsu" in pergunta()
    return False


def _progress(recebedor: Recebedor) -> dict[str, Any]:
    """One page more: the lease of the dead process has to be freed first."""
    feita = recebedor.sync(1)
    return feita if feita["iterations"] else {}


def _finish(recebedor: Recebedor) -> dict[str, Any]:
    """Some pages more: a call that took all of them would outlast the patience of its caller."""
    feita = recebedor.sync(10)
    return feita if feita["iterations"] and feita["pending"] == 0 else {}


def test_three_hundred_notes_are_captured_once_over_kills(
    plataforma: Plataforma, pasta_de_quedas: Path
) -> None:
    recebedor = Recebedor(plataforma)
    assert recebedor.state() == {
        "cnpj": recebedor.cnpj, "ult_nsu": 0, "max_nsu": 0, "pending": 0, "last_sync": None,
    }  # fmt: skip
    _capture(recebedor, pasta_de_quedas, 300, quedas=2)

    cedo = recebedor.sync(50)
    assert (cedo["iterations"], cedo["pending"]) == (0, 0), "SEFAZ is not asked before its hour"
    assert recebedor.state()["last_sync"] is not None

    (completa,) = recebedor.list_all("procNFe")
    texto = _download(recebedor, f"received/get_xml:{completa['id']}")
    assert b"<nfeProc" in texto
    assert completa["chave"].encode() in texto


def test_a_statement_said_again_and_its_file(plataforma: Plataforma) -> None:
    recebedor = Recebedor(plataforma)
    (chave,) = recebedor.supply(1)
    assert recebedor.sync(1)["stats"]["resNFe"] == 1
    sem = recebedor.manifest(chave, 210240)
    assert (sem.status, sem.dados["erros"][0]["campo"]) == (400, "justificativa")
    primeira = recebedor.manifest(chave, 210200).dados
    assert (primeira["cStat"], primeira["desc_evento"]) == (135, "Confirmacao da Operacao")
    assert recebedor.manifest(chave, 210200).dados["id"] == primeira["id"]
    tarde = recebedor.manifest(chave, 210210)
    assert (tarde.status, tarde.corpo["success"], tarde.dados["cstat"]) == (200, False, 655), tarde.corpo
    lista = recebedor.loja.cliente.post("/api/invoice/manifest/list", {"chave": chave}).dados
    assert [item["id"] for item in lista["list"]] == [primeira["id"]]
    texto = _download(recebedor, f"manifest/get_xml:{primeira['id']}")
    assert b"<procEventoNFe" in texto
    desconhecida = recebedor.loja.cliente.post("/api/invoice/received/get_xml", {"id": "f" * 24})
    assert (desconhecida.status, desconhecida.corpo["message"]) == (404, "documento recebido não encontrado")
    invalida = recebedor.loja.cliente.post("/api/invoice/manifest/get_xml", {"id": "x"})
    assert (invalida.status, invalida.corpo["message"]) == (400, "id inválido")


def test_a_company_that_wants_it_gives_ciencia_by_itself(
    plataforma: Plataforma, monkeypatch: pytest.MonkeyPatch
) -> None:
    recebedor = Recebedor(plataforma)
    chaves = recebedor.supply(2)
    simulador = plataforma.pronto["simulador"]
    for nome, valor in (
        ("HOME", str(plataforma.pasta)),
        ("SEFAZ_URL", simulador["url"]),
        ("SEFAZ_CA_FILE", simulador["ca_file"]),
    ):
        monkeypatch.setenv(f"CHANCELA_{nome}", valor)
    configuracao = load_configuracao()
    with (
        database_of(configuracao) as url,
        open_pecas(configuracao, url, threads=4, nome="chancela-teste") as pecas,
    ):
        (empresa,) = [e for e in pecas.empresas.with_certificate() if str(e.cnpj) == recebedor.cnpj]
        ajustes = {"recebidas_automatico": "true", "recebidas_ciencia": "true"}
        pecas.empresas.configure(empresa.id, lambda guardada: change_configuracao(guardada, ajustes))
        assert empresa.id in RecebidosPg(pecas.banco).due(100)

        async def run() -> int:
            async with open_servico_eventos(configuracao, pecas) as eventos:
                transporte = create_transport(configuracao, pecas.clock, lambda _troca: None)
                try:
                    servico = create_servico_recebidos(configuracao, pecas, transporte, eventos)
                    return await servico.run_due()
                finally:
                    await transporte.close()

        assert asyncio.run(run()) >= 1
        assert empresa.id not in RecebidosPg(pecas.banco).due(100)
    ditas = recebedor.loja.cliente.post("/api/invoice/manifest/list", {"cnpj": recebedor.cnpj}).dados["list"]
    assert {(d["chave"], d["tipo_evento"], d["cStat"]) for d in ditas} == {(c, 210210, 135) for c in chaves}


@pytest.mark.longo
def test_three_thousand_notes_are_captured_once_over_kills(
    plataforma: Plataforma, pasta_de_quedas: Path
) -> None:
    _capture(Recebedor(plataforma), pasta_de_quedas, 3_000, quedas=8)


def _download(recebedor: Recebedor, pedido: str) -> bytes:
    caminho, _, id_ = pedido.partition(":")
    url = recebedor.loja.cliente.post(f"/api/invoice/{caminho}", {"id": id_}).dados["xml_url"]
    return recebedor.loja.cliente.download(url)
