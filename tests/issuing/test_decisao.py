"""The state machine, answer by answer: an unknown outcome is asked about, and only a digest proves whose note it is."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.gateways.nfe.retornos import EventoVinculado, ProtocoloNfe, RetornoAutorizacao, RetornoConsulta
from chancela.issuing.decisao import (
    Passo,
    backoff_s,
    decide_after_query,
    decide_after_refusal,
    decide_after_send,
    decide_after_silence,
    key_in_motivo,
    next_step,
)
from chancela.issuing.modelo import Documento, Estado, Operacao, Resumo, VersaoAssinada

AGORA = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CHAVE = "35261112ABC34501DE35550010000001231483902178"
OUTRA = "35261112ABC34501DE35550010000001231102030401"
DOCUMENTO = Documento(
    id="0" * 24,
    empresa_id=1,
    modelo=Modelo.NFE,
    ambiente=Ambiente.HOMOLOGACAO,
    emitente="12ABC34501DE35",
    uf=Uf.SP,
    serie=1,
    numero=123,
    tp_emis=1,
    chave=CHAVE,
    referencia="PEDIDO-1",
    estado=Estado.ASSINADO,
    emitido_em=AGORA,
    criado_em=AGORA,
    atualizado_em=AGORA,
    resumo=Resumo(Decimal("300.00"), "Venda", "Cliente", "12345678909", 1),
    xml_sem_assinatura=b"<infNFe/>",
    xml_assinado=b"<NFe/>",
    digest_value="nosso=",
)
PRESENTE = VersaoAssinada(CHAVE, "nosso=", b"<NFe/>")


def protocolo(
    c_stat: int = 100,
    *,
    chave: str = CHAVE,
    digest: str | None = "nosso=",
    n_prot: str | None = "135260000000001",
) -> ProtocoloNfe:
    return ProtocoloNfe(chave, n_prot, c_stat, "motivo", AGORA, digest, "", "", b"<protNFe/>")


def resposta(
    c_stat: int = 104, prot: ProtocoloNfe | None = None, recibo: str | None = None, motivo: str = "motivo"
) -> RetornoAutorizacao:
    return RetornoAutorizacao(c_stat, motivo, AGORA, prot, recibo)


def consulta(
    c_stat: int,
    prot: ProtocoloNfe | None = None,
    motivo: str = "motivo",
    eventos: tuple[EventoVinculado, ...] = (),
) -> RetornoConsulta:
    return RetornoConsulta(c_stat, motivo, AGORA, prot, eventos)


@pytest.mark.parametrize(
    ("mudanca", "passo"),
    [
        ({"estado": Estado.PENDENTE}, Passo.ASSINAR),
        ({"estado": Estado.ASSINADO}, Passo.ENVIAR),
        ({"estado": Estado.ASSINADO, "tentativa_aberta": True}, Passo.CONSULTAR),
        ({"estado": Estado.INCERTO}, Passo.CONSULTAR),
        ({"estado": Estado.INCERTO, "recibo": "351000000000001"}, Passo.BUSCAR_RECIBO),
    ],
)
def test_next_step_follows_from_what_is_stored(mudanca: dict[str, object], passo: Passo) -> None:
    assert next_step(replace(DOCUMENTO, **mudanca)) is passo  # type: ignore[arg-type]


@pytest.mark.parametrize("c_stat", [100, 150])
def test_authorised_with_our_digest(c_stat: int) -> None:
    decisao = decide_after_send(DOCUMENTO, resposta(prot=protocolo(c_stat)))
    assert decisao.estado is Estado.AUTORIZADO
    assert decisao.protocolo is not None
    assert decisao.protocolo.numero == "135260000000001"
    assert decisao.adotar is None
    assert decisao.proxima_acao_s is None


@pytest.mark.parametrize("digest", [None, "", "alheio="])
def test_a_protocol_that_proves_nothing_is_divergent(digest: str | None) -> None:
    for decisao in (
        decide_after_send(DOCUMENTO, resposta(prot=protocolo(digest=digest))),
        decide_after_query(DOCUMENTO, CHAVE, consulta(100, protocolo(digest=digest)), [PRESENTE]),
    ):
        assert decisao.estado is Estado.DIVERGENTE
        assert decisao.protocolo is None
        assert decisao.c_stat is None, "100 beside a divergent document reads as success"


def test_rejection_is_an_outcome() -> None:
    decisao = decide_after_send(DOCUMENTO, resposta(prot=protocolo(610, n_prot=None)))
    assert (decisao.estado, decisao.c_stat) == (Estado.REJEITADO, 610)
    assert decide_after_send(DOCUMENTO, resposta(225)).estado is Estado.REJEITADO


def test_denial_needs_a_protocol_number() -> None:
    assert decide_after_send(DOCUMENTO, resposta(prot=protocolo(302))).estado is Estado.DENEGADO
    assert decide_after_send(DOCUMENTO, resposta(prot=protocolo(302, n_prot=None))).estado is Estado.REJEITADO


@pytest.mark.parametrize("c_stat", [108, 109, 656])
def test_turned_away_at_the_door_waits_and_may_send_again(c_stat: int) -> None:
    decisao = decide_after_send(DOCUMENTO, resposta(c_stat))
    assert decisao.estado is Estado.ASSINADO
    assert decisao.proxima_acao_s is not None
    assert decisao.proxima_acao_s >= (3_600 if c_stat == 656 else 10)


def test_999_may_hide_an_authorisation() -> None:
    assert decide_after_send(DOCUMENTO, resposta(999)).estado is Estado.INCERTO


def test_queued_lot_keeps_its_receipt() -> None:
    decisao = decide_after_send(DOCUMENTO, resposta(103, recibo="351000000000001"))
    assert (decisao.estado, decisao.recibo) == (Estado.INCERTO, "351000000000001")
    com_recibo = replace(DOCUMENTO, estado=Estado.INCERTO, recibo="351000000000001")
    assert decide_after_send(com_recibo, resposta(105)).recibo == "351000000000001"
    desconhecido = decide_after_send(com_recibo, resposta(106))
    assert (desconhecido.recibo, desconhecido.consultar_chave) == (None, CHAVE)


def test_lot_processed_without_protocol_is_asked_about() -> None:
    assert decide_after_send(DOCUMENTO, resposta(104)).consultar_chave == CHAVE


def test_204_is_asked_about_never_believed() -> None:
    decisao = decide_after_send(DOCUMENTO, resposta(prot=protocolo(204, n_prot=None)))
    assert (decisao.estado, decisao.consultar_chave) == (Estado.INCERTO, CHAVE)


def test_539_asks_the_key_that_it_names() -> None:
    prot = replace(protocolo(539, n_prot=None), motivo=f"Rejeição: Duplicidade [chNFe: {OUTRA}][nRec:1]")
    assert decide_after_send(DOCUMENTO, resposta(prot=prot)).consultar_chave == OUTRA
    assert (
        decide_after_send(DOCUMENTO, resposta(prot=protocolo(539, n_prot=None))).estado is Estado.DIVERGENTE
    )


def test_539_adopts_an_earlier_version_of_ours_and_only_that() -> None:
    antiga = VersaoAssinada(OUTRA, "antigo=", b"<NFe antiga/>")
    achado = consulta(100, protocolo(chave=OUTRA, digest="antigo="))
    adotada = decide_after_query(DOCUMENTO, OUTRA, achado, [antiga, PRESENTE])
    assert adotada.estado is Estado.AUTORIZADO
    assert adotada.adotar == antiga
    alheia = decide_after_query(DOCUMENTO, OUTRA, achado, [PRESENTE])
    assert alheia.estado is Estado.DIVERGENTE


@pytest.mark.parametrize("c_stat", [100, 150])
def test_query_attaches_the_lost_protocol(c_stat: int) -> None:
    decisao = decide_after_query(DOCUMENTO, CHAVE, consulta(c_stat, protocolo(c_stat)), [PRESENTE])
    assert decisao.estado is Estado.AUTORIZADO


def test_217_frees_the_same_bytes() -> None:
    decisao = decide_after_query(DOCUMENTO, CHAVE, consulta(217), [PRESENTE])
    assert (decisao.estado, decisao.proxima_acao_s) == (Estado.ASSINADO, 0.0)
    assert decide_after_query(DOCUMENTO, OUTRA, consulta(217), [PRESENTE]).estado is Estado.DIVERGENTE


def test_cancelled_by_someone_else() -> None:
    assert (
        decide_after_query(DOCUMENTO, CHAVE, consulta(101, protocolo()), [PRESENTE]).estado
        is Estado.CANCELADO
    )
    evento = EventoVinculado("110111", 1, 135, "", "1", AGORA, "Cancelamento", b"")
    vinculado = decide_after_query(
        DOCUMENTO, CHAVE, consulta(100, protocolo(), eventos=(evento,)), [PRESENTE]
    )
    assert vinculado.estado is Estado.CANCELADO


@pytest.mark.parametrize("c_stat", [105, 108, 109, 656, 999, 280])
def test_a_query_without_answer_leaves_it_uncertain(c_stat: int) -> None:
    decisao = decide_after_query(DOCUMENTO, CHAVE, consulta(c_stat), [PRESENTE])
    assert decisao.estado is Estado.INCERTO
    assert decisao.proxima_acao_s is not None


def test_other_key_in_the_base() -> None:
    nomeada = decide_after_query(
        DOCUMENTO, CHAVE, consulta(613, motivo=f"difere [chNFe:{OUTRA}]"), [PRESENTE]
    )
    assert nomeada.consultar_chave == OUTRA
    assert decide_after_query(DOCUMENTO, CHAVE, consulta(613), [PRESENTE]).estado is Estado.DIVERGENTE


def test_silence_and_refusal_are_not_the_same() -> None:
    assert decide_after_silence(DOCUMENTO, Operacao.AUTORIZACAO, "x").estado is Estado.INCERTO
    assert decide_after_silence(DOCUMENTO, Operacao.CONSULTA, "x").estado is Estado.INCERTO
    assert decide_after_refusal(DOCUMENTO, Operacao.AUTORIZACAO, "x").estado is Estado.ASSINADO
    assert decide_after_refusal(DOCUMENTO, Operacao.CONSULTA, "x").estado is Estado.INCERTO


def test_backoff_grows_and_stops_growing() -> None:
    esperas = [backoff_s(n) for n in range(20)]
    assert esperas == sorted(esperas)
    assert esperas[0] == 2
    assert esperas[-1] == 300


def test_key_in_motivo_forms() -> None:
    for texto in (f"[chNFe: {OUTRA}]", f"[chNFe:{OUTRA}][nProt:1]", f"chNFe:NFe{OUTRA}"):
        assert key_in_motivo(texto) == OUTRA
    assert key_in_motivo("Rejeição: Duplicidade de NF-e") is None
