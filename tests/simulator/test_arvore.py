"""The tree that is cut out of a message is the one that the parser would give, whatever the message looks like."""

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.simulator.amostra import document, node

from chancela.simulator import xml
from chancela.simulator.arvore import read_tree
from chancela.simulator.xml import Grupo

_NOMES = st.sampled_from(["a", "B1", "vNF", "_x", "a.b", "c-d", "Ação"])
_TEXTOS = st.text(
    st.one_of(st.sampled_from("<>&\"' \n\t/=]"), st.characters(min_codepoint=32, max_codepoint=0x2FF)),
    max_size=8,
)


def flat(grupo: Grupo) -> object:
    filhos = [(tag, [flat(g) for g in grupos]) for tag, grupos in grupo.filhos.items()]
    return grupo.tag, grupo.texto_proprio, dict(grupo.atributos), filhos


def same(conteudo: bytes) -> None:
    raiz = xml.parse(conteudo)
    assert flat(read_tree(conteudo, raiz)) == flat(xml.read_grupo(raiz))


@st.composite
def elements(draw: st.DrawFn, fundo: int = 3) -> etree._Element:
    elemento = etree.Element(draw(_NOMES), dict(draw(st.dictionaries(_NOMES, _TEXTOS, max_size=2))))
    elemento.text = draw(_TEXTOS)
    for _ in range(draw(st.integers(0, 3)) if fundo else 0):
        filho = draw(elements(fundo - 1))
        filho.tail = draw(_TEXTOS)
        elemento.append(filho)
    return elemento


@given(elements())
def test_any_message_gives_the_tree_of_the_parser(elemento: etree._Element) -> None:
    same(etree.tostring(elemento, encoding="utf-8"))


def test_what_is_not_written_in_the_plain_way_is_asked_of_the_parser() -> None:
    for conteudo in (
        node("NFe", document()).encode(),
        b"<a x='1>2'><b>1</b ><c/><c /></a>",
        b'<p:a xmlns:p="u"><p:b>1</p:b></p:a>',
        b'<a xmlns="u" xmlns:s="v" s:l="1"><b>1</b></a>',
        b"<a><![CDATA[<b>1</b>]]></a>",
        b"<a>um<!-- dois -->tres<b/></a>",
        b"<?xml version='1.0' encoding='utf-8'?><a>1\r\n2<b>&#65;&#x42;&amp;lt;&quot;</b></a>",
        "<ção><b>1</b></ção>".encode(),
        '<?xml version="1.0" encoding="iso-8859-1"?><a>ção</a>'.encode("latin-1"),
        b'<a\n  x = "1"\n><b\ty="&lt;"/></a >',
    ):
        same(conteudo)


def test_each_document_of_a_lot_is_cut_with_its_bytes() -> None:
    lote = b"<l><NFe x='1'>um</NFe>\n<NFe>dois</NFe ><NFeX>3</NFeX></l>"
    assert xml.slices(lote, "NFe") == [b"<NFe x='1'>um</NFe>", b"<NFe>dois</NFe >"]
