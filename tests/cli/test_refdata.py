"""`chancela refdata` at the terminal."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chancela.cli.refdata import import_files, show_difference, show_verification
from chancela.stores.referencia.tabelas import packaged_contents

AGORA = datetime(2026, 11, 27, 12, tzinfo=UTC)


def revised(pasta: Path) -> Path:
    """A revised table of currencies, as a person has it."""
    arquivo = pasta / "moedas.csv"
    linhas = packaged_contents()["moedas"].decode().splitlines()
    arquivo.write_text("\n".join([*linhas[:-1], ""]), encoding="utf-8")
    return arquivo


def run_import(pasta: Path, *arquivos: Path, em_json: bool = True) -> None:
    import_files(pasta, arquivos, retirar=[], aceitar_reducao=False, agora=AGORA, em_json=em_json)


def test_import_difference_and_verification(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dados, arquivo = tmp_path / "dados", revised(tmp_path)
    show_difference(dados, "moedas", arquivo, de="", para="", em_json=True)
    (diferenca,) = json.loads(capsys.readouterr().out)
    assert diferenca["mudanca"] == "retirada"
    run_import(dados, arquivo)
    feita = json.loads(capsys.readouterr().out)
    assert feita["tabelas"]["moedas"]["antes"] == feita["tabelas"]["moedas"]["depois"] + 1
    show_difference(dados, "moedas", None, de="", para="", em_json=True)
    assert json.loads(capsys.readouterr().out) == [diferenca]
    show_verification(dados, em_json=True)
    por_nome = {linha["tabela"]: linha for linha in json.loads(capsys.readouterr().out)}
    assert por_nome["moedas"]["origem"].startswith("importada em 2026-11-27")
    assert {linha["situacao"] for linha in por_nome.values()} == {"ok"}


def test_tables_for_a_person(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_import(tmp_path, revised(tmp_path), em_json=False)
    assert "linhas" in capsys.readouterr().out
    show_difference(tmp_path, "ncm", None, de="2026-01-31", para="2026-03-01", em_json=False)
    saida = capsys.readouterr()
    assert "retirada" in saida.out
    assert "18 diferença(s) em ncm." in saida.err
    show_verification(tmp_path, em_json=False)
    assert "cclasstrib_oficial" in capsys.readouterr().out


def test_wrong_use_says_how(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    casos = (
        lambda: run_import(tmp_path),
        lambda: run_import(tmp_path, tmp_path / "nada.csv"),
        lambda: show_difference(tmp_path, "nada", None, de="", para="", em_json=True),
        lambda: show_difference(tmp_path, "ncm", None, de="2026-01-01", para="", em_json=True),
        lambda: show_difference(tmp_path, "ncm", None, de="ontem", para="hoje", em_json=True),
        lambda: show_difference(tmp_path, "ncm", revised(tmp_path), de="", para="", em_json=True),
    )
    for caso in casos:
        with pytest.raises(SystemExit) as saida:
            caso()
        assert saida.value.code == 2
        assert capsys.readouterr().err


def test_a_wrong_file_and_an_undated_table_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arquivo = tmp_path / "ncm.csv"
    arquivo.write_text("a,b\n1,2\n", encoding="utf-8")
    for caso in (
        lambda: run_import(tmp_path, arquivo),
        lambda: show_difference(tmp_path, "bancos", None, de="2026-01-01", para="2026-02-01", em_json=True),
    ):
        with pytest.raises(SystemExit) as saida:
            caso()
        assert saida.value.code == 1
    assert "REF-SEM-DATA" in capsys.readouterr().err
