"""Migrations form one line: every revision has the number of its file, and follows the one before."""

import re
from pathlib import Path

VERSOES = Path(__file__).resolve().parents[2] / "src" / "chancela" / "stores" / "migracoes" / "versions"


def test_migrations_form_one_line() -> None:
    anterior: str | None = None
    for numero, arquivo in enumerate(sorted(VERSOES.glob("[0-9]*.py")), 1):
        fonte = arquivo.read_text()
        revisao = re.search(r'^revision = "(\d{4})"$', fonte, re.M)
        depois_de = re.search(r'^down_revision = (?:None|"(\d{4})")$', fonte, re.M)
        assert revisao is not None, arquivo.name
        assert depois_de is not None, arquivo.name
        assert (revisao[1], depois_de[1]) == (f"{numero:04d}", anterior), arquivo.name
        assert arquivo.name.startswith(f"{revisao[1]}_"), arquivo.name
        anterior = revisao[1]
