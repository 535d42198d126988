"""A legal deadline is told once when it comes near, once when it has passed, and not at all once SEFAZ has the document."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.stores.fabrica import AGORA, companies, new_document

from chancela.kit.clock import VirtualClock
from chancela.stores.conexao import Banco
from chancela.stores.documentos import DocumentosPg
from chancela.stores.linha_do_tempo import LinhaDoTempo
from chancela.stores.prazos_legais import PrazosLegaisPg

PERTO, PERTO_EPEC = timedelta(hours=4), timedelta(hours=48)


@pytest.fixture
def relogio() -> VirtualClock:
    return VirtualClock(AGORA)


@pytest.fixture
def banco(url_banco: str, relogio: VirtualClock) -> Iterator[Banco]:
    banco = Banco(url_banco, relogio=relogio)
    yield banco
    banco.close()


def test_a_deadline_is_told_when_near_and_when_over(banco: Banco, relogio: VirtualClock) -> None:
    empresa = companies(banco)[0]
    documentos, prazos = DocumentosPg(banco), PrazosLegaisPg(banco)
    novos = [
        replace(
            new_document(empresa, referencia=f"VENDA-{tp_emis}"),
            tp_emis=tp_emis,
            contingencia_em=AGORA,
            transmitir_ate=AGORA + timedelta(days=3),
        )
        for tp_emis in (9, 4)
    ]
    offline, epec = [documentos.admit(novo, dono=None, prazo_s=60).documento for novo in novos]
    documentos.admit(new_document(empresa, referencia="NORMAL"), dono=None, prazo_s=60)
    vistos: list[list[tuple[str, str]]] = []
    for _ in range(4):
        vistos.append([(p.documento_id, p.tipo) for p in prazos.warn(PERTO, PERTO_EPEC)])
        assert prazos.warn(PERTO, PERTO_EPEC) == []
        relogio.advance(24 * 3_600 if len(vistos) != 2 else 46 * 3_600)
    assert vistos[:3] == [[], [(epec.id, "prazo_proximo")], [(offline.id, "prazo_proximo")]]
    assert sorted(vistos[3]) == sorted([(epec.id, "prazo_vencido"), (offline.id, "prazo_vencido")])
    marcos = [evento.marco.tipo for evento in LinhaDoTempo(banco).of(offline.id, offline.empresa_id)]
    assert marcos[-2:] == ["prazo_proximo", "prazo_vencido"]
