"""The distribution on a real PostgreSQL: one owner per root, a page whole or not at all, nothing twice, nothing lost."""

import gzip
from typing import Any

import pytest
from tests.stores.fabrica import companies, new_id

from chancela.documents.recebidos.classificacao import Recebido, TipoRecebido
from chancela.domain.erros import ConcessaoPerdida
from chancela.domain.identidade import Ambiente, Uf
from chancela.issuing.distribuicao import FiltroRecebidos, Interessado, NovoRecebido, Pagina
from chancela.stores.conexao import Banco
from chancela.stores.recebidos import RecebidosPg

DONO = "maquina/1/1"
CHAVE = "3526" + "1" * 40


def received(nsu: int, tipo: TipoRecebido = TipoRecebido.RES_NFE, **mudancas: Any) -> NovoRecebido:
    dados = Recebido(tipo, **{"chave": CHAVE, "emitente": "11222333000181", "situacao": 1, **mudancas})
    texto = gzip.compress(f"<{tipo.value}>{nsu}</{tipo.value}>".encode())
    return NovoRecebido(new_id(), nsu, f"{tipo.value}_v1.01.xsd", texto, dados)


def page(*documentos: NovoRecebido, ult: int, maximo: int, **mudancas: Any) -> Pagina:
    return Pagina(138, "Documento localizado", ult, maximo, documentos, sincronizada=True, **mudancas)


@pytest.fixture
def recebidos(banco: Banco) -> RecebidosPg:
    return RecebidosPg(banco)


@pytest.fixture
def quem(banco: Banco) -> Interessado:
    (empresa,) = companies(banco)
    return Interessado(empresa.id, empresa.cnpj, Uf.SP, Ambiente.PRODUCAO)


def test_a_page_is_kept_once_with_its_position(recebidos: RecebidosPg, quem: Interessado) -> None:
    posse = recebidos.claim(quem, dono=DONO, prazo_s=60)
    assert posse is not None
    assert posse.estado.ult_nsu == 0
    documentos = [received(n) for n in (5, 6, 7)]
    posse, guardados = recebidos.keep(posse, page(*documentos, ult=7, maximo=9), prazo_s=60)
    assert (guardados.por_tipo[TipoRecebido.RES_NFE], guardados.repetidos) == (3, 0)
    assert (posse.estado.ult_nsu, posse.estado.max_nsu, posse.estado.pendentes) == (7, 9, 2)
    _, de_novo = recebidos.keep(posse, page(received(7), received(8), ult=8, maximo=9), prazo_s=60)
    assert (sum(de_novo.por_tipo.values()), de_novo.repetidos) == (1, 1)
    lista = recebidos.list_page(quem.empresa_id, FiltroRecebidos(), pagina=1, tamanho=2)
    assert (lista.total, [d.nsu for d in lista.documentos]) == (4, [8, 7])
    assert recebidos.xml(documentos[0].id, quem.empresa_id) == b"<resNFe>5</resNFe>"


def test_a_position_never_goes_back(recebidos: RecebidosPg, quem: Interessado) -> None:
    posse = recebidos.claim(quem, dono=DONO, prazo_s=60)
    assert posse is not None
    posse, _ = recebidos.keep(posse, page(ult=70, maximo=70), prazo_s=60)
    posse, _ = recebidos.keep(posse, page(ult=3, maximo=3), prazo_s=60)
    assert (posse.estado.ult_nsu, posse.estado.max_nsu) == (70, 70)


def test_one_owner_for_all_branches_of_a_root(
    banco: Banco, recebidos: RecebidosPg, quem: Interessado
) -> None:
    posse = recebidos.claim(quem, dono=DONO, prazo_s=60)
    assert posse is not None
    assert recebidos.claim(quem, dono="maquina/2/2", prazo_s=60) is None
    outro_ambiente = Interessado(quem.empresa_id, quem.cnpj, Uf.SP, Ambiente.HOMOLOGACAO)
    assert recebidos.claim(outro_ambiente, dono="maquina/2/2", prazo_s=60) is not None
    assert DONO in recebidos.lease_owners()
    assert recebidos.release_leases(DONO) == 1
    assert recebidos.claim(quem, dono="maquina/2/2", prazo_s=60) is not None
    with pytest.raises(ConcessaoPerdida):
        recebidos.keep(posse, page(received(1), ult=1, maximo=1), prazo_s=60)
    assert recebidos.list_page(quem.empresa_id, FiltroRecebidos(), pagina=1, tamanho=9).total == 0


