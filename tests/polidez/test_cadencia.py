"""A company that would ask without end is never answered 656, because its own count stops it first."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.issuing.test_decisao import DOCUMENTO
from tests.simulator.amostra import A1, build_key, envelope, query, receipt, status, values

from chancela.domain.identidade import Ambiente
from chancela.issuing.cadencia import (
    Pergunta,
    about_key,
    about_receipt,
    about_status,
    hold_document,
    refuse_question,
)
from chancela.issuing.modelo import Estado
from chancela.kit.clock import VirtualClock
from chancela.simulator.estado import Consumo
from chancela.simulator.sefaz import Sefaz
from chancela.stores.cadencia import CadenciaPg
from chancela.stores.conexao import Banco

HOMOLOGACAO = Ambiente.HOMOLOGACAO
CHAVE = build_key()
RECIBO = "351000000000001"
DIA_S = 24 * 3_600


@pytest.fixture
def cadencia(url_banco: str, relogio: VirtualClock) -> Iterator[CadenciaPg]:
    banco = Banco(url_banco, relogio=relogio)
    yield CadenciaPg(banco)
    banco.close()


def test_the_right_comes_back_when_the_oldest_question_is_an_hour_old(
    cadencia: CadenciaPg, relogio: VirtualClock
) -> None:
    pergunta = about_key(CHAVE, HOMOLOGACAO)
    for _ in range(pergunta.limite):
        assert cadencia.take(pergunta) == 0
        relogio.advance(60)
    espera_s = cadencia.take(pergunta)
    assert espera_s == pytest.approx(3_660 - 60 * pergunta.limite)  # pyright: ignore[reportUnknownMemberType]
    assert cadencia.take(about_key(build_key(numero=2), HOMOLOGACAO)) == 0
    relogio.advance(espera_s)
    assert cadencia.take(pergunta) == 0
    assert cadencia.take(pergunta) > 0


def test_processes_that_ask_at_once_share_the_count(cadencia: CadenciaPg) -> None:
    pergunta = about_receipt(RECIBO, HOMOLOGACAO)
    with ThreadPoolExecutor(8) as executor:
        esperas = list(executor.map(cadencia.take, [pergunta] * (pergunta.limite + 9)))
    assert sum(espera == 0 for espera in esperas) == pergunta.limite


def test_what_nobody_asks_about_any_more_is_forgotten(cadencia: CadenciaPg, relogio: VirtualClock) -> None:
    cadencia.take(about_key(CHAVE, HOMOLOGACAO))
    relogio.advance(3_000)
    cadencia.take(about_receipt(RECIBO, HOMOLOGACAO))
    relogio.advance(3_000)
    assert cadencia.purge() == 1
    assert cadencia.purge() == 0


def test_the_timeline_says_once_until_when_it_waits() -> None:
    agora = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
    incerto = replace(DOCUMENTO, estado=Estado.INCERTO, recibo=RECIBO)
    decisao = hold_document(incerto, about_receipt(RECIBO, HOMOLOGACAO), 600, agora)
    assert (decisao.estado, decisao.recibo, decisao.proxima_acao_s) == (Estado.INCERTO, RECIBO, 600)
    (marco,) = decisao.marcos
    assert marco.fatos["ate"] == "2026-11-27T12:10:00+00:00"
    assert "09:10" in marco.descricao
    repetida = hold_document(
        replace(incerto, motivo=decisao.motivo), about_receipt(RECIBO, HOMOLOGACAO), 600, agora
    )
    assert repetida.marcos == ()
    assert "656" in refuse_question(about_key(CHAVE, HOMOLOGACAO), 600, agora).correcao


class EmpresaOcupada:
    """Asks about everything that it is unsure of, every minute, whenever its own count lets it."""

    def __init__(self, cadencia: CadenciaPg, sefaz: Sefaz, a1: A1) -> None:
        self._cadencia = cadencia
        self._sefaz = sefaz
        self._a1 = a1
        self.feitas = 0
        self.adiadas = 0

    def ask(self, pergunta: Pergunta, servico: str, mensagem: str) -> str | None:
        """The verdict of the authority, None when it was not asked."""
        if self._cadencia.take(pergunta):
            self.adiadas += 1
            return None
        self.feitas += 1
        corpo = envelope(mensagem, servico)
        return values(self._sefaz.handle(f"/SP/{servico}", corpo, self._a1.der).corpo, "cStat")[0]

    def ask_all(self) -> list[str | None]:
        """One document lost, one lot that is never done, and an authorizer watched for two models."""
        estado = about_status(1, "SP", HOMOLOGACAO, 180)
        return [
            self.ask(about_key(CHAVE, HOMOLOGACAO), "NFeConsultaProtocolo4", query(CHAVE)),
            self.ask(about_receipt(RECIBO, HOMOLOGACAO), "NFeRetAutorizacao4", receipt(RECIBO)),
            *(self.ask(estado, "NFeStatusServico4", status()) for _ in range(2)),
        ]


def stay_busy(empresa: EmpresaOcupada, relogio: VirtualClock, duracao_s: int) -> None:
    for _ in range(0, duracao_s, 60):
        assert "656" not in empresa.ask_all()
        relogio.advance(60)
    horas = duracao_s / 3_600
    assert 0.9 * horas * (8 + 36 + 38) < empresa.feitas < horas * (10 + 40 + 40)
    assert empresa.adiadas > empresa.feitas


def test_a_busy_company_is_never_told_to_stop(
    cadencia: CadenciaPg, sefaz: Sefaz, a1: A1, relogio: VirtualClock
) -> None:
    sefaz.consumo = Consumo(geral=True)
    empresa = EmpresaOcupada(cadencia, sefaz, a1)
    stay_busy(empresa, relogio, 2 * 3_600)
    sujeito = build_key(numero=9)
    verdicts = [
        values(
            sefaz.handle(
                "/SP/NFeConsultaProtocolo4", envelope(query(sujeito), "NFeConsultaProtocolo4"), a1.der
            ).corpo,
            "cStat",
        )[0]
        for _ in range(11)
    ]
    assert verdicts[-1] == "656", "the authority counts"


@pytest.mark.longo
def test_a_month_of_a_busy_company_never_ends_in_656(
    cadencia: CadenciaPg, sefaz: Sefaz, a1: A1, relogio: VirtualClock
) -> None:
    sefaz.consumo = Consumo(geral=True)
    stay_busy(EmpresaOcupada(cadencia, sefaz, a1), relogio, 30 * DIA_S)
