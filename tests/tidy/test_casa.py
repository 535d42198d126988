"""The house rules that a tool can check. Each lint names its reason; one line escapes it:

# tidy: skip <rule> - why
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

RAIZ = Path(__file__).resolve().parents[2]
FONTE = RAIZ / "src" / "chancela"
MODULOS = sorted(p for p in FONTE.rglob("*.py") if "migracoes" not in p.parts)


def _escaped(linha: str, regra: str) -> bool:
    return f"# tidy: skip {regra} -" in linha


def _calls(arvore: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for no in ast.walk(arvore):
        if isinstance(no, ast.Call):
            yield ast.unparse(no.func), no


# rule -> (calls, where they are at home, reason)
LARES: dict[str, tuple[re.Pattern[str], tuple[str, ...], str]] = {
    "relogio": (
        re.compile(
            r"^(datetime\.(datetime\.)?(now|utcnow|today)|date\.today|time\.(time|monotonic|perf_counter|sleep))$"
        ),
        ("kit/clock.py",),
        "the clock is a port: a year must be able to pass in a test",
    ),
    "acaso": (
        re.compile(r"^(random\.\w+|secrets\.\w+|os\.urandom|uuid\.uuid[14]|uuid[14])$"),
        ("kit/randomness.py",),
        "randomness is a port: the same seed must give the same run",
    ),
    "leitor_xml": (
        re.compile(r"^(etree|lxml\.etree)\.(fromstring|parse|XML|iterparse)$"),
        ("domain/xml/leitura.py", "domain/xml/esquemas.py", "simulator/xml.py"),
        "one safe reader: everything else could be fed a bomb",
    ),
}


@pytest.mark.parametrize("regra", LARES)
def test_calls_stay_at_home(regra: str) -> None:
    padrao, lares, porque = LARES[regra]
    faltas = []
    for modulo in MODULOS:
        relativo = modulo.relative_to(FONTE).as_posix()
        if relativo in lares:
            continue
        linhas = modulo.read_text().splitlines()
        for nome, no in _calls(ast.parse("\n".join(linhas))):
            if padrao.match(nome) and not _escaped(linhas[no.lineno - 1], regra):
                faltas.append(f"{relativo}:{no.lineno} {nome}")
    assert not faltas, f"{porque}: {faltas}"


def test_no_float_in_domain_and_documents() -> None:
    faltas = []
    for pasta in ("domain", "documents"):
        for modulo in sorted((FONTE / pasta).rglob("*.py")):
            texto = modulo.read_text()
            linhas = texto.splitlines()
            for no in ast.walk(ast.parse(texto)):
                usa = (isinstance(no, ast.Name) and no.id == "float") or (
                    isinstance(no, ast.Constant) and isinstance(no.value, float)
                )
                if usa and not _escaped(linhas[no.lineno - 1], "float"):
                    faltas.append(f"{modulo.relative_to(FONTE)}:{no.lineno}")
    assert not faltas, f"money is Decimal, never a float: {faltas}"


def test_sql_lives_only_in_stores() -> None:
    padrao = re.compile(
        r"\b(SELECT\s+[\w*(].{0,200}?\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\b", re.S
    )
    permitidos = ("stores/", "simulator/")
    faltas = [
        modulo.relative_to(FONTE).as_posix()
        for modulo in MODULOS
        if not modulo.relative_to(FONTE).as_posix().startswith(permitidos)
        and padrao.search(modulo.read_text())
    ]
    assert not faltas, f"SQL outside stores: {faltas}"


def test_simulator_shares_no_eyes_with_the_product() -> None:
    proibidos = re.compile(
        r"^\s*(from|import) chancela\.(documents|gateways|issuing|stores|faces|server)", re.M
    )
    faltas = [m.name for m in (FONTE / "simulator").rglob("*.py") if proibidos.search(m.read_text())]
    assert not faltas


def test_every_module_says_what_lives_in_it() -> None:
    faltas = [
        modulo.relative_to(FONTE).as_posix()
        for modulo in MODULOS
        if modulo.read_text().strip() and ast.get_docstring(ast.parse(modulo.read_text())) is None
    ]
    assert not faltas, f"module docstring missing: {faltas}"


def test_nothing_unfinished_is_claimed() -> None:
    padrao = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    faltas = [m.relative_to(FONTE).as_posix() for m in MODULOS if padrao.search(m.read_text())]
    assert not faltas


def test_no_machine_path_is_committed() -> None:
    padrao = re.compile(r"(^|[^A-Za-z0-9_./])/(work|farm|root|home)/[A-Za-z]")
    faltas = []
    for pasta in ("src", "tests", "docs", "changelog.d", "benchmarks"):
        for arquivo in sorted((RAIZ / pasta).rglob("*")):
            if arquivo.suffix in {".py", ".md", ".toml", ".txt", ".json", ".csv"} and padrao.search(
                arquivo.read_text()
            ):
                faltas.append(str(arquivo.relative_to(RAIZ)))
    assert not faltas


def test_requirements_name_no_host() -> None:
    for nome in ("requirements.txt", "requirements-dev.txt"):
        texto = (RAIZ / nome).read_text()
        assert "://" not in texto
        assert "--index" not in texto
        pinos = [linha for linha in texto.splitlines() if "==" in linha]
        assert pinos
        assert all("--hash=" in bloco for bloco in re.split(r"\n(?=\S)", texto.strip()))


SEGREDOS = re.compile(r"(senha|password|token|secret|segredo|pfx|csc|chave_mestra|master_key)", re.I)


def test_no_secret_named_field_is_logged() -> None:
    faltas = []
    for modulo in MODULOS:
        texto = modulo.read_text()
        linhas = texto.splitlines()
        for nome, no in _calls(ast.parse(texto)):
            if not re.match(r"^_?log(ger)?\.", nome):
                continue
            for palavra in no.keywords:
                if (
                    palavra.arg
                    and SEGREDOS.search(palavra.arg)
                    and not _escaped(linhas[no.lineno - 1], "segredo_no_log")
                ):
                    faltas.append(f"{modulo.relative_to(FONTE)}:{no.lineno} {palavra.arg}")
    assert not faltas, f"log lines never hold secrets: {faltas}"


def test_adrs_have_their_parts() -> None:
    for adr in sorted((RAIZ / "docs" / "adr").glob("[0-9]*.md")):
        texto = adr.read_text()
        for parte in ("## Context", "## Decision", "## Consequences"):
            assert parte in texto, f"{adr.name} lacks {parte}"


def test_changelog_fragments_are_one_sentence() -> None:
    for fragmento in sorted((RAIZ / "changelog.d").glob("*.md")):
        assert re.fullmatch(r"[a-z0-9-]+\.(added|changed|fixed|security|removed)\.md", fragmento.name), (
            fragmento.name
        )
        assert len(fragmento.read_text().strip().splitlines()) == 1, fragmento.name


def test_migrations_are_one_line() -> None:
    """Every revision follows the one before it, and its file is named after it."""
    anterior = "None"
    for arquivo in sorted((FONTE / "stores" / "migracoes" / "versions").glob("[0-9]*.py")):
        texto = arquivo.read_text()
        atual = re.search(r'^revision = "(\d{4})"$', texto, re.M)
        antes = re.search(r'^down_revision = "?(\d{4}|None)"?$', texto, re.M)
        assert atual is not None, arquivo.name
        assert antes is not None, arquivo.name
        assert (arquivo.name[:4], antes[1]) == (atual[1], anterior), (
            f"{arquivo.name} is out of line: renumber it"
        )
        anterior = atual[1]
