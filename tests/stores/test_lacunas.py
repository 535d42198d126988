"""Which numbers SEFAZ knows nothing about, and why."""

from datetime import date

import pytest
from tests.stores.fabrica import companies, new_document, outcome, plan, protocol, signed

from chancela.domain.identidade import Ambiente
from chancela.issuing.empresa import Empresa
from chancela.issuing.lacunas import TipoLacuna, join_runs, reminder_due
from chancela.issuing.modelo import Concessao, Estado
from chancela.stores.conexao import Banco
from chancela.stores.documentos import DocumentosPg
from chancela.stores.lacunas import LacunasPg


@pytest.fixture
def empresa(banco: Banco) -> Empresa:
    return companies(banco)[0]


def admit(documentos: DocumentosPg, empresa: Empresa, **mudancas: object) -> Concessao:
    concessao = documentos.admit(new_document(empresa, **mudancas), dono="api", prazo_s=60).concessao
    assert concessao is not None
    return concessao


def settle(documentos: DocumentosPg, concessao: Concessao, estado: Estado) -> None:
    (tentativa,) = documentos.begin([plan(concessao, signed())])
    autorizado = estado is Estado.AUTORIZADO
    documentos.settle([outcome(concessao, estado, tentativa, protocolo=protocol() if autorizado else None)])


def test_gaps_are_found_between_the_first_and_the_last_number(banco: Banco, empresa: Empresa) -> None:
    documentos, lacunas = DocumentosPg(banco), LacunasPg(banco)
    concessoes = [admit(documentos, empresa, numero_inicial=100) for _ in range(7)]
    for indice, estado in ((0, "A"), (1, "R"), (2, "R"), (3, "A"), (6, "A")):
        settle(documentos, concessoes[indice], Estado.AUTORIZADO if estado == "A" else Estado.REJEITADO)
    documentos.discard(concessoes[5], "Desistência.")
    documentos.discard(concessoes[4], "Desistência.")
    achadas = [(x.inicio, x.fim, x.tipo) for x in lacunas.find_gaps(empresa.id)]
    assert achadas == [(101, 102, TipoLacuna.REJEITADO), (104, 105, TipoLacuna.SEM_DOCUMENTO)]
    assert lacunas.companies_with_gaps() == [], "homologation needs no reminder"


def test_only_production_is_reminded_of(banco: Banco, empresa: Empresa) -> None:
    documentos = DocumentosPg(banco)
    for _ in range(2):
        settle(documentos, admit(documentos, empresa, ambiente=Ambiente.PRODUCAO), Estado.REJEITADO)
    assert LacunasPg(banco).companies_with_gaps() == [empresa.id]
    assert [x.quantidade for x in LacunasPg(banco).find_gaps(empresa.id)] == [2]


def test_runs_and_days() -> None:
    assert join_runs([1, 2, 4, 6, 7, 8]) == [(1, 2), (4, 4), (6, 8)]
    assert join_runs([]) == []
    assert [reminder_due(date(2026, 12, dia)) for dia in (1, 10, 11)] == [True, True, False]
