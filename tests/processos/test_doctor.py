"""`chancela doctor` against a running platform: everything looked at, and a broken part named with its fix."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from tests.processos.apoio import Loja

from chancela.server.demonstracao import Plataforma

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos")]


def doctor(plataforma: Plataforma, *opcoes: str, **ambiente: str) -> tuple[int, list[dict[str, Any]]]:
    simulador = plataforma.pronto["simulador"]
    processo = subprocess.run(
        [sys.executable, "-m", "chancela", "doctor", "--json", *opcoes],
        env={
            **os.environ, "CHANCELA_HOME": str(plataforma.pasta), "CHANCELA_SEFAZ_URL": simulador["url"],
            "CHANCELA_SEFAZ_CA_FILE": simulador["ca_file"], **ambiente,
        },
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert processo.stdout, processo.stderr
    return processo.returncode, json.loads(processo.stdout)


def test_a_sound_platform_and_an_unreachable_sefaz(plataforma: Plataforma) -> None:
    Loja(plataforma)
    codigo, achados = doctor(plataforma, "--ambiente", "homologacao")
    assert codigo == 0, achados
    itens = [a["item"] for a in achados]
    assert itens[:2] == ["banco", "artefatos"]
    assert "situação de SP (homologacao, modelo 55)" in itens
    assert all(a["correcao"] for a in achados if a["situacao"] != "certo")

    codigo, achados = doctor(
        plataforma, "--empresa", "1", "--ambiente", "homologacao", CHANCELA_SEFAZ_URL="https://127.0.0.1:9"
    )
    assert codigo == 1
    assert [a for a in achados if a["situacao"] == "erro" and a["item"].startswith("conexão com SP")]
