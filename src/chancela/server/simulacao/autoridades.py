"""The far end of the wire: the simulator's own authority, whole, or a light one that reads key, numbers and digest."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from chancela.kit.clock import Clock
from chancela.server.simulacao.enredo import EMITENTES, VAREJO
from chancela.server.simulacao.provas import Distribuido, FaixaNoLivro, Livro, NotaNoLivro
from chancela.simulator.ca import AutoridadeTeste
from chancela.simulator.cadastro import CodigoSeguranca
from chancela.simulator.configuracao import ConfiguracaoSimulador
from chancela.simulator.falhas import TipoFalha
from chancela.simulator.fornecedor import Fornecedores
from chancela.simulator.livro import Livro as LivroSqlite
from chancela.simulator.nota_ficticia import Encomenda
from chancela.simulator.relogio import RelogioSimulador
from chancela.simulator.sefaz import Desfecho, Sefaz

TUDO = 10_000_000
CSC = (EMITENTES[VAREJO], "1", "CSC-DA-SIMULACAO-SEM-VALOR")
"""Issuer, number and code of the counter's CSC."""
UFS = ("SP", "MG")
FORNECEDOR = "22333444000181"
"""Sells to the shops, and is none of them."""
SEGUNDOS_105 = 5.0
FORCADAS: dict[TipoFalha, tuple[int, str]] = {
    TipoFalha.PARADO_CURTO: (108, "Serviço Paralisado Momentaneamente (curto prazo)"),
    TipoFalha.PARADO: (109, "Serviço Paralisado sem Previsão"),
    TipoFalha.ERRO_NAO_CATALOGADO: (999, "Rejeição: Erro não catalogado"),
    TipoFalha.CONSUMO_INDEVIDO: (656, "Rejeição: Consumo Indevido"),
    TipoFalha.C_STAT: (778, "Rejeição: Informado NCM inexistente"),
}
"""Verdicts that the plan puts in the place of the authority's own."""


class Autoridade(Protocol):
    """Takes the bytes of a request and gives the bytes of an answer."""

    def handle(self, caminho: str, corpo: bytes, der: bytes, falha: TipoFalha | None) -> Desfecho: ...

    def switch_svc(self, *, ligada: bool) -> None:
        """Let the SVC serve in the place of the authorizers, or no longer."""
        ...

    def read_ledger(self) -> Livro: ...

    def close(self) -> None: ...


class AutoridadeCompleta:
    """The simulator: XML, signature, schema, SOAP and every rule that it knows."""

    def __init__(self, pasta_ca: Path, arquivo: Path, relogio: Clock) -> None:
        config = ConfiguracaoSimulador(arquivo.parent, tempo_lote_s=2)
        self._sefaz = Sefaz(
            config,
            LivroSqlite(arquivo),
            RelogioSimulador(relogio),
            AutoridadeTeste.open(pasta_ca),
            AutoridadeTeste.open(pasta_ca / "estranha", "AC Estranha do Simulador"),
        )
        self._sefaz.consumo.geral = True
        self._sefaz.svc_desligada = dict.fromkeys(UFS, 114)
        self._sefaz.cadastro.add_csc(CodigoSeguranca(*CSC))
        self._fornecedores = Fornecedores(self._sefaz)

    def switch_svc(self, *, ligada: bool) -> None:
        self._sefaz.svc_desligada = {} if ligada else dict.fromkeys(UFS, 114)

    def handle(self, caminho: str, corpo: bytes, der: bytes, falha: TipoFalha | None) -> Desfecho:
        if falha is not None:
            dados: dict[str, object] = {"tipo": falha.value, "vezes": 1}
            if falha in FORCADAS:
                c_stat, motivo = FORCADAS[falha]
                dados |= {"tipo": "cstat", "c_stat": c_stat, "motivo": motivo}
                dados["no_protocolo"] = falha is TipoFalha.C_STAT
            if falha is TipoFalha.LOTE_EM_PROCESSAMENTO:
                dados["segundos"] = SEGUNDOS_105
            self._sefaz.plano.add(dados)
        try:
            return self._sefaz.handle(caminho, corpo, der)
        finally:
            self._sefaz.plano.clear()

    def supply(self, destinatario: str, valor: Decimal) -> str:
        """A supplier's note to a shop; its key."""
        return self._fornecedores.issue_nota(Encomenda(destinatario, FORNECEDOR, valor=valor))

    def take_back(self, chave: str) -> None:
        """The supplier cancels a note of his."""
        self._fornecedores.register_evento(chave, "110111", {})

    def read_ledger(self) -> Livro:
        livro = self._sefaz.livro
        notas = [
            NotaNoLivro(
                n["chave"], n["emitente"], n["modelo"], n["serie"], n["numero"], n["digest"], n["protocolo"],
                n["situacao"] == "cancelada",
            )
            for n in reversed(livro.list_notas({}, TUDO))
            if n["emitente"] in EMITENTES
        ]  # fmt: skip
        faixas = [
            FaixaNoLivro(f["emitente"], f["modelo"], f["serie"], f["inicio"], f["fim"])
            for f in reversed(livro.list_inutilizacoes({}, TUDO))
        ]
        recepcoes = [(r["chave"], r["c_stat"]) for r in reversed(livro.list_recepcoes({}, TUDO))]
        distribuidos = [
            Distribuido(d["documento"], d["nsu"], d["tipo"], d["chave"])
            for d in reversed(livro.list_distribuicao({}, TUDO))
            if d["documento"] in EMITENTES
        ]
        return Livro(notas, faixas, recepcoes, distribuidos)

    def settle(self, agora: datetime) -> None:
        """Judge the lots that still wait."""
        self._sefaz.process_due_lotes(agora + timedelta(days=1))

    def close(self) -> None:
        self._sefaz.close()


_CHAVE = re.compile(rb'Id="NFe(\w{44})"|<chNFe>(\w{44})</chNFe>')
_RECIBO = re.compile(rb"<nRec>(\d+)</nRec>")
_FAIXA = re.compile(rb'Id="(ID\w+)"')
_DIGEST = re.compile(rb"<DigestValue>([^<]+)</DigestValue>")


def is_svc(caminho: str) -> bool:
    """Whether an address is an SVC's."""
    return "/SVC-" in caminho


def is_national(caminho: str) -> bool:
    """Whether an address is the Ambiente Nacional's."""
    return caminho.startswith("/AN/")


def subject_of(corpo: bytes) -> str:
    """Key, receipt or range that a request is about."""
    for forma in (_CHAVE, _RECIBO, _FAIXA):
        achado = forma.search(corpo)
        if achado is not None:
            return next(g for g in achado.groups() if g).decode()
    return ""


def digest_of(corpo: bytes) -> str:
    """The digest that a signed request carries."""
    achado = _DIGEST.search(corpo)
    return "" if achado is None else achado[1].decode()
