"""Each checker catches the fault it is for: a clean run, with one thing in it changed afterwards."""

import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from chancela.server.simulacao.conferentes import CONFERENTES, examine
from chancela.server.simulacao.corrida import Campanha, Resultado
from chancela.server.simulacao.enredo import Modo
from chancela.server.simulacao.provas import (
    Aviso,
    Distribuido,
    DocumentoVisto,
    Exchange,
    FaixaNoLivro,
    Provas,
)


@pytest.fixture(scope="module")
def limpa(campanha: Campanha) -> Resultado:
    resultado = campanha.run(6, 4, Modo.LEVE)
    assert resultado.limpo, [f"{a.conferente}: {a.texto}" for a in resultado.achados]
    assert any(d.status == "Authorized" for d in resultado.provas.documentos)
    return resultado


def lose_a_document(p: Provas) -> None:
    perdido = p.documentos.pop(0)
    p.documentos = [d for d in p.documentos if d.referencia != perdido.referencia]


def invent_a_protocol(p: Provas) -> None:
    primeiro = p.documentos[0]
    p.documentos[0] = replace(primeiro, dados={**primeiro.dados, "protocolo": "1"})


def double_an_id(p: Provas) -> None:
    um, outro = p.documentos[:2]
    p.documentos[1] = replace(outro, empresa=um.empresa, referencia=um.referencia)


def answer_two_uuids(p: Provas) -> None:
    chamada = next(c for c in p.chamadas if c.operacao == "invoice/create" and "uuid" in c.fatos)
    p.chamadas.append(replace(chamada, resposta={"data": {"uuid": "outro"}}))


def skip_a_number(p: Provas) -> None:
    ultimo = max(p.documentos, key=lambda d: d.numero)
    p.documentos[p.documentos.index(ultimo)] = replace(ultimo, numero=ultimo.numero + 50)


def void_a_used_number(p: Provas) -> None:
    d = p.documentos[0]
    p.livro = replace(p.livro, faixas=[FaixaNoLivro(d.empresa, d.modelo, d.serie, d.numero, d.numero)])


def sent(p: Provas) -> Exchange:
    return next(t for t in p.trocas if t.servico == "NFeAutorizacao4")


def resend_blindly(p: Provas) -> None:
    calado = replace(sent(p), ouvido=False, c_stat=0, falha="drop_after")
    p.trocas += [
        calado,
        replace(calado, em=calado.em + timedelta(seconds=2), falha="", ouvido=True, c_stat=100),
    ]


def answer_539(p: Provas) -> None:
    p.livro = replace(p.livro, recepcoes=[*p.livro.recepcoes, (p.documentos[0].chave, 539)])


def change_the_bytes(p: Provas) -> None:
    p.trocas.append(replace(sent(p), digest="outro"))


def change_a_cent(p: Provas) -> None:
    alvo = next(d for d in p.documentos if d.xml is not None)
    p.documentos[p.documentos.index(alvo)] = replace(alvo, valor=alvo.valor + Decimal("0.01"))


def break_a_sum(p: Provas) -> None:
    alvo = next(d for d in p.documentos if d.xml is not None)
    assert alvo.xml is not None
    errado = alvo.xml.replace(b"<vProd>", b"<vProd>9", 1)
    p.documentos[p.documentos.index(alvo)] = replace(alvo, xml=errado)


def lose_a_file(p: Provas) -> None:
    alvo = next(d for d in p.documentos if d.xml is not None)
    p.documentos[p.documentos.index(alvo)] = replace(alvo, xml=None)


def break_the_chain(p: Provas) -> None:
    p.arquivo.append(": A linha do tempo não confere a partir da sequência 3.")


def forget_a_webhook(p: Provas) -> None:
    p.avisos = [a for a in p.avisos if a.alvo != p.documentos[0].uuid]


def tell_backwards(p: Provas) -> None:
    aviso = p.avisos[0]
    cedo = {**aviso.corpo, "timestamp": "2000-01-01T00:00:00.000Z"}
    p.avisos.append(Aviso(aviso.em, aviso.empresa, "msg_outra", cedo, aceito=True))


def ask_too_often(p: Provas) -> None:
    pergunta = replace(sent(p), servico="NFeConsultaProtocolo4", chegou=True)
    p.trocas += [replace(pergunta, em=pergunta.em + timedelta(minutes=n)) for n in range(11)]


