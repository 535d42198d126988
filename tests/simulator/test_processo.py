"""The simulator as a process of its own: kill -9 loses no verdict, SIGTERM ends it in peace."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import load_der_x509_certificate
from tests.simulator.amostra import A1, CNPJ, SENHA, document, envelope, lot, signed, values

from chancela.kit.clock import SystemClock

pytestmark = pytest.mark.processos


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class Processo:
    """A simulator started the way a user starts it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.porta = free_port()
        self.controle = free_port()
        comando = [
            sys.executable,
            "-m",
            "chancela.simulator",
            "--home",
            str(home),
            "--porta",
            str(self.porta),
        ]
        ambiente = os.environ | {"PYTHONPATH": "src"}
        self.filho = subprocess.Popen(
            [*comando, "--porta-controle", str(self.controle)], stderr=subprocess.PIPE, env=ambiente
        )
        assert self.filho.stderr is not None
        assert b"SEFAZ local em" in self.filho.stderr.readline()

    def send(self, corpo: bytes, a1: A1) -> bytes:
        contexto = ssl.create_default_context(cafile=str(self.home / "simulador" / "ca.pem"))
        with tempfile.NamedTemporaryFile() as arquivo:
            pem = load_der_x509_certificate(a1.der).public_bytes(Encoding.PEM)
            arquivo.write(pem + a1.chave.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            arquivo.flush()
            contexto.load_cert_chain(arquivo.name)
        with urllib.request.urlopen(
            f"https://127.0.0.1:{self.porta}/NFeAutorizacao4", corpo, 20, context=contexto
        ) as r:
            return r.read()

    def control(self, caminho: str, dados: object = None) -> object:
        corpo = None if dados is None else json.dumps(dados).encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.controle}/_simulador{caminho}", corpo, 20) as r:
            return json.loads(r.read())

    def end(self, sinal: signal.Signals) -> int:
        self.filho.send_signal(sinal)
        codigo = self.filho.wait(20)
        assert self.filho.stderr is not None
        self.filho.stderr.close()
        return codigo


@pytest.fixture
def a1_de_agora(pasta_ca: Path) -> A1:
    from chancela.simulator.ca import AutoridadeTeste

    autoridade = AutoridadeTeste.open(pasta_ca)
    return A1.load(
        autoridade.issue_test_certificate(nome="X", senha=SENHA, agora=SystemClock().now(), cnpj=CNPJ)
    )


@pytest.fixture
def processo(home: Path) -> Iterator[Processo]:
    processo = Processo(home)
    yield processo
    if processo.filho.poll() is None:
        processo.end(signal.SIGKILL)


def test_kill_between_verdict_and_answer_keeps_the_verdict(
    processo: Processo, home: Path, a1_de_agora: A1
) -> None:
    corpo = envelope(lot(signed(document(emissao=SystemClock().now()), a1_de_agora)))
    processo.control("/falhas", {"tipo": "drop_after", "vezes": 1})
    with pytest.raises(OSError):
        processo.send(corpo, a1_de_agora)
    assert processo.end(signal.SIGKILL) == -signal.SIGKILL
    outro = Processo(home)
    try:
        resposta = outro.send(corpo, a1_de_agora)
        assert b"<cStat>204</cStat>" in resposta
        assert values(resposta, "cStat") == ["104"]
        notas = outro.control("/notas")
        assert isinstance(notas, list)
        assert [(n["autorizacoes"], n["recepcoes"]) for n in notas] == [(1, 2)]
        assert outro.end(signal.SIGTERM) == 0
    finally:
        if outro.filho.poll() is None:
            outro.end(signal.SIGKILL)
