"""Every example of `examples/nfce`: the golden text and QR Code, and the judges of `test_exemplos`.

`pytest tests/golden --update` rewrites the golden files; the difference is for people to review.
"""

import re
from pathlib import Path

import pytest
from tests.golden.apoio import Bancada, example_number, folders, read_exact
from tests.golden.nfce import authorise_nfce, number_nfce, prepare_nfce, sign_nfce

from chancela.documents.nfe.layout import build_infnfe, compose_unsigned, parse_nfe
from chancela.server.simulacao.conferentes.dinheiro import examine

PASTAS = folders("nfce")


@pytest.mark.parametrize("pasta", PASTAS, ids=lambda pasta: pasta.name)
def test_example(pasta: Path, bancada: Bancada, update: bool) -> None:
    categorias, contingencia = pasta / "categorias.json", pasta / "contingencia.json"
    cupom = prepare_nfce(
        bancada,
        read_exact(pasta / "empresa.json"),
        read_exact(categorias) if categorias.exists() else [],
        read_exact(pasta / "entrada.json"),
        read_exact(contingencia) if contingencia.exists() else None,
    )
    chave, texto = number_nfce(cupom, example_number(pasta.name))
    xml, qr_code = sign_nfce(bancada, cupom, chave, texto)

    for golden, novo in ((pasta / "saida.xml", texto), (pasta / "qrcode.txt", repeatable(qr_code).encode())):
        if update:
            golden.write_bytes(novo + b"\n")
        assert novo + b"\n" == golden.read_bytes(), "run with --update and review the difference"

    lido = parse_nfe(compose_unsigned(texto))
    assert build_infnfe(lido.nfe, lido.identificacao) == texto
    assert examine(texto) == []
    resposta = authorise_nfce(bancada, cupom, xml)
    veredito = re.search(r"<infProt.*?<cStat>(\d+)</cStat><xMotivo>([^<]*)<", resposta, re.DOTALL)
    assert veredito is not None, resposta
    assert veredito[1] == "100", veredito[2]


def repeatable(qr_code: str) -> str:
    """The text without the signature of the certificate, which is of this run."""
    partes = qr_code.split("|")
    return "|".join([*partes[:7], "(assinatura)"]) if partes[1] == "3" and len(partes) == 8 else qr_code


def test_examples_cover_what_a_till_does() -> None:
    textos = {pasta.name: (pasta / "saida.xml").read_text() for pasta in PASTAS}
    codigos = [(pasta / "qrcode.txt").read_text() for pasta in PASTAS]
    juntos = "".join(textos.values())
    assert len(textos) >= 30
    assert set(re.findall(r"<tpEmis>(\d)", juntos)) == {"1", "9"}
    assert {q.split("|")[1] for q in codigos} == {"2", "3"}
    assert set(re.findall(r"<tPag>(\d+)", juntos)) >= {"01", "03", "04", "10", "17"}
    assert set(re.findall(r"<tpAmb>(\d)", juntos)) == {"1", "2"}
    assert {nome for nome, texto in textos.items() if "<dest>" not in texto}
    assert {tag for tag in ("CPF", "CNPJ") if f"<dest><{tag}>" in juntos} == {"CPF", "CNPJ"}
    achados = set(re.findall(r"<ICMS\w+><orig>\d</orig><(?:CST|CSOSN)>(\d+)<", juntos))
    assert achados >= {"00", "20", "40", "41", "60", "90", "102", "103", "300", "500", "900"}