def counter_sale(p: Provas) -> DocumentoVisto:
    return next(d for d in p.documentos if d.modelo == "65")


def refuse_four_times(p: Provas) -> None:
    recusada = replace(sent(p), falha="", ouvido=True, chegou=True, c_stat=778)
    p.trocas += [replace(recusada, em=recusada.em + timedelta(minutes=n)) for n in range(4)]


def transmit_too_late(p: Provas) -> None:
    d = counter_sale(p)
    contingencia = {"tp_emis": 9, "transmitida": True, "transmitir_ate": "2018-01-01T00:00:00Z"}
    p.documentos[p.documentos.index(d)] = replace(d, dados={**d.dados, "contingencia": contingencia})


def hand_over_without_files(p: Provas) -> None:
    chamada = next(c for c in p.chamadas if c.operacao == "nfce/create" and "uuid" in c.fatos)
    dados = {**chamada.fatos, "status": "Processing", "contingencia": {"tp_emis": 9}, "xml": ""}
    p.chamadas.append(replace(chamada, resposta={"data": dados}))


def send_to_the_svc_without_reason(p: Provas) -> None:
    p.trocas.append(replace(sent(p), destino="/SVC-AN/NFeAutorizacao4"))


def stay_in_the_svc(p: Provas) -> None:
    normal = sent(p)
    da_svc = f"{normal.assunto[:34]}6{normal.assunto[35:]}"
    p.trocas.append(replace(normal, assunto=da_svc, destino="/SVC-AN/NFeAutorizacao4"))


def sell_twice(p: Provas) -> None:
    um, outro = [d for d in p.documentos if d.status == "Authorized"][:2]
    contingencia = {"substituida_por": outro.uuid}
    p.documentos[p.documentos.index(um)] = replace(um, dados={**um.dados, "contingencia": contingencia})


def use_the_wrong_offset(p: Provas) -> None:
    alvo = next(d for d in p.documentos if d.xml is not None)
    assert alvo.xml is not None
    p.documentos[p.documentos.index(alvo)] = replace(
        alvo, xml=alvo.xml.replace(b"-03:00</dhEmi>", b"-02:00</dhEmi>")
    )


def leave_one_behind(p: Provas) -> None:
    p.documentos[0] = replace(p.documentos[0], status="Processing")


def fail_ourselves(p: Provas) -> None:
    p.chamadas.append(replace(p.chamadas[0], status=500))


def show_a_neighbour(p: Provas) -> None:
    dono, outra = list(p.canarios)[:2]
    chamada = next(c for c in p.chamadas if c.empresa == outra)
    p.chamadas.append(replace(chamada, resposta={"data": {"nome": p.canarios[dono].lower()}}))


def epec(p: Provas) -> Exchange:
    """A note of EPEC as it goes to SEFAZ."""
    chave = sent(p).assunto[:34] + "4" + sent(p).assunto[35:]
    return replace(sent(p), assunto=chave, destino="/SP/NFeAutorizacao4")


def send_unannounced(p: Provas) -> None:
    p.trocas.append(epec(p))


def announce_and_forget(p: Provas) -> None:
    p.trocas.append(
        replace(epec(p), servico="NFeRecepcaoEvento4", destino="/AN/NFeRecepcaoEvento4", c_stat=136)
    )


RESUMO = Distribuido("11444777000161", 1, "resNFe_v1.01.xsd", "3" * 44)
NOTA = replace(RESUMO, nsu=2, esquema="procNFe_v4.00.xsd")


def receive(p: Provas, *vistos: Distribuido) -> None:
    """Both sides have them, each with its file."""
    p.livro = replace(p.livro, distribuidos=vistos)
    p.recebidos = [
        (visto, f"<{'resNFe' if visto is RESUMO else 'nfeProc'}>{visto.chave}".encode()) for visto in vistos
    ]


def skip_a_received_one(p: Provas) -> None:
    receive(p, RESUMO, NOTA)
    p.recebidos.pop(0)


def receive_twice(p: Provas) -> None:
    receive(p, RESUMO, NOTA)
    p.recebidos.append(p.recebidos[0])


def keep_another_file(p: Provas) -> None:
    receive(p, RESUMO, NOTA)
    p.recebidos[0] = (RESUMO, p.recebidos[1][1])


def stay_with_the_summary(p: Provas) -> None:
    receive(p, RESUMO)


