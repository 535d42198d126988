import pytest

from chancela.domain.erros import XmlInvalido
from chancela.domain.xml.leitura import (
    LIMITES,
    Limites,
    find_local,
    local_name,
    parse_own_xml,
    parse_xml,
    slice_element,
    slice_elements,
    text_of,
    texts_of,
)

BOMBA = b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>'
XXE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>'


def test_what_only_looks_hostile_is_read() -> None:
    assert parse_xml(b"<a><![CDATA[<!DOCTYPE b> <!-- ]]></a>", assinado=True).text == "<!DOCTYPE b> <!-- "
    assert parse_xml(b"<a><!-- <!DOCTYPE b> --></a>").tag == "a"
    assert (
        parse_xml(b'<?xml version="1.0" encoding="utf-8"?>\n<a>&#225;\xc3\xa7</a>', assinado=True).text
        == "áç"
    )


def test_limits_are_the_callers(nfe: bytes) -> None:
    parse_xml(nfe, assinado=True)
    with pytest.raises(XmlInvalido) as erro:
        parse_xml(nfe, limites=Limites(tamanho_bytes=len(nfe) - 1))
    assert erro.value.codigo == "XML-LEITURA-01"
    with pytest.raises(XmlInvalido) as erro:
        parse_xml(nfe, limites=Limites(profundidade=3))
    assert erro.value.codigo == "XML-LEITURA-07"


def test_reading_by_local_names() -> None:
    raiz = parse_xml(b'<r><x:a xmlns:x="u"><b> 1 </b><b>2</b></x:a><a><c/></a></r>')
    assert text_of(raiz, "a/b") == "1"
    assert text_of(raiz, "a/c", "nada") == "nada"
    assert text_of(raiz, "z/b") == ""
    achado = find_local(raiz, "a")
    assert achado is not None
    assert local_name(achado) == "a"


def test_slices_are_verbatim() -> None:
    um = b"<a  x='1>' y=\"&gt;\"><c/>\n</a >"
    conteudo = b"<r><ab/><![CDATA[<a>]]>" + um + b"<a/></r>"
    assert slice_elements(conteudo, "a") == [um, b"<a/>"]
    assert slice_element(b"<r>" + um + b"</r>", "a") == um
    with pytest.raises(XmlInvalido) as erro:
        slice_element(conteudo, "a")
    assert erro.value.codigo == "XML-LEITURA-12"


def test_own_text_is_bounded_in_size_and_well_formed() -> None:
    assert parse_own_xml("<a>é &amp; ç</a>".encode()).text == "é & ç"
    for conteudo, codigo in ((b"<a>" + b" " * 2_200_000 + b"</a>", "01"), (b"<a><b></a>", "05"), (b"", "05")):
        with pytest.raises(XmlInvalido) as erro:
            parse_own_xml(conteudo)
        assert erro.value.codigo == f"XML-LEITURA-{codigo}"


@pytest.mark.parametrize("conteudo", [BOMBA, XXE])
def test_own_text_opens_no_entity(conteudo: bytes) -> None:
    assert parse_own_xml(conteudo).text is None


def test_other_encodings_that_are_the_same_bytes() -> None:
    assert parse_xml(b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?><a>x</a>').text == "x"
    assert parse_xml(b'<?xml version="1.0" encoding="us-ascii"?><a>x</a>').text == "x"
    assert parse_xml(b'<?xml version="1.0"?><a>x</a>').text == "x"


def test_own_text_without_any_element() -> None:
    with pytest.raises(XmlInvalido) as erro:
        parse_own_xml(b"\x00")
    assert erro.value.codigo == "XML-LEITURA-05"


def test_a_tag_that_is_never_closed() -> None:
    with pytest.raises(XmlInvalido) as erro:
        slice_elements(b"<r><a></r>", "a")
    assert (erro.value.codigo, erro.value.mensagem) == ("XML-LEITURA-05", "O XML não fecha a tag a.")


def test_all_texts_of_a_group_are_those_of_its_fields() -> None:
    grupo = parse_xml(
        b"<g xmlns='u'><!-- x --><a> 1 </a><p:b xmlns:p='v'>2</p:b><a>3</a><c/><d><e>4</e></d>solto</g>"
    )
    textos = texts_of(grupo)
    assert textos == {"a": "1", "b": "2", "c": "", "d": ""}
    assert all(text_of(grupo, nome) == texto for nome, texto in textos.items())


@pytest.mark.parametrize("excesso", [0, 1])
def test_limits_hold_where_the_bytes_could_just_break_them(excesso: int) -> None:
    """The check of the tree is skipped where there are too few tags or attributes to break it."""
    fundo = LIMITES.profundidade + excesso
    largo = b" ".join(b"a%d='1'" % n for n in range(LIMITES.atributos + excesso))
    for conteudo, codigo in ((b"<a>" * fundo + b"</a>" * fundo, "07"), (b"<r %s/>" % largo, "09")):
        if excesso == 0:
            parse_xml(conteudo)
        else:
            with pytest.raises(XmlInvalido) as erro:
                parse_xml(conteudo)
            assert erro.value.codigo == f"XML-LEITURA-{codigo}"
    with pytest.raises(XmlInvalido):  # the deepest may close itself
        parse_xml(b"<a>" * LIMITES.profundidade + b"<a/>" + b"</a>" * LIMITES.profundidade)
