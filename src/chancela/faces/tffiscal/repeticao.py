"""The same signed call, twice: the second one gets the first one's answer.

The stored answer is sealed with a key that only the bearer of that very request can derive (it comes from token and
signature), so that a company token in it is not readable in the database.
"""

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import anyio
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from starlette.concurrency import run_in_threadpool

from chancela.faces.tffiscal.autenticacao import Autenticado
from chancela.faces.tffiscal.erros import FaceErro
from chancela.issuing.empresa import RespostasRepetidas
from chancela.issuing.lotes import Lotes
from chancela.kit.randomness import Randomness

_NONCE_BYTES = 12


class Repeticao:
    """Runs a state-changing call once per (token, sign)."""

    def __init__(
        self, respostas: RespostasRepetidas, randomness: Randomness, threads: ThreadPoolExecutor | None
    ) -> None:
        self._respostas = respostas
        self._inicios = Lotes(respostas.begin, threads)
        self._fins = Lotes(respostas.finish, threads)
        self._randomness = randomness

    async def once(
        self, autenticado: Autenticado, execute: Callable[[], Awaitable[tuple[int, bytes]]]
    ) -> tuple[int, bytes]:
        """Status and body of the call. Only an answer with status 200 is kept: after any other, nothing was changed.

        While the first one is still running, `FaceErro` 429.
        """
        chave = autenticado.chave_repeticao
        vez, guardada = await self._inicios.put(chave)
        if guardada is not None:
            return 200, self._open(autenticado, guardada)
        if not vez:
            raise FaceErro(
                429,
                "REPETIDA-01",
                "Esta mesma chamada ainda está em andamento.",
                "Aguarde a primeira resposta, ou repita em alguns segundos.",
                cabecalhos={"Retry-After": "2"},
            )
        concluida = False
        try:
            status, corpo = await execute()
            if status == 200:
                await self._fins.put((chave, self._seal(autenticado, corpo)))
                concluida = True
        finally:
            if not concluida:
                with anyio.CancelScope(shield=True):
                    await run_in_threadpool(self._respostas.abandon, chave)
        return status, corpo

    def _seal(self, autenticado: Autenticado, corpo: bytes) -> bytes:
        nonce = self._randomness.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(autenticado.chave_selo).encrypt(nonce, corpo, autenticado.chave_repeticao)

    def _open(self, autenticado: Autenticado, selada: bytes) -> bytes:
        nonce, cifrado = selada[:_NONCE_BYTES], selada[_NONCE_BYTES:]
        return AESGCM(autenticado.chave_selo).decrypt(nonce, cifrado, autenticado.chave_repeticao)
