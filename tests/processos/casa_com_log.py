"""A platform of its own whose every log line, of every process, is kept in a file as JSON."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chancela.server.demonstracao import Plataforma, running_platform


@dataclass(frozen=True)
class CasaComLog:
    """The platform, and what it said."""

    plataforma: Plataforma
    arquivo: Path

    def text(self) -> str:
        return self.arquivo.read_text(encoding="utf-8")

    def lines(self, evento: str = "", **campos: Any) -> list[dict[str, Any]]:
        """The lines of an event that have these fields; everything that was logged is JSON."""
        linhas = [json.loads(linha) for linha in self.text().splitlines() if linha.endswith("}")]
        return [
            linha
            for linha in linhas
            if evento in ("", linha["event"]) and all(linha.get(k) == v for k, v in campos.items())
        ]


@contextmanager
def open_house(**ajustes: str) -> Iterator[CasaComLog]:
    """Start one in a throw-away folder."""
    with tempfile.TemporaryDirectory(prefix="chancela-log-", ignore_cleanup_errors=True) as temporaria:
        pasta = Path(temporaria)
        pasta.chmod(0o755)
        arquivo = pasta / "tudo.log"
        ambiente = {
            "CHANCELA_LOG_LEVEL": "DEBUG",
            "CHANCELA_LOG_JSON": "true",
            "CHANCELA_WEBHOOK_NETWORKS": "127.0.0.1",
            "CHANCELA_SWEEP_S": "1",
            **ajustes,
        }
        with arquivo.open("wb") as log, running_platform(pasta, ambiente, log=log) as plataforma:
            yield CasaComLog(plataforma, arquivo)
