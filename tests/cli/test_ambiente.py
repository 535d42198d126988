"""What database, disk and files deny a command: words and the exit code 5, never a stack trace."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import ProgrammingError
from tests.fixtures.banco import banco, servidor_banco, superusuario, url_banco

from chancela.cli.leitura import read_json_file
from chancela.cli.saida import AMBIENTE
from chancela.domain.erros import RegraViolada
from chancela.stores.conexao import Banco
from chancela.stores.indisponivel import describe_unavailable

__all__ = ["banco", "servidor_banco", "superusuario", "url_banco"]


def _run(pasta: Path, url: str, *argumentos: str) -> tuple[int, str]:
    ambiente = {**os.environ, "CHANCELA_HOME": str(pasta), "CHANCELA_DATABASE_URL": url}
    feito = subprocess.run(
        [sys.executable, "-m", "chancela.server", *argumentos],
        env=ambiente, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "Traceback" not in feito.stderr, feito.stderr
    assert not (feito.returncode and feito.stdout), "words in the place of data"
    return feito.returncode, feito.stderr


@pytest.mark.parametrize(
    ("url", "codigo", "conserto"),
    [
        ("postgresql://ninguem@127.0.0.1:1/chancela", "BANCO-FORA", "chancela doctor"),
        ("lixo", "BANCO-ENDERECO", "postgresql://usuario"),
    ],
)
def test_a_database_that_is_not_there_is_told(tmp_path: Path, url: str, codigo: str, conserto: str) -> None:
    saida, palavras = _run(tmp_path, url, "emissao", "situacao")
    assert saida == AMBIENTE
    (linha,) = palavras.splitlines()
    assert linha.startswith(codigo)
    assert conserto in linha


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "arquivo").write_text("")
    destino = str(tmp_path / "arquivo" / "a.pfx")
    titular = ("--cnpj", "11222333000181", "--nome", "LOJA DE TESTE LTDA", "--senha", "x")
    saida, palavras = _run(tmp_path, "", "cert", "teste", *titular, "--saida", destino)
    assert saida == AMBIENTE, palavras
    assert "SISTEMA-ENOTDIR" in palavras
    assert "arquivo" in palavras


def test_a_database_without_tables_asks_for_migrate(banco: Banco) -> None:
    with pytest.raises(ProgrammingError) as erro, banco.system() as conexao:
        conexao.exec_driver_sql("SELECT 1 FROM tabela_que_nao_existe")
    dito = describe_unavailable(erro.value)
    assert dito is not None
    assert dito.codigo == "BANCO-SEM-TABELAS"
    assert "chancela migrate" in dito.correcao


def test_a_defect_stays_a_defect() -> None:
    assert describe_unavailable(ValueError("conta errada")) is None


@pytest.mark.parametrize(
    ("conteudo", "dito"),
    [
        (b"", "está vazio"),
        (b"\xef\xbb\xbf{}", "marca BOM"),
        (b'{"a": 1, "a": 2}', "repete o campo “a”"),
        (b"{} x", "conteúdo depois"),
        (b"{'a'}", "linha:coluna 1:2"),
        (b"\xff", "UTF-8"),
        (b"[1e999]", "número"),
        (b'["\\u0000"]', "caracteres"),
        (b"[" * 99, "níveis"),
    ],
)
def test_a_file_that_is_no_json_is_told(tmp_path: Path, conteudo: bytes, dito: str) -> None:
    arquivo = tmp_path / "nota.json"
    arquivo.write_bytes(conteudo)
    with pytest.raises(RegraViolada, match="O arquivo ") as erro:
        read_json_file(arquivo)
    assert dito in erro.value.mensagem
    assert erro.value.violacoes[0].valor == str(arquivo)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RegraViolada, match="não existe"):
        read_json_file(tmp_path / "falta.json")
