"""The plot of a run, from its seed: who sells what when, which faults strike, and which outages last how long."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from chancela.kit.randomness import SeededRandomness
from chancela.simulator.falhas import TipoFalha
from chancela.stores.defeitos import Defeito

HORA = timedelta(hours=1)
SOSSEGO = timedelta(minutes=30)
"""How long after the faults stop everything has to be settled."""


EMITENTES = ("11444777000161", "12ABC34501DE35", "44556677000186")
"""CNPJ of every shop."""
EPEC_SE_PRECISO = 0
"""The shop that wants its notes announced (EPEC) when neither its authorizer nor the SVC serves."""
VAREJO = 1
"""The shop that sells over the counter too."""
COMPRADORAS = (0, 2)
"""The shops that buy: the distribution takes no CNPJ with letters yet."""
RECEBIMENTO = timedelta(hours=4)
"""How long after the faults stop everything has to be captured: a question an hour, and a whole note takes two."""


class Modo(StrEnum):
    """How much the authority reads."""

    LEVE = "leve"
    """Key, numbers and digest."""
    COMPLETO = "completo"
    """XML, signature, schema, SOAP and every rule of the simulator."""


class Praga(StrEnum):
    """An outage: everything of a kind goes wrong for as long as it lasts."""

    FORA_DO_AR = "fora_do_ar"
    """Nobody listens."""
    PARALISADA = "paralisada"
    """108 or 109 to everything."""
    RESPOSTAS_PERDIDAS = "respostas_perdidas"
    """Every request is judged and no answer arrives."""
    LENTA = "lenta"
    """Answers take longer than anybody waits."""
    BANCO_FORA = "banco_fora"
    """The database accepts no connection."""
    BANCO_REINICIADO = "banco_reiniciado"
    """Every connection to the database dies at once."""
    CERTIFICADO_VENCIDO = "certificado_vencido"
    """The certificate of a shop runs out and is replaced when the outage ends."""
    RECUSAS = "recusas"
    """Everything that a shop sends to be authorised is refused for the same reason, and the shop insists."""
    RELOGIO = "relogio"
    """The shop's clock, and the database's, go wrong by some minutes until the outage ends."""


NO_FIO = frozenset({Praga.FORA_DO_AR, Praga.PARALISADA, Praga.RESPOSTAS_PERDIDAS, Praga.LENTA})
"""Outages of the wire: the authorizer has to be watched until they are over."""


@dataclass(frozen=True, slots=True)
class Janela:
    """When an outage lasts."""

    praga: Praga
    inicio: datetime
    fim: datetime
    loja: int = 0
    """Whom it strikes, where it strikes one shop."""
    passo_s: int = 0
    """By how much the clock is off."""
    svc: bool = False
    """Whether the SVC takes the place of the authorizer for as long as the outage of its wire lasts."""
    nacional: bool = False
    """Whether the Ambiente Nacional, and an SVC that says that it is off, can be reached meanwhile: what EPEC is for."""

    def covers(self, agora: datetime) -> bool:
        return self.inicio <= agora < self.fim


@dataclass(frozen=True, slots=True)
class Venda:
    """One sale and what its customer does about it."""

    loja: int
    referencia: str
    quando: datetime
    quantidade: int
    preco_centavos: int
    repete: int = 0
    """Posts the same request so many times more, at the same moment."""
    disputa: bool = False
    """Another client posts other content under the same id at the same moment."""
    cancela_apos_s: int | None = None
    corrige_apos_s: int | None = None
    confere: bool = False
    """Asks for the document again although it was authorised at once."""
    ruim: bool = False
    """The request is bad: it has to be refused without using a number."""
    cupom: bool = False
    """An NFC-e over the counter; otherwise an NF-e."""
    offline: bool = False
    """The shop asks for an NFC-e off-line by itself, its network being bad."""


@dataclass(frozen=True, slots=True)
class Compra:
    """One note that a supplier issues to a shop."""

    loja: int
    quando: datetime
    valor_centavos: int
    desfeita_apos_s: int | None = None
    """The supplier cancels it so long after."""
    procura_apos_s: int | None = None
    """The shop's own program asks for what it received so long after, beside the worker."""