def test_holes_are_opened_by_a_jump_and_closed_by_what_comes(
    recebidos: RecebidosPg, quem: Interessado
) -> None:
    posse = recebidos.claim(quem, dono=DONO, prazo_s=60)
    assert posse is not None
    posse, _ = recebidos.keep(posse, page(received(1), ult=4, maximo=4, buracos=(1, 2, 3, 4)), prazo_s=60)
    assert list(recebidos.holes(quem, 10)) == [2, 3, 4]
    posse, _ = recebidos.keep(posse, page(received(3), ult=4, maximo=4), prazo_s=60)
    posse, _ = recebidos.keep(posse, Pagina(137, "Nenhum", 4, 4, preenchido=4), prazo_s=60)
    assert (list(recebidos.holes(quem, 10)), posse.estado.buracos) == ([2], 1)


def test_single_questions_are_counted_per_hour(recebidos: RecebidosPg, quem: Interessado) -> None:
    posse = recebidos.claim(quem, dono=DONO, prazo_s=60)
    assert posse is not None
    assert [recebidos.take_single(posse, 3) for _ in range(4)] == [True, True, True, False]


def test_another_company_sees_nothing(banco: Banco, recebidos: RecebidosPg) -> None:
    uma, outra = companies(banco, 2)
    quem = Interessado(uma.id, uma.cnpj, Uf.SP, Ambiente.PRODUCAO)
    posse = recebidos.claim(quem, dono=DONO, prazo_s=60)
    assert posse is not None
    documento = received(1)
    recebidos.keep(posse, page(documento, ult=1, maximo=1), prazo_s=60)
    assert recebidos.get(documento.id, outra.id) is None
    assert recebidos.xml(documento.id, outra.id) is None
    assert recebidos.list_page(outra.id, FiltroRecebidos(), pagina=1, tamanho=9).total == 0


def test_a_summary_waits_for_ciencia_until_its_note_came(recebidos: RecebidosPg, quem: Interessado) -> None:
    posse = recebidos.claim(quem, dono=DONO, prazo_s=60)
    assert posse is not None
    resumo, cancelado = received(1), received(2, chave=CHAVE[:-1] + "2", situacao=3)
    posse, _ = recebidos.keep(posse, page(resumo, cancelado, ult=2, maximo=2), prazo_s=60)
    assert [a.chave for a in recebidos.to_acknowledge(quem, prazo_d=10, limite=9)] == [CHAVE]
    assert list(recebidos.to_follow(quem, 9)) == []
    recebidos.keep(posse, page(received(3, TipoRecebido.PROC_NFE), ult=3, maximo=3), prazo_s=60)
    assert list(recebidos.to_acknowledge(quem, prazo_d=10, limite=9)) == []


def test_filters(recebidos: RecebidosPg, quem: Interessado) -> None:
    posse = recebidos.claim(quem, dono=DONO, prazo_s=60)
    assert posse is not None
    recebidos.keep(
        posse,
        page(received(1), received(2, TipoRecebido.PROC_EVENTO, emitente="99999999000191"), ult=2, maximo=2),
        prazo_s=60,
    )

    def total(**filtro: Any) -> int:
        return recebidos.list_page(quem.empresa_id, FiltroRecebidos(**filtro), pagina=1, tamanho=9).total

    assert (total(tipo="resNFe"), total(tipo="procEvento"), total(tipo="procNFe")) == (1, 1, 0)
    assert (total(emitente="99999999000191"), total(chave=CHAVE), total(chave="0" * 44)) == (1, 2, 0)
