"""Which numbers SEFAZ knows nothing about, and why."""

from datetime import date

import pytest
from sqlalchemy import text
from tests.stores.fabrica import companies, new_document, outcome, plan, protocol, signed, vault

from chancela.domain.identidade import Ambiente, Modelo
from chancela.issuing.empresa import Empresa
from chancela.issuing.lacunas import Lacuna, Recorte, TipoLacuna, join_runs, ranges_of, reminder_due
from chancela.issuing.modelo import Concessao, Estado
from chancela.issuing.notificacao import NovoWebhook
from chancela.kit.randomness import SeededRandomness
from chancela.stores.conexao import Banco
from chancela.stores.documentos import DocumentosPg
from chancela.stores.lacunas import LacunasPg
from chancela.stores.webhooks import WebhooksPg


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
    assert lacunas.gaps_in_production() == {}, "homologation needs no reminder"


def test_only_production_is_reminded_of(banco: Banco, empresa: Empresa) -> None:
    documentos = DocumentosPg(banco)
    for _ in range(2):
        settle(documentos, admit(documentos, empresa, ambiente=Ambiente.PRODUCAO), Estado.REJEITADO)
    assert list(LacunasPg(banco).gaps_in_production()) == [empresa.id]
    assert [x.quantidade for x in LacunasPg(banco).find_gaps(empresa.id)] == [2]


def test_the_month_is_told_once(banco: Banco, empresa: Empresa) -> None:
    novo = NovoWebhook(empresa.integrador_id, empresa.id, "https://erp.exemplo.com.br/")
    WebhooksPg(banco, vault(), SeededRandomness(5)).create(novo)
    lacuna = Lacuna(Ambiente.PRODUCAO, Modelo.NFE, 1, 5, 7, TipoLacuna.SEM_DOCUMENTO)
    lacunas = LacunasPg(banco)
    for dia in (date(2026, 11, 1), date(2026, 11, 9), date(2026, 12, 2)):
        lacunas.remind(empresa.id, [lacuna], dia)
    with banco.system() as conexao:
        ditas = conexao.execute(text("SELECT alvo, dados FROM entregas ORDER BY id")).all()
    assert [linha.alvo for linha in ditas] == ["lacunas-2026-11", "lacunas-2026-12"]
    assert ditas[0].dados["prazo"] == "2026-11-10"
    assert ditas[0].dados["lacunas"] == [
        {"modelo": "55", "serie": 1, "inicio": 5, "fim": 7, "quantidade": 3, "tipo": "sem_documento"}
    ]


def test_what_would_end_the_gaps(banco: Banco, empresa: Empresa) -> None:
    def gap(serie: int, inicio: int, fim: int, ambiente: Ambiente = Ambiente.PRODUCAO) -> Lacuna:
        return Lacuna(ambiente, Modelo.NFE, serie, inicio, fim, TipoLacuna.REJEITADO)

    achadas = [
        gap(1, 1, 4),
        gap(1, 5, 5),
        gap(1, 7, 12_008),
        gap(2, 3, 3),
        gap(1, 9, 9, Ambiente.HOMOLOGACAO),
    ]
    faixas = ranges_of(empresa, achadas, Recorte(Ambiente.PRODUCAO))
    assert [(f.serie, f.inicio, f.fim) for f in faixas] == [
        (1, 1, 5), (1, 7, 10_006), (1, 10_007, 12_008), (2, 3, 3)
    ]  # fmt: skip
    for faixa in faixas:
        faixa.check()
    assert [f.serie for f in ranges_of(empresa, achadas, Recorte(Ambiente.PRODUCAO, Modelo.NFE, 2))] == [2]
    assert ranges_of(empresa, achadas, Recorte(Ambiente.PRODUCAO, Modelo.NFCE)) == []


def test_runs_and_days() -> None:
    assert join_runs([1, 2, 4, 6, 7, 8]) == [(1, 2), (4, 4), (6, 8)]
    assert join_runs([]) == []
    assert [reminder_due(date(2026, 12, dia)) for dia in (1, 10, 11)] == [True, True, False]
