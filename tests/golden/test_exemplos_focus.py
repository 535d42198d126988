"""Examples that only the Focus contract can state (single-phase fuels, ICMSPart, ICMSST), and the proof over all examples that
every CST and CSOSN of the reviewed tables is written by one.

Such an example holds `focus.json`, a body of `POST /v2/nfe` of the company of `mesa_focus`, beside its golden `saida.xml`.
"""

import csv
import re
from importlib.resources import files
from pathlib import Path

import pytest
from tests.golden.apoio import EXEMPLOS, Bancada, example_number, read_exact
from tests.golden.mesa_focus import Mesa

from chancela.documents.nfe.layout import build_infnfe, compose_unsigned, parse_nfe
from chancela.domain.xml.esquemas import Esquema
from chancela.server.simulacao.conferentes.dinheiro import examine

PASTAS = sorted(pasta.parent for pasta in (EXEMPLOS / "nfe").glob("*/focus.json"))
_GRUPO = re.compile(r"<(ICMS\w+)><orig>\d</orig><(?:CST|CSOSN)>(\d+)<")


@pytest.mark.parametrize("pasta", PASTAS, ids=lambda pasta: pasta.name)
def test_example(pasta: Path, mesa: Mesa, bancada: Bancada, update: bool) -> None:
    corpo = {**read_exact(pasta / "focus.json"), "numero": example_number(pasta.name)}
    _, montada, _ = mesa.build(corpo)
    texto = mesa.write(corpo)
    golden = pasta / "saida.xml"
    if update:
        golden.write_bytes(texto + b"\n")
    assert texto + b"\n" == golden.read_bytes(), "run with --update and review the difference"
    assert bancada.esquemas.validate(Esquema.NFE, compose_unsigned(texto)) == ()
    lido = parse_nfe(compose_unsigned(texto))
    assert build_infnfe(lido.nfe, lido.identificacao) == texto
    assert examine(texto) == []
    resposta = bancada.authorise(mesa.empresa, montada, lido.identificacao.chave.texto, texto).decode()
    veredito = re.search(r"<infProt.*?<cStat>(\d+)</cStat><xMotivo>([^<]*)<", resposta, re.DOTALL)
    assert veredito is not None, resposta
    assert veredito[1] == "100", veredito[2]


def codes_of_the_tables() -> set[tuple[str, str]]:
    """Group of the XML and code: `10-part` of the table is CST 10 inside ICMSPart."""
    dados = files("chancela") / "data"
    cst = csv.DictReader((dados / "icms_cst.csv").read_text(encoding="utf-8").splitlines())
    csosn = csv.DictReader((dados / "csosn.csv").read_text(encoding="utf-8").splitlines())
    return {(linha["grupo_xml"], linha["cst"].partition("-")[0]) for linha in cst} | {
        (linha["grupo_xml"], linha["csosn"]) for linha in csosn
    }


def test_examples_write_every_cst_and_csosn() -> None:
    saidas = sorted(EXEMPLOS.glob("nf*/*/saida.xml"))
    escritos = {par for saida in saidas for par in _GRUPO.findall(saida.read_text(encoding="utf-8"))}
    tabelas = codes_of_the_tables()
    assert len(tabelas) == 29
    assert tabelas - escritos == set()
    assert escritos - tabelas == set()
    assert len(saidas) >= 60


def test_examples_cover_every_kind_of_operation() -> None:
    """Both regimes; internal, interstate, abroad; in and out; normal, complementary, adjustment, return; NFC-e on and off line."""
    textos = {
        f"{modelo}": [saida.read_text(encoding="utf-8") for saida in (EXEMPLOS / modelo).glob("*/saida.xml")]
        for modelo in ("nfe", "nfce")
    }

    def combined(modelo: str, *tags: str) -> set[tuple[str, ...]]:
        return {tuple(re.search(f"<{tag}>(\\d+)<", texto)[1] for tag in tags) for texto in textos[modelo]}  # type: ignore[index]

    operacoes = combined("nfe", "tpNF", "idDest")
    assert operacoes >= {("0", "1"), ("0", "3"), ("1", "1"), ("1", "2"), ("1", "3")}
    assert combined("nfe", "finNFe") == {("1",), ("2",), ("3",), ("4",)}
    assert combined("nfe", "CRT") == {("1",), ("2",), ("3",), ("4",)}
    assert combined("nfce", "tpEmis") == {("1",), ("9",)}
    assert {crt for (crt,) in combined("nfce", "CRT")} >= {"1", "3"}
