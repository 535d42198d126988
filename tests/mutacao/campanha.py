"""Which mutants live: every mutant meets, in a fork, the tests that ran its line.

The tests are collected once. A first round, itself in a fork, notes which test ran which line and how long it took. Then
each mutant is installed in a child, which runs the tests of its line, quickest first, until one fails. Slow properties are
left out: what they alone would catch counts as alive. A child that takes far longer than its tests did is stopped and counts as
dead: the change made a loop without an end.
"""

import contextlib
import os
import pickle
import random
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from coverage import Coverage
from tests.mutacao.instalacao import forget, install
from tests.mutacao.operadores import Mutante, mutants

PROPRIEDADE_LENTA_S = 1.5
"""Tests that take more processor time than this in the first round judge no mutant."""
_VIVO, _MORTO, _QUEBRADO = 0, 1, 3


@dataclass(frozen=True, slots=True)
class Alvo:
    """Modules and the tests that answer for them."""

    nome: str
    modulos: tuple[str, ...]
    testes: tuple[str, ...]
    amostra: int | None = None
    """At most so many mutants of each module, drawn by the seed; None: all."""


@dataclass(frozen=True, slots=True)
class Sobrevivente:
    modulo: str
    linha: int
    antes: str
    depois: str
    testes: int
    """How many tests ran the line."""


@dataclass(slots=True)
class Placar:
    """What became of the mutants of one module."""

    modulo: str
    existem: int = 0
    julgados: int = 0
    vivos: list[Sobrevivente] = field(default_factory=list)

    @property
    def mortos(self) -> int:
        return self.julgados - len(self.vivos)


@dataclass(frozen=True, slots=True)
class _Rodada:
    """First round: processor seconds of each test, and the tests of each line of each file."""

    segundos: dict[str, float]
    testes: dict[str, dict[int, list[str]]]


def run(alvo: Alvo, semente: int, processos: int = 1) -> list[Placar]:
    """Judge the mutants of the target; fails when the tests do not pass on the untouched modules."""
    juiz = _Juiz(alvo, semente, processos)
    opcoes = [
        "-q",
        "-s",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "-p",
        "no:cov",
        "--hypothesis-profile=mutacao",
    ]
    with _silent():
        codigo = pytest.main([*alvo.testes, *opcoes], plugins=[juiz])
    assert codigo == pytest.ExitCode.OK, f"collection of {alvo.nome}: {codigo}"
    if juiz.falha:
        raise AssertionError(juiz.falha)
    return juiz.placares


