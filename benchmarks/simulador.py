"""How many NF-e per second one simulator process authorises, with all rules on, over mutual TLS and in process.

Run with `python -m benchmarks.simulador`. Ratios hold between machines; absolute figures are of this one.
"""

import asyncio
import json
import ssl
import sys
import tempfile
import time
from pathlib import Path

import aiohttp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import load_der_x509_certificate
from tests.simulator.amostra import A1, AGORA, CNPJ, SENHA, document, envelope, lot, signed, values

from chancela.kit.clock import VirtualClock
from chancela.simulator.configuracao import ConfiguracaoSimulador
from chancela.simulator.sefaz import Sefaz

QUANTAS = 2_000
CLIENTES = 16


def client_context(ca: Path, a1: A1) -> ssl.SSLContext:
    """TLS of a client with its certificate."""
    contexto = ssl.create_default_context(cafile=str(ca))
    with tempfile.NamedTemporaryFile() as arquivo:
        pem = load_der_x509_certificate(a1.der).public_bytes(Encoding.PEM)
        arquivo.write(pem + a1.chave.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        arquivo.flush()
        contexto.load_cert_chain(arquivo.name)
    return contexto


def rsa_rate(a1: A1) -> float:
    """RSA-2048 signatures per second, the yardstick of every figure here."""
    inicio = time.perf_counter()
    for _ in range(500):
        a1.chave.sign(b"x", PKCS1v15(), hashes.SHA1())
    return 500 / (time.perf_counter() - inicio)


def in_process(sefaz: Sefaz, corpos: list[bytes], a1: A1) -> float:
    """Authorisations per CPU second, without socket."""
    inicio = time.process_time()
    for corpo in corpos:
        resposta = sefaz.handle("/NFeAutorizacao4", corpo, a1.der).corpo
        assert b"<cStat>100</cStat>" in resposta, resposta
    return len(corpos) / (time.process_time() - inicio)


async def over_tls(home: Path, corpos: list[bytes], a1: A1) -> tuple[float, float]:
    """Authorisations per second by the wall and per CPU second of the simulator's own process."""
    import psutil

    processo = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "chancela.simulator", "--home", str(home), "--porta", "18443", stderr=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": "src", "PATH": ""},
    )  # fmt: skip
    assert processo.stderr is not None
    await processo.stderr.readline()
    medidor = psutil.Process(processo.pid)
    try:
        contexto = client_context(home / "simulador" / "ca.pem", a1)
        fila = iter(corpos)
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=CLIENTES, ssl=contexto)
        ) as sessao:

            async def client() -> None:
                for corpo in fila:
                    async with sessao.post("https://127.0.0.1:18443/NFeAutorizacao4", data=corpo) as resposta:
                        texto = await resposta.read()
                        assert values(texto, "nProt")[0], texto

            cpu = sum(medidor.cpu_times()[:2])
            inicio = time.perf_counter()
            await asyncio.gather(*(client() for _ in range(CLIENTES)))
            parede = time.perf_counter() - inicio
            return len(corpos) / parede, len(corpos) / (sum(medidor.cpu_times()[:2]) - cpu)
    finally:
        processo.terminate()
        await processo.wait()


def main() -> None:
    with tempfile.TemporaryDirectory() as pasta:
        home = Path(pasta)
        sefaz = Sefaz.open(ConfiguracaoSimulador(home), VirtualClock(AGORA))
        a1 = A1.load(
            sefaz.autoridade.issue_test_certificate(
                nome="Banco de provas", senha=SENHA, agora=AGORA, cnpj=CNPJ
            )
        )
        corpos = [envelope(lot(signed(document(numero=n), a1))) for n in range(1, QUANTAS + 1)]
        rsa = rsa_rate(a1)
        in_process(sefaz, corpos[:100], a1)
        dentro = in_process(sefaz, corpos[100:], a1)
        sefaz.livro.reset()
        sefaz.relogio.freeze(AGORA)
        sefaz.store_settings()
        sefaz.close()
        parede, cpu = asyncio.run(over_tls(home, corpos, a1))
    print(
        json.dumps(
            {
                "rsa_2048_por_s": round(rsa),
                "autorizacoes_por_s_cpu_sem_rede": round(dentro),
                "autorizacoes_por_s_parede_com_tls": round(parede),
                "autorizacoes_por_s_cpu_do_simulador_com_tls": round(cpu),
                "razao_sobre_rsa": round(cpu / rsa, 2),
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
