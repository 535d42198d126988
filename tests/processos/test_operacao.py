"""The operator's commands against a running installation: nothing stops, and what was copied comes back whole."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.processos.apoio import Loja, eventually

from chancela.server.demonstracao import Plataforma

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos")]


@pytest.fixture(scope="module")
def loja(plataforma: Plataforma) -> Loja:
    return Loja(plataforma)


@pytest.fixture
def outra_casa(plataforma: Plataforma) -> Iterator[Path]:
    """A new installation that has nothing but the master key of the running one."""
    with tempfile.TemporaryDirectory(prefix="chancela-volta-", ignore_cleanup_errors=True) as temporaria:
        casa = Path(temporaria)
        casa.chmod(0o755)
        (casa / "chave-mestra").write_bytes((plataforma.pasta / "chave-mestra").read_bytes())
        (casa / "chave-mestra").chmod(0o600)
        yield casa


def command(casa: Path, *palavras: str, codigo: int = 0) -> Any:
    """Run `chancela ... --json` on an installation; its data."""
    ambiente = {k: v for k, v in os.environ.items() if not k.startswith("CHANCELA_")}
    feito = subprocess.run(
        [sys.executable, "-m", "chancela", *palavras, "--json"],
        env={**ambiente, "CHANCELA_HOME": str(casa)},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert feito.returncode == codigo, feito.stderr.decode()
    return json.loads(feito.stdout) if feito.stdout.strip() else feito.stderr.decode()


def sell(loja: Loja, referencia: str) -> dict[str, Any]:
    criada = loja.cliente.post("/api/invoice/create", loja.sale(id=referencia))
    assert criada.corpo["success"], criada.corpo
    return criada.dados


def test_a_backup_of_the_running_system_comes_back_proven(
    plataforma: Plataforma, loja: Loja, outra_casa: Path, tmp_path: Path
) -> None:
    antes = [sell(loja, f"COPIA-{n}") for n in range(3)]
    parar = threading.Event()

    def keep_selling() -> None:
        n = 0
        while not parar.is_set():
            sell(loja, f"DURANTE-{(n := n + 1)}")

    vendedor = threading.Thread(target=keep_selling)
    vendedor.start()
    try:
        copia = command(plataforma.pasta, "backup", str(tmp_path / "copia"))
    finally:
        parar.set()
        vendedor.join()
    assert copia["documentos"] >= 3
    assert command(plataforma.pasta, "verify")["faltas"] == []

    restaurada = command(outra_casa, "restore", str(tmp_path / "copia"), "--avancar", "50")
    assert restaurada["documentos"] == copia["documentos"]
    conferidas = command(outra_casa, "verify")
    assert conferidas["faltas"] == []
    assert sum(int(e["documentos"]) for e in conferidas["empresas"]) >= len(antes)
    (parada,) = command(outra_casa, "emissao", "situacao")
    assert parada["empresa"] == "todas"
    assert "COPIA-DESTINO" in command(outra_casa, "restore", str(tmp_path / "copia"), codigo=1)


def test_the_master_key_changes_while_documents_are_issued(plataforma: Plataforma, loja: Loja) -> None:
    parar, vendidas = threading.Event(), list[str]()

    def keep_selling() -> None:
        while not parar.is_set():
            vendidas.append(sell(loja, f"CHAVE-{len(vendidas)}")["chave"])

    vendedor = threading.Thread(target=keep_selling)
    vendedor.start()
    try:
        eventually(lambda: len(vendidas) >= 2)
        trocada = command(plataforma.pasta, "rotate-key")
        quantas = len(vendidas)
        eventually(lambda: len(vendidas) >= quantas + 3)
    finally:
        parar.set()
        vendedor.join()
    assert trocada["segredos_trocados"] > 0
    assert len(set(vendidas)) == len(vendidas)
    nova = Loja(plataforma)
    assert sell(nova, "DEPOIS-1")["nfe"] == 1, "the running process opens what is under the new key"
    assert command(plataforma.pasta, "rotate-key", "--remover-antigas")["chaves_no_arquivo"] == 1
    sell(nova, "DEPOIS-2")


def test_issuing_stops_and_goes_on(plataforma: Plataforma, loja: Loja) -> None:
    criada = sell(loja, "PARADA-0")
    command(plataforma.pasta, "emissao", "parar", "--todas", "--motivo", "certificado sob suspeita")
    try:
        recusada = loja.cliente.post("/api/invoice/create", loja.sale(id="PARADA-1"))
        assert recusada.status == 400
        assert recusada.corpo["data"]["erros"][0]["codigo"] == "EMISSAO-PARADA"
        assert "certificado sob suspeita" in recusada.corpo["data"]["erros"][0]["mensagem"]
        cancelada = loja.cliente.post("/api/invoice/cancel", {"uuid": criada["uuid"]})
        assert cancelada.corpo["success"], cancelada.corpo
    finally:
        assert command(plataforma.pasta, "emissao", "retomar", "--todas") == []
    assert sell(loja, "PARADA-1")["nfe"] == criada["nfe"] + 1


def test_the_timeline_leaves_as_a_chain(plataforma: Plataforma, loja: Loja, tmp_path: Path) -> None:
    vendida = sell(loja, "AUDITORIA-1")
    for empresa in command(plataforma.pasta, "verify")["empresas"]:
        arquivo = tmp_path / f"{empresa['empresa']}.jsonl"
        exportada = command(plataforma.pasta, "audit", "export", empresa["empresa"], str(arquivo))
        linhas = [json.loads(linha) for linha in arquivo.read_text().splitlines()]
        assert len(linhas) == exportada["linhas"] == int(empresa["eventos"])
        assert [linha["sequencia"] for linha in linhas] == list(range(1, len(linhas) + 1))
        if linhas:
            assert linhas[-1]["hash"] == empresa["cabeca"]
        if any(linha["chave"] == vendida["chave"] for linha in linhas):
            return
    raise AssertionError("no timeline tells of the sale")
