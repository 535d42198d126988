import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from chancela.domain.erros import XmlInvalido
from chancela.domain.xml.escrita import escape_attribute, escape_text

TEXTO_XML = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="￾￿").filter(
        lambda c: c >= " " or c in "\t\n\r"
    )
)


@given(TEXTO_XML, TEXTO_XML)
def test_escaped_text_is_canonical_and_reads_back(texto: str, atributo: str) -> None:
    escrito = f'<a b="{escape_attribute(atributo)}">{escape_text(texto)}</a>'.encode()
    lido = etree.fromstring(escrito)
    assert (lido.text or "") == texto
    assert lido.get("b") == atributo
    assert etree.tostring(lido, method="c14n") == escrito


def test_plain_text_is_returned_as_it_is() -> None:
    texto = "".join(["PAO", " FRANCES"])
    assert escape_text(texto) is texto
    assert escape_attribute(texto) is texto


@pytest.mark.parametrize("caractere", ["\x00", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_characters_that_xml_lacks_are_refused(caractere: str) -> None:
    for escape in (escape_text, escape_attribute):
        with pytest.raises(XmlInvalido) as erro:
            escape("a" + caractere)
        assert erro.value.codigo == "XML-ESCRITA-01"
