"""Nobody without the token gets a call through: mutations of a signed call, and extensions of its hash.

The gate tries a thousand mutations; the campaign a million (`make campaign`).
"""

import hashlib
import json
import math
import random
import struct
from dataclasses import replace

import pytest
from tests.faces.tffiscal.conftest import INICIO
from tests.faces.tffiscal.memoria import EmpresasNaMemoria, company

from chancela.faces.tffiscal.autenticacao import (
    Autenticador,
    PedidoHttp,
    Prova,
    read_proof,
    sign_hmac,
    sign_md5,
)
from chancela.faces.tffiscal.erros import FaceErro
from chancela.kit.clock import VirtualClock
from chancela.kit.json_exact import JsonInvalid, read_json

pytestmark = pytest.mark.anyio
CORPO = json.dumps({"id": "PEDIDO-1", "valor": 10, "itens": ["a", "b"]}).encode()
ROTA = "/api/invoice/create"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Porta:
    """A door with one registered company, and a call of hers that it lets in."""

    def __init__(self) -> None:
        clock = VirtualClock(INICIO)
        empresas = EmpresasNaMemoria(clock)
        empresas.create_integrador("revenda")
        _, self.token = empresas.create(company(clock))
        self.autenticador = Autenticador(empresas, clock)
        self.instante = str(int(clock.now().timestamp()))

    def signed(self, *, por_hmac: bool) -> tuple[PedidoHttp, Prova]:
        if por_hmac:
            instante = self.instante + "000"
            assinatura = sign_hmac(self.token, "POST", ROTA, instante, CORPO)
            cabecalhos = {"x-api-key": self.token, "x-timestamp": instante, "x-signature": assinatura}
        else:
            assinatura = sign_md5(self.token, ROTA, CORPO, self.instante)
            cabecalhos = {"token": self.token, "timestamp": self.instante, "sign": assinatura}
        return PedidoHttp("POST", ROTA, "", cabecalhos, CORPO), read_proof(cabecalhos)

    async def lets_in(self, pedido: PedidoHttp, cabecalhos: dict[str, str]) -> bool:
        status = 0
        try:
            await self.autenticador.authenticate(pedido, read_proof(cabecalhos))
        except FaceErro as erro:
            status = erro.status
        assert status in (0, 401)
        return status == 0


def mutate(sorteio: random.Random, texto: bytes) -> bytes:
    """One to three small changes that a person on the line could make."""
    novo = bytearray(texto)
    for _ in range(sorteio.randint(1, 3)):
        lugar = sorteio.randrange(len(novo)) if novo else 0
        match sorteio.randrange(5):
            case 0 if novo:
                novo[lugar] ^= 1 << sorteio.randrange(7)
            case 1 if novo:
                del novo[lugar]
            case 2:
                novo.insert(lugar, sorteio.randrange(33, 127))
            case 3 if len(novo) > 1:
                outro = sorteio.randrange(len(novo))
                novo[lugar], novo[outro] = novo[outro], novo[lugar]
            case _:
                novo += bytes([sorteio.randrange(33, 127)])
    return bytes(novo)


async def try_mutations(quantas: int, semente: int) -> int:
    """How many mutated calls were refused; one that changes nothing is not counted."""
    sorteio, porta = random.Random(semente), Porta()
    feitas = 0
    while feitas < quantas:
        por_hmac = sorteio.random() < 0.5
        pedido, _ = porta.signed(por_hmac=por_hmac)
        cabecalhos = dict(pedido.cabecalhos)
        alvo = sorteio.choice([*cabecalhos, "corpo", "caminho", "metodo"])
        if alvo == "corpo":
            pedido = replace(pedido, corpo=mutate(sorteio, pedido.corpo))
            igual = pedido.corpo == CORPO
        elif alvo == "caminho":
            pedido = replace(pedido, caminho=mutate(sorteio, ROTA.encode()).decode("latin-1"))
            igual = pedido.caminho == ROTA
        elif alvo == "metodo":
            pedido = replace(pedido, metodo="PUT") if por_hmac else replace(pedido, caminho=ROTA + "/")
            igual = False
        else:
            valor = mutate(sorteio, cabecalhos[alvo].encode()).decode("latin-1")
            igual = valor.lower() == cabecalhos[alvo] or int_of(valor) == int_of(cabecalhos[alvo])
            cabecalhos[alvo] = valor
        if igual:
            continue
        feitas += 1
        assert not await porta.lets_in(pedido, cabecalhos), (semente, feitas, alvo)
    return feitas


