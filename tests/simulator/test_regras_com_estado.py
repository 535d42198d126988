"""The rules that ask the ledger, the register, the lot or the authorizer: each is broken in one state and holds in another."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from tests.simulator.amostra import AGORA, CNPJ, CNPJ_DEST, IE_SP
from tests.simulator.casos import CHAVE_NFCE, OUTRA_CHAVE, QR
from tests.simulator.casos_documento import refs
from tests.simulator.test_regras import COM_ESTADO, CSC, REGRA, csc_code, sample

from chancela.simulator.cadastro import Cadastro, CodigoSeguranca, Contribuinte
from chancela.simulator.livro import Livro, NotaLivro
from chancela.simulator.livro_eventos import EpecLivro, InutilizacaoLivro
from chancela.simulator.nota import Nota
from chancela.simulator.regras.modelo import Contexto
from chancela.simulator.tabelas import AUTORIZADORES

Preparo = Callable[[Contexto, Nota], Contexto]
CPF = "52998224725"


@dataclass(frozen=True)
class Estado:
    """What makes a rule break: the world around the note, and changes to the note."""

    preparo: Preparo
    trocas: dict[str, Any] = field(default_factory=dict[str, Any])
    modelo: str = "55"


def stored(nota: Nota, **trocas: Any) -> NotaLivro:
    """The note as the ledger holds it once authorised."""
    base = NotaLivro(
        ambiente=2, chave=nota.chave, natural=nota.natural, modelo=nota.modelo, emitente=nota.emitente, serie=nota.serie, numero=nota.numero,
        autorizador="SP", protocolo="135260000000001", recibo="", c_stat=100, motivo="", recebida_em="2026-11-21T12:00:00-03:00",
        digest="QUJD", situacao="autorizada", xml=b"<infNFe><ide><finNFe>1</finNFe></ide></infNFe>", prot_nfe="",
    )  # fmt: skip
    return replace(base, **trocas)


def ledger(**trocas: Any) -> Preparo:
    def prepare(ctx: Contexto, nota: Nota) -> Contexto:
        ctx.livro.add_nota(stored(nota, **trocas))
        return ctx

    return prepare


def register(*contribuintes: Contribuinte, **opcoes: Any) -> Preparo:
    return lambda ctx, _nota: replace(ctx, cadastro=Cadastro(list(contribuintes), **opcoes))


def authority(nome: str) -> Preparo:
    return lambda ctx, _nota: replace(ctx, autorizador=AUTORIZADORES[nome])


def lot(**trocas: str) -> Preparo:
    return lambda ctx, nota: replace(ctx, primeira=sample(nota.modelo, trocas))


def voided(ctx: Contexto, _nota: Nota) -> Contexto:
    ctx.livro.add_inutilizacao(
        InutilizacaoLivro(2, CNPJ, "55", 1, 1, 10, "26", "135260000000002", "2026-11-20T12:00:00-03:00", b"")
    )
    return ctx


def epec(**trocas: Any) -> Preparo:
    """An EPEC of the note's number, that says the same unless told otherwise."""

    def prepare(ctx: Contexto, nota: Nota) -> Contexto:
        base = EpecLivro(
            2, nota.natural, nota.chave, CNPJ, "2026-11-21T12:00:00-03:00", "1", "SP", CNPJ_DEST, "100.00", "18.00", "0.00"
        )  # fmt: skip
        ctx.livro.add_epec(replace(base, **trocas))
        return ctx

    return prepare


def code(parametros: str) -> dict[str, Any]:
    return {"@supl": QR % parametros}


DONO = Contribuinte(CNPJ, "SP", IE_SP, "X")
CLIENTE = Contribuinte(CNPJ_DEST, "SP", "111111111111", "X")
COM_IE = {"dest/IE": "111111111111"}
REVOGADO = CodigoSeguranca(CNPJ, "1", CSC, "2026-01-01T00:00:00-03:00")
COMPLEMENTAR = {"ide/finNFe": "2"} | refs(OUTRA_CHAVE)
ESTADOS = {
    "B02-20": Estado(lot(**{"ide/cUF": "43"})),
    "B22-60": Estado(authority("SVC-AN")),
    "B22-70": Estado(authority("SVC-AN"), modelo="65"),
    "C02-20": Estado(lot(**{"emit/CNPJ": CNPJ_DEST})),
    "1C17-10": Estado(register(estrito=True)),
    "1C17-30": Estado(register(CLIENTE), {"emit/CNPJ": None, "emit/CPF": CPF, "emit/IE": "111111111111"}),
    "1C17-38": Estado(register(replace(DONO, ativa=False))),
    "1C17-60": Estado(register(estrito=True)),
    "2B08-10": Estado(ledger(chave=OUTRA_CHAVE)),
    "2B08-20": Estado(ledger()),
    "2B08-30": Estado(ledger(situacao="cancelada")),
    "3B08-100": Estado(voided),
    "2A-EPEC2": Estado(epec(v_nf="99.00"), {"ide/tpEmis": "4"}),
    "2A-EPEC3": Estado(epec(chave=OUTRA_CHAVE), {"ide/tpEmis": "4"}),
    "2B08-50": Estado(epec()),
    "3BA02-20": Estado(ledger(chave=OUTRA_CHAVE, xml=b"<ide><finNFe>2</finNFe></ide>"), COMPLEMENTAR),
    "3BA02-30": Estado(ledger(chave=OUTRA_CHAVE, situacao="cancelada"), COMPLEMENTAR),
    "5E17-40": Estado(register(replace(CLIENTE, vedado=True)), COM_IE),
    "5E17-43": Estado(register(replace(CLIENTE, bloqueado=True)), COM_IE),
    "5E17-46": Estado(register(replace(CLIENTE, ativa=False)), COM_IE),
    "5E17-60": Estado(register(replace(CLIENTE, vedado=True))),
    "ZX02-304": Estado(register(codigos=[REVOGADO]), code(csc_code(f"{CHAVE_NFCE}|2|2|2")), "65"),
    "ZX02-308": Estado(register(codigos=[REVOGADO]), code(csc_code(f"{CHAVE_NFCE}|2|2|1")), "65"),
    "ZX02-320": Estado(register(codigos=[REVOGADO]), code(csc_code(f"{CHAVE_NFCE}|2|2|1", "outro")), "65"),
}  # fmt: skip
COM_ASSINATURA = {"ZX02-338"}
"""Judged with a signed code, in `test_regras`."""


@pytest.fixture
def vazio(tmp_path: Path) -> Contexto:
    return Contexto(AGORA, AUTORIZADORES["SP"], 2, Livro(tmp_path / "livro.db"), Cadastro())


@pytest.mark.parametrize("codigo", ESTADOS)
def test_a_rule_is_broken_by_the_state_and_holds_without_it(vazio: Contexto, codigo: str) -> None:
    caso = ESTADOS[codigo]
    nota = sample(caso.modelo, caso.trocas)
    assert caso.modelo in REGRA[codigo].modelos
    assert REGRA[codigo].judge(nota, vazio) is None
    assert REGRA[codigo].judge(nota, caso.preparo(vazio, nota)) is not None
    vazio.livro.close()


def test_every_rule_with_a_state_has_one() -> None:
    assert ESTADOS.keys() | COM_ASSINATURA == COM_ESTADO
