"""Every group: valid against the official schema, canonical, read back whole, understood by nfelib."""

import base64
import hashlib
from decimal import Decimal as D
from functools import cache
from importlib.resources import files
from io import BytesIO

import pytest
from lxml import etree
from nfelib.nfe.bindings.v4_0.nfe_v4_00 import Nfe as NfelibNfe

from chancela.documents.nfe import layout
from chancela.documents.nfe import modelo as m
from chancela.domain.erros import XmlInvalido
from chancela.domain.identidade import Ambiente

from . import fabrica as f
from .casos import documentos

CASOS = dict(documentos())


@cache
def esquema() -> etree.XMLSchema:
    """The official schema, compiled once."""
    with files("nfelib").joinpath("nfe/schemas/v4_0/nfe_v4.00.xsd").open("rb") as arquivo:
        return etree.XMLSchema(etree.parse(arquivo))


def montado(nfe: m.Nfe, tp_emis: int = 1) -> bytes:
    """The document with a signature of the right shape."""
    return layout.compose_unsigned(layout.build_infnfe(nfe, f.identificar(nfe, tp_emis=tp_emis)))


@pytest.mark.parametrize("nome", CASOS)
def test_valid_canonical_and_read_back(nome: str) -> None:
    nfe = CASOS[nome]
    identificacao = f.identificar(nfe)
    infnfe = layout.build_infnfe(nfe, identificacao)
    elemento = etree.fromstring(infnfe)
    assert etree.tostring(elemento, method="c14n") == infnfe

    documento = layout.compose_unsigned(infnfe)
    esquema().assertValid(etree.fromstring(documento))
    assert layout.parse_nfe(documento) == layout.DocumentoNfe(nfe, identificacao)
    assert layout.parse_nfe(infnfe).nfe == nfe
    composto = layout.DocumentoNfe(nfe, identificacao)
    assert layout._INFNFE.escrever(composto) == layout._INFNFE.interpretar(composto)


def test_signed_element_keeps_its_canonical_form_inside_nfe() -> None:
    nfe = f.nfe()
    infnfe = layout.build_infnfe(nfe, f.identificar(nfe))
    arvore = etree.fromstring(layout.compose_unsigned(infnfe))
    saida = BytesIO()
    etree.ElementTree(etree.fromstring(etree.tostring(arvore[0]))).write_c14n(saida)
    assert saida.getvalue() == infnfe


@pytest.mark.parametrize(
    "nome", ["venda simples", "nfce simples", "transporte", "importação", "pagamentos", "IBSCBS completo"]
)
def test_nfelib_reads_the_same(nome: str) -> None:
    nfe = CASOS[nome]
    lido = NfelibNfe.from_xml(montado(nfe).decode())
    assert lido.infNFe is not None
    assert lido.infNFe.ide.natOp == nfe.natureza_operacao
    assert [d.prod.xProd for d in lido.infNFe.det] == [i.produto.descricao for i in nfe.itens]
    assert D(lido.infNFe.total.ICMSTot.vNF) == nfe.totais.icms.valor_nota
    assert sum(D(p.vPag) for p in lido.infNFe.pag.detPag) == sum(p.valor for p in nfe.pagamentos)


def test_contingency_is_written_and_read() -> None:
    nfe = f.nfce()
    documento = montado(nfe, tp_emis=9)
    esquema().assertValid(etree.fromstring(documento))
    lido = layout.parse_nfe(documento)
    assert lido.identificacao.contingencia == m.Contingencia(
        f.EMISSAO, "SEFAZ fora do ar na abertura da loja"
    )
    assert lido.identificacao.chave.tp_emis == 9


def test_supplement_and_protocol_travel_verbatim() -> None:
    nfe = f.nfce()
    identificacao = f.identificar(nfe)
    suplemento = m.Suplemento(
        f"https://example.com/qrcode?p={identificacao.chave}|3|2", "https://example.com/consulta"
    )
    infnfe = layout.build_infnfe(nfe, identificacao)
    documento = layout.compose_unsigned(infnfe, layout.build_suplemento(suplemento))
    esquema().assertValid(etree.fromstring(documento))
    protocolo = b'<?xml version="1.0"?>\n<protNFe xmlns="http://www.portalfiscal.inf.br/nfe" versao="4.00">x</protNFe>'
    processo = layout.compose_nfeproc(documento, protocolo)
    assert documento in processo
    assert processo.count(b"<?xml") == 1
    assert layout.parse_nfe(processo).suplemento == suplemento


