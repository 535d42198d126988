"""Names that lead out of a folder (zip-slip), in everything of ours that writes or reads an archive.

Exports and the monthly packages are written by `ZipStream`; a backup is read back by the names of its manifest; documents of the
distribution come packed, each under a schema name that the sender chose, and are never files.
"""

import gzip
import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.attack.vigia import untouched

from chancela.documents.recebidos.classificacao import TipoRecebido, classify
from chancela.kit.zip_stream import UnsafeName, ZipStream
from chancela.stores.copia import CopiaInvalida, read_manifest

ESCAPAM = (
    "../fora", "a/../../fora", "/etc/passwd", "//servidor/pasta", "..\\fora", "a\\..\\..\\fora", "C:\\fora", "C:fora", "C:/fora",
    "", ".", "..", "a//b", "a/./b", "a/.. /b", "a/...", "nota.xml\x00.exe", "nota\n.xml", "nota.xml:oculto", "a/", "\u202eexe.xml",
)  # fmt: skip


@pytest.mark.parametrize("nome", ESCAPAM)
def test_no_package_of_ours_holds_such_a_name(nome: str) -> None:
    with pytest.raises(UnsafeName), ZipStream(io.BytesIO()) as pacote:
        pacote.add(nome, b"x")


def test_our_own_names_go_in() -> None:
    escrito = io.BytesIO()
    nomes = [
        f"{'3' * 44}-procNFe.xml",
        f"{'3' * 44}-110110-1-procEventoNFe.xml",
        "55-1-3-4-abc-procInutNFe.xml",
        "á/ç.xml",
    ]
    with ZipStream(escrito) as pacote:
        for nome in nomes:
            pacote.add(nome, b"x")
    with zipfile.ZipFile(escrito) as lido:
        assert lido.namelist() == nomes


@pytest.mark.parametrize(
    "nome", ["../fora", "/fora", "a/b", "..", "", "empresas; DROP TABLE empresas", "C:\\fora"]
)
def test_a_manifest_names_tables_and_nothing_else(nome: str, tmp_path: Path) -> None:
    """The file outside is there, with the hash that the manifest states: it is refused for its name, before it is opened."""
    copia = tmp_path / "copia"
    copia.mkdir()
    conteudo = gzip.compress(b"1\n")
    (tmp_path / "fora.copy.gz").write_bytes(conteudo)
    tabela = {"colunas": ["id"], "linhas": 1, "sha256": hashlib.sha256(conteudo).hexdigest()}
    manifesto = {
        "formato": 1, "criado_em": datetime(2026, 11, 27, tzinfo=UTC).isoformat(), "versao": "0.1.0", "revisao": "0001",
        "chaves_mestras": [], "tabelas": {nome: tabela},
    }  # fmt: skip
    (copia / "manifesto.json").write_text(json.dumps(manifesto))
    with pytest.raises(CopiaInvalida) as erro:
        read_manifest(copia)
    assert erro.value.codigo == "COPIA-NOME"


@pytest.mark.parametrize("nome", [*ESCAPAM, "../../resNFe_v1.01.xsd"])
def test_a_schema_name_of_a_received_document_is_no_path(nome: str) -> None:
    with untouched():
        assert (
            classify(nome, b"<resNFe xmlns='http://www.portalfiscal.inf.br/nfe'/>").tipo is TipoRecebido.OUTRO
        )
