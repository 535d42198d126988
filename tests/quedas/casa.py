"""A platform of real processes that a test kills, freezes and starts at will: PostgreSQL, simulator, APIs and workers.

Unlike `chancela up` nothing starts again by itself: when a process is back is for the test to say.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
from tests.processos.apoio import eventually

from chancela.kit.portas import free_port
from chancela.kit.quedas import PONTOS
from chancela.kit.randomness import SystemRandomness
from chancela.server.demonstracao import Plataforma
from chancela.server.prontidao import read_ready
from chancela.simulator.ca import AutoridadeTeste
from chancela.stores.cofre import Cofre, load_master_keys
from chancela.stores.conexao import Banco
from chancela.stores.embutido import ServidorEmbutido
from chancela.stores.empresas import EmpresasPg
from chancela.stores.migracao import migrate

_NOTAS = """
SELECT chave, emitente, numero, protocolo, situacao,
    (SELECT count(DISTINCT digest) FROM recepcoes r WHERE r.chave = n.chave) AS textos,
    (SELECT count(*) FROM recepcoes r WHERE r.chave = n.chave AND r.c_stat = 100) AS autorizacoes,
    (SELECT count(*) FROM eventos e WHERE e.chave = n.chave) AS eventos
FROM notas n ORDER BY emitente, numero
"""
_POR_FINDAR = """
SELECT id, numero, estado, c_stat, motivo, substituto_id, proxima_acao - now() AS em, tentativas,
    (SELECT string_agg(tipo || ' ' || to_char(em, 'HH24:MI:SS'), ', ' ORDER BY sequencia) FROM eventos_documento e
     WHERE e.documento_id = d.id) AS historia
FROM documentos d WHERE cnpj = %s AND NOT (
    CASE WHEN substituto_id IS NULL THEN estado IN ('AUTORIZADO', 'CANCELADO') ELSE estado IN ('CANCELADO', 'INUTILIZADO') END)
LIMIT 20
"""
_INUTILIZADOS = "SELECT inicio, fim FROM inutilizacoes WHERE emitente = ?"
_PARTIDA_S = 300.0
"""A process starts in one or two seconds of processor time; how long that takes is the machine's business."""
_AJUSTES = {
    "CHANCELA_SWEEP_S": "1",
    "CHANCELA_LEASE_S": "20",
    "CHANCELA_CIRCUIT_FAILURES": "1",
    "CHANCELA_STATUS_INTERVAL_S": "0.5",
}
_PROGRAMAS = {"api": "serve", "worker": "worker", "simulador": "simulador"}


@dataclass(frozen=True, slots=True)
class Registro:
    """A document as our own tables tell it. `substituto` is the document that went on in contingency in its place."""

    id: str
    chave: str
    numero: int
    protocolo: str | None
    estado: str
    substituto: str | None


