"""The HTTP surface of the simulator under requests that no client sends: refused or closed, never a failure or a trace."""

import asyncio
from collections.abc import Callable

from tests.attack.corpo_http import exchange, faults, requests_to
from tests.simulator.test_servidor import Cena, Teste, client_context, em_cena

__all__ = ["em_cena"]
_SEM_FIM = ("linha", "corpo", "fila", "cem")
"""Over TLS nothing says that no more will come: only requests that are whole are sent there."""


def test_no_bytes_break_the_control(em_cena: Callable[[Teste], None]) -> None:
    async def teste(cena: Cena) -> None:
        ruins = {}
        for nome, pedido in requests_to("/_simulador/falhas"):
            resposta = await asyncio.to_thread(
                exchange, "127.0.0.1", cena.simulador.porta_controle, pedido, prazo_s=10.0
            )
            if faltas := faults(resposta):
                ruins[nome] = faltas
        assert ruins == {}
        assert await cena.control("GET", "/falhas") is not None

    em_cena(teste)


def test_no_path_or_method_breaks_the_services(em_cena: Callable[[Teste], None]) -> None:
    async def teste(cena: Cena) -> None:
        contexto, ruins = client_context(cena.simulador, cena.a1), {}
        for nome, pedido in requests_to("/SP/NFeAutorizacao4"):
            if nome.startswith(_SEM_FIM):
                continue
            resposta = await asyncio.to_thread(
                exchange, "127.0.0.1", cena.simulador.porta, pedido, tls=contexto, prazo_s=10.0
            )
            if b"Fault>" in resposta:  # SOAP 1.1 says 500 for a fault of the sender too
                resposta = resposta.replace(b" 500 ", b" 400 ", 1)
            if faltas := faults(resposta):
                ruins[nome] = faltas
        assert ruins == {}
        assert b"<cStat>104</cStat>" in await cena.authorise()

    em_cena(teste)
