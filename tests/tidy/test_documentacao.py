"""Anything public has a docs entry: settings, commands, the glossary."""

import re
from pathlib import Path

from chancela.server.configuracao import Configuracao

RAIZ = Path(__file__).resolve().parents[2]


def test_every_setting_is_documented() -> None:
    pagina = (RAIZ / "docs" / "configuracao.md").read_text()
    faltam = [nome for nome in Configuracao.model_fields if f"`CHANCELA_{nome.upper()}`" not in pagina]
    sobram = [
        nome
        for nome in re.findall(r"^\| `CHANCELA_([A-Z0-9_]+)` \|", pagina, re.M)
        if nome.lower() not in Configuracao.model_fields
    ]
    assert not faltam
    assert not sobram


def test_every_command_is_documented() -> None:
    from chancela.server.comandos import list_commands

    pagina = (RAIZ / "docs" / "comandos.md").read_text()
    faltam = [comando for comando in list_commands() if f"`chancela {comando}`" not in pagina]
    assert not faltam


def test_every_event_is_documented() -> None:
    from chancela.issuing.notificacao import EVENTOS

    pagina = (RAIZ / "docs" / "webhooks.md").read_text()
    assert [evento for evento in EVENTOS if f"`{evento}`" not in pagina] == []
