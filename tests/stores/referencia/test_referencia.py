"""The reference file and its look-ups, over the tables that ship."""

import csv
import sqlite3
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import chancela
from chancela.domain.identidade import Uf
from chancela.domain.tabelas.lugares import Lugares, PrecisaoCep
from chancela.domain.tabelas.mercadorias import Mercadorias
from chancela.kit.packaged import packaged_names, packaged_rows
from chancela.stores.referencia import Referencia, build_reference, open_reference
from chancela.stores.referencia.construcao import key_column

HOJE = date(2026, 11, 21)
DIGITO_ERRADO = (
    "2201919",
    "2201988",
    "2202251",
    "2611533",
    "3117836",
    "3152131",
    "4305871",
    "5203939",
    "5203962",
)


@pytest.fixture(scope="module")
def pasta(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("referencia")


@pytest.fixture(scope="module")
def referencia(pasta: Path) -> Iterator[Referencia]:
    aberta = open_reference(pasta)
    yield aberta
    aberta.close()


def test_implements_the_ports(referencia: Referencia) -> None:
    lugares: Lugares = referencia
    mercadorias: Mercadorias = referencia
    assert lugares.find_municipio("3550308") is not None
    assert mercadorias.find_cfop("5102") is not None


def test_same_tables_same_bytes_and_made_once(pasta: Path, tmp_path: Path, referencia: Referencia) -> None:
    arquivo = build_reference(pasta)
    feito = arquivo.stat().st_mtime_ns
    assert build_reference(pasta).stat().st_mtime_ns == feito
    outro = build_reference(tmp_path / "nova")
    assert (outro.name, outro.read_bytes()) == (arquivo.name, arquivo.read_bytes())
    assert [p.name for p in outro.parent.iterdir()] == [outro.name]


def test_nobody_can_write_to_it(pasta: Path, referencia: Referencia) -> None:
    conexao = sqlite3.connect(f"{build_reference(pasta).as_uri()}?mode=ro&immutable=1", uri=True)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        conexao.execute("DELETE FROM ncm")
    conexao.close()


@pytest.mark.parametrize(
    ("cep", "uf", "municipio", "precisao", "logradouro"),
    [
        ("01001000", "SP", "3550308", PrecisaoCep.LOGRADOURO, "Praça da Sé"),
        ("01310999", "SP", "3550308", PrecisaoCep.MUNICIPIO, ""),
        ("06010000", "SP", "3534401", PrecisaoCep.MUNICIPIO, ""),
        ("72800000", "GO", "5212501", PrecisaoCep.MUNICIPIO, ""),
        ("78900000", "RO", None, PrecisaoCep.UF, ""),
    ],
)
def test_cep_by_sample_range_and_state(
    referencia: Referencia, cep: str, uf: str, municipio: str | None, precisao: PrecisaoCep, logradouro: str
) -> None:
    lugar = referencia.find_cep(cep)
    assert lugar is not None
    assert (lugar.uf.value, lugar.precisao, lugar.logradouro) == (uf, precisao, logradouro)
    assert (lugar.municipio.codigo if lugar.municipio else None) == municipio


@pytest.mark.parametrize("cep", ["00000000", "0100100", "01001-000", "", "٠١٠٠١٠٠٠", "0100100a"])
def test_no_such_cep(referencia: Referencia, cep: str) -> None:
    assert referencia.find_cep(cep) is None


def test_range_wins_over_prefix_and_prefix_over_state(referencia: Referencia) -> None:
    faixas = sorted((r["cep_inicio"], r["cep_fim"]) for r in packaged_rows("referencia/cep_ranges.csv"))
    amostra = {r["cep"] for r in packaged_rows("referencia/cep_amostra.csv")}
    fora = next(
        (r["prefixo5"] + "500", r["codigo_ibge"])
        for r in packaged_rows("referencia/cep_prefixos_cnefe.csv")
        if r["prefixo5"] + "500" not in amostra
        and not any(inicio <= r["prefixo5"] + "500" <= fim for inicio, fim in faixas)
    )
    lugar = referencia.find_cep(fora[0])
    assert lugar is not None
    assert lugar.municipio is not None
    assert lugar.municipio.codigo == fora[1]


def test_every_municipality_is_found_by_code_and_by_name(referencia: Referencia) -> None:
    for linha in packaged_rows("referencia/municipios.csv"):
        municipio = referencia.find_municipio(linha["codigo_ibge"])
        assert municipio is not None
        assert (
            referencia.search_municipio(linha["nome"].upper().replace("'", " "), Uf(linha["uf"])) == municipio
        )
        assert municipio.codigo[:2] == municipio.uf.codigo


def test_valid_codes_with_an_odd_check_digit(referencia: Referencia) -> None:
    assert all(referencia.find_municipio(codigo) is not None for codigo in DIGITO_ERRADO)
    assert referencia.find_municipio("5101837") is not None, "Boa Esperança do Norte, of 2025"
    assert referencia.find_municipio("3550309") is None
    assert referencia.search_municipio("São Paulo", Uf.RJ) is None
    assert referencia.search_municipio("", Uf.SP) is None


def test_country_by_code_with_or_without_zeros(referencia: Referencia) -> None:
    assert referencia.find_pais("1058") == referencia.find_pais("01058")
    pais = referencia.find_pais("132")
    assert pais is not None
    assert (pais.codigo, pais.nome) == ("0132", "AFEGANISTAO")
    assert referencia.find_pais("x") is None


def test_ncm_by_date_and_by_text(referencia: Referencia) -> None:
    assert referencia.find_ncm("59039000", date(2026, 2, 2)) is not None
    assert referencia.find_ncm("59039000", HOJE) is None
    assert referencia.find_ncm("59039000") is not None
    assert referencia.find_ncm("99999999") is None
    ncm = referencia.find_ncm("85176277", HOJE)
    assert ncm is not None
    assert ncm.descricao_completa.startswith("Aparelhos telefônicos")
    assert ncm.descricao_completa.endswith(ncm.descricao)
    achados = [n.codigo for n in referencia.search_ncm("CAFE torrad", limite=50)]
    assert "09012100" in achados
    assert len(referencia.search_ncm("de", limite=3)) == 3
    for hostil in ("", '"', "a* OR b", 'x" NEAR "y', "-", "tabela:ncm"):
        referencia.search_ncm(hostil)


def test_cest_by_code_and_by_ncm(referencia: Referencia) -> None:
    cest = referencia.find_cest("2105300")
    assert cest is not None
    assert cest.vigente
    assert "2105300" in [c.codigo for c in referencia.cests_of("85171300")]
    assert all(c.covers("38151210") for c in referencia.cests_of("38151210"))
    revogado = referencia.find_cest("0111000")
    assert revogado is not None
    assert not revogado.vigente
    assert referencia.cests_of("") == ()


def test_cfop_of_operations_only(referencia: Referencia) -> None:
    venda = referencia.find_cfop("5102", HOJE)
    assert venda is not None
    assert (venda.entrada, venda.abrangencia, venda.nfe, venda.devolucao) == (False, "interna", True, False)
    assert referencia.find_cfop("5100") is None
    assert referencia.find_cfop("5102", date(1999, 1, 1)) is None


def test_cclasstrib_by_date(referencia: Referencia) -> None:
    assert referencia.find_classificacao("000001", HOJE) is not None
    assert referencia.find_classificacao("000001", date(2025, 12, 31)) is None
    assert referencia.find_classificacao("999999", HOJE) is None


def test_every_table_is_inside_and_found_by_its_code(referencia: Referencia) -> None:
    for nome in packaged_names("referencia", ".csv"):
        tabela = nome.removeprefix("referencia/").removesuffix(".csv")
        coluna = key_column(tabela)
        if coluna is None:
            with pytest.raises(ValueError, match=tabela):
                referencia.find_row(tabela, "1")
            continue
        primeira = next(iter(packaged_rows(nome)))
        achada = referencia.find_row(tabela, primeira[coluna])
        assert achada is not None
        assert primeira.items() <= dict(achada).items()
    assert referencia.find_row("cnae", "0000000") is None
    assert referencia.search("lc116", "programacao")[0][0] == "01.02"


def test_many_threads_ask_at_once(referencia: Referencia) -> None:
    linhas = list(packaged_rows("referencia/ncm.csv"))[::40]
    erros: list[str] = []

    def ask() -> None:
        for linha in linhas:
            ncm = referencia.find_ncm(linha["ncm"])
            if ncm is None or ncm.descricao != linha["descricao"]:
                erros.append(linha["ncm"])

    fios = [threading.Thread(target=ask) for _ in range(8)]
    for fio in fios:
        fio.start()
    for fio in fios:
        fio.join()
    assert erros == []


def test_every_shipped_file_has_its_source() -> None:
    dados = Path(chancela.__file__).parent / "data"
    fontes = (dados / "FONTES.md").read_text()
    arquivos = [p for p in dados.rglob("*") if p.suffix in (".csv", ".pem")]
    assert len(arquivos) > 50
    assert [p.name for p in arquivos if f"{p.name}`" not in fontes] == []
    for arquivo in arquivos:
        if arquivo.suffix == ".csv":
            with arquivo.open(encoding="utf-8", newline="") as aberto:
                assert len({len(linha) for linha in csv.reader(aberto)}) == 1, arquivo.name
