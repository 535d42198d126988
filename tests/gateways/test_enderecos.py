"""The address book: every UF, both environments, every service that issuing uses."""

from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.gateways.enderecos import Enderecos, SemServico, packaged_addresses
from chancela.gateways.pagina import render_pagina
from chancela.gateways.soap.perfis_tls import Cadeia, PedidoCertificado, packaged_profiles, read_profiles
from chancela.kit.packaged import packaged_rows

HOJE = date(2026, 11, 21)
PROD, HOMOL = Ambiente.PRODUCAO, Ambiente.HOMOLOGACAO
SERVICOS = ("NFeAutorizacao4", "NFeRetAutorizacao4", "NFeConsultaProtocolo4", "NFeStatusServico4")
LIVRO = packaged_addresses()


@pytest.mark.parametrize("ambiente", Ambiente)
@pytest.mark.parametrize("modelo", [Modelo.NFE, Modelo.NFCE])
@pytest.mark.parametrize("uf", Uf)
def test_every_state_has_every_service(uf: Uf, modelo: Modelo, ambiente: Ambiente) -> None:
    urls = [LIVRO.address(s, uf=uf, modelo=modelo, ambiente=ambiente, quando=HOJE).url for s in SERVICOS]
    assert len(set(urls)) == len(SERVICOS)
    assert all(u.startswith("https://") and "localhost" not in u for u in urls)


@pytest.mark.parametrize("uf", Uf)
@pytest.mark.parametrize("ambiente", Ambiente)
def test_contingency_of_every_state(uf: Uf, ambiente: Ambiente) -> None:
    tp_emis = {"SVC-AN": 6, "SVC-RS": 7}[LIVRO.contingency(uf, ambiente)]
    endereco = LIVRO.address(
        "NFeAutorizacao4", uf=uf, modelo=Modelo.NFE, ambiente=ambiente, quando=HOJE, tp_emis=tp_emis
    )
    assert endereco.autorizador == LIVRO.contingency(uf, ambiente)
    with pytest.raises(SemServico):
        LIVRO.authorizer(uf, Modelo.NFE, ambiente, 13 - tp_emis)
    with pytest.raises(SemServico):
        LIVRO.authorizer(uf, Modelo.NFCE, ambiente, tp_emis)


def test_known_places() -> None:
    def quem(uf: Uf, modelo: Modelo = Modelo.NFE) -> str:
        return LIVRO.authorizer(uf, modelo, PROD)

    assert (quem(Uf.SP), quem(Uf.MA), quem(Uf.RJ), quem(Uf.BA), quem(Uf.BA, Modelo.NFCE)) == (
        "SP",
        "SVAN",
        "SVRS",
        "BA",
        "SVRS",
    )
    assert (LIVRO.contingency(Uf.PI, PROD), LIVRO.contingency(Uf.PI, HOMOL)) == ("SVC-AN", "SVC-RS")
    nacional = LIVRO.address_of("NFeDistribuicaoDFe", "AN", modelo=Modelo.NFE, ambiente=PROD, quando=HOJE)
    assert nacional.url == "https://www1.nfe.fazenda.gov.br/NFeDistribuicaoDFe/NFeDistribuicaoDFe.asmx"


def test_register_is_served_by_svrs_for_some_and_missing_for_others() -> None:
    def onde(uf: Uf) -> str:
        return LIVRO.address(
            "CadConsultaCadastro4", uf=uf, modelo=Modelo.NFE, ambiente=PROD, quando=HOJE
        ).autorizador

    assert (onde(Uf.SP), onde(Uf.SC)) == ("SP", "SVRS")
    with pytest.raises(SemServico):
        onde(Uf.DF)


