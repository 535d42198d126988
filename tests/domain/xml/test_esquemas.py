import threading
from dataclasses import replace
from pathlib import Path

import pytest

from chancela.domain.xml.esquemas import (
    Esquema,
    Esquemas,
    FalhaEsquema,
    TipoFalha,
    _resolve,
    _without_echoes,
)
from chancela.domain.xml.explicacao import describe_pattern, explain
from chancela.domain.xml.leitura import parse_xml

ESQUEMAS = Esquemas()


@pytest.mark.parametrize("nome", list(Esquema))
def test_every_official_schema_compiles(nome: Esquema) -> None:
    ESQUEMAS.compile(nome)


def test_valid_note_has_nothing_to_say(nfe: bytes) -> None:
    assert ESQUEMAS.validate(Esquema.NFE, nfe) == ()
    assert ESQUEMAS.validate(Esquema.NFE, parse_xml(nfe, assinado=True)) == ()


@pytest.mark.parametrize(
    ("antes", "depois", "tipo", "caminho", "valor"),
    [
        (b"<NCM>19059090<", b"<NCM>1905909<", TipoFalha.FORMATO, "NFe/infNFe/det/prod/NCM", "1905909"),
        (b"<cUF>35<", b"<cUF>99<", TipoFalha.DOMINIO, "NFe/infNFe/ide/cUF", "99"),
        (b"<tpNF>1</tpNF>", b"", TipoFalha.FALTANDO, "NFe/infNFe/ide/tpNF", ""),
        (b"</ide>", b"<tpNF>1</tpNF></ide>", TipoFalha.INESPERADO, "NFe/infNFe/ide/tpNF[2]", "1"),
        (b"<tpNF>1</tpNF>", b"<tpXX>1</tpXX>", TipoFalha.INESPERADO, "NFe/infNFe/ide/tpXX", "1"),
        (b"<natOp>VENDA", b"<natOp>" + b"V" * 61, TipoFalha.TAMANHO, "NFe/infNFe/ide/natOp", "V" * 61),
        (b"</det>", b'</det><det nItem="1"/>', TipoFalha.REPETIDO, "NFe/infNFe/det[2]", ""),
        (b' versao="4.00"', b"", TipoFalha.FALTANDO, "NFe/infNFe/@versao", ""),
        (b' versao="4.00"', b' versao="3.10"', TipoFalha.FORMATO, "NFe/infNFe/@versao", "3.10"),
        (b' versao="4.00"', b' versao="4.00" x="1"', TipoFalha.INESPERADO, "NFe/infNFe/@x", "1"),
        (b"</ide>", b"solto</ide>", TipoFalha.INESPERADO, "NFe/infNFe/ide", ""),
        (b"<vProd>10.00", b"<vProd>-1", TipoFalha.FORMATO, "NFe/infNFe/det/prod/vProd", "-1"),
    ],
)
def test_failure_says_where_and_how(
    nfe: bytes, antes: bytes, depois: bytes, tipo: TipoFalha, caminho: str, valor: str
) -> None:
    assert antes in nfe
    falhas = ESQUEMAS.validate(Esquema.NFE, nfe.replace(antes, depois, 1))
    achada = {(f.tipo, f.caminho): f for f in falhas}[(tipo, caminho)]
    assert achada.valor == valor
    assert achada.linha == 1
    violacao = explain(achada)
    assert violacao.codigo == f"XSD-{tipo.name}"
    assert violacao.mensagem
    assert violacao.correcao
    for ingles in ("Element", "facet", "expected", "http://", "{"):
        assert ingles not in violacao.mensagem + violacao.correcao


def test_two_items_are_told_apart(nfe: bytes) -> None:
    inicio, fim = nfe.index(b"<det "), nfe.index(b"</det>") + 6
    segundo = nfe[inicio:fim].replace(b'nItem="1"', b'nItem="2"').replace(b"<NCM>19059090<", b"<NCM>x<")
    (falha,) = ESQUEMAS.validate(Esquema.NFE, nfe[:fim] + segundo + nfe[fim:])
    assert falha.caminho == "NFe/infNFe/det[2]/prod/NCM"
    violacao = explain(falha)
    assert violacao.rotulo == "Item 2, NCM"
    assert violacao.mensagem == "Item 2, NCM: “x” está fora do formato."
    assert violacao.correcao == "Informe 2 dígitos ou 8 dígitos."
    assert violacao.c_stat == 225


def test_other_document_is_named() -> None:
    (falha,) = ESQUEMAS.validate(Esquema.NFE, b"<html/>")
    assert (falha.tipo, falha.tag) == (TipoFalha.RAIZ, "html")
    assert "html" in explain(falha).mensagem


