"""Which lots are taken where and when, how notes are cut into lots, and a packed one on the wire."""

import base64
import gzip
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancela.domain.identidade import Modelo
from chancela.gateways.lotes import (
    ENVOLTORIO_BYTES,
    MENSAGEM_MAXIMA_BYTES,
    LimitesLote,
    LotesAceitos,
    cut_sizes,
    packaged_lots,
)
from chancela.gateways.nfe.gateway import AUTORIZACAO_ZIP, compose_lote
from chancela.gateways.soap.envelope import build_envelope
from chancela.gateways.soap.gravacao import remove_secrets

_VIRADA = date(2025, 10, 13)
"""452 in production (NT 2025.001)."""


@pytest.mark.parametrize(
    ("modelo", "quando", "limites"),
    [
        (Modelo.NFE, _VIRADA - timedelta(days=1), LimitesLote(1, 50)),
        (Modelo.NFE, _VIRADA, LimitesLote(2, 50)),
        (Modelo.NFCE, _VIRADA - timedelta(days=1), None),
        (Modelo.NFCE, _VIRADA, None),
        (Modelo.MDFE, _VIRADA, None),
    ],
)
def test_lots_are_taken_by_date(modelo: Modelo, quando: date, limites: LimitesLote | None) -> None:
    assert packaged_lots().limits(modelo, "SVRS", quando) == limites


def test_a_row_of_one_authorizer_holds_over_that_of_all() -> None:
    linha = {
        "modelo": "55",
        "minimo": "2",
        "maximo": "50",
        "vigencia_inicio": "",
        "vigencia_fim": "",
        "fonte": "",
    }
    aceitos = LotesAceitos(
        [linha | {"autorizador": "*"}, linha | {"autorizador": "MG", "vigencia_fim": "2026-01-31"}]
    )
    assert aceitos.limits(Modelo.NFE, "MG", date(2026, 1, 31)) == LimitesLote(2, 50)
    assert aceitos.limits(Modelo.NFE, "MG", date(2026, 2, 1)) is None
    assert aceitos.limits(Modelo.NFE, "SP", date(2026, 2, 1)) == LimitesLote(2, 50)


@given(st.lists(st.integers(1, 600_000), max_size=120), st.integers(1, 50))
def test_no_note_is_left_out_and_no_lot_is_too_large(tamanhos: list[int], maximo: int) -> None:
    quantas = cut_sizes(tamanhos, maximo)
    assert sum(quantas) == len(tamanhos)
    inicio = 0
    for n in quantas:
        assert 1 <= n <= maximo
        lote = tamanhos[inicio : inicio + n]
        assert n == 1 or sum(lote) + ENVOLTORIO_BYTES <= MENSAGEM_MAXIMA_BYTES
        inicio += n


def test_a_packed_lot_is_the_same_bytes_in_every_try() -> None:
    lote = compose_lote([b"<NFe>1</NFe>", b"<NFe>2</NFe>"], "7")
    envelope = build_envelope(AUTORIZACAO_ZIP, lote)
    assert envelope == build_envelope(AUTORIZACAO_ZIP, lote)
    abre = b'<nfeDadosMsgZip xmlns="http://www.portalfiscal.inf.br/nfe/wsdl/NFeAutorizacao4">'
    dentro = envelope.partition(abre)[2].partition(b"</nfeDadosMsgZip>")[0]
    assert gzip.decompress(base64.b64decode(dentro)) == lote
    assert len(lote) - len(b"<NFe>1</NFe><NFe>2</NFe>") <= ENVOLTORIO_BYTES


def test_a_recording_holds_no_secret_of_a_packed_lot() -> None:
    nota = b"<NFe><x>1</x><SignatureValue>QUJD</SignatureValue><X509Certificate>MIID</X509Certificate></NFe>"
    limpo = remove_secrets(build_envelope(AUTORIZACAO_ZIP, compose_lote([nota, nota], "7")))
    assert limpo.count(b"<x>1</x>") == 2
    assert b"QUJD" not in limpo
    assert b"MIID" not in limpo
    assert remove_secrets(limpo) == limpo
