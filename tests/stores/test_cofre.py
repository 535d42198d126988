"""Secrets: sealed, bound to their place, and readable after a change of keys."""

import base64
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancela.kit.randomness import SeededRandomness, SystemRandomness
from chancela.stores.cofre import (
    ChaveMestra,
    Cofre,
    CofreInvalido,
    add_master_key,
    keep_master_keys,
    load_master_keys,
)
from chancela.stores.segredos import TABELAS_COM_SEGREDO

VELHA, NOVA = ChaveMestra(b"v" * 32), ChaveMestra(b"n" * 32)
ACASO = SystemRandomness()


@given(st.binary(max_size=300), st.text(max_size=40).filter(lambda t: t.isprintable()))
def test_what_is_sealed_opens_for_its_identity_only(segredo: bytes, identidade: str) -> None:
    cofre = Cofre([VELHA], ACASO)
    envelope = cofre.seal(segredo, identidade)
    assert cofre.open(envelope, identidade) == segredo
    with pytest.raises(CofreInvalido):
        cofre.open(envelope, identidade + "x")


def test_any_changed_byte_is_noticed() -> None:
    cofre = Cofre([VELHA], ACASO)
    envelope = cofre.seal(b"segredo", "token:1")
    for posicao in range(len(envelope)):
        alterado = bytearray(envelope)
        alterado[posicao] ^= 1
        with pytest.raises(CofreInvalido):
            cofre.open(bytes(alterado), "token:1")
    for tamanho in range(len(envelope)):
        with pytest.raises(CofreInvalido):
            cofre.open(envelope[:tamanho], "token:1")


def test_the_same_secret_never_looks_the_same() -> None:
    cofre = Cofre([VELHA], ACASO)
    assert cofre.seal(b"s", "i") != cofre.seal(b"s", "i")
    assert b"segredo" not in cofre.seal(b"segredo", "i")


def test_a_change_of_keys() -> None:
    envelope = Cofre([VELHA], ACASO).seal(b"segredo", "i")
    ambas = Cofre([NOVA, VELHA], ACASO)
    assert ambas.open(envelope, "i") == b"segredo"
    assert not ambas.is_current(envelope)
    trocado = ambas.rewrap(envelope, "i")
    assert ambas.is_current(trocado)
    assert Cofre([NOVA], ACASO).open(trocado, "i") == b"segredo"
    with pytest.raises(CofreInvalido) as erro:
        Cofre([NOVA], ACASO).open(envelope, "i")
    assert erro.value.codigo == "COFRE-CHAVE-AUSENTE"


def test_the_key_file_is_made_once_and_is_private(tmp_path: Path) -> None:
    arquivo = tmp_path / "pasta" / "chave-mestra"
    (chave,) = load_master_keys(arquivo, SeededRandomness(1))
    assert arquivo.stat().st_mode & 0o777 == 0o600
    assert load_master_keys(arquivo, SeededRandomness(2)) == [chave]
    assert os.listdir(arquivo.parent) == ["chave-mestra"]
    assert chave.derive("links") != chave.derive("outra")
    assert "material" not in repr(chave)


@pytest.mark.parametrize("conteudo", ["", "curta\n", base64.b64encode(b"x" * 31).decode(), "não é base64"])
def test_a_wrong_key_file_is_refused(tmp_path: Path, conteudo: str) -> None:
    arquivo = tmp_path / "chave-mestra"
    arquivo.write_text(conteudo)
    with pytest.raises(CofreInvalido) as erro:
        load_master_keys(arquivo, ACASO)
    assert erro.value.codigo == "COFRE-CHAVE"
    assert arquivo.read_text() == conteudo, "never replaced"


def test_a_change_of_keys_reaches_every_table_with_envelopes(
    superusuario: Callable[..., list[tuple[object, ...]]],
) -> None:
    com_envelope = superusuario(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'envelope'"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1"
    )
    assert sorted(TABELAS_COM_SEGREDO) == [nome for (nome,) in com_envelope]


def test_a_key_that_came_later_is_read_when_it_is_needed(tmp_path: Path) -> None:
    arquivo = tmp_path / "chave-mestra"
    (velha,) = load_master_keys(arquivo, ACASO)
    no_ar = Cofre([velha], ACASO, reler=lambda: load_master_keys(arquivo, ACASO))
    selado_antes = no_ar.seal(b"antes", "i")
    nova, _ = add_master_key(arquivo, ACASO)
    selado_depois = Cofre([nova], ACASO).seal(b"depois", "i")
    assert no_ar.open(selado_depois, "i") == b"depois"
    assert no_ar.open(selado_antes, "i") == b"antes"
    assert no_ar.chave_atual == nova.id
    assert [chave.id for chave in keep_master_keys(arquivo, [], ACASO)] == [nova.id]
    assert stat.S_IMODE(arquivo.stat().st_mode) == 0o600
    with pytest.raises(CofreInvalido):
        Cofre([nova], ACASO, reler=lambda: load_master_keys(arquivo, ACASO)).open(selado_antes, "i")
