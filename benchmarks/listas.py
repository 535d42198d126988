"""What is asked of `invoice/get_list`: pages, filters and periods drawn at random over the whole list."""

from datetime import timedelta
from random import Random

from benchmarks.empresa_cheia import ANO_S, EM_ANDAMENTO, INICIO
from benchmarks.perguntas import Pergunta
from chancela.domain.identidade import Modelo
from chancela.issuing.lista import FiltroDocumentos
from chancela.issuing.modelo import Estado
from chancela.stores.conexao import Banco
from chancela.stores.listas import ListasPg

TAMANHO = 50


def list_questions(banco: Banco, empresa_id: int, quantos: int) -> dict[str, Pergunta]:
    """Every one answers how many documents the page had."""
    acaso, listas = Random(11), ListasPg(banco)

    def page(estados: tuple[Estado, ...], total: int, pagina: int | None = None) -> int:
        numero = pagina or acaso.randint(1, max(1, total // TAMANHO))
        filtro = FiltroDocumentos(Modelo.NFE, estados)
        return len(listas.list_page(empresa_id, filtro, pagina=numero, tamanho=TAMANHO).documentos)

    def period() -> int:
        desde = INICIO + timedelta(seconds=acaso.randint(0, ANO_S - 40 * 86_400))
        filtro = FiltroDocumentos(Modelo.NFE, (Estado.AUTORIZADO,), desde, desde + timedelta(days=30))
        pagina = acaso.randint(1, max(1, quantos // 13 // TAMANHO))
        return len(listas.list_page(empresa_id, filtro, pagina=pagina, tamanho=TAMANHO).documentos)

    return {
        "primeira página": lambda: page((), quantos, 1),
        "página qualquer": lambda: page((), quantos),
        "última página": lambda: page((), quantos, quantos // TAMANHO),
        "autorizadas, página qualquer": lambda: page((Estado.AUTORIZADO,), int(quantos * 0.96)),
        "canceladas, página qualquer": lambda: page((Estado.CANCELADO,), quantos // 51),
        "em andamento": lambda: page((Estado.PENDENTE, Estado.ASSINADO, Estado.INCERTO), EM_ANDAMENTO),
        "um mês de autorizadas, página qualquer": period,
    }
