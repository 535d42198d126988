"""The fault plan: what goes wrong, for whom, when and how often."""

import hashlib
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class TipoFalha(StrEnum):
    """Kinds of fault. The value is the word that the control API uses."""

    QUEDA_APOS = "drop_after"
    """The verdict is committed, then the connection closes without an answer."""
    QUEDA_ANTES = "drop_before"
    """The connection closes and nothing was judged."""
    ATRASO = "delay"
    """The answer leaves `segundos` late (the verdict is already in the ledger), or is judged late with `antes`."""
    RECUSA = "refuse"
    """Nobody listens: without service or company filter the port itself is closed, otherwise as `drop_before`."""
    LOTE_EM_PROCESSAMENTO = "105"
    """The answer says 105; the document is judged `segundos` later (0: at once)."""
    PARADO_CURTO = "108"
    PARADO = "109"
    ERRO_NAO_CATALOGADO = "999"
    CONSUMO_INDEVIDO = "656"
    C_STAT = "cstat"
    """`c_stat` and `motivo` in the answer's root, or inside protNFe with `no_protocolo`."""
    TRUNCADA = "truncated"
    """The first half of the answer, then the connection closes; the verdict is committed."""
    HTML = "html"
    """An HTML page with HTTP 200, as proxies of authorizers give; nothing was judged."""
    HTTP_500 = "http500"
    SEM_DIGVAL = "sem_digval"
    """The protocol comes without digVal."""
    DUPLICADA = "duplicate"
    """The request is judged twice, as when a balancer replays it; the client sees the second verdict."""


@dataclass(frozen=True, slots=True)
class Falha:
    """One entry of the plan. Empty filters match everything; `vezes` None never runs out."""

    id: int
    tipo: TipoFalha
    servico: str = ""
    autorizador: str = ""
    cnpj: str = ""
    vezes: int | None = None
    apos: int = 0
    """How many matching requests pass unharmed first."""
    inicio: str = ""
    fim: str = ""
    """Window in the simulator's time, ISO 8601 with offset."""
    em_cem: int = 100
    """How many of a hundred matching requests it hits; which ones, the seed and their order decide."""
    semente: int = 0
    vistos: int = 0
    """Matching requests so far, when it hits only some."""
    segundos: float = 0.0
    antes: bool = False
    c_stat: int = 0
    motivo: str = ""
    no_protocolo: bool = False

    def matches(self, servico: str, autorizador: str, cnpj: str, agora: datetime) -> bool:
        return (
            (not self.servico or self.servico.lower() == servico.lower())
            and (not self.autorizador or self.autorizador.upper() == autorizador)
            and (not self.cnpj or self.cnpj == cnpj)
            and (self.vezes is None or self.vezes > 0)
            and (not self.inicio or datetime.fromisoformat(self.inicio) <= agora)
            and (not self.fim or agora < datetime.fromisoformat(self.fim))
        )

    def hits(self) -> bool:
        """Whether it hits the matching request at hand: always the same ones for the same seed."""
        sorte = hashlib.sha256(f"{self.semente}:{self.id}:{self.vistos}".encode()).digest()
        return int.from_bytes(sorte[:4]) % 100 < self.em_cem

    @property
    def closes_port(self) -> bool:
        """Whether it concerns the listening port as a whole."""
        return self.tipo is TipoFalha.RECUSA and not (self.servico or self.autorizador or self.cnpj)


_CAMPOS = {campo.name for campo in fields(Falha)} - {"id", "vistos"}


class PlanoFalhas:
    """The plan in order of entry; the first that matches is played."""

    def __init__(self, falhas: list[Falha] | None = None) -> None:
        self._falhas = falhas or []
        self._proxima = max((f.id for f in self._falhas), default=0) + 1

    def add(self, dados: dict[str, Any]) -> Falha:
        """Add an entry from the words of the control API. ValueError, in Portuguese, when a word is wrong."""
        estranhos = set(dados) - _CAMPOS
        if estranhos:
            raise ValueError(
                f"campos desconhecidos: {', '.join(sorted(estranhos))}; os conhecidos são {', '.join(sorted(_CAMPOS))}"
            )
        try:
            tipo = TipoFalha(str(dados.get("tipo", "")))
        except ValueError:
            raise ValueError(
                f"tipo de falha desconhecido; os conhecidos são {', '.join(t.value for t in TipoFalha)}"
            ) from None
        for campo in ("inicio", "fim"):
            if dados.get(campo) and datetime.fromisoformat(dados[campo]).tzinfo is None:
                raise ValueError(f"{campo} precisa de fuso horário, como 2026-11-21T10:00:00-03:00")
        if not isinstance(dados.get("em_cem", 100), int) or not 1 <= dados.get("em_cem", 100) <= 100:
            raise ValueError("em_cem é um número inteiro de 1 a 100")
        falha = Falha(self._proxima, tipo, **{k: v for k, v in dados.items() if k != "tipo"})
        if falha.tipo is TipoFalha.C_STAT and not 100 <= falha.c_stat <= 9999:
            raise ValueError("a falha cstat precisa de c_stat")
        self._proxima += 1
        self._falhas.append(falha)
        return falha

    def remove(self, identidade: int) -> bool:
        antes = len(self._falhas)
        self._falhas = [f for f in self._falhas if f.id != identidade]
        return len(self._falhas) < antes

    def clear(self) -> None:
        self._falhas = []

    def take(self, servico: str, autorizador: str, cnpj: str, agora: datetime) -> Falha | None:
        """The fault to play on this request, counted down."""
        for indice, falha in enumerate(self._falhas):
            if falha.closes_port or not falha.matches(servico, autorizador, cnpj, agora):
                continue
            if falha.apos:
                self._falhas[indice] = replace(falha, apos=falha.apos - 1)
                continue
            if falha.em_cem < 100:
                self._falhas[indice] = replace(falha, vistos=falha.vistos + 1)
                if not falha.hits():
                    continue
                falha = self._falhas[indice]
            if falha.vezes is not None:
                self._falhas[indice] = replace(falha, vezes=falha.vezes - 1)
            return falha
        return None

    def counts(self) -> bool:
        """Whether there is anything whose count may have changed."""
        return bool(self._falhas)

    def port_closed(self, agora: datetime) -> bool:
        """Whether an entry keeps the port closed at this instant."""
        return any(f.closes_port and f.matches("", "", "", agora) for f in self._falhas)

    def dump(self) -> list[dict[str, Any]]:
        return [asdict(f) | {"tipo": f.tipo.value} for f in self._falhas]

    @classmethod
    def restore(cls, linhas: list[dict[str, Any]]) -> "PlanoFalhas":
        falhas: list[Falha] = []
        for linha in linhas:
            campos: dict[str, Any] = {**linha, "tipo": TipoFalha(linha["tipo"])}
            falhas.append(Falha(**campos))
        return cls(falhas)
