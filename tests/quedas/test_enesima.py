"""Every operation on the database and on the wire fails once, in every way it can, and nothing is lost, doubled or skipped."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial

import pytest
from tests.quedas.avaria import Modo
from tests.quedas.mesa import CNPJ, Mesa, each_failure, open_mesa

from chancela.documents.inutilizacao.layout import Faixa
from chancela.domain.erros import Indisponivel
from chancela.domain.identidade import Ambiente, Cnpj, Modelo
from chancela.issuing.modelo import Documento, Estado
from chancela.simulator.fornecedor import Fornecedores
from chancela.simulator.nota_ficticia import Encomenda


@pytest.fixture(scope="module")
def mesa(url_banco_do_modulo: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mesa]:
    with open_mesa(url_banco_do_modulo, tmp_path_factory.mktemp("mesa")) as mesa:
        yield mesa


def into_failure(mesa: Mesa, enesima: int, jeito: int, trabalho: Callable[[], object]) -> Modo:
    """The work with one failure in it; its caller may hear that the database is away, and nothing worse. How it failed."""
    mesa.arm(enesima, jeito)
    with suppress(Indisponivel):
        trabalho()
    ocorrido = mesa.avaria.ocorreu
    assert ocorrido is not None, f"operation {enesima} was not reached"
    mesa.arm(0)
    return ocorrido


def test_a_sale_survives_the_failure_of_any_operation(mesa: Mesa) -> None:
    modos: Counter[Modo] = Counter()
    for enesima, jeito in each_failure(mesa, lambda: mesa.sold):
        referencia = f"VENDA-{enesima}-{jeito}"
        modos[into_failure(mesa, enesima, jeito, partial(mesa.sell, referencia))] += 1
        mesa.recover()
        assert mesa.sell(referencia).estado is Estado.AUTORIZADO
    assert set(modos) == set(Modo)
    mesa.check()


def test_a_cancellation_survives_the_failure_of_any_operation(mesa: Mesa) -> None:
    def cancel(nota: Documento) -> None:
        mesa.run(mesa.eventos.cancel(mesa.empresa, nota, "Venda desfeita pelo cliente"))

    for enesima, jeito in each_failure(mesa, lambda: partial(cancel, mesa.sold())):
        nota = mesa.sold()
        into_failure(mesa, enesima, jeito, partial(cancel, nota))
        mesa.recover()
        atual = mesa.pecas.documentos.get(nota.id, nota.empresa_id)
        assert atual is not None
        if atual.estado is Estado.AUTORIZADO:
            cancel(atual)
        assert len(mesa.sefaz.livro.eventos_of(2, nota.chave)) == 1
    mesa.check()
    pedidas = mesa.query("SELECT chave, protocolo FROM solicitacoes WHERE tipo = '110111'")
    livro = [
        (e["chave"], e["protocolo"]) for e in mesa.sefaz.livro.list_eventos({"tp_evento": "110111"}, 10_000)
    ]
    assert sorted(pedidas) == sorted(livro)


@pytest.mark.longo
def test_a_letter_of_correction_survives_the_failure_of_any_operation(mesa: Mesa) -> None:
    def correct(nota: Documento) -> None:
        mesa.run(mesa.eventos.correct(mesa.empresa, nota, "Corrigir o bairro do destinatario"))

    for enesima, jeito in each_failure(mesa, lambda: partial(correct, mesa.sold())):
        nota = mesa.sold()
        into_failure(mesa, enesima, jeito, partial(correct, nota))
        mesa.recover()
        if not mesa.query("SELECT id FROM solicitacoes WHERE documento_id = %s", nota.id):
            correct(nota)
        ((estado, protocolo),) = mesa.query(
            "SELECT estado, protocolo FROM solicitacoes WHERE documento_id = %s", nota.id
        )
        (evento,) = mesa.sefaz.livro.eventos_of(2, nota.chave)
        assert (estado, protocolo) == ("REGISTRADA", evento.protocolo)
    mesa.check()


@pytest.mark.longo
def test_a_range_survives_the_failure_of_any_operation(mesa: Mesa) -> None:
    def void(numero: int) -> None:
        faixa = Faixa(
            Ambiente.HOMOLOGACAO, Cnpj(CNPJ), mesa.empresa.endereco.uf, Modelo.NFE, 1, numero, numero
        )
        mesa.run(mesa.eventos.inutilise(mesa.empresa, faixa, "Falha no sistema durante a emissao"))

    def next_number() -> int:
        return mesa.sold().numero + 1

    for enesima, jeito in each_failure(mesa, lambda: partial(void, next_number())):
        numero = next_number()
        into_failure(mesa, enesima, jeito, partial(void, numero))
        mesa.recover()
        void(numero)
        ((estado, protocolo),) = mesa.query(
            "SELECT estado, protocolo FROM solicitacoes WHERE inicio = %s", numero
        )
        (faixa,) = [f for f in mesa.sefaz.livro.list_inutilizacoes({}, 10_000) if f["inicio"] == numero]
        assert (estado, protocolo) == ("REGISTRADA", faixa["protocolo"])
    mesa.check()


@pytest.mark.longo
def test_a_capture_survives_the_failure_of_any_operation(mesa: Mesa) -> None:
    """Two pages and what follows them; a page whose answer was lost comes as holes, one by one, at SEFAZ's pace."""
    fornecedores, chaves = Fornecedores(mesa.sefaz), list[str]()

    def supply() -> Callable[[], object]:
        mesa.relogio.advance(2 * 3_600)
        chaves.extend(fornecedores.issue_nota(Encomenda(destinatario=CNPJ, ambiente=1)) for _ in range(60))
        return capture

    def capture() -> None:
        mesa.run(mesa.recebidos.run_company(mesa.empresa))

    def complete() -> bool:
        mesa.relogio.advance(3_600 + 60)
        capture()
        return not mesa.query("SELECT 1 FROM distribuicoes WHERE ult_nsu < max_nsu") and not mesa.query(
            "SELECT 1 FROM buracos_distribuicao"
        )

    for enesima, jeito in each_failure(mesa, supply):
        into_failure(mesa, enesima, jeito, supply())
        assert any(complete() for _ in range(12)), "the capture does not come to its end"
    guardadas = Counter(chave for (chave,) in mesa.query("SELECT chave FROM recebidos WHERE tipo = 'resNFe'"))
    assert guardadas == Counter(chaves)
