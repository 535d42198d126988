"""What the operator of an installation does: backup, restore, proof of the archive, keys, audit, the issuing switch."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from chancela.cli.saida import RECUSADO, say, show, show_rows


class Manifesto(Protocol):
    """What a backup tells of itself."""

    @property
    def criado_em(self) -> object: ...

    @property
    def revisao(self) -> str: ...

    @property
    def chaves_mestras(self) -> Sequence[str]: ...

    @property
    def tabelas(self) -> Mapping[str, Any]: ...


class Conferida(Protocol):
    """What the proof of one company found."""

    @property
    def empresa_id(self) -> int: ...

    @property
    def cadeia(self) -> Any: ...

    @property
    def documentos(self) -> int: ...

    @property
    def faltas(self) -> Sequence[Any]: ...


def show_backup(manifesto: Manifesto, pasta: Path, *, em_json: bool) -> None:
    """Tell what a backup holds, and what it does not."""
    say(
        "A chave-mestra não está na cópia: guarde o arquivo dela em outro lugar. Sem ela os certificados não se abrem."
    )
    show(
        {
            "pasta": str(pasta),
            "criado_em": manifesto.criado_em,
            "revisao": manifesto.revisao,
            "chaves_mestras": list(manifesto.chaves_mestras),
            "documentos": manifesto.tabelas["documentos"].linhas,
            "empresas": manifesto.tabelas["empresas"].linhas,
            "linhas": sum(tabela.linhas for tabela in manifesto.tabelas.values()),
        },
        em_json=em_json,
    )


def show_restored(manifesto: Manifesto, avancadas: int, *, em_json: bool) -> None:
    """Tell what came back, and what a person has to do before issuing again."""
    say(
        "A emissão está parada: a SEFAZ pode conhecer documentos posteriores à cópia. Confira a última numeração usada,"
        " e então: chancela emissao retomar --todas"
    )
    show(
        {
            "criado_em": manifesto.criado_em,
            "documentos": manifesto.tabelas["documentos"].linhas,
            "series_avancadas": avancadas,
        },
        em_json=em_json,
    )


def show_proof(conferidas: Iterable[Conferida], *, em_json: bool) -> None:
    """Print every company as it is proven, and leave with 1 when anything does not hold."""
    linhas: list[list[str]] = []
    faltas: list[dict[str, Any]] = []
    for conferida in conferidas:
        faltas += [asdict(falta) for falta in conferida.faltas]
        linhas.append(
            [
                str(conferida.empresa_id),
                str(conferida.documentos),
                str(conferida.cadeia.eventos),
                conferida.cadeia.cabeca,
                str(len(conferida.faltas)),
            ]
        )
    for falta in faltas:
        say(f"empresa {falta['empresa_id']}  {falta['chave'] or 'linha do tempo'}  {falta['motivo']}")
    colunas = ["empresa", "documentos", "eventos", "cabeca", "faltas"]
    if em_json:
        registros = [dict(zip(colunas, linha, strict=True)) for linha in linhas]
        show({"empresas": registros, "faltas": faltas}, em_json=True)
    elif linhas:
        show_rows("Arquivo conferido", colunas, linhas, em_json=False)
    if faltas:
        raise SystemExit(RECUSADO)


def write_audit(linhas: Iterable[str], destino: Path, *, em_json: bool) -> None:
    """Write the lines of an audit export to a new file."""
    quantas = 0
    with destino.open("x", encoding="utf-8") as aberto:
        for linha in linhas:
            aberto.write(linha + "\n")
            quantas += 1
    show({"arquivo": str(destino), "linhas": quantas}, em_json=em_json)


def show_retention(
    meses: int, vencidos: Sequence[Any], excluidos: Mapping[int, int], *, em_json: bool
) -> None:
    """Print what passed its term, by company, and of how many documents the contents were deleted."""
    colunas = ["empresa", "documentos", "mais_antigo", "bytes", "excluidos"]
    linhas = [
        [str(v.empresa_id), str(v.documentos), v.mais_antigo.isoformat(), str(v.bytes), str(excluidos.get(v.empresa_id, 0))]
        for v in vencidos
    ]  # fmt: skip
    if not linhas and not em_json:
        say(f"Nenhum documento passou dos {meses} meses de guarda.")
        return
    if linhas and not excluidos:
        say(
            f"Passaram dos {meses} meses de guarda; nada foi excluído. Para excluir: chancela retencao --excluir"
        )
    show_rows(f"Além de {meses} meses", colunas, linhas, em_json=em_json)


def show_stops(paradas: Sequence[Any], *, em_json: bool) -> None:
    """Print which switches are on."""
    colunas = ["empresa", "motivo", "ator", "desde"]
    linhas = [
        ["todas" if p.empresa_id is None else str(p.empresa_id), p.motivo, p.ator, p.desde.isoformat()]
        for p in paradas
    ]
    if not linhas and not em_json:
        say("Nenhuma parada: a emissão segue em todas as empresas.")
        return
    show_rows("Emissão parada", colunas, linhas, em_json=em_json)
