"""Every example of `examples/nfe`: the golden text, and four judges that do not know each other.

`pytest tests/golden --update` rewrites the golden files; the difference is for people to review.
"""

import re
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.golden.apoio import EXEMPLOS, Bancada, example_number, folders, read_exact

from chancela.documents.nfe.danfe import render_danfe
from chancela.documents.nfe.layout import build_infnfe, compose_unsigned, parse_nfe
from chancela.domain.xml.esquemas import Esquema
from chancela.server.simulacao.conferentes.dinheiro import examine

PASTAS = folders("nfe")
COM_DANFE = (
    "cst-00-interna-consumidor",
    "importacao",
    "rateio-desconto-frete-seguro-outras",
    "retirada-e-entrega",
    "transporte-completo",
)
CST = {"00", "10", "20", "30", "40", "41", "50", "51", "60", "70", "90"}
CSOSN = {"101", "102", "103", "201", "202", "203", "300", "400", "500", "900"}


@pytest.mark.parametrize("pasta", PASTAS, ids=lambda pasta: pasta.name)
def test_example(pasta: Path, bancada: Bancada, update: bool) -> None:
    categorias = pasta / "categorias.json"
    empresa, preparada = bancada.prepare(
        read_exact(pasta / "empresa.json"),
        read_exact(categorias) if categorias.exists() else [],
        read_exact(pasta / "entrada.json"),
    )
    chave, texto = bancada.number(empresa, preparada, example_number(pasta.name))

    golden = pasta / "saida.xml"
    if update:
        golden.write_bytes(texto + b"\n")
    assert texto + b"\n" == golden.read_bytes(), "run with --update and review the difference"

    assert bancada.esquemas.validate(Esquema.NFE, compose_unsigned(texto)) == ()
    lido = parse_nfe(compose_unsigned(texto))
    assert build_infnfe(lido.nfe, lido.identificacao) == texto
    assert examine(texto) == []
    resposta = bancada.authorise(empresa, preparada.montada, chave, texto).decode()
    veredito = re.search(r"<infProt.*?<cStat>(\d+)</cStat><xMotivo>([^<]*)<", resposta, re.DOTALL)
    assert veredito is not None, resposta
    assert veredito[1] == "100", veredito[2]


@pytest.mark.parametrize("nome", COM_DANFE)
def test_danfe_of_example(nome: str, update: bool) -> None:
    """The text of the printed form, read back from the PDF: without a protocol it is marked as of no value."""
    pasta = EXEMPLOS / "nfe" / nome
    pdf = render_danfe(compose_unsigned((pasta / "saida.xml").read_bytes().strip()))
    paginas = [pagina.extract_text() or "" for pagina in PdfReader(BytesIO(pdf)).pages]
    texto = "\n\f\n".join("\n".join(linha.rstrip() for linha in p.splitlines()) for p in paginas) + "\n"
    golden = pasta / "danfe.txt"
    if update:
        golden.write_text(texto, encoding="utf-8")
    assert texto == golden.read_text(encoding="utf-8"), "run with --update and review the difference"
    assert "SEM VALOR FISCAL" in texto


def test_examples_cover_every_code_of_the_contract() -> None:
    textos = [(pasta / "saida.xml").read_text() for pasta in PASTAS]
    assert len(textos) >= 50
    achados = {c for t in textos for c in re.findall(r"<ICMS\w+><orig>\d</orig><(?:CST|CSOSN)>(\d+)<", t)}
    assert achados >= CST | CSOSN, sorted((CST | CSOSN) - achados)
    assert {c for t in textos for c in re.findall(r"<finNFe>(\d)", t)} == {"1", "2", "3", "4"}
    assert {c for t in textos for c in re.findall(r"<idDest>(\d)", t)} == {"1", "2", "3"}
    assert {c for t in textos for c in re.findall(r"<CRT>(\d)", t)} == {"1", "2", "3", "4"}
