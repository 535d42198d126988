"""Newer reference tables: judged whole, in force at once or not at all, and told apart from the package's."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import chancela
from chancela.domain.erros import EstadoInvalido, RegraViolada
from chancela.stores.referencia import build_reference, open_reference
from chancela.stores.referencia.comparacao import Diferenca, compare_tables, in_force
from chancela.stores.referencia.importacao import check_table, import_tables
from chancela.stores.referencia.tabelas import (
    current_contents,
    describe,
    list_imported,
    packaged_contents,
    read_manifest,
    read_table,
)
from chancela.stores.referencia.verificacao import verify_tables

AGORA = datetime(2026, 11, 27, 12, tzinfo=UTC)
PACOTE = packaged_contents()
MANIFESTO = Path(chancela.__file__).parent / "data" / "referencia" / "manifesto.json"


def edited(nome: str, mudar: Callable[[list[str]], list[str]]) -> bytes:
    """A packaged table with its lines changed (the header is the first)."""
    return "\n".join([*mudar(PACOTE[nome].decode().splitlines()), ""]).encode()


def test_the_manifest_tells_the_tables_of_the_package(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update"):
        linhas = (
            f"{json.dumps(nome)}: {json.dumps(asdict(describe(PACOTE[nome])), ensure_ascii=False)}"
            for nome in sorted(PACOTE)
        )
        MANIFESTO.write_text("{\n" + ",\n".join(linhas) + "\n}\n", encoding="utf-8")
    assert read_manifest() == {nome: describe(conteudo) for nome, conteudo in PACOTE.items()}


def test_the_tables_of_the_package_pass_their_own_judgement() -> None:
    assert {nome: check_table(nome, conteudo, conteudo) for nome, conteudo in PACOTE.items()} == {
        nome: [] for nome in PACOTE
    }


def test_an_imported_table_is_looked_up_and_can_be_taken_back(tmp_path: Path) -> None:
    def add(linhas: list[str]) -> list[str]:
        return [*linhas, "99999999,Coisa que não existia,2026-12-01,,UN,Res Gecex 1/2026"]

    antes = build_reference(tmp_path)
    feita = import_tables(tmp_path, {"ncm": edited("ncm", add)}, agora=AGORA)
    assert feita.linhas["ncm"][1] == feita.linhas["ncm"][0] + 1
    assert feita.arquivo != antes
    assert build_reference(tmp_path) == feita.arquivo
    referencia = open_reference(tmp_path)
    assert referencia.find_ncm("99999999", date(2026, 11, 30)) is None
    achado = referencia.find_ncm("99999999", date(2026, 12, 1))
    assert achado is not None
    assert referencia.search_ncm("coisa existia")[0] == achado
    referencia.close()
    import_tables(tmp_path, {}, retirar=["ncm"], agora=AGORA)
    assert build_reference(tmp_path) == antes
    assert list_imported(tmp_path) == {}


def test_the_tax_engine_reads_what_was_imported(tmp_path: Path) -> None:
    def raise_cbs(linhas: list[str]) -> list[str]:
        return [linha.replace("0.9000", "1.1000").replace(",0.9,", ",1.1,") for linha in linhas]

    novo = edited("ibs_cbs_aliquotas_referencia", raise_cbs)
    assert novo != PACOTE["ibs_cbs_aliquotas_referencia"]
    import_tables(tmp_path, {"ibs_cbs_aliquotas_referencia": novo}, agora=AGORA)
    referencia = open_reference(tmp_path)
    assert Decimal("1.1") in {r.cbs for r in referencia.tabelas.referencias}
    referencia.close()


@pytest.mark.parametrize(
    ("nome", "mudar", "parte"),
    [
        ("ncm", lambda li: [li[0].replace("ncm,", "codigo,"), *li[1:]], "colunas"),
        ("ncm", lambda li: [*li, "1,2"], "2 valores"),
        ("ncm", lambda li: [*li, li[1]], "mais de uma vez"),
        ("ncm", lambda li: [*li, ",Sem código,2026-01-01,,UN,Ato"], "em branco"),
        ("ncm", lambda li: [*li, "99999999,Novo,01/12/2026,,UN,Ato"], "não é uma data"),
        ("ncm", lambda li: li[:100], "99 linhas"),
        ("cep_ranges", lambda li: [*li, "99999000,99999999,SP,9999999,0"], "9999999"),
        ("ccredpres", lambda li: [li[0].replace("ind_deduz", "deduz"), *li[1:]], "colunas"),
        ("ibs_cbs_aliquotas_referencia", lambda li: [*li[:-1], li[-1].replace("20", "x0", 1)], "data"),
    ],
)
def test_a_table_that_is_wrong_changes_nothing(
    tmp_path: Path, nome: str, mudar: Callable[[list[str]], list[str]], parte: str
) -> None:
    antes = build_reference(tmp_path)
    bom = edited("cfop", lambda linhas: linhas[:-1])
    with pytest.raises(RegraViolada) as erro:
        import_tables(tmp_path, {"cfop": bom, nome: edited(nome, mudar)}, agora=AGORA)
    assert {v.caminho for v in erro.value.violacoes} == {nome}
    assert any(parte in v.mensagem for v in erro.value.violacoes), erro.value.violacoes
    assert list_imported(tmp_path) == {}
    assert build_reference(tmp_path) == antes


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegraViolada) as erro:
        import_tables(tmp_path, {"senhas": b"a\n1\n"}, retirar=["outra"], agora=AGORA)
    assert [(v.codigo, v.caminho) for v in erro.value.violacoes] == [
        ("REF-TABELA", "outra"),
        ("REF-TABELA", "senhas"),
    ]
    with pytest.raises(RegraViolada):
        import_tables(tmp_path, {"ncm": b"\xff\xfe"}, agora=AGORA)


def test_a_reduction_can_be_meant(tmp_path: Path) -> None:
    poucas = edited("cfop", lambda linhas: linhas[:200])
    feita = import_tables(tmp_path, {"cfop": poucas}, aceitar_reducao=True, agora=AGORA)
    assert feita.linhas["cfop"][1] == 199


def test_verification_says_what_differs(tmp_path: Path) -> None:
    arquivo = build_reference(tmp_path)
    assert {v.problema for v in verify_tables(tmp_path)} == {""}
    arquivo.chmod(0o644)
    with sqlite3.connect(arquivo) as conexao:
        conexao.execute("UPDATE cfop SET descricao = 'OUTRA' WHERE cfop = '5102'")
        conexao.execute("DELETE FROM bancos WHERE rowid = 1")
        conexao.execute("DROP TABLE moedas")
    conexao.close()
    problemas = {v.nome: v.problema for v in verify_tables(tmp_path) if v.problema}
    assert set(problemas) == {"cfop", "bancos", "moedas"}
    arquivo.write_bytes(b"lixo" * 1000)
    with pytest.raises(EstadoInvalido) as erro:
        verify_tables(tmp_path)
    assert erro.value.codigo == "REF-ARQUIVO"


def test_a_lost_import_is_noticed_before_it_is_used(tmp_path: Path) -> None:
    import_tables(tmp_path, {"cfop": edited("cfop", lambda linhas: linhas[:-1])}, agora=AGORA)
    (verificada,) = [v for v in verify_tables(tmp_path) if v.nome == "cfop"]
    assert verificada.origem == "importada em 2026-11-27T12:00:00+00:00"
    next((tmp_path / "importadas").iterdir()).unlink()
    for usar in (open_reference, verify_tables, current_contents):
        with pytest.raises(EstadoInvalido) as erro:
            usar(tmp_path)
        assert erro.value.codigo == "REF-IMPORTADA"


def test_differences_by_code_and_column() -> None:
    def change(linhas: list[str]) -> list[str]:
        return [
            linhas[0],
            *(linha.replace("Reprodutores de raça pura", "Reprodutores") for linha in linhas[2:]),
            "99999999,Novo,2026-12-01,,UN,Ato",
            linhas[1].replace("Reprodutores de raça pura", "Reprodutores"),
        ]

    depois = read_table(edited("ncm", change))
    diferencas = compare_tables("ncm", read_table(PACOTE["ncm"]), depois)
    assert (
        Diferenca("mudou", "01012100", "descricao", "Reprodutores de raça pura", "Reprodutores") in diferencas
    )
    assert diferencas[-1] == Diferenca("nova", "99999999", "", "", "99999999 | Novo | 2026-12-01 | UN | Ato")
    de_volta = compare_tables("ncm", depois, read_table(PACOTE["ncm"]))
    assert de_volta[-1].mudanca == "retirada"
    assert compare_tables("cest_ncm", *[read_table(PACOTE["cest_ncm"])] * 2) == []


def test_differences_between_two_days() -> None:
    ncm = read_table(PACOTE["ncm"])
    antes, depois = (in_force("ncm", ncm, dia) for dia in (date(2026, 1, 31), date(2026, 3, 1)))
    diferencas = compare_tables("ncm", antes, depois)
    assert sum(d.mudanca == "retirada" for d in diferencas) == 5, "five NCM ended on 2026-02-02"
    with pytest.raises(EstadoInvalido):
        in_force("bancos", read_table(PACOTE["bancos"]), date(2026, 1, 1))