@dataclass(frozen=True, slots=True)
class Enredo:
    """Everything that chance decided before the run."""

    semente: int
    dias: int
    modo: Modo
    inicio: datetime
    fim: datetime
    """When sales and faults stop."""
    lojas: int
    vendas: Sequence[Venda]
    janelas: Sequence[Janela]
    falhas_por_mil: int
    defeitos_por_mil: int
    """Statements that the database fails, of a thousand."""
    inutilizacoes: Sequence[tuple[datetime, int]]
    """When a shop declares a range ahead of its counter as never used."""
    compras: Sequence[Compra] = ()
    """Only where the authority distributes: the whole simulator."""

    def active(self, agora: datetime) -> Sequence[Janela]:
        return [janela for janela in self.janelas if janela.covers(agora)]


INICIOS = (
    datetime(2026, 11, 23, 3, tzinfo=UTC),
    datetime(2026, 12, 20, 3, tzinfo=UTC),
    datetime(2027, 2, 10, 3, tzinfo=UTC),
    datetime(2027, 10, 5, 3, tzinfo=UTC),
    datetime(2018, 10, 25, 3, tzinfo=UTC),
    datetime(2019, 2, 10, 2, tzinfo=UTC),
)
"""Midnights of Brasília. The second turns the year. In the fifth summer time begins (4 November 2018, 00:00), in the sixth
it ends (17 February 2019, 00:00): the last ones that there were, with the rules that would hold if it came back."""
_DE_HOJE = 4
"""The rules that the whole simulator knows are those of today: it plays no past."""
_FALHAS: Sequence[tuple[TipoFalha, int]] = (
    (TipoFalha.QUEDA_APOS, 8),
    (TipoFalha.QUEDA_ANTES, 4),
    (TipoFalha.RECUSA, 4),
    (TipoFalha.ATRASO, 4),
    (TipoFalha.TRUNCADA, 3),
    (TipoFalha.HTML, 3),
    (TipoFalha.HTTP_500, 2),
    (TipoFalha.DUPLICADA, 3),
    (TipoFalha.PARADO_CURTO, 2),
    (TipoFalha.PARADO, 1),
    (TipoFalha.ERRO_NAO_CATALOGADO, 2),
    (TipoFalha.LOTE_EM_PROCESSAMENTO, 3),
    (TipoFalha.CONSUMO_INDEVIDO, 1),
    (TipoFalha.C_STAT, 3),
    (TipoFalha.SEM_DIGVAL, 1),
)
_LEQUE = [tipo for tipo, peso in _FALHAS for _ in range(peso)]
_SEM_656 = timedelta(hours=2)
"""656 makes a document wait for an hour: the last ones come so long before the end."""


def draw_fault(acaso: SeededRandomness, enredo: Enredo, agora: datetime) -> TipoFalha | None:
    """The fault of one exchange, or none."""
    if agora >= enredo.fim or acaso.randbelow(1000) >= enredo.falhas_por_mil:
        return None
    tipo = _LEQUE[acaso.randbelow(len(_LEQUE))]
    if tipo is TipoFalha.CONSUMO_INDEVIDO and agora > enredo.fim - _SEM_656:
        return TipoFalha.QUEDA_APOS
    return tipo


def draw_defect(acaso: SeededRandomness, enredo: Enredo, agora: datetime) -> Defeito | None:
    """What the database does to one statement."""
    if agora >= enredo.fim or acaso.randbelow(1000) >= enredo.defeitos_por_mil:
        return None
    return tuple(Defeito)[acaso.randbelow(len(Defeito))]


def write_plot(semente: int, dias: int, modo: Modo, *, vendas_por_dia: int) -> Enredo:
    """The plot of a seed."""
    acaso = SeededRandomness(f"enredo {semente}")
    inicios = INICIOS if modo is Modo.LEVE else INICIOS[:_DE_HOJE]
    inicio = inicios[semente % len(inicios)]
    fim = inicio + timedelta(days=dias) - 4 * HORA
    lojas = len(EMITENTES)
    janelas = _draw_windows(acaso, inicio, dias, lojas)
    if modo is Modo.COMPLETO:
        janelas = _draw_reach(semente, janelas)
    do_dia = {(janela.inicio - inicio).days: janela for janela in janelas}
    vendas = [
        _draw_sale(acaso, inicio, dia, n, lojas, do_dia.get(dia))
        for dia in range(dias)
        for n in range(1 + acaso.randbelow(2 * vendas_por_dia))
    ]
    return Enredo(
        semente,
        dias,
        modo,
        inicio,
        fim,
        lojas,
        sorted(vendas, key=lambda venda: venda.quando),
        janelas,
        (0, 20, 60, 150)[acaso.randbelow(4)],
        (0, 1, 3)[acaso.randbelow(3)],
        [
            (inicio + timedelta(days=dia, hours=13), acaso.randbelow(lojas))
            for dia in range(dias)
            if acaso.randbelow(8) == 0
        ],
        _draw_purchases(semente, inicio, dias) if modo is Modo.COMPLETO else (),
    )