def ask_before_the_hour(p: Provas) -> None:
    p.defeitos = []
    cedo = replace(sent(p), servico="NFeDistribuicaoDFe", falha="", chegou=True, ouvido=True, c_stat=656)
    p.trocas.append(cedo)


PLANTADAS: list[tuple[str, Callable[[Provas], None]]] = [
    ("livro", lose_a_document),
    ("livro", invent_a_protocol),
    ("livro", leave_one_behind),
    ("um-id-um-documento", double_an_id),
    ("um-id-um-documento", answer_two_uuids),
    ("nada-perdido", lose_a_document),
    ("sem-buracos", skip_a_number),
    ("sem-buracos", void_a_used_number),
    ("sem-reenvio-cego", resend_blindly),
    ("sem-539", answer_539),
    ("mesmos-bytes", change_the_bytes),
    ("recusas-iguais", refuse_four_times),
    ("prazo-da-contingencia", transmit_too_late),
    ("prazo-da-contingencia", hand_over_without_files),
    ("svc-na-vez", send_to_the_svc_without_reason),
    ("svc-na-vez", stay_in_the_svc),
    ("uma-nota-por-venda", sell_twice),
    ("epec", send_unannounced),
    ("epec", announce_and_forget),
    ("hora-legal", use_the_wrong_offset),
    ("dinheiro", change_a_cent),
    ("dinheiro", break_a_sum),
    ("arquivo", lose_a_file),
    ("arquivo", break_the_chain),
    ("avisos", forget_a_webhook),
    ("ordem-dos-avisos", tell_backwards),
    ("boas-maneiras", ask_too_often),
    ("sem-500", fail_ourselves),
    ("vivacidade", leave_one_behind),
    ("inquilinos", show_a_neighbour),
    ("recebidos", skip_a_received_one),
    ("recebidos", receive_twice),
    ("recebidos", keep_another_file),
    ("nota-inteira", stay_with_the_summary),
    ("captura-na-hora", ask_before_the_hour),
]


@pytest.mark.parametrize(("conferente", "plantar"), PLANTADAS)
def test_a_planted_fault_is_caught(
    limpa: Resultado, conferente: str, plantar: Callable[[Provas], None]
) -> None:
    provas = copy.deepcopy(limpa.provas)
    plantar(provas)
    assert conferente in {achado.conferente for achado in examine(limpa.enredo, provas)}


def test_every_checker_has_a_planted_fault() -> None:
    assert {nome for nome, _ in PLANTADAS} == set(CONFERENTES)


def test_the_replay_line_names_seed_days_and_mode(limpa: Resultado) -> None:
    assert limpa.replay == "chancela simulador seed 6 --dias 4 --modo leve"


def test_a_refusal_that_the_database_forgot_is_no_other_try(limpa: Resultado) -> None:
    """What was never stored goes once more with the very bytes, after a query; a fourth content would be another matter."""
    provas = copy.deepcopy(limpa.provas)
    refuse_four_times(provas)
    provas.defeitos.append(provas.trocas[-1].em - timedelta(seconds=1))
    assert "recusas-iguais" not in {achado.conferente for achado in examine(limpa.enredo, provas)}
    provas.trocas[-1] = replace(provas.trocas[-1], digest="outro")
    assert "recusas-iguais" in {achado.conferente for achado in examine(limpa.enredo, provas)}


def test_what_was_received_whole_is_clean(limpa: Resultado) -> None:
    provas = copy.deepcopy(limpa.provas)
    receive(provas, RESUMO, NOTA)
    assert not examine(limpa.enredo, provas)


def test_a_copy_that_came_late_explains_a_second_key(limpa: Resultado) -> None:
    """Refused and heard so, then authorised by the copy that was still on its way: the number had two keys, and no fault of ours."""
    provas = copy.deepcopy(limpa.provas)
    enviada = sent(provas)
    outra = enviada.assunto[:34] + "1" + enviada.assunto[35:]
    provas.livro = replace(provas.livro, recepcoes=[*provas.livro.recepcoes, (outra, 539)])
    atrasada = replace(enviada, falha="delay", ouvido=False, c_stat=0)
    provas.trocas += [atrasada]
    assert "sem-539" in {achado.conferente for achado in examine(limpa.enredo, provas)}
    provas.trocas += [replace(enviada, falha="cstat", ouvido=True, c_stat=778)]
    assert "sem-539" not in {achado.conferente for achado in examine(limpa.enredo, provas)}
