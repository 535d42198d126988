"""Every hostile piece of XML is refused with its own code by every reader, and touches no file and no socket."""

import pytest
from tests.attack.corpo_xml import ALGORITMOS, EMBRULHOS, HOSTIS, SO_ASSINADO, resign
from tests.attack.vigia import untouched

from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.assinatura.perfil import verify
from chancela.domain.erros import AssinaturaInvalida, XmlInvalido
from chancela.domain.xml.leitura import parse_xml
from chancela.gateways.soap.envelope import FalhaSoap, RespostaIlegivel, read_answer
from chancela.simulator import xml as leitor_do_simulador


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(HOSTIS) + len(SO_ASSINADO) + len(EMBRULHOS) + len(ALGORITMOS) >= 100
    assert len(EMBRULHOS) >= 8


@pytest.mark.parametrize(("nome", "conteudo", "numero"), HOSTIS, ids=[nome for nome, _, _ in HOSTIS])
def test_hostile_bytes_are_refused(nome: str, conteudo: bytes, numero: str) -> None:
    for assinado in (False, True):
        with untouched(), pytest.raises(XmlInvalido) as erro:
            parse_xml(conteudo, assinado=assinado)
        assert erro.value.codigo == f"XML-LEITURA-{numero}", nome
        assert erro.value.mensagem.startswith(("O XML", "O conteúdo"))


@pytest.mark.parametrize(
    ("nome", "conteudo", "numero"), SO_ASSINADO, ids=[nome for nome, _, _ in SO_ASSINADO]
)
def test_signed_content_is_read_more_strictly(nome: str, conteudo: bytes, numero: str) -> None:
    parse_xml(conteudo)
    with untouched(), pytest.raises(XmlInvalido) as erro:
        parse_xml(conteudo, assinado=True)
    assert erro.value.codigo == f"XML-LEITURA-{numero}", nome


@pytest.mark.parametrize("nome", EMBRULHOS)
def test_wrapping_is_refused(nfe: bytes, inf_nfe: bytes, nome: str) -> None:
    embrulhar, codigo = EMBRULHOS[nome]
    falso = inf_nfe.replace(b"<vNF>10.00", b"<vNF>99.00", 1)
    assert refused(embrulhar(nfe, inf_nfe, falso)) == codigo


@pytest.mark.parametrize(("antes", "depois", "codigo"), ALGORITMOS)
def test_other_algorithms_are_refused_even_if_well_signed(
    nfe: bytes, certificado: Certificado, antes: bytes, depois: bytes, codigo: str
) -> None:
    assert refused(resign(nfe, antes, depois, certificado)) == codigo


@pytest.mark.parametrize(("nome", "conteudo", "numero"), HOSTIS, ids=[nome for nome, _, _ in HOSTIS])
def test_a_hostile_answer_of_an_authorizer_is_only_illegible(nome: str, conteudo: bytes, numero: str) -> None:
    """Whoever answers in SEFAZ's place gets nothing but an unknown outcome out of us."""
    envelope = (
        b'<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Body><nfeResultMsg>'
        b"%s</nfeResultMsg></soap:Body></soap:Envelope>" % conteudo
    )
    for resposta in (conteudo, envelope):
        with untouched(), pytest.raises((RespostaIlegivel, FalhaSoap)):
            read_answer(resposta, "retConsStatServ")


@pytest.mark.parametrize(
    ("nome", "conteudo"),
    [(n, c) for n, c, numero in HOSTIS if numero == "06"],
    ids=[n for n, _, k in HOSTIS if k == "06"],
)
def test_the_offline_authority_reads_no_declaration_either(nome: str, conteudo: bytes) -> None:
    with untouched(), pytest.raises(leitor_do_simulador.XmlMalFormado):
        leitor_do_simulador.parse(conteudo)


def refused(documento: bytes) -> str:
    """The code with which the verifier refuses a note, nothing touched meanwhile."""
    with untouched(), pytest.raises((AssinaturaInvalida, XmlInvalido)) as erro:
        verify(documento, tag="infNFe")
    return erro.value.codigo