def test_homologation_texts() -> None:
    nfe = m.apply_ambiente(f.nfe(), Ambiente.HOMOLOGACAO)
    assert nfe.destinatario is not None
    assert nfe.destinatario.nome == m.TEXTO_HOMOLOGACAO_DESTINATARIO
    assert nfe.itens[0].produto.descricao == "Produto Exemplo"
    nfce = m.apply_ambiente(f.nfce(itens=(f.item(1), f.item(2))), Ambiente.HOMOLOGACAO)
    assert nfce.itens[0].produto.descricao == m.TEXTO_HOMOLOGACAO_PRODUTO
    assert nfce.itens[1].produto.descricao == "Produto Exemplo"
    assert nfce.destinatario is None
    assert m.apply_ambiente(f.nfe(), Ambiente.PRODUCAO) == f.nfe()


def test_intermediary_is_always_told() -> None:
    assert m.complete_intermediador(f.nfe(com_intermediador=None)).com_intermediador is False
    intermediador = m.Intermediador(f.CNPJ, "VENDEDOR")
    assert (
        m.complete_intermediador(f.nfe(com_intermediador=None, intermediador=intermediador)).com_intermediador
        is True
    )
    devolucao = f.nfe(com_intermediador=None, finalidade=m.Finalidade.DEVOLUCAO)
    assert m.complete_intermediador(devolucao) is devolucao


def test_csrt_hash_follows_the_key() -> None:
    nfe = f.nfe(
        responsavel_tecnico=m.ResponsavelTecnico(f.CNPJ, "Suporte", "suporte@example.com", "1133334444", "01")
    )
    chave = f.identificar(nfe).chave
    com_hash = layout.apply_csrt(nfe, chave, "G8063VRTNDMO886SFNK5LDUDEI24XJ22YIPO")
    assert com_hash.responsavel_tecnico is not None
    esperado = hashlib.sha1(f"G8063VRTNDMO886SFNK5LDUDEI24XJ22YIPO{chave}".encode()).digest()
    assert base64.b64decode(com_hash.responsavel_tecnico.hash_csrt or "") == esperado
    assert layout.apply_csrt(f.nfe(), chave, "X") == f.nfe()


@pytest.mark.parametrize(
    ("troca", "por", "codigo"),
    [
        (b"<verProc>", b"<novo>1</novo><verProc>", "XML-LEIAUTE-01"),
        (b"<vNF>300.00", b"<vNF>muito", "XML-LEIAUTE-02"),
        (b"<indTot>1", b"<indTot>2", "XML-LEIAUTE-02"),
        (b"<natOp>Venda de mercadoria</natOp>", b"", "XML-LEIAUTE-03"),
        (b'versao="4.00"', b'versao="3.10"', "XML-NFE-02"),
    ],
)
def test_foreign_text_is_refused_by_name(troca: bytes, por: bytes, codigo: str) -> None:
    documento = montado(f.nfe())
    assert troca in documento
    with pytest.raises(XmlInvalido) as erro:
        layout.parse_nfe(documento.replace(troca, por, 1))
    assert erro.value.codigo == codigo


@pytest.mark.parametrize("xml", [b"<a/>", b"<NFe><outro/></NFe>", b"<nfeProc/>"])
def test_not_a_document(xml: bytes) -> None:
    with pytest.raises(XmlInvalido) as erro:
        layout.parse_nfe(xml)
    assert erro.value.codigo == "XML-NFE-01"


def test_too_many_decimals_are_a_mistake_not_a_rounding() -> None:
    nfe = f.nfe(pagamentos=(m.Pagamento("01", D("300.001")),))
    with pytest.raises(ValueError, match="more than 2 decimals"):
        layout.build_infnfe(nfe, f.identificar(nfe))


def test_what_other_programs_write_is_read() -> None:
    nfe = f.nfce()
    identificacao = f.identificar(nfe)
    suplemento = m.Suplemento("https://example.com/qrcode?p=1&x=2|3|2", "https://example.com/consulta")
    documento = layout.compose_unsigned(
        layout.build_infnfe(nfe, identificacao), layout.build_suplemento(suplemento)
    )
    arvore = etree.fromstring(documento)
    bonito = etree.tostring(arvore, pretty_print=True, xml_declaration=True, encoding="UTF-8")
    assert layout.parse_nfe(bonito) == layout.DocumentoNfe(nfe, identificacao, suplemento)
    cdata = documento.replace(
        b"https://example.com/qrcode?p=1&amp;x=2|3|2", b"<![CDATA[https://example.com/qrcode?p=1&x=2|3|2]]>"
    )
    assert cdata != documento
    assert layout.parse_nfe(cdata).suplemento == suplemento
    prefixado = documento.replace(b"<NFe xmlns=", b"<n:NFe xmlns:n=").replace(b"</NFe>", b"</n:NFe>")
    prefixado = prefixado.replace(b"<infNFe ", b'<infNFe xmlns="http://www.portalfiscal.inf.br/nfe" ')
    assert layout.parse_nfe(prefixado).nfe == nfe
    assert layout.parse_nfe(documento.replace(b"<vNF>300.00<", b"<vNF>300<")).nfe == nfe