def int_of(texto: str) -> int | str:
    """The number that a timestamp is read as; another text is itself."""
    return int(texto) if texto.isascii() and texto.isdigit() and len(texto) <= 16 else texto.lower()


async def test_no_mutated_call_gets_in() -> None:
    porta = Porta()
    for por_hmac in (False, True):
        pedido, _ = porta.signed(por_hmac=por_hmac)
        assert await porta.lets_in(pedido, dict(pedido.cabecalhos)), "the call itself does"
    assert await try_mutations(1_000, 1) == 1_000


@pytest.mark.longo
@pytest.mark.parametrize("semente", range(10))
async def test_no_call_of_a_million_gets_in(semente: int) -> None:
    assert await try_mutations(100_000, 1_000 + semente) == 100_000


def md5_continued(digest: bytes, tamanho: int, sufixo: bytes) -> tuple[bytes, bytes]:
    """What appending to a hashed text of `tamanho` bytes takes: the padding, and the hash of the whole (RFC 1321)."""
    enchimento = b"\x80" + b"\x00" * ((55 - tamanho) % 64) + struct.pack("<Q", tamanho * 8)
    return enchimento, Md5(struct.unpack("<4I", digest), tamanho + len(enchimento)).finish(sufixo)


class Md5:
    """MD5 from a known state: the attacker's tool, which the standard library does not lend."""

    GIROS = ((7, 12, 17, 22) * 4, (5, 9, 14, 20) * 4, (4, 11, 16, 23) * 4, (6, 10, 15, 21) * 4)
    SENOS = tuple(int(abs(math.sin(n + 1)) * 2**32) & 0xFFFFFFFF for n in range(64))

    def __init__(self, estado: tuple[int, ...], antes: int) -> None:
        self.estado, self.antes = list(estado), antes

    def finish(self, texto: bytes) -> bytes:
        total = self.antes + len(texto)
        texto += b"\x80" + b"\x00" * ((55 - len(texto)) % 64) + struct.pack("<Q", total * 8)
        for inicio in range(0, len(texto), 64):
            self._block(struct.unpack("<16I", texto[inicio : inicio + 64]))
        return struct.pack("<4I", *self.estado)

    def _block(self, palavras: tuple[int, ...]) -> None:
        a, b, c, d = self.estado
        for n in range(64):
            if n < 16:
                f, g = (b & c) | (~b & d), n
            elif n < 32:
                f, g = (d & b) | (~d & c), (5 * n + 1) % 16
            elif n < 48:
                f, g = b ^ c ^ d, (3 * n + 5) % 16
            else:
                f, g = c ^ (b | ~d), (7 * n) % 16
            soma = (a + f + self.SENOS[n] + palavras[g]) & 0xFFFFFFFF
            giro = self.GIROS[n // 16][n % 16]
            a, d, c = d, c, b
            b = (b + ((soma << giro) | (soma >> (32 - giro)))) & 0xFFFFFFFF
        self.estado = [(x + y) & 0xFFFFFFFF for x, y in zip(self.estado, (a, b, c, d), strict=True)]


async def test_an_extended_hash_holds_and_its_body_is_still_refused() -> None:
    """The forgery is real: the digest is right. What stops it is that its padding is neither UTF-8 nor JSON."""
    porta = Porta()
    pedido, prova = porta.signed(por_hmac=False)
    tamanho = len(porta.token) + len(ROTA) + len(CORPO) + len(porta.instante)
    sufixo = b'{"id":"OUTRO"}'
    enchimento, digest = md5_continued(
        bytes.fromhex(prova.assinatura), tamanho, sufixo + porta.instante.encode()
    )
    corpo = CORPO + porta.instante.encode() + enchimento + sufixo
    inteiro = porta.token.encode() + ROTA.encode() + corpo + porta.instante.encode()
    assert hashlib.md5(inteiro).digest() == digest, "the attacker computed it without the token"
    cabecalhos = {**pedido.cabecalhos, "sign": digest.hex()}
    assert await porta.lets_in(replace(pedido, corpo=corpo), cabecalhos)
    with pytest.raises(JsonInvalid) as erro:
        read_json(corpo)
    assert erro.value.reason == "utf8"