class Casa:
    """Processes by name: `api`, `worker`, `simulador`.

    A number behind a name makes another one of its kind, on a machine of its own: with another folder and another port, and
    nothing in common with the first but the database, the objects and the master key.
    """

    def __init__(self, pasta: Path, ajustes: Mapping[str, str]) -> None:
        self.pasta = pasta
        self.armadas = pasta / "quedas"
        self.armadas.mkdir()
        self.servidor = ServidorEmbutido(pasta)
        self.url_banco = self.servidor.start()
        migrate(self.url_banco)
        AutoridadeTeste.open(pasta / "simulador")
        portas = [str(free_port()) for _ in range(3)]
        self.ambiente = {
            **os.environ,
            "CHANCELA_HOME": str(pasta),
            "CHANCELA_DATABASE_URL": self.url_banco,
            "CHANCELA_PORT": portas[0],
            "CHANCELA_SIMULATOR_PORT": portas[1],
            "CHANCELA_SIMULATOR_CONTROL_PORT": portas[2],
            "CHANCELA_SEFAZ_URL": f"https://127.0.0.1:{portas[1]}",
            "CHANCELA_SEFAZ_CA_FILE": str(pasta / "simulador" / "ca.pem"),
            "CHANCELA_WEBHOOK_NETWORKS": "127.0.0.1",
            "CHANCELA_CRASH_FOLDER": str(self.armadas),
            "CHANCELA_LOG_LEVEL": "ERROR",
            **ajustes,
        }
        self.processos: dict[str, subprocess.Popen[bytes]] = {}
        self._maquinas: dict[str, dict[str, str]] = {}
        self.plataforma = Plataforma(
            {
                "tffiscal": {
                    "url": f"http://127.0.0.1:{portas[0]}",
                    "integrador_token": self._integrator(),
                },
                "simulador": {"controle_url": f"http://127.0.0.1:{portas[2]}"},
            },
            None,  # type: ignore[arg-type] - there is no process above these
            pasta,
        )

    def _integrator(self) -> str:
        acaso = SystemRandomness()
        banco = Banco(self.url_banco, nome="chancela-teste")
        try:
            cofre = Cofre(load_master_keys(self.pasta / "chave-mestra", acaso), acaso)
            return EmpresasPg(banco, cofre, acaso).create_integrador("Quedas")[1]
        finally:
            banco.close()

    # -- machines ---------------------------------------------------------------------------------------------

    def machine(self, nome: str) -> Mapping[str, str]:
        """What a process finds around it. The same for a name as long as the platform lives."""
        if nome in _PROGRAMAS:
            return self.ambiente
        if nome not in self._maquinas:
            pasta = self.pasta / nome
            pasta.mkdir()
            self._maquinas[nome] = {
                "CHANCELA_HOME": str(pasta),
                "CHANCELA_PORT": str(free_port()),
                "CHANCELA_MASTER_KEY_FILE": str(self.pasta / "chave-mestra"),
            }
        return {**self.ambiente, **self._maquinas[nome]}

    def reach(self, nome: str) -> Plataforma:
        """The platform through another API."""
        tffiscal = {
            **self.plataforma.pronto["tffiscal"],
            "url": f"http://127.0.0.1:{self.machine(nome)['CHANCELA_PORT']}",
        }
        return Plataforma(
            {**self.plataforma.pronto, "tffiscal": tffiscal}, self.plataforma.processo, self.pasta
        )

    # -- processes ----------------------------------------------------------------------------------------

    def spawn(self, nome: str, **ambiente: str) -> None:
        """Start a process without waiting for it; the one that had its name is dead by now."""
        if nome in self.processos:
            self.processos[nome].wait(60)
        programa = _PROGRAMAS[nome.rstrip("0123456789")]
        self.processos[nome] = subprocess.Popen(
            [sys.executable, "-m", "chancela", programa], env={**self.machine(nome), **ambiente}
        )

    def start(self, *nomes: str, **ambiente: str) -> None:
        """Start processes side by side, and wait until each one says that it serves."""
        for nome in nomes:
            self.spawn(nome, **ambiente)
        for nome in nomes:
            eventually(lambda n=nome: self.ready(n), prazo_s=_PARTIDA_S)

    def ready(self, nome: str) -> bool:
        pronto = read_ready(Path(self.machine(nome)["CHANCELA_HOME"]), nome.rstrip("0123456789"))
        assert self.processos[nome].poll() is None, f"{nome} ended"
        return pronto is not None and pronto["pid"] == self.processos[nome].pid

    def signal(self, nome: str, sinal: signal.Signals) -> None:
        self.processos[nome].send_signal(sinal)

    def kill(self, nome: str) -> None:
        """As a power cut does."""
        self.signal(nome, signal.SIGKILL)
        self.processos[nome].wait()

    def frozen(self, nome: str) -> bool:
        return psutil.Process(self.processos[nome].pid).status() == psutil.STATUS_STOPPED

    def kill_database(self) -> None:
        """The postmaster dies as a power cut ends it, and the server is started again over what it left behind."""
        pid = self.servidor.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        self.servidor.stop()
        self.servidor.start()

    def books(self, cnpj: str) -> list[Registro]:
        """Every document of a company, as our own tables tell it."""
        with psycopg.connect(self.url_banco) as conexao:
            linhas = conexao.execute(
                "SELECT id, chave, numero, protocolo, estado, substituto_id FROM documentos WHERE cnpj = %s",
                (cnpj,),
            )
            return [Registro(*linha) for linha in linhas]

    def unsettled(self, cnpj: str) -> list[tuple[Any, ...]]:
        """Documents of a company that are not yet what they will be (authorised or cancelled; an original, undone), with
        what a person wants to know about them."""
        with psycopg.connect(self.url_banco) as conexao:
            return conexao.execute(_POR_FINDAR, (cnpj,)).fetchall()

    def documents(self, cnpj: str) -> dict[str, tuple[str | None, str]]:
        """Protocol and state of every document of a company, by its key."""
        return {registro.chave: (registro.protocolo, registro.estado) for registro in self.books(cnpj)}

    def ledger(self) -> list[dict[str, Any]]:
        """Every note that SEFAZ authorised, from its own file, with how often its bytes came and were authorised."""
        return self._ask_ledger(_NOTAS)

    def voided(self, cnpj: str) -> list[int]:
        """Every number that SEFAZ was told was never used, from its own file."""
        faixas = self._ask_ledger(_INUTILIZADOS, cnpj)
        return [numero for faixa in faixas for numero in range(faixa["inicio"], faixa["fim"] + 1)]

    def _ask_ledger(self, sql: str, *parametros: str) -> list[dict[str, Any]]:
        with closing(
            sqlite3.connect(f"file:{self.pasta / 'simulador' / 'livro.db'}?mode=ro", uri=True)
        ) as livro:
            livro.row_factory = sqlite3.Row
            return [dict(linha) for linha in livro.execute(sql, parametros)]

    # -- points -------------------------------------------------------------------------------------------

    def arm(self, ponto: str, ordem: str = "") -> None:
        """The next process that comes to this point dies there, or stops there when `ordem` is `PARAR`."""
        assert ponto in PONTOS
        (self.armadas / ponto).write_text(ordem)

    def bury(self, nome: str) -> None:
        """Wait for a process to die at its point, and start it again."""
        morto = self.processos[nome]
        assert morto.wait(_PARTIDA_S) == -signal.SIGKILL
        assert not any(self.armadas.iterdir()), "it died somewhere else"
        self.start(nome)

    def close(self) -> None:
        for processo in self.processos.values():
            processo.send_signal(signal.SIGCONT)
            processo.terminate()
        for processo in self.processos.values():
            try:
                processo.wait(30)
            except subprocess.TimeoutExpired:
                processo.kill()
                processo.wait()
        self.servidor.stop()


@contextmanager
def open_casa(*nomes: str, **ajustes: str) -> Iterator[Casa]:
    """A platform in a throw-away folder: simulator, one API and one worker are up, and what else is named."""
    with tempfile.TemporaryDirectory(prefix="chancela-casa-", ignore_cleanup_errors=True) as temporaria:
        pasta = Path(temporaria)
        pasta.chmod(0o755)
        casa = Casa(pasta, {**_AJUSTES, **ajustes})
        try:
            casa.start("simulador", "api", "worker", *nomes)
            yield casa
        finally:
            casa.close()
