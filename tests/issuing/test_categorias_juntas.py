"""Categories are asked for every time, together with others of the company."""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, cast

import pytest
from tests.documents.nfe import pedidos
from tests.issuing.test_assinatura_nfce import LOJA

from chancela.issuing.categorias import write_categoria
from chancela.issuing.categorias_juntas import CategoriasJuntas
from chancela.issuing.empresa import Cadastro, Categoria

CODIGO = pedidos.SIMPLES.itens[0].categoria


class Estante:
    """Categories of companies, and every question that was asked."""

    def __init__(self) -> None:
        self.conteudos: dict[tuple[int, str], Mapping[str, Any]] = {}
        self.perguntas: list[tuple[int, Sequence[str]]] = []

    def get_many(self, empresa_id: int, codigos: Sequence[str]) -> Mapping[str, Categoria]:
        self.perguntas.append((empresa_id, codigos))
        return {
            codigo: Categoria(codigo, codigo, dict(self.conteudos[empresa_id, codigo]))
            for codigo in codigos
            if (empresa_id, codigo) in self.conteudos
        }


@pytest.mark.anyio
async def test_a_change_holds_for_the_next_document() -> None:
    estante = Estante()
    conteudo = write_categoria(pedidos.CATEGORIAS[CODIGO])
    estante.conteudos[1, CODIGO] = conteudo
    with ThreadPoolExecutor(2) as executor:
        lidas = CategoriasJuntas(cast("Any", estante), executor)
        primeira = (await lidas.read(1, pedidos.SIMPLES))[CODIGO]
        assert primeira == pedidos.CATEGORIAS[CODIGO]
        estante.conteudos[1, CODIGO] = {**conteudo, "disable_difal": not primeira.disable_difal}
        mudada = (await lidas.read(1, pedidos.SIMPLES))[CODIGO]
        assert mudada == replace(primeira, disable_difal=not primeira.disable_difal)
        assert await lidas.read(2, pedidos.SIMPLES) == {}, "another company's are its own"


@pytest.mark.anyio
async def test_what_was_read_with_the_company_is_not_asked_for() -> None:
    estante = Estante()
    conteudo = write_categoria(pedidos.CATEGORIAS[CODIGO])
    with ThreadPoolExecutor(1) as executor:
        lidas = CategoriasJuntas(cast("Any", estante), executor)
        com = Cadastro(LOJA, {CODIGO: conteudo, "OUTRA": {}}, None)
        assert await lidas.read(1, pedidos.SIMPLES, com) == {CODIGO: pedidos.CATEGORIAS[CODIGO]}
        assert await lidas.read(1, pedidos.SIMPLES, Cadastro(LOJA, {}, None)) == {}
    assert estante.perguntas == []


@pytest.mark.anyio
async def test_documents_of_a_company_ask_together() -> None:
    estante = Estante()
    estante.conteudos[1, CODIGO] = write_categoria(pedidos.CATEGORIAS[CODIGO])
    with ThreadPoolExecutor(2) as executor:
        lidas = CategoriasJuntas(cast("Any", estante), executor)
        achadas = await asyncio.gather(*(lidas.read(1, pedidos.SIMPLES) for _ in range(10)))
    assert all(achada == achadas[0] for achada in achadas)
    assert len(estante.perguntas) == 2, "the first went at once, the other nine together"
