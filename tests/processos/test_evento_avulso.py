"""`chancela evento`: events that no route names, from a file to SEFAZ and back."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.processos.apoio import Loja, run_command

from chancela.server.demonstracao import Plataforma

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos")]


def test_an_event_from_a_file_and_its_withdrawal(plataforma: Plataforma, tmp_path: Path) -> None:
    loja = Loja(plataforma)
    nota = loja.cliente.post("/api/invoice/create", loja.sale(id="EVENTO-1")).dados
    chave = nota["chave"]
    _, achados, _ = run_command(plataforma, "doctor", "--json", "--ambiente", "homologacao")
    assert achados, "the platform answers commands"
    empresa = loja.company_id()

    def send(tipo: str, *opcoes: str, dados: Any = None) -> tuple[int, Any, str]:
        comuns = ("--empresa", empresa, "--chave", chave, "--tipo", tipo, "--dados", "-", "--json")
        return run_command(plataforma, "evento", "enviar", *comuns, *opcoes, entrada=json.dumps(dados or {}))

    codigo, ator, palavras = send("110150", dados={"ator": {"documento": "52998224725"}})
    assert (codigo, ator["estado"], ator["cstat"], ator["sequencia"]) == (0, "REGISTRADA", 135, 1), palavras
    assert "Prazo nacional" in palavras
    assert ator["prazo"]

    foto = tmp_path / "canhoto.jpg"
    foto.write_bytes(b"imagem do canhoto")
    entrega = {"entregue_em": nota_date(), "documento_recebedor": "12345678", "nome_recebedor": "Maria"}
    codigo, comprovante, palavras = send("110130", "--imagem", str(foto), dados=entrega)
    assert (codigo, comprovante["cstat"]) == (0, 135), palavras
    codigo, desfeito, palavras = send("110131")
    assert (codigo, desfeito["cstat"]) == (0, 135), palavras

    codigo, _, palavras = send("110150", dados={"ator": {"documento": "1"}, "cor": "azul"})
    assert codigo == 1
    assert "ator.documento" in palavras
    assert "cor" in palavras
    assert send("110140")[0] == 1
    assert send("210210")[0] == 1


def nota_date() -> str:
    """Now, as the official layout writes it."""
    from chancela.kit.clock import SystemClock

    return SystemClock().now().replace(microsecond=0).isoformat()


def test_every_kind_is_listed_with_its_deadline(plataforma: Plataforma) -> None:
    codigo, tipos, _ = run_command(plataforma, "evento", "tipos", "--json")
    assert codigo == 0
    por_tipo = {t["tipo"]: t for t in tipos}
    assert por_tipo["110111"]["prazo"] == "55: 24 h, 65: 30 min"
    assert por_tipo["210210"]["assina"] == "destinatario"
    assert por_tipo["110192"]["orgao"] == "92"