def _draw_sale(
    acaso: SeededRandomness, inicio: datetime, dia: int, n: int, lojas: int, janela: Janela | None
) -> Venda:
    """A sale of a day: two of three on a day of trouble come into the middle of it, where there is something to find."""
    no_meio = janela is not None and bool(acaso.randbelow(3))
    de_noite = acaso.randbelow(8) == 0
    comeco = inicio + timedelta(days=dia, hours=0 if de_noite else 8)
    duracao_s, loja = (20 if de_noite else 12) * 3600, acaso.randbelow(lojas)
    if janela is not None and no_meio:
        comeco, loja = janela.inicio, janela.loja
        duracao_s = int((janela.fim - janela.inicio).total_seconds())
    sorte = acaso.randbelow(100)
    cupom = loja == VAREJO and bool(acaso.randbelow(3))
    return Venda(
        loja=loja,
        referencia=f"V{dia:02d}-{n:03d}",
        quando=comeco + timedelta(seconds=acaso.randbelow(duracao_s)),
        quantidade=1 + acaso.randbelow(9),
        preco_centavos=1 + acaso.randbelow(99_999),
        repete=1 + acaso.randbelow(3) if sorte < 6 else 0,
        disputa=6 <= sorte < 10,
        cancela_apos_s=60 + acaso.randbelow(10_000) if 10 <= sorte < 18 else None,
        corrige_apos_s=60 + acaso.randbelow(10_000) if 16 <= sorte < 22 and not cupom else None,
        ruim=22 <= sorte < 25,
        confere=sorte >= 85,
        cupom=cupom,
        offline=cupom and 25 <= sorte < 35,
    )


def _draw_purchases(semente: int, inicio: datetime, dias: int) -> Sequence[Compra]:
    """Up to three a day, from chance of their own: the sales of a seed stay what they were."""
    acaso = SeededRandomness(f"compras {semente}")
    compras = [
        Compra(
            loja=COMPRADORAS[acaso.randbelow(len(COMPRADORAS))],
            quando=inicio + timedelta(days=dia, seconds=8 * 3600 + acaso.randbelow(11 * 3600)),
            valor_centavos=100 + acaso.randbelow(9_999_900),
            desfeita_apos_s=60 + acaso.randbelow(40_000) if acaso.randbelow(6) == 0 else None,
            procura_apos_s=acaso.randbelow(4 * 3600) if acaso.randbelow(3) == 0 else None,
        )
        for dia in range(dias)
        for _ in range(acaso.randbelow(4))
    ]
    return sorted(compras, key=lambda compra: compra.quando)


def _draw_reach(semente: int, janelas: Sequence[Janela]) -> list[Janela]:
    """Half of the outages of the wire in which no SVC steps in are the UF's alone; from chance of their own."""
    acaso = SeededRandomness(f"alcance {semente}")
    return [
        replace(j, nacional=j.praga in NO_FIO and not j.svc and bool(acaso.randbelow(2))) for j in janelas
    ]


def _draw_windows(acaso: SeededRandomness, inicio: datetime, dias: int, lojas: int) -> list[Janela]:
    """About one outage in two days, never over the last hours, each kind with its own length."""
    minutos = {
        Praga.FORA_DO_AR: 360,
        Praga.PARALISADA: 180,
        Praga.RESPOSTAS_PERDIDAS: 45,
        Praga.LENTA: 60,
        Praga.BANCO_FORA: 10,
        Praga.BANCO_REINICIADO: 1,
        Praga.CERTIFICADO_VENCIDO: 180,
        Praga.RECUSAS: 240,
        Praga.RELOGIO: 240,
    }
    pragas = list(Praga)
    janelas: list[Janela] = []
    for dia in range(dias):
        if acaso.randbelow(2):
            continue
        praga = pragas[acaso.randbelow(len(pragas))]
        comeco = inicio + timedelta(days=dia, seconds=8 * 3600 + acaso.randbelow(5 * 3600))
        duracao = timedelta(seconds=30 + acaso.randbelow(minutos[praga] * 60))
        passo_s = (1 if acaso.randbelow(2) else -1) * (30 + acaso.randbelow(200))
        loja, svc = acaso.randbelow(lojas), praga in NO_FIO and bool(acaso.randbelow(2))
        janelas.append(Janela(praga, comeco, comeco + duracao, loja, passo_s, svc))
    return janelas
