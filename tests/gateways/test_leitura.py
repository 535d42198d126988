"""Answers of the NF-e services, in the shapes that authorizers give them."""

from datetime import UTC, datetime

import pytest

from chancela.gateways.nfe.gateway import compose_envi_nfe, compose_lote, key_of
from chancela.gateways.nfe.leitura import NFE_NS, read_autorizacao, read_consulta, read_lote, read_status
from chancela.gateways.soap.envelope import Carga, read_answer

CHAVE = "35261111222333000181550010000000011483902174"
OUTRA = "35261111222333000181550010000000021483902170"


def _prot(
    chave: str = CHAVE, c_stat: int = 100, resto: str = "<nProt>135260000000001</nProt><digVal>abc=</digVal>"
) -> str:
    return (
        f'<protNFe versao="4.00"><infProt><tpAmb>2</tpAmb><verAplic>X</verAplic><chNFe>{chave}</chNFe>'
        f"<dhRecbto>2026-11-20T10:30:05-03:00</dhRecbto>{resto}<cStat>{c_stat}</cStat><xMotivo>Autorizado</xMotivo>"
        "</infProt></protNFe>"
    )


def _carga(raiz: str, conteudo: str) -> Carga:
    return read_answer(f'<{raiz} xmlns="{NFE_NS}" versao="4.00">{conteudo}</{raiz}>'.encode(), raiz)


def _lote(c_stat: int, resto: str, data: str = "<dhRecbto>2026-11-20T10:30:06-03:00</dhRecbto>") -> Carga:
    return _carga(
        "retEnviNFe",
        f"<tpAmb>2</tpAmb><verAplic>V1</verAplic><cStat>{c_stat}</cStat><xMotivo>M</xMotivo><cUF>35</cUF>{data}{resto}",
    )


def test_processed_lot_brings_the_protocol_verbatim() -> None:
    retorno = read_autorizacao(_lote(104, _prot()), CHAVE)
    protocolo = retorno.protocolo
    assert protocolo is not None
    assert protocolo.xml == _prot().encode()
    assert (protocolo.n_prot, protocolo.c_stat, protocolo.digest_value) == ("135260000000001", 100, "abc=")
    assert protocolo.dh_recbto == datetime(2026, 11, 20, 13, 30, 5, tzinfo=UTC)
    assert (retorno.c_stat, retorno.ver_aplic, retorno.recibo) == (104, "V1", None)


def test_authorisation_with_alert_keeps_code_and_text() -> None:
    prot = _prot().replace("</infProt>", "<cMsg>200</cMsg><xMsg>Regularize a IE</xMsg></infProt>")
    protocolo = read_autorizacao(_lote(104, prot), CHAVE).protocolo
    assert protocolo is not None
    assert (protocolo.c_msg, protocolo.x_msg) == ("200", "Regularize a IE")


def test_refusal_has_no_protocol_number() -> None:
    protocolo = read_autorizacao(_lote(104, _prot(c_stat=539, resto="")), CHAVE).protocolo
    assert protocolo is not None
    assert (protocolo.n_prot, protocolo.digest_value, protocolo.c_stat) == (None, None, 539)


def test_queued_lot_brings_a_receipt() -> None:
    retorno = read_autorizacao(
        _lote(103, "<infRec><nRec>351000000000001</nRec><tMed>3</tMed></infRec>"), CHAVE
    )
    assert (retorno.recibo, retorno.espera_s, retorno.protocolo) == ("351000000000001", 3, None)


def test_the_answer_about_a_lot_tells_each_note_its_own() -> None:
    protocolos = _prot(OUTRA, c_stat=539, resto="") + _prot()
    carga = _carga(
        "retConsReciNFe",
        f"<nRec>351000000000001</nRec><cStat>104</cStat><xMotivo>M</xMotivo>{protocolos}",
    )
    lote = read_lote(carga)
    assert (lote.c_stat, lote.recibo, [p.chave for p in lote.protocolos]) == (
        104,
        "351000000000001",
        [OUTRA, CHAVE],
    )
    nossa, recusada, ausente = (lote.about(chave).protocolo for chave in (CHAVE, OUTRA, CHAVE[::-1]))
    assert nossa is not None
    assert recusada is not None
    assert (nossa.c_stat, recusada.c_stat, ausente) == (100, 539, None)
    with pytest.raises(ValueError, match="two protocols"):
        read_lote(_lote(104, _prot() + _prot()))


