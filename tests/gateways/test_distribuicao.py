"""NFeDistribuicaoDFe and CadConsultaCadastro4: requests valid against the schemas, answers read, bombs refused."""

import base64
import gzip

import pytest

from chancela.domain.identidade import Ambiente, Cnpj, Cpf, Uf
from chancela.domain.xml.esquemas import Esquema, Esquemas
from chancela.domain.xml.leitura import parse_xml
from chancela.gateways.nfe.cadastro import compose_cons_cad, read_cadastro
from chancela.gateways.nfe.distribuicao import (
    DISTRIBUICAO,
    compose_dist_dfe,
    read_distribuicao,
    unpack,
)
from chancela.gateways.soap.envelope import Carga, build_envelope

CNPJ = Cnpj("11222333000181")
ESQUEMAS = Esquemas()
NS = "http://www.portalfiscal.inf.br/nfe"


@pytest.mark.parametrize(
    "consulta",
    [
        "<distNSU><ultNSU>000000000000007</ultNSU></distNSU>",
        "<consNSU><NSU>000000000000007</NSU></consNSU>",
        f"<consChNFe><chNFe>{'3' * 44}</chNFe></consChNFe>",
    ],
)
def test_every_question_is_valid_and_stands_in_its_operation(consulta: str) -> None:
    carga = compose_dist_dfe(consulta, CNPJ, Uf.SP, Ambiente.PRODUCAO)
    assert ESQUEMAS.validate(Esquema.DIST_DFE, carga) == ()
    envelope = build_envelope(DISTRIBUICAO, carga)
    abre = f'<nfeDistDFeInteresse xmlns="{DISTRIBUICAO.namespace}"><nfeDadosMsg><distDFeInt '.encode()
    assert abre in envelope
    assert b"</distDFeInt></nfeDadosMsg></nfeDistDFeInteresse>" in envelope
    parse_xml(envelope)


def page(*zips: str) -> Carga:
    texto = (
        f'<retDistDFeInt xmlns="{NS}" versao="1.01"><tpAmb>1</tpAmb><verAplic>1</verAplic><cStat>138</cStat>'
        "<xMotivo>Documento(s) localizado(s)</xMotivo><dhResp>2026-11-20T12:00:00-03:00</dhResp>"
        "<ultNSU>000000000000002</ultNSU><maxNSU>000000000000009</maxNSU>"
        f"<loteDistDFeInt>{''.join(zips)}</loteDistDFeInt></retDistDFeInt>"
    ).encode()
    return Carga(texto, parse_xml(texto))


def zipped(nsu: int, conteudo: bytes) -> str:
    texto = base64.b64encode(conteudo).decode()
    return f'<docZip NSU="{nsu:015d}" schema="resNFe_v1.01.xsd">{texto}</docZip>'


def test_a_page_is_unpacked_and_what_does_not_unpack_is_handed_on_packed() -> None:
    bomba, cortado = gzip.compress(b"0" * (5 * 1024 * 1024)), gzip.compress(b"<resNFe/>")[:-4]
    retorno = read_distribuicao(
        page(
            zipped(1, gzip.compress(b"<resNFe/>")), zipped(2, bomba), zipped(3, cortado), zipped(4, b"texto")
        )
    )
    assert (retorno.c_stat, retorno.ult_nsu, retorno.max_nsu) == (138, 2, 9)
    assert [(d.nsu, d.xml) for d in retorno.documentos] == [
        (1, b"<resNFe/>"),
        (2, None),
        (3, None),
        (4, None),
    ]
    assert retorno.documentos[1].compactado == bomba


def test_more_documents_than_a_page_holds_are_no_answer() -> None:
    with pytest.raises(ValueError, match="51"):
        read_distribuicao(page(*(zipped(n, gzip.compress(b"<a/>")) for n in range(1, 52))))


def test_unpacking_stops_at_the_limit() -> None:
    assert unpack(gzip.compress(b"x" * 100), 100) == b"x" * 100
    assert unpack(gzip.compress(b"x" * 101), 100) is None


@pytest.mark.parametrize("quem", [CNPJ, Cpf("52998224725"), "110042490114"])
def test_questions_to_the_register_are_valid(quem: Cnpj | Cpf | str) -> None:
    assert ESQUEMAS.validate(Esquema.CONS_CAD, compose_cons_cad(Uf.SP, quem)) == ()


def test_an_answer_of_the_register() -> None:
    texto = (
        f'<retConsCad xmlns="{NS}" versao="2.00"><infCons><verAplic>1</verAplic><cStat>111</cStat>'
        "<xMotivo>Consulta cadastro com uma ocorrencia</xMotivo><UF>SP</UF><CNPJ>11222333000181</CNPJ>"
        "<dhCons>2026-11-20T12:00:00-03:00</dhCons><cUF>35</cUF><infCad><IE>110042490114</IE>"
        "<CNPJ>11222333000181</CNPJ><UF>SP</UF><cSit>1</cSit><indCredNFe>1</indCredNFe><indCredCTe>4</indCredCTe>"
        "<xNome>LOJA</xNome><ender><xLgr>RUA A</xLgr><nro>1</nro><cMun>3550308</cMun></ender></infCad></infCons></retConsCad>"
    ).encode()
    assert ESQUEMAS.validate(Esquema.RET_CONS_CAD, texto) == ()
    retorno = read_cadastro(Carga(texto, parse_xml(texto)))
    (achado,) = retorno.contribuintes
    assert (retorno.c_stat, achado.habilitado, achado.inscricao_estadual, achado.municipio_ibge) == (
        111,
        True,
        "110042490114",
        "3550308",
    )
