import codecs

import pytest

from chancela.domain.erros import XmlInvalido
from chancela.domain.xml.leitura import (
    Limites,
    find_local,
    local_name,
    parse_own_xml,
    parse_xml,
    slice_element,
    slice_elements,
    text_of,
)

BOMBA = b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>'
XXE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>'

MALICIOSOS: list[tuple[str, bytes, str]] = [
    ("bomba", BOMBA, "06"),
    ("xxe", XXE, "06"),
    ("xxe de parametro", b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://192.0.2.1/x"> %p;]><a/>', "06"),
    ("dtd externa", b'<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd"><a/>', "06"),
    ("doctype vazio", b"<!DOCTYPE a><a/>", "06"),
    ("doctype minusculo", b"<!doctype a><a/>", "06"),
    ("doctype entre comentario e cdata", b"<!--<![CDATA[--><!DOCTYPE a><!--]]>--><a/>", "06"),
    ("doctype entre instrucoes", b"<?x <!-- ?><!DOCTYPE a><?y --> ?><a/>", "06"),
    ("doctype depois de comentario", b"<!-- a --><!DOCTYPE a><a/>", "06"),
    ("doctype em utf-16", b'<?xml version="1.0" encoding="UTF-16"?><a/>'.decode().encode("utf-16"), "02"),
    ("utf-16 sem marca", "<!DOCTYPE a><a/>".encode("utf-16-le"), "02"),
    ("utf-7 declarado", b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>', "04"),
    ("latin-1 declarado", b'<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe7</a>', "04"),
    ("latin-1 sem dizer", b"<a>\xe7</a>", "02"),
    ("ebcdic", codecs.encode('<?xml version="1.0" encoding="cp037"?><a/>', "cp037"), "02"),
    ("utf-8 longo demais", b"<a>\xc0\xbc!DOCTYPE</a>", "02"),
    ("nulo", b"<a>\x00</a>", "02"),
    ("nulo por referencia", b"<a>&#0;</a>", "05"),
    ("controle", b"<a>\x0b</a>", "05"),
    ("entidade inexistente", b"<a>&nbsp;</a>", "05"),
    ("vazio", b"", "05"),
    ("html", b"<html><body><br></body></html>", "05"),
    ("truncado", b"<a><b>", "05"),
    ("duas raizes", b"<a/><b/>", "05"),
    ("atributo repetido", b'<a b="1" b="2"/>', "05"),
    ("prefixo solto", b"<x:a/>", "05"),
    ("lixo antes", b"x<a/>", "05"),
    ("fundo", b"<a>" * 49 + b"</a>" * 49, "07"),
    ("muito fundo", b"<a>" * 100_000 + b"</a>" * 100_000, "05"),
    ("atributos demais", b"<a " + b" ".join(b'x%d="1"' % i for i in range(40)) + b"/>", "09"),
    ("namespaces demais", b"<a " + b" ".join(b'xmlns:x%d="u"' % i for i in range(1_001)) + b"/>", "09"),
    ("atributo longo", b'<a x="' + b"1" * 5_000 + b'"/>', "09"),
    ("texto longo", b"<a>" + b"1" * 600_000 + b"</a>", "10"),
    ("muitos elementos", b"<a>" + b"<b/>" * 260_000 + b"</a>", "08"),
    ("grande", b"<a>" + b" " * 2_200_000 + b"</a>", "01"),
]
SO_ASSINADO: list[tuple[str, bytes, str]] = [
    ("comentario", b"<a>1<!-- -->0</a>", "11"),
    ("comentario depois", b"<a/><!-- -->", "11"),
    ("comentario antes", b"<!-- --><a/>", "11"),
    ("instrucao", b"<a><?x y?></a>", "11"),
    ("folha de estilo", b'<?xml version="1.0"?><?xml-stylesheet href="http://192.0.2.1"?><a/>', "11"),
    ("bom", codecs.BOM_UTF8 + b"<a/>", "03"),
]


@pytest.mark.parametrize(
    ("conteudo", "numero"), [(c, n) for _, c, n in MALICIOSOS], ids=[nome for nome, _, _ in MALICIOSOS]
)
def test_hostile_bytes_are_refused(conteudo: bytes, numero: str) -> None:
    for assinado in (False, True):
        with pytest.raises(XmlInvalido) as erro:
            parse_xml(conteudo, assinado=assinado)
        assert erro.value.codigo == f"XML-LEITURA-{numero}"
        assert erro.value.mensagem.startswith(("O XML", "O conteúdo"))


@pytest.mark.parametrize(
    ("conteudo", "numero"), [(c, n) for _, c, n in SO_ASSINADO], ids=[nome for nome, _, _ in SO_ASSINADO]
)
def test_signed_content_is_read_more_strictly(conteudo: bytes, numero: str) -> None:
    parse_xml(conteudo)
    with pytest.raises(XmlInvalido) as erro:
        parse_xml(conteudo, assinado=True)
    assert erro.value.codigo == f"XML-LEITURA-{numero}"


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