@pytest.mark.parametrize(
    "carga",
    [
        _lote(104, _prot(OUTRA)),
        _lote(104, '<protNFe versao="4.00"></protNFe>'),
        _lote(104, _prot().replace("<cStat>100</cStat>", "<cStat>cem</cStat>")),
        _lote(104, _prot().replace(CHAVE, "")),
        _lote(104, _prot().replace("2026-11-20T10:30:05-03:00", "ontem")),
        _carga("retEnviNFe", "<xMotivo>sem cStat</xMotivo>"),
    ],
)
def test_an_answer_that_proves_nothing_is_refused(carga: Carga) -> None:
    with pytest.raises(ValueError):
        read_autorizacao(carga, CHAVE)


def test_instant_without_offset_is_brasilia_and_a_missing_one_is_that_of_the_lot() -> None:
    sem_fuso = _prot().replace("2026-11-20T10:30:05-03:00", "2026-11-20T10:30:05")
    protocolo = read_autorizacao(_lote(104, sem_fuso), CHAVE).protocolo
    assert protocolo is not None
    assert protocolo.dh_recbto == datetime(2026, 11, 20, 13, 30, 5, tzinfo=UTC)
    sem_data = _prot().replace("<dhRecbto>2026-11-20T10:30:05-03:00</dhRecbto>", "")
    protocolo = read_autorizacao(_lote(104, sem_data), CHAVE).protocolo
    assert protocolo is not None
    assert protocolo.dh_recbto == datetime(2026, 11, 20, 13, 30, 6, tzinfo=UTC)


def test_query_brings_protocol_and_events() -> None:
    evento = (
        f'<procEventoNFe versao="1.00"><evento versao="1.00"><infEvento Id="ID110111{CHAVE}01"><tpEvento>110111</tpEvento>'
        "<nSeqEvento>1</nSeqEvento><detEvento><descEvento>Cancelamento</descEvento></detEvento></infEvento></evento>"
        '<retEvento versao="1.00"><infEvento><cStat>135</cStat><xMotivo>Evento registrado</xMotivo>'
        "<dhRegEvento>2026-11-20T11:00:00-03:00</dhRegEvento><nProt>135260000000009</nProt></infEvento></retEvento></procEventoNFe>"
    )
    carga = _carga(
        "retConsSitNFe",
        f"<cStat>101</cStat><xMotivo>Cancelada</xMotivo><chNFe>{CHAVE}</chNFe>{_prot()}{evento}",
    )
    retorno = read_consulta(carga, CHAVE)
    assert (retorno.c_stat, len(retorno.eventos)) == (101, 1)
    cancelamento = retorno.eventos[0]
    assert (cancelamento.tp_evento, cancelamento.c_stat, cancelamento.n_prot) == (
        "110111",
        135,
        "135260000000009",
    )
    assert (cancelamento.descricao, cancelamento.xml) == ("Cancelamento", evento.encode())
    assert retorno.protocolo is not None
    assert retorno.protocolo.xml == _prot().encode()
    with pytest.raises(ValueError, match="not about"):
        read_consulta(carga, OUTRA)


def test_unknown_key() -> None:
    retorno = read_consulta(_carga("retConsSitNFe", "<cStat>217</cStat><xMotivo>Nao consta</xMotivo>"), CHAVE)
    assert (retorno.c_stat, retorno.protocolo, retorno.eventos) == (217, None, ())


def test_status_says_when_it_will_be_back() -> None:
    carga = _carga(
        "retConsStatServ",
        "<verAplic>V</verAplic><cStat>108</cStat><xMotivo>Parado</xMotivo><dhRecbto>2026-11-20T10:00:00-03:00</dhRecbto>"
        "<tMed>1</tMed><dhRetorno>2026-11-20T12:00:00-03:00</dhRetorno><xObs>manutencao</xObs>",
    )
    retorno = read_status(carga)
    assert not retorno.em_operacao
    assert retorno.dh_retorno == datetime(2026, 11, 20, 15, tzinfo=UTC)
    assert (retorno.espera_s, retorno.observacao) == (1, "manutencao")


def test_lot_of_one_carries_the_note_untouched() -> None:
    nota = f'<NFe xmlns="{NFE_NS}"><infNFe versao="4.00" Id="NFe{CHAVE}"> &#233; </infNFe></NFe>'.encode()
    lote = compose_envi_nfe(b'<?xml version="1.0" encoding="UTF-8"?>' + nota, "7")
    assert nota in lote
    assert b"<idLote>7</idLote><indSinc>1</indSinc><NFe" in lote
    assert key_of(nota) == CHAVE


def test_lot_of_several_carries_each_note_untouched() -> None:
    notas = [
        f'<NFe xmlns="{NFE_NS}"><infNFe Id="NFe{c}"> &#233; </infNFe></NFe>'.encode() for c in (CHAVE, OUTRA)
    ]
    lote = compose_lote([b"<?xml version='1.0'?>" + notas[0], notas[1]], "8")
    assert b"<indSinc>0</indSinc>" + notas[0] + notas[1] + b"</enviNFe>" in lote