def test_a_setting_points_everything_at_one_server() -> None:
    livro = packaged_addresses("https://127.0.0.1:8443/")
    assert livro.address("NFeAutorizacao4", uf=Uf.SP, modelo=Modelo.NFE, ambiente=HOMOL, quando=HOJE).url == (
        "https://127.0.0.1:8443/SP/NFeAutorizacao4"
    )
    assert livro.address(
        "NFeStatusServico4", uf=Uf.MG, modelo=Modelo.NFE, ambiente=PROD, quando=HOJE, tp_emis=6
    ).url == ("https://127.0.0.1:8443/SVC-AN/NFeStatusServico4")
    for ruim in ("http://127.0.0.1:8443", "https://", "https://h/?a=1"):
        with pytest.raises(ValueError, match="https"):
            packaged_addresses(ruim)


def test_an_address_changes_on_its_date() -> None:
    def linha(url: str, inicio: str, fim: str) -> dict[str, str]:
        return {
            "documento": "nfe", "servico": "S", "autorizador": "SP", "ambiente": "producao", "url": url,
            "versao": "4.00", "vigencia_inicio": inicio, "vigencia_fim": fim,
        }  # fmt: skip

    livro = Enderecos(
        [linha("https://velho", "", "2026-06-30"), linha("https://novo", "2026-07-01", "")],
        packaged_rows("uf.csv"),
    )

    def url(quando: date) -> str:
        return livro.address("S", uf=Uf.SP, modelo=Modelo.NFE, ambiente=PROD, quando=quando).url

    assert [url(date(2026, 6, 30)), url(date(2026, 7, 1))] == ["https://velho", "https://novo"]


def test_every_official_host_has_a_profile_that_never_trusts_the_operators_ca() -> None:
    perfis = packaged_profiles()
    hosts = {urlsplit(linha["url"]).hostname for linha in packaged_rows("sefaz_enderecos.csv")} - {None, ""}
    assert len(hosts) > 60
    for host in hosts:
        assert host is not None
        assert Cadeia.EXTRA not in perfis.profile_of(host).cadeias, host
    assert Cadeia.EXTRA in perfis.profile_of("127.0.0.1").cadeias


@pytest.mark.parametrize(
    ("host", "certificado", "cbc", "icp"),
    [
        ("nfe.sefa.pr.gov.br", PedidoCertificado.INICIO, True, True),
        ("nfe.sefaz.ba.gov.br", PedidoCertificado.RENEGOCIACAO, True, True),
        ("hnfe.sefaz.ba.gov.br", PedidoCertificado.RENEGOCIACAO, False, True),
        ("www.sefazvirtual.fazenda.gov.br", PedidoCertificado.RENEGOCIACAO, False, False),
        ("www1.nfe.fazenda.gov.br", PedidoCertificado.RENEGOCIACAO, True, False),
        ("nfe.fazenda.mg.gov.br", PedidoCertificado.INICIO, False, False),
        ("nfe.fazenda.sp.gov.br", PedidoCertificado.RENEGOCIACAO, False, True),
        ("nfe.svrs.rs.gov.br", PedidoCertificado.INICIO, False, True),
        ("NFE.SVRS.RS.GOV.BR.", PedidoCertificado.INICIO, False, True),
    ],
)
def test_profiles_of_known_hosts(host: str, certificado: PedidoCertificado, cbc: bool, icp: bool) -> None:
    perfil = packaged_profiles().profile_of(host)
    assert perfil.certificado is certificado
    assert ("kRSA+AES" in perfil.cifras) is cbc
    assert (Cadeia.ICP in perfil.cadeias) is icp


def test_profile_table_with_unknown_words_is_refused() -> None:
    linha = {"host": "*", "certificado": "inicio", "cifras": "rc4", "cadeias": "icp", "tls_maximo": "1.3"}
    with pytest.raises(KeyError):
        read_profiles([linha])


def test_the_page_of_services_is_up_to_date() -> None:
    """When it is not: run `docs/gerar_servicos_sefaz.py` and review the difference."""
    pagina = Path(__file__).parents[2] / "docs" / "servicos-sefaz.md"
    assert pagina.read_text(encoding="utf-8") == render_pagina()
