"""The id of a request goes with its work into tasks and threads, and into nobody else's."""

import asyncio

import pytest

from chancela.kit.requisicao import ThreadsComContexto, bind_request, current_request, is_request_id


def test_the_id_goes_into_threads_and_stays_in_its_task() -> None:
    async def serve(executor: ThreadsComContexto, pedido_id: str) -> str:
        bind_request(pedido_id)
        await asyncio.sleep(0)
        return await asyncio.get_running_loop().run_in_executor(executor, current_request)

    async def run() -> list[str]:
        with ThreadsComContexto(2) as executor:
            vistos = await asyncio.gather(*(serve(executor, f"pedido-{n}") for n in range(50)))
            assert await asyncio.get_running_loop().run_in_executor(executor, current_request) == ""
        assert current_request() == ""
        return vistos

    assert asyncio.run(run()) == [f"pedido-{n}" for n in range(50)]


def test_no_id_changes_nothing() -> None:
    async def run() -> str:
        bind_request("um")
        bind_request("")
        return current_request()

    assert asyncio.run(run()) == "um"


@pytest.mark.parametrize("texto", ["a", "0192f7e2-3b5c", "Root=1-67891233-abcdef", "a" * 128, "a:b/c+d._"])
def test_ids_of_others_are_taken(texto: str) -> None:
    assert is_request_id(texto)


@pytest.mark.parametrize(
    "texto", ["", "-a", "a b", 'a"b', "a\nb", "a\r\nX: y", "ç", "a" * 129, "\x1b[31m", "a;b"]
)
def test_what_could_forge_a_line_is_not(texto: str) -> None:
    assert not is_request_id(texto)
