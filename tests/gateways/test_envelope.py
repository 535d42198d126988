"""Envelopes out and in: signed bytes untouched on the way out, any authorizer's spelling on the way in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from chancela.gateways.nfe.leitura import NFE_NS
from chancela.gateways.soap.envelope import (
    FalhaSoap,
    RespostaIlegivel,
    ServicoSoap,
    build_envelope,
    read_answer,
    standalone,
)
from chancela.gateways.soap.recorte import slice_elements, strip_prologue, to_utf8

SERVICO = ServicoSoap("NFeStatusServico4", "nfeStatusServicoNF", "retConsStatServ")
RESULTADO = f'<retConsStatServ xmlns="{NFE_NS}" versao="4.00"><cStat>107</cStat></retConsStatServ>'


def _soap(conteudo: str, *, versao: str = "2003/05/soap-envelope", prefixo: str = "soap") -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><{prefixo}:Envelope xmlns:{prefixo}="http://www.w3.org/{versao}">'
        f"<{prefixo}:Body>{conteudo}</{prefixo}:Body></{prefixo}:Envelope>"
    ).encode()


def test_request_carries_the_payload_byte_for_byte() -> None:
    carga = b"<enviNFe a=\"1\"  b='2'><x>\xc3\xa9 &amp;</x></enviNFe>"
    envelope = build_envelope(SERVICO, b'\xef\xbb\xbf<?xml version="1.0"?>\n' + carga)
    assert carga in envelope
    corpo = etree.fromstring(envelope)
    assert etree.QName(corpo).namespace == "http://www.w3.org/2003/05/soap-envelope"
    dados = corpo[0][0]
    assert dados.tag == "{http://www.portalfiscal.inf.br/nfe/wsdl/NFeStatusServico4}nfeDadosMsg"
    assert SERVICO.content_type.endswith(
        'action="http://www.portalfiscal.inf.br/nfe/wsdl/NFeStatusServico4/nfeStatusServicoNF"'
    )


@pytest.mark.parametrize(
    "conteudo",
    [
        f'<nfeResultMsg xmlns="http://www.portalfiscal.inf.br/nfe/wsdl/X">{RESULTADO}</nfeResultMsg>',
        f'<w:nfeStatusServicoNFResult xmlns:w="urn:w">{RESULTADO}</w:nfeStatusServicoNFResult>',
        f'<nfeResultMsg xmlns="urn:w"><![CDATA[<?xml version="1.0" encoding="UTF-8"?>{RESULTADO}]]></nfeResultMsg>',
        f'<nfeResultMsg xmlns="urn:w">{RESULTADO.replace("<", "&lt;").replace(">", "&gt;")}</nfeResultMsg>',
    ],
)
def test_result_is_found_verbatim_however_it_is_wrapped(conteudo: str) -> None:
    carga = read_answer(_soap(conteudo), "retConsStatServ")
    assert carga.xml == RESULTADO.encode()
    assert carga.elemento.findtext(f"{{{NFE_NS}}}cStat") == "107"


def test_result_without_envelope_in_another_encoding() -> None:
    corpo = '<?xml version="1.0" encoding="ISO-8859-1"?><retConsStatServ><xMotivo>Serviço</xMotivo></retConsStatServ>'
    assert "Serviço".encode() in read_answer(corpo.encode("iso-8859-1"), "retConsStatServ").xml


@pytest.mark.parametrize(
    ("falha", "do_remetente"),
    [
        (
            "<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text>ruim</s:Text></s:Reason></s:Fault>",
            True,
        ),
        (
            "<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text>ruim</s:Text></s:Reason></s:Fault>",
            False,
        ),
        ("<s:Fault><faultcode>s:Server</faultcode><faultstring>ruim</faultstring></s:Fault>", False),
    ],
)
def test_faults_say_whose_fault_it_was(falha: str, do_remetente: bool) -> None:
    with pytest.raises(FalhaSoap) as erro:
        read_answer(_soap(falha, prefixo="s"), "retConsStatServ")
    assert erro.value.do_remetente is do_remetente
    assert erro.value.motivo == "ruim"


@pytest.mark.parametrize(
    "corpo",
    [
        b"",
        b"<html><body>Manuten&ccedil;&atilde;o</body></html>",
        b"<!DOCTYPE html><html/>",
        _soap(RESULTADO)[:-30],
        _soap("<outraCoisa/>"),
        b'<?xml version="1.0" encoding="ebcdic-x"?><retConsStatServ/>',
        b"<retConsStatServ>\xff</retConsStatServ>",
        b"\x1f\x8b\x08\x00lixo",
        _soap("<r>" + "&lt;a&gt;retConsStatServ&lt;/a&gt;" + "</r>"),
    ],
)
def test_what_is_no_answer_is_said_to_be_unreadable(corpo: bytes) -> None:
    with pytest.raises(RespostaIlegivel):
        read_answer(corpo, "retConsStatServ")


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(corpo: bytes) -> None:
    with pytest.raises((RespostaIlegivel, FalhaSoap)):
        read_answer(corpo, "retConsStatServ")


def test_slices_are_outermost_prefixed_or_not_and_skip_what_only_looks_like_a_tag() -> None:
    xml = b"<r><!-- <a>no</a> --><a x='>'>1<a/></a><![CDATA[<a>]]><p:a  >2</p:a ><ab/><a-b/><a.b/><c-a>b:a</c-a><p:b a='a'/><a/></r>"
    assert slice_elements(xml, "a") == (b"<a x='>'>1<a/></a>", b"<p:a  >2</p:a >", b"<a/>")
    with pytest.raises(ValueError, match="closed"):
        slice_elements(b"<a><a></a>", "a")


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=40),
    st.integers(0, 3),
)
def test_slice_of_what_was_composed_is_what_was_put_in(texto: str, vizinhos: int) -> None:
    fatia = etree.tostring(_with_text(texto), encoding="utf-8", xml_declaration=False)
    assert slice_elements(b"<r>" + b"<z/>" * vizinhos + fatia + b"<z>1</z></r>", "alvo") == (fatia,)


def _with_text(texto: str) -> etree._Element:
    elemento = etree.Element("alvo", {"a": texto})
    elemento.text = texto
    return elemento


def test_prologue_goes_and_nothing_else() -> None:
    assert strip_prologue(b'\xef\xbb\xbf <?xml version="1.0"?>\r\n<a/>') == b"<a/>"
    assert strip_prologue(b"<a> </a> ") == b"<a> </a> "
    assert to_utf8("<a>é</a>".encode("utf-16")) == "<a>é</a>".encode()


def test_standalone_keeps_verbatim_what_can_stand_and_rewrites_what_cannot() -> None:
    verbatim = b'<protNFe versao="4.00"><infProt Id="x"><cStat>100</cStat></infProt></protNFe>'
    raiz = etree.fromstring(b'<ret xmlns="' + NFE_NS.encode() + b'">' + verbatim + b"</ret>")
    assert standalone(verbatim, raiz[0], NFE_NS) is verbatim

    prefixado = b'<n:protNFe versao="4.00"><n:infProt><n:cStat>100</n:cStat></n:infProt></n:protNFe>'
    raiz = etree.fromstring(b'<n:ret xmlns:n="' + NFE_NS.encode() + b'">' + prefixado + b"</n:ret>")
    reescrito = standalone(prefixado, raiz[0], NFE_NS)
    assert reescrito == (
        b'<protNFe xmlns="'
        + NFE_NS.encode()
        + b'" versao="4.00"><infProt><cStat>100</cStat></infProt></protNFe>'
    )
    sem_ns = etree.fromstring(b"<ret>" + verbatim + b"</ret>")
    assert NFE_NS.encode() in standalone(verbatim, sem_ns[0], NFE_NS)
