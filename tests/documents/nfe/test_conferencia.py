"""Schema failures in the document's own terms."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from chancela.documents.nfe import modelo as m
from chancela.documents.nfe.conferencia import check_schema, model_path
from chancela.domain.xml.esquemas import Esquemas

from . import fabrica as f
from .casos import documentos

ESQUEMAS = Esquemas()


def test_good_documents_pass() -> None:
    for _, nfe in documentos():
        assert check_schema(nfe, f.identificar(nfe), ESQUEMAS) == ()


@pytest.mark.parametrize(
    ("nfe", "caminho", "codigo"),
    [
        (f.nfe(itens=(f.item(1), f.item(2, ncm="ABC"))), "itens[1].produto.ncm", "XSD-FORMATO"),
        (f.nfe(itens=(f.item(1, ncm="ABC"),)), "itens[0].produto.ncm", "XSD-FORMATO"),
        (f.nfe(municipio_fato_gerador="1"), "municipio_fato_gerador", "XSD-FORMATO"),
        (f.nfe(pagamentos=()), "pagamentos", "XSD-FALTANDO"),
        (f.nfe(itens=(f.item(1), f.item(2, quantidade=D("1.00001")))), "itens[1].produto.quantidade", "NFE-VALOR-01"),
        (f.nfe(itens=(m.Item(f.produto(), f.tributos(valor_frete=D("0.001"))),)), "itens[0].tributos.valor_frete", "NFE-VALOR-01"),
        (f.nfe(natureza_operacao="a\x00b"), "natureza_operacao", "NFE-VALOR-01"),
        (f.nfe(transporte=m.Transporte(volumes=(m.Volume(), m.Volume(lacres=("A", ""))))), "transporte.volumes[1].lacres[1]", ""),
        (f.nfe(destinatario=replace(f.DESTINATARIO, endereco=replace(f.ENDERECO, bairro="X"))), "destinatario.endereco.bairro", ""),
    ],
)  # fmt: skip
def test_failures_name_the_field(nfe: m.Nfe, caminho: str, codigo: str) -> None:
    violacoes = check_schema(nfe, f.identificar(nfe), ESQUEMAS)
    assert {v.caminho for v in violacoes} == {caminho}
    assert violacoes[0].mensagem
    assert violacoes[0].rotulo
    assert codigo in ("", violacoes[0].codigo)


@pytest.mark.parametrize(
    ("tags", "caminho"),
    [
        ("NFe/infNFe/det[2]/imposto/ICMS/ICMS00/vBC", "itens[1].tributos.icms.base_calculo"),
        ("NFe/infNFe/ide/NFref[3]/refNFe", "referencias[2].chave_nfe"),
        ("NFe/infNFe/dest/CNPJ", "destinatario.documento"),
        ("NFe/infNFe/total/ICMSTot/vNF", "totais.icms.valor_nota"),
        (
            "NFe/infNFe/det/prod/DI[2]/adi[3]/nSeqAdic",
            "itens[0].produto.declaracoes_importacao[1].adicoes[2].numero_sequencial",
        ),
        ("NFe/infNFe/det[2]/prod/novo", "itens[1]"),
        ("NFe/infNFe/@Id", ""),
        ("", ""),
    ],
)
def test_paths(tags: str, caminho: str) -> None:
    assert model_path(tags) == caminho