def test_element_inside_a_larger_document_is_its_own_root(nfe: bytes) -> None:
    envelope = parse_xml(b"<a><b>" + nfe.replace(b"<NCM>19059090<", b"<NCM>x<") + b"</b></a>")
    (falha,) = ESQUEMAS.validate(Esquema.NFE, envelope[0][0])
    assert falha.caminho == "NFe/infNFe/det/prod/NCM"


def test_threads_do_not_read_each_others_failures(nfe: bytes) -> None:
    ruins = [nfe.replace(b"<NCM>19059090<", f"<NCM>{i}x<".encode()) for i in range(8)]
    errados: list[object] = []

    def work(i: int) -> None:
        for _ in range(20):
            falhas = ESQUEMAS.validate(Esquema.NFE, ruins[i])
            if [f.valor for f in falhas] != [f"{i}x"] or ESQUEMAS.validate(Esquema.NFE, nfe):
                errados.append((i, falhas))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errados


def test_schema_folder_can_be_another(tmp_path: Path, nfe: bytes) -> None:
    with pytest.raises(OSError, match="nfe_v4"):
        Esquemas(tmp_path).validate(Esquema.NFE, nfe)


@pytest.mark.parametrize(
    ("padrao", "palavras"),
    [
        ("[0-9]{8}", "8 dígitos"),
        ("[0-9]{1}", "1 dígito"),
        ("[0-9]{2,14}|ISENTO", "de 2 a 14 dígitos ou ISENTO"),
        ("SEM GTIN|[0-9]{0}|[0-9]{8}|[0-9]{12,14}", "SEM GTIN ou 8 dígitos ou de 12 a 14 dígitos"),
        ("[1-9]{1}[0-9]{0,8}", "um número de 1 a 9 dígitos, sem zeros à esquerda"),
        (
            r"0|0\.[0-9]{2}|[1-9]{1}[0-9]{0,12}(\.[0-9]{2})?",
            "número não negativo com até 13 dígitos antes do ponto e 2 casas decimais,"
            " com ponto e sem separador de milhar",
        ),
        ("[A-F0-9]{8}-[A-F0-9]{4}", ""),
    ],
)
def test_patterns_in_words(padrao: str, palavras: str) -> None:
    assert describe_pattern(padrao) == palavras


def test_a_schema_is_compiled_once_however_often_it_is_asked_for(nfe: bytes) -> None:
    esquemas = Esquemas()
    for _ in range(2):
        esquemas.compile(Esquema.NFE)
    assert esquemas.validate(Esquema.NFE, nfe) == ()


def test_a_schema_may_include_another_by_two_ways(tmp_path: Path) -> None:
    """The tags that exist are gathered from every file, each read once."""
    pasta = tmp_path / Esquema.RES_NFE.value
    pasta.parent.mkdir(parents=True)
    abre = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:x" targetNamespace="urn:x" elementFormDefault="qualified">'
    (pasta.parent / "tipos.xsd").write_text(
        f'{abre}<xs:simpleType name="T"><xs:restriction base="xs:token"/></xs:simpleType></xs:schema>'
    )
    (pasta.parent / "meio.xsd").write_text(f'{abre}<xs:include schemaLocation="tipos.xsd"/></xs:schema>')
    pasta.write_text(
        f'{abre}<xs:include schemaLocation="tipos.xsd"/><xs:include schemaLocation="meio.xsd"/><xs:element name="resNFe">'
        '<xs:complexType><xs:sequence><xs:element name="a" type="T"/><xs:element name="b" type="T"/></xs:sequence>'
        "</xs:complexType></xs:element></xs:schema>"
    )
    esquemas = Esquemas(tmp_path)
    assert esquemas.validate(Esquema.RES_NFE, b'<resNFe xmlns="urn:x"><a>1</a><b>2</b></resNFe>') == ()
    (falha,) = esquemas.validate(Esquema.RES_NFE, b'<resNFe xmlns="urn:x"><b>2</b></resNFe>')
    assert (falha.tipo, falha.caminho) == (TipoFalha.FALTANDO, "resNFe/a")


def test_a_path_of_the_validator_leads_as_far_as_it_can() -> None:
    raiz = parse_xml(b"<a><b/><b><c>1</c></b></a>")
    for caminho, tag in (
        ("/*/*[2]/c", "c"),
        ("/*/*[2]/c/@x", "c"),
        ("/*/*[9]", "a"),
        ("/*/b[2]/text()", "b"),
        ("/*", "a"),
    ):
        assert _resolve(raiz, caminho).tag == tag


def test_what_a_facet_explains_is_not_told_again() -> None:
    formato = FalhaEsquema(TipoFalha.FORMATO, "NFe/a", "a", "x", 1, ())
    geral = replace(formato, tipo=TipoFalha.TIPO)
    outro = replace(geral, caminho="NFe/b")
    assert list(_without_echoes([formato, geral, outro, formato])) == [formato, outro]
