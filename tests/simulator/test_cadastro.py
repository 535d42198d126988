"""CadConsultaCadastro4: who is registered where, who may ask, which UF offers the query; and the status of contingency and AN."""

import pytest
from tests.simulator.amostra import A1, CNPJ, CNPJ_DEST, IE_SP, NS, envelope, status, values

from chancela.simulator.cadastro import Contribuinte
from chancela.simulator.sefaz import Sefaz

MATRIZ = Contribuinte(
    CNPJ_DEST, "SP", IE_SP, "Loja Ficticia", fantasia="A Loja", municipio="Sao Paulo", cep="01001000"
)


def ask(sefaz: Sefaz, a1: A1, argumento: str, uf: str = "SP", caminho: str = "/SP") -> list[str]:
    mensagem = f'<ConsCad xmlns="{NS}" versao="2.00"><infCons><xServ>CONS-CAD</xServ><UF>{uf}</UF>{argumento}</infCons></ConsCad>'
    pedido = envelope(mensagem, "CadConsultaCadastro4")
    desfecho = sefaz.handle(f"{caminho}/CadConsultaCadastro4", pedido, a1.der)
    return [str(desfecho.status), *values(desfecho.corpo, "cStat", "xNome", "IE")]


@pytest.mark.parametrize(
    ("argumento", "uf", "caminho", "esperado"),
    [
        (f"<CNPJ>{CNPJ_DEST}</CNPJ>", "SP", "/SP", ["200", "111", "Loja Ficticia", IE_SP]),
        (f"<IE>{IE_SP}</IE>", "SP", "/SP", ["200", "111", "Loja Ficticia", IE_SP]),
        (f"<CNPJ>{CNPJ_DEST}</CNPJ>", "PR", "/PR", ["200", "259", "", ""]),
        ("<CNPJ>99999999000192</CNPJ>", "SP", "/SP", ["200", "258", "", ""]),
        ("<CPF>11111111111</CPF>", "SP", "/SP", ["200", "263", "", ""]),
        ("<IE>123</IE>", "SP", "/SP", ["200", "260", "", "123"]),
        (f"<CNPJ>{CNPJ_DEST}</CNPJ>", "PR", "/SP", ["200", "265", "", ""]),
        (f"<CNPJ>{CNPJ_DEST}</CNPJ>", "SC", "/SVRS", ["200", "259", "", ""]),
        (f"<CNPJ>{CNPJ_DEST}</CNPJ>", "DF", "", ["404", "", "", ""]),
        (f"<CNPJ>{CNPJ_DEST}</CNPJ>", "DF", "/SVRS", ["404", "", "", ""]),
        ("<CNPJ>x</CNPJ>", "SP", "/SP", ["200", "215", "", ""]),
    ],
)  # fmt: skip
def test_the_register_answers(
    sefaz: Sefaz, a1: A1, argumento: str, uf: str, caminho: str, esperado: list[str]
) -> None:
    sefaz.cadastro.add(MATRIZ)
    assert ask(sefaz, a1, argumento, uf, caminho) == esperado


def test_two_registrations_and_none(sefaz: Sefaz, a1: A1) -> None:
    sefaz.cadastro.add(MATRIZ)
    sefaz.cadastro.add(Contribuinte(CNPJ_DEST, "SP", "111111111112", "Loja Ficticia"))
    assert ask(sefaz, a1, f"<CNPJ>{CNPJ_DEST}</CNPJ>")[1] == "112"
    sefaz.cadastro.remove(CNPJ_DEST)
    sefaz.cadastro.add(Contribuinte(CNPJ_DEST, "SP", "", "Associacao sem IE"))
    assert ask(sefaz, a1, f"<CNPJ>{CNPJ_DEST}</CNPJ>")[1] == "257"


def test_whoever_is_not_enabled_may_not_ask(sefaz: Sefaz, a1: A1) -> None:
    sefaz.cadastro.add(MATRIZ)
    sefaz.cadastro.add(Contribuinte(CNPJ, "SP", IE_SP, "Sem NF-e", habilitado_nfe=False))
    assert ask(sefaz, a1, f"<CNPJ>{CNPJ_DEST}</CNPJ>")[1] == "257"


def test_a_stranger_is_a_shop_of_sao_paulo_until_the_register_is_strict(sefaz: Sefaz, a1: A1) -> None:
    assert ask(sefaz, a1, f"<CNPJ>{CNPJ_DEST}</CNPJ>")[1] == "111"
    sefaz.cadastro.estrito = True
    sefaz.cadastro.add(Contribuinte(CNPJ, "SP", IE_SP, "Quem pergunta"))
    assert ask(sefaz, a1, f"<CNPJ>{CNPJ_DEST}</CNPJ>")[1] == "259"


@pytest.mark.parametrize(
    ("caminho", "c_uf", "ambiente", "esperado"),
    [
        ("/SVC-AN", "35", "2", "107"),
        ("/SVC-RS", "35", "2", "289"),
        ("/SVC-RS", "22", "2", "107"),
        ("/SVC-AN", "22", "1", "107"),
        ("/SVC-AN", "22", "2", "289"),
        ("/AN", "35", "2", "107"),
    ],
)
def test_the_status_of_contingency_and_nation(
    sefaz: Sefaz, a1: A1, caminho: str, c_uf: str, ambiente: str, esperado: str
) -> None:
    pedido = envelope(status(c_uf, ambiente), "NFeStatusServico4")
    assert values(sefaz.handle(f"{caminho}/NFeStatusServico4", pedido, a1.der).corpo, "cStat") == [esperado]
