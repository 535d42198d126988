"""A run as a table for people and as JSON for tools."""

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.medida import Linha, Plano
from benchmarks.metas import Veredito


def describe_machine() -> dict[str, Any]:
    """What the figures depend on, without naming the machine."""
    from cryptography.hazmat.backends.openssl import backend

    return {
        "data": f"{datetime.now(UTC):%Y-%m-%d}",
        "nucleos": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "arquitetura": platform.machine(),
        "sistema": platform.system(),
        "python": platform.python_version(),
        "openssl": backend.openssl_version_text(),
    }


def as_json(linhas: Sequence[Linha], vereditos: Sequence[Veredito], plano: Plano) -> dict[str, Any]:
    """The whole run; ratios are by processor time unless they say `parede`."""
    return {
        "maquina": describe_machine(),
        "plano": asdict(plano),
        "linhas": [asdict(linha) for linha in linhas],
        "metas": [
            asdict(v.meta) | {"medido": v.medido, "cumprida": v.cumprida} for v in vereditos
        ],
    }  # fmt: skip


def print_tables(linhas: Sequence[Linha], vereditos: Sequence[Veredito]) -> None:
    """One table per benchmark and one of the targets, on standard error."""
    console = Console(stderr=True, width=None if sys.stderr.isatty() else 160)
    for banco in dict.fromkeys(linha.banco for linha in linhas):
        tabela = Table(title=banco, title_justify="left")
        tabela.add_column("caso")
        tabela.add_column("raia")
        for coluna in ("por s de CPU", "por s", "usuário ms", "sistema ms", "parede ms"):
            tabela.add_column(coluna, justify="right")
        tabela.add_column("razão por CPU (quartis) e pela parede")
        for linha in linhas:
            if linha.banco == banco:
                tabela.add_row(*_cells(linha))
        console.print(tabela)
    if not vereditos:
        return
    metas = Table(title="metas", title_justify="left")
    for coluna in ("banco", "caso", "meta", "limite", "medido", ""):
        metas.add_column(coluna)
    for veredito in vereditos:
        metas.add_row(*_target_cells(veredito))
    console.print(metas)


def _cells(linha: Linha) -> tuple[str, ...]:
    if not linha.rodadas:
        return (linha.caso, linha.raia, *[""] * 5, linha.nota)
    razoes = "; ".join(
        f"{_short(r.cpu)} ({_short(r.cpu_q1)} a {_short(r.cpu_q3)}) × {r.sobre}, parede {_short(r.parede)}"
        for r in linha.razoes
    )
    if linha.p95_ms is not None:
        razoes = f"p95 {linha.p95_ms:.1f} ms de parede"
    return (
        linha.caso, linha.raia, _rate(linha.por_s_cpu), _rate(linha.por_s_parede), f"{linha.usuario_ms:.3f}",
        f"{linha.sistema_ms:.3f}", f"{linha.parede_ms:.3f}", razoes,
    )  # fmt: skip


def _target_cells(veredito: Veredito) -> tuple[str, ...]:
    meta = veredito.meta
    palavra = {True: "cumprida", False: "NÃO cumprida", None: "não medida"}[veredito.cumprida]
    medido = "" if veredito.medido is None else _short(veredito.medido)
    return (
        meta.banco,
        meta.caso,
        meta.texto,
        ("até " if meta.maxima else "") + _short(meta.limite),
        medido,
        palavra,
    )


def _rate(valor: float) -> str:
    return f"{valor:,.0f}" if valor >= 100 else f"{valor:.1f}"


def _short(valor: float) -> str:
    return f"{valor:.3f}" if valor < 1 else f"{valor:.2f}" if valor < 100 else f"{valor:,.0f}"
