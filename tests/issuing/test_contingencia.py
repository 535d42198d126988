"""Contingency, decision by decision: which kind, what a document does, until when it must travel."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from tests.issuing.test_decisao import DOCUMENTO

from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.domain.tabelas.dias_uteis import good_friday, next_business_day
from chancela.issuing.circuito import Alvo, Circuito, note_answer, note_failure, note_status
from chancela.issuing.contingencia import (
    AjustesContingencia,
    ModoNfce,
    ModoNfe,
    Panorama,
    PrazoNfce,
    Rumo,
    TipoEmissao,
    choose_course,
    choose_kind,
    legal_deadline,
)
from chancela.issuing.modelo import Documento, Estado
from chancela.issuing.solicitacao import EstadoSolicitacao

AGORA = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)
NORMAL = Panorama(aberto=False, desde=None, svc=None)
FORA = Panorama(aberto=True, desde=AGORA, svc=None)
COM_SVC = replace(FORA, svc=TipoEmissao.SVC_AN, svc_consultavel=True)
PADRAO = AjustesContingencia()
NFE = replace(DOCUMENTO, estado=Estado.PENDENTE, xml_sem_assinatura=b"<indPres>9</indPres>")
NFCE = replace(NFE, modelo=Modelo.NFCE, xml_sem_assinatura=b"<indPres>1</indPres>")
ENTREGA = replace(NFCE, xml_sem_assinatura=b"<indPres>4</indPres>")
SALVADOR = timezone(timedelta(hours=-3))


@pytest.mark.parametrize(
    ("documento", "ajustes", "panorama", "tipo"),
    [
        (NFE, PADRAO, NORMAL, None),
        (NFE, PADRAO, FORA, None),
        (NFE, PADRAO, COM_SVC, TipoEmissao.SVC_AN),
        (NFE, AjustesContingencia(nfe=ModoNfe.DESLIGADA), COM_SVC, None),
        (NFCE, PADRAO, NORMAL, None),
        (NFCE, PADRAO, FORA, TipoEmissao.OFFLINE),
        (ENTREGA, PADRAO, FORA, None),
        (NFCE, AjustesContingencia(nfce=ModoNfce.DESLIGADA), FORA, None),
        (NFCE, AjustesContingencia(nfce=ModoNfce.SEMPRE), NORMAL, TipoEmissao.OFFLINE),
    ],
)
def test_the_kind_follows_the_company_and_the_authorizers(
    documento: Documento, ajustes: AjustesContingencia, panorama: Panorama, tipo: TipoEmissao | None
) -> None:
    assert choose_kind(documento, ajustes, panorama) is tipo


def course(
    documento: Documento, panorama: Panorama, *, transmitido: bool = False, presente: bool = True
) -> Rumo:
    tipo = choose_kind(documento, PADRAO, panorama)
    return choose_course(documento, panorama=panorama, tipo=tipo, transmitido=transmitido, presente=presente)


def test_nothing_changes_while_sefaz_answers() -> None:
    assert course(NFE, NORMAL) is Rumo.SEGUIR
    assert course(NFCE, NORMAL, transmitido=True) is Rumo.SEGUIR


def test_a_number_that_may_be_at_sefaz_is_never_used_in_contingency() -> None:
    assert course(NFCE, FORA) is Rumo.MUDAR
    assert course(replace(NFCE, estado=Estado.INCERTO), FORA, transmitido=True) is Rumo.SUBSTITUIR
    assert course(replace(NFE, estado=Estado.INCERTO), COM_SVC, transmitido=True) is Rumo.SUBSTITUIR
    substituida = replace(NFE, estado=Estado.INCERTO, substituto_id="1" * 24)
    assert course(substituida, COM_SVC, transmitido=True) is Rumo.ESPERAR
    assert course(substituida, NORMAL, transmitido=True) is Rumo.SEGUIR


def test_a_lost_receipt_is_only_substituted_while_its_customer_waits() -> None:
    perdida = replace(NFCE, estado=Estado.INCERTO)
    assert course(perdida, FORA, transmitido=True, presente=False) is Rumo.ESPERAR


def test_without_contingency_a_document_waits_and_nobody_hammers() -> None:
    assert course(NFE, FORA) is Rumo.ESPERAR
    assert course(ENTREGA, FORA) is Rumo.ESPERAR


def test_an_offline_receipt_is_kept_and_travels_when_sefaz_is_back() -> None:
    guardada = replace(NFCE, tp_emis=9)
    assert course(guardada, FORA) is Rumo.GUARDAR
    assert course(replace(guardada, estado=Estado.ASSINADO), FORA) is Rumo.ESPERAR
    assert course(replace(guardada, estado=Estado.ASSINADO), NORMAL) is Rumo.SEGUIR


@pytest.mark.parametrize(
    ("estado", "transmitido", "panorama", "rumo"),
    [
        (Estado.PENDENTE, False, COM_SVC, Rumo.SEGUIR),
        (Estado.PENDENTE, False, NORMAL, Rumo.MUDAR),
        (Estado.PENDENTE, False, FORA, Rumo.ESPERAR),
        (Estado.ASSINADO, True, NORMAL, Rumo.SUBSTITUIR),
        (Estado.ASSINADO, True, FORA, Rumo.ESPERAR),
        (Estado.INCERTO, True, replace(NORMAL, svc_consultavel=True), Rumo.SEGUIR),
    ],
)
def test_the_svc_is_left_as_soon_as_it_is_off(
    estado: Estado, transmitido: bool, panorama: Panorama, rumo: Rumo
) -> None:
    documento = replace(NFE, tp_emis=6, estado=estado)
    assert course(documento, panorama, transmitido=transmitido) is rumo


def test_the_svc_is_used_by_hand_while_it_says_so_itself() -> None:
    ligada = replace(NORMAL, svc=TipoEmissao.SVC_AN)
    sempre = AjustesContingencia(nfe=ModoNfe.SVC_SEMPRE)
    assert choose_kind(NFE, PADRAO, ligada) is None
    assert choose_kind(NFE, PADRAO, replace(ligada, forcada=True)) is TipoEmissao.SVC_AN
    assert choose_kind(NFE, sempre, ligada) is TipoEmissao.SVC_AN
    assert choose_kind(NFE, sempre, NORMAL) is None
    assert choose_kind(NFE, AjustesContingencia(nfe=ModoNfe.DESLIGADA), replace(ligada, forcada=True)) is None
    assert (
        choose_kind(NFE, AjustesContingencia(nfe=ModoNfe.EPEC), replace(NORMAL, forcada=True, epec=True))
        is None
    )


SEM_SVC = replace(FORA, epec=True)
COM_EPEC = AjustesContingencia(nfe=ModoNfe.EPEC)


def test_an_epec_is_for_who_chose_it_and_has_no_svc() -> None:
    assert choose_kind(NFE, COM_EPEC, SEM_SVC) is TipoEmissao.EPEC
    assert choose_kind(NFE, PADRAO, SEM_SVC) is None
    assert choose_kind(NFE, COM_EPEC, FORA) is None
    assert choose_kind(NFE, COM_EPEC, replace(COM_SVC, epec=True)) is TipoEmissao.SVC_AN
    assert choose_kind(NFE, COM_EPEC, replace(NORMAL, epec=True)) is None
    assert legal_deadline(TipoEmissao.EPEC, AGORA, COM_EPEC) == AGORA + timedelta(hours=168)


@pytest.mark.parametrize(
    ("estado", "anuncio", "panorama", "rumo"),
    [
        (Estado.PENDENTE, None, SEM_SVC, Rumo.GUARDAR),
        (Estado.PENDENTE, None, NORMAL, Rumo.MUDAR),
        (Estado.ASSINADO, None, SEM_SVC, Rumo.ANUNCIAR),
        (Estado.ASSINADO, None, NORMAL, Rumo.MUDAR),
        (Estado.ASSINADO, EstadoSolicitacao.INCERTA, SEM_SVC, Rumo.ESPERAR),
        (Estado.ASSINADO, EstadoSolicitacao.INCERTA, NORMAL, Rumo.ESPERAR),
        (Estado.ASSINADO, EstadoSolicitacao.REGISTRADA, SEM_SVC, Rumo.ESPERAR),
        (Estado.ASSINADO, EstadoSolicitacao.REGISTRADA, COM_SVC, Rumo.ESPERAR),
        (Estado.ASSINADO, EstadoSolicitacao.REGISTRADA, NORMAL, Rumo.SEGUIR),
        (Estado.ASSINADO, EstadoSolicitacao.REJEITADA, SEM_SVC, Rumo.ESPERAR),
        (Estado.ASSINADO, EstadoSolicitacao.REJEITADA, COM_SVC, Rumo.MUDAR),
        (Estado.ASSINADO, EstadoSolicitacao.REJEITADA, NORMAL, Rumo.MUDAR),
        (Estado.PENDENTE, EstadoSolicitacao.REGISTRADA, SEM_SVC, Rumo.GUARDAR),
        (Estado.PENDENTE, EstadoSolicitacao.REGISTRADA, NORMAL, Rumo.SEGUIR),
        (Estado.INCERTO, EstadoSolicitacao.REGISTRADA, NORMAL, Rumo.SEGUIR),
        (Estado.INCERTO, EstadoSolicitacao.REGISTRADA, FORA, Rumo.ESPERAR),
    ],
)
def test_a_note_in_epec_is_announced_before_it_travels(
    estado: Estado, anuncio: EstadoSolicitacao | None, panorama: Panorama, rumo: Rumo
) -> None:
    documento = replace(NFE, tp_emis=4, estado=estado)
    tipo = choose_kind(documento, COM_EPEC, panorama)
    visto = choose_course(
        documento, panorama=panorama, tipo=tipo, transmitido=False, presente=True, anuncio=anuncio
    )
    assert visto is rumo


@pytest.mark.parametrize(
    ("emissao", "ultimo_dia"),
    [
        (datetime(2026, 11, 27, 23, 50, tzinfo=SALVADOR), date(2026, 11, 30)),  # Friday night
        (datetime(2026, 12, 24, 10, 0, tzinfo=SALVADOR), date(2026, 12, 28)),  # Christmas is a Friday
        (datetime(2026, 4, 2, 10, 0, tzinfo=SALVADOR), date(2026, 4, 6)),  # Good Friday
        (datetime(2026, 11, 19, 10, 0, tzinfo=SALVADOR), date(2026, 11, 23)),  # Consciência Negra
        (datetime(2026, 12, 1, 0, 0, tzinfo=SALVADOR), date(2026, 12, 2)),
    ],
)
def test_an_offline_receipt_travels_until_the_end_of_the_next_business_day(
    emissao: datetime, ultimo_dia: date
) -> None:
    prazo = legal_deadline(TipoEmissao.OFFLINE, emissao, PADRAO)
    assert prazo == datetime(ultimo_dia.year, ultimo_dia.month, ultimo_dia.day, 23, 59, 59, tzinfo=SALVADOR)
    de_24h = AjustesContingencia(prazo_nfce=PrazoNfce.HORAS_24)
    assert legal_deadline(TipoEmissao.OFFLINE, emissao, de_24h) == emissao + timedelta(hours=24)
    assert legal_deadline(TipoEmissao.SVC_AN, emissao, PADRAO) is None


def test_easter_moves_good_friday() -> None:
    assert [good_friday(ano) for ano in (2024, 2025, 2026, 2027)] == [
        date(2024, 3, 29),
        date(2025, 4, 18),
        date(2026, 4, 3),
        date(2027, 3, 26),
    ]
    assert next_business_day(date(2027, 12, 31)) == date(2028, 1, 3)


CIRCUITO = Circuito(Alvo("SP", Modelo.NFE, Ambiente.HOMOLOGACAO))


def fail(circuito: Circuito, *, imediata: bool = False) -> Circuito:
    return note_failure(
        circuito, empresa_id=1, uf=Uf.SP, motivo="sem resposta", agora=AGORA, limite=3, imediata=imediata
    )


def test_the_third_failure_in_a_row_opens() -> None:
    duas = fail(fail(CIRCUITO))
    assert not duas.aberto
    assert fail(duas).aberto_em == AGORA
    assert not fail(note_answer(duas)).aberto, "an answer in between ends the row"


def test_108_opens_at_once_and_only_107_closes() -> None:
    aberto = fail(CIRCUITO, imediata=True)
    assert aberto.aberto
    assert note_answer(aberto).aberto
    assert note_status(aberto, 108, "paralisado").aberto
    assert note_status(aberto, None, "sem resposta").aberto
    fechado = note_status(aberto, 107, "em operação")
    assert (fechado.aberto, fechado.falhas) == (False, 0)


@pytest.mark.parametrize(
    ("c_stat", "ativa"), [(107, True), (113, False), (114, False), (108, False), (None, False)]
)
def test_an_svc_takes_documents_on_its_own_107_only(c_stat: int | None, ativa: bool) -> None:
    svc = Circuito(Alvo("SVC-AN", Modelo.NFE, Ambiente.HOMOLOGACAO, Uf.SP))
    assert note_status(svc, c_stat, "").svc_ativa is ativa
