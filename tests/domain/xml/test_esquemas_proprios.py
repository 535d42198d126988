"""The schemas that travel with us because nfelib has none of them: whole, unchanged since they were taken, and they compile."""

import csv
import hashlib
from pathlib import Path

import pytest
from lxml import etree

PASTA = Path(__file__).resolve().parents[3] / "src" / "chancela" / "schemas"
MANIFESTO = list(csv.DictReader((PASTA / "MANIFESTO.csv").read_text().splitlines()))


def test_the_manifest_names_every_file_and_no_other() -> None:
    presentes = {arquivo.relative_to(PASTA).as_posix() for arquivo in PASTA.rglob("*.xsd")}
    assert presentes == {linha["arquivo"] for linha in MANIFESTO}


@pytest.mark.parametrize("linha", MANIFESTO, ids=lambda linha: linha["arquivo"])
def test_each_file_is_the_one_that_was_taken_and_compiles(linha: dict[str, str]) -> None:
    arquivo = PASTA / linha["arquivo"]
    assert hashlib.sha256(arquivo.read_bytes()).hexdigest() == linha["sha256"]
    etree.XMLSchema(etree.parse(str(arquivo), etree.XMLParser(no_network=True)))