class _Juiz:
    """A plugin that runs mutants where pytest would run its loop."""

    def __init__(self, alvo: Alvo, semente: int, processos: int) -> None:
        self.placares: list[Placar] = []
        self.falha = ""
        self._alvo, self._semente, self._processos = alvo, semente, processos
        self._filho = False
        self._falhas: list[str] = []
        self._itens: dict[str, pytest.Item] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._falhas.append(report.nodeid)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._itens = {item.nodeid: item for item in session.items}
        modulos = [import_module(nome) for nome in self._alvo.modulos]
        try:
            rodada = self._first_round(modulos)
            for modulo in modulos:
                self.placares.append(self._judge_module(modulo, rodada))
        except AssertionError as erro:
            self.falha = str(erro)
        return True

    def _first_round(self, modulos: list[ModuleType]) -> _Rodada:
        arquivos = [_file(m) for m in modulos]
        entrada, saida = os.pipe()
        if os.fork() == 0:
            os.close(entrada)
            resultado = self._measure(modulos, arquivos)
            with os.fdopen(saida, "wb") as cano:
                pickle.dump((self._falhas, resultado), cano)
            os._exit(0)
        os.close(saida)
        with os.fdopen(entrada, "rb") as cano:
            falhas, rodada = pickle.load(cano)
        os.wait()
        assert not falhas, f"tests fail without a mutant: {falhas}"
        return rodada

    def _measure(self, modulos: list[ModuleType], arquivos: list[str]) -> _Rodada:
        """The tests over the untouched source, installed as a mutant is: what this breaks is a fault of ours."""
        for modulo, arquivo in zip(modulos, arquivos, strict=True):
            codigo = compile(Path(arquivo).read_text(encoding="utf-8"), arquivo, "exec")
            install(modulo, codigo, constantes=True)
        cobertura = Coverage(data_file=None, include=arquivos, config_file=False)
        segundos: dict[str, float] = {}
        cobertura.start()
        for nome in self._itens:
            cobertura.switch_context(nome)
            for modulo in modulos:
                forget(modulo)
            inicio = time.process_time()
            self._run([nome])
            segundos[nome] = time.process_time() - inicio
        cobertura.stop()
        dados = cobertura.get_data()
        return _Rodada(segundos, {a: dados.contexts_by_lineno(a) for a in arquivos})

    def _run(self, nomes: Sequence[str]) -> bool:
        """Run the tests until one fails; whether all passed."""
        itens = [self._itens[nome] for nome in nomes]
        for item, seguinte in zip(itens, [*itens[1:], None], strict=False):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=seguinte)
            if self._falhas:
                return False
        return True

    def _judge_module(self, modulo: ModuleType, rodada: _Rodada) -> Placar:
        arquivo = _file(modulo)
        todos = list(mutants(Path(arquivo).read_text(encoding="utf-8"), arquivo))
        placar = Placar(modulo.__name__, existem=len(todos))
        escolhidos = todos
        if self._alvo.amostra is not None and len(todos) > self._alvo.amostra:
            sorteio = random.Random(f"{self._semente} {modulo.__name__}")
            indices = sorted(sorteio.sample(range(len(todos)), self._alvo.amostra))
            escolhidos = [todos[i] for i in indices]
        correndo: dict[int, tuple[Mutante, int]] = {}
        for escolhido in escolhidos:
            mutante, testes = _tests_of(escolhido, rodada, arquivo)
            if len(correndo) >= self._processos:
                self._gather(correndo, placar)
            correndo[self._start(modulo, mutante, testes, rodada)] = mutante, len(testes)
        while correndo:
            self._gather(correndo, placar)
        placar.julgados = len(escolhidos)
        placar.vivos.sort(key=lambda s: s.linha)
        return placar

    def _start(self, modulo: ModuleType, mutante: Mutante, testes: list[str], rodada: _Rodada) -> int:
        filho = os.fork()
        if filho:
            return filho
        limite_s = 10 * sum(rodada.segundos[t] for t in testes) + 3
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, limite_s)
        try:
            install(modulo, mutante.codigo, constantes=mutante.no_modulo)
        except BaseException:  # the module cannot even be imported
            os._exit(_MORTO)
        try:
            os._exit(_VIVO if self._run(testes) else _MORTO)
        except BaseException:
            os._exit(_QUEBRADO)

    def _gather(self, correndo: dict[int, tuple[Mutante, int]], placar: Placar) -> None:
        pid, situacao = os.wait()
        mutante, testes = correndo.pop(pid)
        assert os.waitstatus_to_exitcode(situacao) != _QUEBRADO, f"the runner broke at {mutante}"
        if os.waitstatus_to_exitcode(situacao) == _VIVO:
            placar.vivos.append(
                Sobrevivente(placar.modulo, mutante.linha, mutante.antes, mutante.depois, testes)
            )


def _file(modulo: ModuleType) -> str:
    assert modulo.__file__ is not None
    return modulo.__file__


def _tests_of(mutante: Mutante, rodada: _Rodada, arquivo: str) -> tuple[Mutante, list[str]]:
    """The tests of the lines, quickest first. Of what runs at import, all: also of a function that only imports call."""
    por_linha = rodada.testes[arquivo]
    nomes = {
        teste
        for linha in range(mutante.linha, mutante.ultima_linha + 1)
        for teste in por_linha.get(linha, ())
        if teste
    }
    if mutante.no_modulo or not nomes:
        mutante, nomes = replace(mutante, no_modulo=True), set(rodada.segundos)
    rapidos = [
        nome for nome in rodada.segundos if nome in nomes and rodada.segundos[nome] <= PROPRIEDADE_LENTA_S
    ]
    return mutante, sorted(rapidos, key=lambda nome: rodada.segundos[nome])


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Without the words of pytest: a mutant that dies would print how."""
    guardados = os.dup(1), os.dup(2)
    with open(os.devnull, "w", encoding="utf-8") as nada:
        os.dup2(nada.fileno(), 1)
        os.dup2(nada.fileno(), 2)
        try:
            yield
        finally:
            for descritor, original in zip(guardados, (1, 2), strict=True):
                os.dup2(descritor, original)
                os.close(descritor)
