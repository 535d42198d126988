"""Scenarios by the virtual clock, and their export told again to the byte."""

import json
from datetime import timedelta

import pytest
from tests.simulator.amostra import A1, AGORA, SENHA, document, envelope, lot, signed, status, values
from tests.simulator.amostra_eventos import ask, cancel, lot_of

from chancela.kit.clock import VirtualClock
from chancela.simulator.ca import AutoridadeTeste
from chancela.simulator.cenarios import find_cenario, list_cenarios, read_cenario, start_cenario
from chancela.simulator.fornecedor import Fornecedores
from chancela.simulator.nota_ficticia import Encomenda
from chancela.simulator.repeticao import ExportacaoInvalida, dump_export, export_exchanges, replay_exchanges
from chancela.simulator.sefaz import Desfecho, Sefaz


def state_of(sefaz: Sefaz, a1: A1, caminho: str) -> str:
    pedido = envelope(status(), "NFeStatusServico4")
    return values(sefaz.handle(f"{caminho}/NFeStatusServico4", pedido, a1.der).corpo, "cStat")[0]


def emit(sefaz: Sefaz, a1: A1, numero: int, agora: VirtualClock | None = None) -> Desfecho:
    emissao = (agora.now() if agora else AGORA) - timedelta(minutes=1)
    return sefaz.handle(
        "/NFeAutorizacao4", envelope(lot(signed(document(numero=numero, emissao=emissao), a1))), a1.der
    )


def test_the_package_has_the_five_scenarios() -> None:
    nomes = [cenario.nome for cenario in list_cenarios()]
    assert nomes == [
        "consumo-indevido",
        "contingencia-svc",
        "respostas-perdidas",
        "sefaz-fora-2h",
        "troca-de-certificado",
    ]


def test_contingency_opens_and_closes_by_the_clock(sefaz: Sefaz, a1: A1, relogio: VirtualClock) -> None:
    start_cenario(sefaz, find_cenario("contingencia-svc"), autorizador="SP")
    vistos = []
    for segundos in (1, 300, 6900, 600):
        relogio.advance(segundos)
        vistos.append((state_of(sefaz, a1, "/SP"), state_of(sefaz, a1, "/SVC-AN")))
    assert vistos == [("109", "114"), ("109", "107"), ("107", "113"), ("107", "114")]


def test_two_hours_without_anybody(sefaz: Sefaz, relogio: VirtualClock) -> None:
    start_cenario(sefaz, find_cenario("sefaz-fora-2h"))
    assert sefaz.plano.port_closed(relogio.now())
    relogio.advance(7200)
    assert not sefaz.plano.port_closed(relogio.now())


def test_only_a_certificate_made_after_the_change_passes(
    sefaz: Sefaz, a1: A1, relogio: VirtualClock, autoridade: AutoridadeTeste
) -> None:
    start_cenario(sefaz, find_cenario("troca-de-certificado"))
    assert state_of(sefaz, a1, "/SP") == "107"
    relogio.advance(601)
    assert state_of(sefaz, a1, "/SP") == "284"
    relogio.advance(600)
    novo = autoridade.issue_test_certificate(
        nome="Nova",
        senha=SENHA,
        agora=relogio.now(),
        cnpj="11222333000181",
        inicio=relogio.now() - timedelta(minutes=1),
    )
    assert state_of(sefaz, A1.load(novo), "/SP") == "107"


def test_the_seed_decides_whose_answer_is_lost(sefaz: Sefaz, a1: A1) -> None:
    def lost(semente: int) -> list[int]:
        sefaz.plano.clear()
        sefaz.livro.reset()
        start_cenario(sefaz, find_cenario("respostas-perdidas"), semente=semente)
        return [n for n in range(1, 31) if emit(sefaz, a1, n).corta_apos == 0]

    primeira = lost(1)
    assert 0 < len(primeira) < 15
    sefaz.plano = type(sefaz.plano)()
    assert lost(1) == primeira
    sefaz.plano = type(sefaz.plano)()
    assert lost(2) != primeira


def test_a_scenario_without_sense_is_refused(sefaz: Sefaz) -> None:
    with pytest.raises(ValueError, match="não há cenário"):
        find_cenario("outro")
    for passos in ([], [{"em_s": 1}], [{"em_s": 1, "voa": True}], [{"em_s": "x", "svc": {}}]):
        with pytest.raises(ValueError, match="passo"):
            read_cenario("x", {"passos": passos})
    with pytest.raises(ValueError, match="autorizador desconhecido"):
        start_cenario(sefaz, find_cenario("sefaz-fora-2h"), autorizador="XX")


def test_what_was_said_is_said_again_to_the_byte(sefaz: Sefaz, a1: A1, relogio: VirtualClock) -> None:
    start_cenario(sefaz, find_cenario("respostas-perdidas"))
    for numero in range(1, 9):
        emit(sefaz, a1, numero, relogio)
        relogio.advance(61)
    chave = sefaz.livro.list_notas({})[-1]["chave"]
    protocolo = sefaz.livro.list_notas({})[-1]["protocolo"]
    sefaz.handle(
        "/NFeRecepcaoEvento4",
        envelope(lot_of(cancel(chave, protocolo, quando=relogio.now()), a1), "NFeRecepcaoEvento4"),
        a1.der,
    )
    sefaz.tolerancia_cancelamento_h = 10
    sefaz.store_settings()
    ask(sefaz, a1, chave)
    texto = dump_export(export_exchanges(sefaz))
    dados = json.loads(texto)
    relogio.advance(86_400)
    assert replay_exchanges(sefaz, dados, relogio) == {"trocas": 10, "iguais": 10, "diferentes": []}
    assert dump_export(export_exchanges(sefaz)) == texto, "a replay leaves the ledger alone"
    dados["trocas"][2]["quando"] = "2026-11-21T16:00:00+00:00"
    assert replay_exchanges(sefaz, dados, relogio)["diferentes"][:1] == [3]


def test_what_cannot_be_told_again_is_not_exported(sefaz: Sefaz, relogio: VirtualClock) -> None:
    with pytest.raises(ExportacaoInvalida):
        replay_exchanges(sefaz, {"versao": 9}, relogio)
    Fornecedores(sefaz).issue_nota(Encomenda("99999999000191"))
    with pytest.raises(ExportacaoInvalida, match="fornecedor"):
        export_exchanges(sefaz)
