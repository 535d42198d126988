"""Requests of the day and credits of the month, on a real PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from tests.stores.fabrica import AGORA, companies, new_document, outcome, plan, protocol, signed

from chancela.issuing.consumo import month_of
from chancela.issuing.modelo import Estado
from chancela.stores.conexao import Banco
from chancela.stores.consumo import ConsumoPg
from chancela.stores.documentos import DocumentosPg

Sql = Callable[..., list[tuple[object, ...]]]


def test_calls_are_counted_by_integrator_and_day(banco: Banco, superusuario: Sql) -> None:
    (empresa,) = companies(banco)
    (outra,) = companies(banco)
    consumo = ConsumoPg(banco)
    hoje = datetime(2026, 11, 21, 12, tzinfo=UTC)
    with ThreadPoolExecutor(4) as executor:
        contadas = sorted(executor.map(lambda _: consumo.count(empresa.integrador_id, hoje), range(20)))
    assert contadas == list(range(1, 21))
    assert consumo.count(outra.integrador_id, hoje) == 1
    assert consumo.count(empresa.integrador_id, hoje + timedelta(days=1)) == 1
    assert superusuario("SELECT count(*) FROM consumo_diario") == [(2,)]


def test_a_credit_per_authorised_document(banco: Banco, superusuario: Sql) -> None:
    (empresa,) = companies(banco)
    documentos, consumo = DocumentosPg(banco), ConsumoPg(banco)
    for estado in (Estado.AUTORIZADO, Estado.REJEITADO, Estado.AUTORIZADO):
        admissao = documentos.admit(new_document(empresa), dono="um", prazo_s=600)
        assert admissao.concessao is not None
        (tentativa,) = documentos.begin([plan(admissao.concessao, signed())])
        protocolo = protocol() if estado is Estado.AUTORIZADO else None
        documentos.settle([outcome(admissao.concessao, estado, tentativa, protocolo=protocolo)])
    superusuario("UPDATE documentos SET estado = 'CANCELADO' WHERE numero = 1")
    (linha,) = consumo.credits(empresa.integrador_id, *month_of(AGORA.year, AGORA.month))
    assert (linha.empresa_id, linha.documentos, linha.cartas, linha.creditos) == (empresa.id, 2, 0, 2)
    (antes,) = consumo.credits(empresa.integrador_id, *month_of(AGORA.year, AGORA.month - 1))
    assert antes.creditos == 0
