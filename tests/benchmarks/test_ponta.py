"""The arithmetic of the end-to-end benchmark; the platform itself is measured by hand."""

import json

import pytest
from benchmarks.ponta.capacidade import Hipotese, busiest, compute
from benchmarks.ponta.carga import Atendimento
from benchmarks.ponta.contas import Gasto
from benchmarks.ponta.imersao import Trafego
from benchmarks.ponta.medir import added_ms, percentile
from benchmarks.ponta.memoria import summarize


def test_the_simulators_own_time_is_taken_off_and_refused_notes_do_not_count() -> None:
    atendimentos = [Atendimento("a", 30.0), Atendimento("", 900.0), Atendimento("b", 12.5)]
    assert added_ms(atendimentos, {"a": 5.0, "b": 2.5}) == [25.0, 10.0]


def test_percentiles_lie_between_what_was_seen() -> None:
    valores = [float(valor) for valor in range(1, 102)]
    assert percentile(valores, 50) == 51.0
    assert percentile(valores, 99) == 100.0
    assert percentile([7.0], 99) == 7.0


def test_what_a_period_spent_is_the_difference_of_two_readings() -> None:
    antes = Gasto({"API": (1.0, 0.5)}, commits=10, wal_bytes=100)
    depois = Gasto({"API": (1.75, 1.0)}, commits=16, wal_bytes=300)
    assert depois - antes == Gasto({"API": (0.75, 0.5)}, commits=6, wal_bytes=200)


PERIODO = {
    "caso": "NF-e", "produto_ms": 8.0, "por_s": 100.0, "cpu_ms": {"API": 5.0, "worker": 1.0, "PostgreSQL": 2.0}, "commits": 6.0,
    "wal_kib": 16.0, "rsa_ms": 0.4,
}  # fmt: skip


def test_cores_follow_from_the_time_of_one_document() -> None:
    precisa = compute(PERIODO, Hipotese(por_s=3_000, ocupacao=0.5, nucleos_por_maquina=16))
    assert precisa.nucleos == {"API": 30.0, "worker": 6.0, "PostgreSQL": 12.0}
    assert precisa.maquinas == {"API": 2, "worker": 1}
    assert (precisa.commits_por_s, precisa.wal_mib_por_s) == (18_000, 46.875)
    assert (precisa.notas_por_s_num_banco, precisa.bancos) == (4_000, 1)


def test_a_machine_twice_as_fast_needs_half_the_cores() -> None:
    precisa = compute(PERIODO, Hipotese(por_s=3_000, ocupacao=0.5, rsa_ms=0.2))
    assert precisa.nucleos == {"API": 15.0, "worker": 3.0, "PostgreSQL": 6.0}


def test_the_busiest_case_speaks_for_the_others() -> None:
    linhas = [
        json.dumps(PERIODO),
        json.dumps(PERIODO | {"caso": "cheio", "por_s": 200.0}),
        '{"sobre_o_menor": {}}',
    ]
    assert busiest(linhas)["caso"] == "cheio"
    with pytest.raises(LookupError):
        busiest(linhas[2:])


def test_memory_that_is_full_by_the_middle_is_flat_and_one_that_grows_is_not() -> None:
    cheia = [(n, {"API": min(100.0, 50 + n), "worker": 90.0}) for n in range(1, 101)]
    assert summarize(cheia).plana
    assert summarize(cheia).no_alvo
    cresce = [(n, {"API": 100.0 + n, "worker": 90.0}) for n in range(1, 121)]
    assert not summarize(cresce).plana
    assert not summarize(cresce).no_alvo
    assert summarize(cresce).maximo_mib == {"API": 220.0, "worker": 90.0}


def test_a_soak_takes_a_refusal_for_due_only_when_it_knows_why() -> None:
    trafego = Trafego(canceladas={"u1"})
    sem_nota = {"success": False, "message": "Só um documento autorizado recebe este evento.", "data": {"erros": [{"codigo": "EVENTO-NAO-AUTORIZADO"}]}}  # fmt: skip
    for uuid in ("u1", "u2"):
        trafego.judge("corrigir", uuid, sem_nota)
    trafego.judge("recusada", "", {"success": False, "message": "products[0].category_id: não existe"})
    trafego.judge("vender", "", {"success": False, "message": "Número 12345 já usado"})
    trafego.judge("vender", "", {"success": True})
    assert sum(trafego.recusas.values()) == 2
    assert dict(trafego.inesperadas) == {
        "corrigir: Só um documento autorizado recebe este evento. EVENTO-NAO-AUTORIZADO": 1,
        "vender: Número # já usado": 1,
    }
    assert trafego.chamadas == {"corrigir": 2, "recusada": 1, "vender": 2}
