"""Another system already used our numbers: 539 is never overwritten nor guessed away, it is shown to a person."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.processos.apoio import Loja

from chancela.cli.cliente_tffiscal import ClienteTffiscal
from chancela.server.demonstracao import (
    CATEGORIA_NORMAL,
    EMPRESA_NORMAL,
    SENHA,
    Plataforma,
    invoice,
    pfx_data_url,
    running_platform,
)

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos")]


@pytest.fixture(scope="module")
def outra_plataforma(plataforma: Plataforma) -> Iterator[Plataforma]:
    """A second installation that talks to the first one's SEFAZ."""
    simulador = plataforma.pronto["simulador"]
    with tempfile.TemporaryDirectory(prefix="chancela-outra-", ignore_cleanup_errors=True) as temporaria:
        pasta = Path(temporaria)
        pasta.chmod(0o755)
        ajustes = {
            "CHANCELA_SEFAZ_URL": simulador["url"],
            "CHANCELA_SEFAZ_CA_FILE": simulador["ca_file"],
            "CHANCELA_LOG_LEVEL": "ERROR",
        }
        with running_platform(pasta, ajustes) as outra:
            yield outra


def test_a_number_that_another_system_used_is_divergent_and_the_next_one_serves(
    plataforma: Plataforma, outra_plataforma: Plataforma
) -> None:
    primeira = Loja(plataforma)
    usada = primeira.cliente.post("/api/invoice/create", primeira.sale(id="A-1")).dados
    assert usada["nfe"] == 1

    cliente = _register(outra_plataforma, primeira)
    categoria = cliente.post("/api/category/create", CATEGORIA_NORMAL).dados["category_id"]
    repetida = cliente.post("/api/invoice/create", invoice(categoria, id="B-1"))

    assert repetida.corpo["success"] is False
    assert repetida.dados["status"] == "Divergent"
    assert repetida.dados["nfe"] == 1
    assert usada["chave"] in repetida.corpo["message"] + str(repetida.dados), "the other key is not named"
    seguinte = cliente.post("/api/invoice/create", invoice(categoria, id="B-2"))
    assert seguinte.dados["status"] == "Success"
    assert seguinte.dados["nfe"] == 2
    assert sorted(nota["numero"] for nota in primeira.ledger()) == [1, 2]


def _register(plataforma: Plataforma, loja: Loja) -> ClienteTffiscal:
    """The ready file of an installation without simulator names no demonstration accounts: make an integrator."""
    saida = subprocess.run(
        [sys.executable, "-m", "chancela", "integrador", "criar", "--nome", "Segundo", "--json"],
        env={**os.environ, "CHANCELA_HOME": str(plataforma.pasta)}, check=True, capture_output=True,
    ).stdout  # fmt: skip
    url = plataforma.pronto["tffiscal"]["url"]
    integrador = ClienteTffiscal(url, json.loads(saida)["token"])
    pfx = (loja.plataforma.pasta / f"{loja.cnpj}.pfx").read_bytes()
    criada = integrador.post(
        "/api/company/create",
        {**EMPRESA_NORMAL, "cnpj": loja.cnpj, "cert_file": pfx_data_url(pfx), "cert_pwd": SENHA},
    )
    assert criada.corpo["success"], criada.corpo
    return ClienteTffiscal(url, criada.dados["token"])
