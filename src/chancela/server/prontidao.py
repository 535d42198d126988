"""Ready files: a child process says that it serves by writing `<home>/execucao/<name>.json`."""

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

VIGIAR_ENTRADA = "CHANCELA_FILHO"
"""Set by the supervisor: the child ends when its standard input closes, so no orphan outlives a killed parent."""


def announce_ready(pasta: Path, nome: str, fatos: dict[str, Any] | None = None) -> Path:
    """Write the ready file of this process, whole or not at all; returns its path."""
    destino = pasta / "execucao" / f"{nome}.json"
    destino.parent.mkdir(parents=True, exist_ok=True)
    provisorio = destino.with_suffix(f".{os.getpid()}")
    provisorio.write_text(json.dumps({"pid": os.getpid(), **(fatos or {})}))
    provisorio.replace(destino)
    return destino


def read_ready(pasta: Path, nome: str) -> dict[str, Any] | None:
    """The ready file of a process, or None when it has not written one."""
    try:
        return json.loads((pasta / "execucao" / f"{nome}.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None


def end_with_parent() -> None:
    """When started by the supervisor, end in order as soon as its end of our standard input closes."""
    if os.environ.get(VIGIAR_ENTRADA) != "1":
        return

    # The descriptor itself: a thread inside the buffered reader would hold its lock while the interpreter ends.
    entrada = sys.stdin.fileno()

    def watch() -> None:
        while os.read(entrada, 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="vigia-do-pai", daemon=True).start()
