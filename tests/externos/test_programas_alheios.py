"""Programs that nobody here wrote query, authorise and cancel at the simulator, each installed at a fixed version into a folder of its own.

They need the registries (PyPI, npm) once; where those cannot be reached the tests say so and step aside.
"""

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.simulator.amostra import A1, CNPJ, IE_SP, SENHA

from chancela.kit.clock import SystemClock
from chancela.simulator.ca import AutoridadeTeste
from chancela.simulator.configuracao import ConfiguracaoSimulador
from chancela.simulator.servidor import Simulador

pytestmark = pytest.mark.longo
AQUI = Path(__file__).parent
PYNFE = ["PyNFe==0.6.5", "requests==2.34.2", "lxml==6.1.3", "signxml==5.2.0", "cryptography==50.0.2"]
NODE_SPED_NFE = "node-sped-nfe@1.2.52"
INSTALACAO_S = 300
XMLLINT = """#!{python}
import sys
from lxml import etree
schema, documento = sys.argv[-2:]
etree.XMLSchema(etree.parse(schema)).assertValid(etree.parse(documento))
sys.stderr.write(documento + " validates\\n")
"""
"""node-sped-nfe calls the xmllint command, which few machines have: the same check by lxml, with the same answer."""


def run(*comando: str | Path, prazo_s: int = 120) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(c) for c in comando], capture_output=True, text=True, timeout=prazo_s, check=False
    )


def install(nome: str, *comando: str | Path) -> None:
    try:
        feito = run(*comando, prazo_s=INSTALACAO_S)
    except (OSError, subprocess.TimeoutExpired) as erro:
        pytest.skip(f"{nome} não pôde ser instalado: {erro}")
    if feito.returncode:
        pytest.skip(f"{nome} não pôde ser instalado do registro: {feito.stderr[-300:]}")


@pytest.fixture(scope="session")
def pynfe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a virtual environment that has PyNFe."""
    pasta = tmp_path_factory.mktemp("pynfe")
    assert run(sys.executable, "-m", "venv", pasta).returncode == 0
    python = pasta / "bin" / "python"
    install("PyNFe", python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PYNFE)
    return python


@pytest.fixture(scope="session")
def node_sped_nfe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose node_modules has node-sped-nfe."""
    for comando in ("node", "npm", "openssl"):
        if shutil.which(comando) is None:
            pytest.skip(f"node-sped-nfe precisa do comando {comando}")
    pasta = tmp_path_factory.mktemp("node")
    (pasta / "package.json").write_text('{"private": true}')
    install(
        "node-sped-nfe",
        "npm",
        "install",
        "--prefix",
        pasta,
        "--no-audit",
        "--no-fund",
        "--silent",
        NODE_SPED_NFE,
    )
    return pasta


@pytest.fixture
def julga(home: Path, autoridade: AutoridadeTeste, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Runs a client against a fresh simulator of the real hour, and returns what it printed."""
    pfx = tmp_path / "a1.pfx"
    agora = SystemClock().now()
    a1 = A1.load(
        autoridade.issue_test_certificate(nome="Empresa de Amostra", senha=SENHA, agora=agora, cnpj=CNPJ)
    )
    pfx.write_bytes(a1.pfx)

    async def play(comando: list[str | Path], depois: list[str | Path]) -> dict[str, Any]:
        simulador = Simulador(ConfiguracaoSimulador(home, porta=0, valida_respostas=True))
        await simulador.start()
        try:
            # Both write no IBS/CBS for a company of the Simples, who owes it only from 2027-01-04 on.
            simulador.sefaz.parametros.switch("UB12-10/SN", False)
            argumentos = [*comando, simulador.url, pfx, SENHA, CNPJ, IE_SP, *depois]
            feito = await asyncio.to_thread(run, *argumentos)
            diario = simulador.sefaz.livro.list_trocas({})
        finally:
            await simulador.stop()
        assert feito.returncode == 0, (feito.stderr[-2000:], diario)
        return json.loads(feito.stdout.strip().splitlines()[-1])

    return lambda comando, depois=(): asyncio.run(play(comando, list(depois)))


def test_pynfe_queries_authorises_and_cancels(pynfe: Path, julga: Callable[..., dict[str, Any]]) -> None:
    saida = julga([pynfe, "-W", "ignore", AQUI / "cliente_pynfe.py"])
    assert saida["status"] == ["107", "Serviço em Operação"]
    assert saida["autorizacao"][:2] == [0, "100"], saida
    assert saida["consulta"] == ["100", saida["autorizacao"][3]]
    assert saida["cancelamento"] == ["135", "Evento registrado e vinculado a NF-e"]
    assert saida["depois"] == ["101"]


def test_node_sped_nfe_queries_authorises_and_cancels(
    node_sped_nfe: Path, julga: Callable[..., dict[str, Any]]
) -> None:
    xmllint = node_sped_nfe / "xmllint"
    xmllint.write_text(XMLLINT.format(python=sys.executable))
    xmllint.chmod(0o755)
    saida = julga(["node", AQUI / "cliente_node.mjs"], [xmllint, node_sped_nfe])
    assert saida["status"] == ["107", "Serviço em Operação"]
    assert saida["autorizacao"] == ["104", "100", "Autorizado o uso da NF-e"], saida
    assert saida["consulta"][0] == "100"
    assert saida["cancelamento"] == ["135", "Evento registrado e vinculado a NF-e"]
    assert saida["depois"] == ["101"]
