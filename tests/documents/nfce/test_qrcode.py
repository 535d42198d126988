"""QR Code texts: the vectors of the manual, and what each version leaves out."""

import base64
from dataclasses import replace
from decimal import Decimal

import pytest

from chancela.documents.nfce.enderecos import packaged_consultas
from chancela.documents.nfce.qrcode import (
    Csc,
    FatosAssinados,
    build_suplemento_nfce,
    build_v2,
    build_v3,
    check_csc,
)
from chancela.domain.erros import RegraViolada
from chancela.domain.identidade import Ambiente, Uf

BASE = "https://exemplo.gov.br/qrcode"
CSC = Csc("000001", "SEU-CODIGO-CSC-CONTRIBUINTE-36-CARACTERES")
ONLINE = FatosAssinados(
    chave="28170800156225000131650110000151341562040824",
    ambiente=Ambiente.PRODUCAO,
    tp_emis=1,
    dia_emissao=2,
    valor_total=Decimal("60.90"),
)
DIGEST = base64.b16decode("797A4759685578312F5859597A6B7357422B6650523351633530633D").decode()
OFFLINE = replace(
    ONLINE,
    chave="28170800156225000131650110000151349562040824",
    tp_emis=9,
    digest_value=DIGEST,
    tipo_destinatario="2",
    destinatario="12345678909",
)


def mirror(conteudo: bytes) -> bytes:
    return conteudo[::-1]


def test_version_2_online_is_the_vector_of_the_manual() -> None:
    assert build_v2(ONLINE, CSC, BASE) == (
        f"{BASE}?p=28170800156225000131650110000151341562040824|2|1|1|DC6AE2C2B9A992BE59679AC365E29922DE6B7511"
    )


def test_version_2_offline_is_the_vector_of_the_manual() -> None:
    assert build_v2(OFFLINE, CSC, BASE) == (
        f"{BASE}?p=28170800156225000131650110000151349562040824|2|1|02|60.90|"
        "797a4759685578312f5859597a6b7357422b6650523351633530633d|1|4615A93BB0D7C4E780F8D30EE77EDD5BA55C7D66"
    )


def test_version_3_online_holds_key_and_environment_alone() -> None:
    assert build_v3(ONLINE, BASE, mirror) == f"{BASE}?p={ONLINE.chave}|3|1"


def test_version_3_offline_signs_what_stands_before() -> None:
    texto = build_v3(OFFLINE, BASE, mirror).partition("?p=")[2]
    parametros = texto.split("|")
    assert parametros[:7] == [OFFLINE.chave, "3", "1", "02", "60.90", "2", "12345678909"]
    assert base64.b64decode(parametros[7]) == "|".join(parametros[:7]).encode()[::-1]


@pytest.mark.parametrize(
    ("tipo", "documento", "escrito"),
    [("", "", ["", ""]), ("3", "AB123456", ["3", ""]), ("1", "12ABC34501DE35", ["1", "12ABC34501DE35"])],
)
def test_version_3_tells_the_recipient_by_its_kind(tipo: str, documento: str, escrito: list[str]) -> None:
    fatos = replace(OFFLINE, tipo_destinatario=tipo, destinatario=documento)
    assert build_v3(fatos, BASE, mirror).split("|")[5:7] == escrito


@pytest.mark.parametrize(
    ("csc", "cpf", "versao"), [(CSC, False, "2"), (None, False, "3"), (CSC, True, "3"), (None, True, "3")]
)
def test_the_version_follows_from_who_issues(csc: Csc | None, cpf: bool, versao: str) -> None:
    enderecos = packaged_consultas().find(Uf.SP, Ambiente.HOMOLOGACAO)
    suplemento = build_suplemento_nfce(ONLINE, enderecos, csc=csc, emitente_cpf=cpf, assinante=mirror)
    assert suplemento.qr_code.startswith("https://www.homologacao.nfce.fazenda.sp.gov.br/qrcode?p=")
    assert suplemento.qr_code.split("|")[1] == versao
    assert suplemento.url_chave == "https://www.homologacao.nfce.fazenda.sp.gov.br/consulta"


def test_every_state_has_its_addresses() -> None:
    consultas = packaged_consultas()
    for uf in Uf:
        for ambiente in Ambiente:
            enderecos = consultas.find(uf, ambiente)
            assert enderecos.qr_code.startswith(("http://", "https://"))
            assert "?" not in enderecos.qr_code + enderecos.url_chave


def test_the_secret_is_never_printed() -> None:
    assert CSC.codigo not in repr(CSC)


def test_a_good_csc_passes() -> None:
    check_csc(CSC)


@pytest.mark.parametrize(
    ("csc", "codigos"),
    [
        (Csc("", "ABC"), ["NFCE-CSC-01"]),
        (Csc("0", "ABC"), ["NFCE-CSC-01"]),
        (Csc("1234567", "ABC"), ["NFCE-CSC-01"]),
        (Csc("A", ""), ["NFCE-CSC-01", "NFCE-CSC-02"]),
        (Csc("1", "A B"), ["NFCE-CSC-02"]),
        (Csc("1", "ção"), ["NFCE-CSC-02"]),
    ],
)
def test_a_csc_that_no_state_accepts(csc: Csc, codigos: list[str]) -> None:
    with pytest.raises(RegraViolada) as erro:
        check_csc(csc)
    assert [v.codigo for v in erro.value.violacoes] == codigos
