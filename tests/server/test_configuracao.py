"""Settings that would cost evidence are refused, in words, and without repeating what was given."""

import pytest

from chancela.server.configuracao import ConfiguracaoInvalida, load_configuracao


def refused(monkeypatch: pytest.MonkeyPatch, **ambiente: str) -> str:
    for nome, valor in ambiente.items():
        monkeypatch.setenv(f"CHANCELA_{nome}", valor)
    with pytest.raises(ConfiguracaoInvalida) as erro:
        load_configuracao()
    return erro.value.mensagem


def test_the_legal_term_is_not_shortened_silently(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_configuracao().retention_months == 132
    assert "CHANCELA_RETENTION_BELOW_LEGAL=true" in refused(monkeypatch, RETENTION_MONTHS="131")
    monkeypatch.setenv("CHANCELA_RETENTION_BELOW_LEGAL", "true")
    assert load_configuracao().retention_months == 131
    monkeypatch.delenv("CHANCELA_RETENTION_BELOW_LEGAL")
    monkeypatch.setenv("CHANCELA_RETENTION_MONTHS", "240")
    assert load_configuracao().retention_months == 240


def test_a_refusal_repeats_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    mensagem = refused(
        monkeypatch,
        PORT="senha-na-porta",
        DATABASE_URL="postgresql://u:senha-do-banco@h/b",
        RETENTION_MONTHS="1",
    )
    assert "CHANCELA_PORT" in mensagem
    assert "senha" not in mensagem
