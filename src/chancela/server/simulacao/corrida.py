"""Runs seeds: the servers of a whole campaign once, and for each seed a fresh database, ledger, clock and loop."""

import gc
import logging
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from chancela.kit.clock import Clock, SystemClock, VirtualClock
from chancela.kit.randomness import SeededRandomness, SystemRandomness
from chancela.server.configuracao import Configuracao
from chancela.server.simulacao.autoridades import Autoridade, AutoridadeCompleta
from chancela.server.simulacao.cena import Cena, Certificados
from chancela.server.simulacao.conferentes import Achado, examine
from chancela.server.simulacao.enredo import Enredo, Modo, write_plot
from chancela.server.simulacao.laco import virtual_loop
from chancela.server.simulacao.leve import AutoridadeLeve
from chancela.server.simulacao.provas import Provas
from chancela.simulator.ca import AutoridadeTeste
from chancela.stores.cofre import load_master_keys
from chancela.stores.embutido import ServidorEmbutido
from chancela.stores.ensaio import AJUSTES_DE_ENSAIO, create_template, fresh_database

_COLETA = (50_000, 20, 100)
VENDAS_POR_DIA = {Modo.LEVE: 1, Modo.COMPLETO: 6}


@dataclass(frozen=True, slots=True)
class Resultado:
    """One seed, run and judged."""

    enredo: Enredo
    provas: Provas
    achados: Sequence[Achado]
    duracao_s: float

    @property
    def limpo(self) -> bool:
        return not self.achados

    @property
    def replay(self) -> str:
        """The line that runs this very seed again."""
        e = self.enredo
        return f"chancela simulador seed {e.semente} --dias {e.dias} --modo {e.modo}"

    def figures(self) -> dict[str, int | float | str]:
        """What happened, in numbers."""
        provas = self.provas
        return {
            "semente": self.enredo.semente,
            "modo": self.enredo.modo.value,
            "dias": self.enredo.dias,
            "documentos": len(provas.documentos),
            "autorizados": len(provas.livro.notas),
            "trocas": len(provas.trocas),
            "trocas_com_falha": sum(1 for t in provas.trocas if t.falha),
            "chamadas": len(provas.chamadas),
            "webhooks": len(provas.avisos),
            "janelas": len(self.enredo.janelas),
            "defeitos_do_banco": len(provas.defeitos),
            "achados": len(self.achados),
            "segundos": round(self.duracao_s, 1),
            "resumo": provas.resumo[:16],
        }


class Campanha:
    """The servers that seeds share. Use `open_campaign`."""

    def __init__(self, servidor: ServidorEmbutido, pasta: Path, relogio: Clock) -> None:
        self._servidor = servidor
        self._pasta = pasta
        self._relogio = relogio
        self._certificados = Certificados(AutoridadeTeste.open(pasta / "simulador"))

    def run(self, semente: int, dias: int, modo: Modo) -> Resultado:
        """Play one seed and have it judged."""
        comeco_s = self._relogio.monotonic()
        enredo = write_plot(semente, dias, modo, vendas_por_dia=VENDAS_POR_DIA[modo])
        provas = self.play(enredo)
        return Resultado(enredo, provas, examine(enredo, provas), self._relogio.monotonic() - comeco_s)

    def play(self, enredo: Enredo) -> Provas:
        """Play a plot."""
        relogio = VirtualClock(enredo.inicio)
        with (
            _undisturbed(),
            fresh_database(self._servidor) as banco,
            tempfile.TemporaryDirectory(dir=self._pasta) as pasta_livro,
            virtual_loop(relogio, SeededRandomness(f"laco {enredo.semente}")) as laco,
        ):
            autoridade = self._authority(enredo, Path(pasta_livro), relogio)
            try:
                return laco.run_until_complete(
                    Cena(enredo, banco, self._pasta, self._certificados, autoridade, relogio).play()
                )
            finally:
                autoridade.close()

    def _authority(self, enredo: Enredo, pasta: Path, relogio: Clock) -> Autoridade:
        if enredo.modo is Modo.LEVE:
            return AutoridadeLeve(relogio)
        return AutoridadeCompleta(self._pasta / "simulador", pasta / "livro.db", relogio)


@contextmanager
def open_campaign() -> Generator[Campanha]:
    """A server of its own in a throw-away folder, for as long as seeds are run."""
    with tempfile.TemporaryDirectory(prefix="chancela-simulacao-", ignore_cleanup_errors=True) as temporaria:
        pasta = Path(temporaria)
        pasta.chmod(0o755)
        servidor = ServidorEmbutido(pasta, AJUSTES_DE_ENSAIO)
        servidor.start()
        try:
            campanha = Campanha(servidor, pasta, SystemClock())
            create_template(servidor)
            # Before the first seed: whoever finds no master key draws one, and would draw everything else differently.
            load_master_keys(Configuracao(home=pasta).arquivo_chave_mestra, SystemRandomness())
            yield campanha
        finally:
            servidor.stop()


@contextmanager
def _undisturbed() -> Generator[None]:
    """While a seed is played: no log of the errors that the plot makes on purpose (those that it does not explain are
    findings of the checkers), and seldom a search for rings among years of short-lived values."""
    registro, limiares = structlog.get_config(), gc.get_threshold()
    gc.set_threshold(*_COLETA)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**registro)
        gc.set_threshold(*limiares)
