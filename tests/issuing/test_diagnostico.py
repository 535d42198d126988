"""The judgements of `chancela doctor` that need no network."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.faces.tffiscal.certificados import SENHA, make_pfx

from chancela.domain.assinatura.certificado import Certificado, load_pkcs12
from chancela.domain.identidade import Cnpj
from chancela.issuing.diagnostico import Situacao, judge_certificado, judge_chain, judge_clock
from chancela.simulator.ca import AutoridadeTeste

CNPJ = Cnpj("11222333000181")
AGORA = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def certificado() -> Certificado:
    return load_pkcs12(make_pfx(str(CNPJ)), SENHA, agora=AGORA)


def test_dates_and_holder(certificado: Certificado) -> None:
    def judge(agora: datetime, titular: Cnpj = CNPJ) -> Situacao:
        return judge_certificado("c", certificado, titular, agora).situacao

    assert judge(AGORA) is Situacao.CERTO
    assert judge(certificado.fim - timedelta(days=10)) is Situacao.AVISO
    assert judge(certificado.fim + timedelta(seconds=1)) is Situacao.ERRO
    assert judge(AGORA, Cnpj("99999999000191")) is Situacao.ERRO


def test_every_finding_that_is_not_right_says_what_to_do(certificado: Certificado) -> None:
    tarde = judge_certificado("c", certificado, CNPJ, certificado.fim + timedelta(days=1))
    assert tarde.correcao
    assert judge_clock("r", AGORA, AGORA + timedelta(hours=1)).correcao


def test_a_test_authority_is_no_icp_brasil(tmp_path: Path) -> None:
    autoridade = AutoridadeTeste.open(tmp_path / "ca")
    pfx = autoridade.issue_test_certificate(nome="LOJA", senha="s", agora=AGORA, cnpj=str(CNPJ))
    de_teste = load_pkcs12(pfx, "s", agora=AGORA)
    assert judge_chain("c", de_teste, []).situacao is (Situacao.AVISO if de_teste.cadeia else Situacao.CERTO)
    if de_teste.cadeia:
        assert judge_chain("c", de_teste, [de_teste.cadeia[-1]]).situacao is Situacao.CERTO


@pytest.mark.parametrize(
    ("desvio_s", "situacao"),
    [(0, Situacao.CERTO), (-29, Situacao.CERTO), (31, Situacao.AVISO), (-301, Situacao.ERRO)],
)
def test_clock(desvio_s: int, situacao: Situacao) -> None:
    assert judge_clock("r", AGORA + timedelta(seconds=desvio_s), AGORA).situacao is situacao
