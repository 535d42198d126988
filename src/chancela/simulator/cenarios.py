"""Scenarios: what happens to the authorities over time, as data. A step is an order with the second in which it is given.

The files lie in `dados/cenarios`. Orders that lie ahead wait in the agenda, which the ledger keeps; the simulator's clock decides
when they are due, so that a virtual clock plays two hours in a second.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from chancela.simulator.estado import Estado
from chancela.simulator.tabelas import AUTORIZADORES, CODIGO_DA_UF

_ORDENS = ("falha", "svc", "consumo", "revoga_emitidos_ate_agora")
ESTADOS_SVC = (107, 113, 114)


@dataclass(frozen=True, slots=True)
class Cenario:
    """One scenario: its steps, and the seed that decides which of the requests a partial fault hits."""

    nome: str
    descricao: str
    semente: int
    passos: tuple[dict[str, Any], ...]


def read_cenario(nome: str, dados: dict[str, Any]) -> Cenario:
    """A scenario from its file. ValueError, in Portuguese, when it is none."""
    passos: list[dict[str, Any]] = dados.get("passos") or []
    for passo in passos:
        ordens = [chave for chave in passo if chave != "em_s"]
        if len(ordens) != 1 or ordens[0] not in _ORDENS or not isinstance(passo.get("em_s", 0), int):
            raise ValueError(f"um passo tem em_s (inteiro) e uma ordem entre {', '.join(_ORDENS)}: {passo}")
    if not passos:
        raise ValueError("o cenário não tem passos")
    return Cenario(nome, str(dados.get("descricao", "")), int(dados.get("semente", 1)), tuple(passos))


def list_cenarios() -> list[Cenario]:
    """The scenarios of the package, by name."""
    pasta = files("chancela.simulator").joinpath("dados", "cenarios")
    arquivos = sorted((a for a in pasta.iterdir() if a.name.endswith(".json")), key=lambda a: a.name)
    return [read_cenario(a.name.removesuffix(".json"), json.loads(a.read_text("utf-8"))) for a in arquivos]


def find_cenario(nome: str) -> Cenario:
    """ValueError when there is none of that name."""
    achados = {cenario.nome: cenario for cenario in list_cenarios()}
    if nome not in achados:
        raise ValueError(f"não há cenário {nome!r}; há {', '.join(achados)}")
    return achados[nome]


def start_cenario(
    estado: Estado, cenario: Cenario, *, autorizador: str = "", cnpj: str = "", semente: int | None = None
) -> int:
    """Put the steps into the agenda from now on and give those that are due; how many lie ahead.

    `autorizador` and `cnpj` narrow every fault of the scenario.
    """
    if autorizador and autorizador not in AUTORIZADORES:
        raise ValueError(f"autorizador desconhecido: {autorizador!r}")
    agora = estado.relogio.now().replace(microsecond=0)
    for passo in cenario.passos:
        ordem = {chave: valor for chave, valor in passo.items() if chave != "em_s"}
        if "falha" in ordem:
            filtros = {"autorizador": autorizador, "cnpj": cnpj}
            usados = {campo: valor for campo, valor in filtros.items() if valor}
            ordem["falha"] = (
                {"semente": semente if semente is not None else cenario.semente} | ordem["falha"] | usados
            )
        quando = agora + timedelta(seconds=passo.get("em_s", 0))
        estado.agenda.append({"quando": quando.isoformat(), "ordem": ordem})
    run_due_orders(estado, agora, mesmo_sem_ordem=True)
    return len(estado.agenda)


def run_due_orders(estado: Estado, agora: datetime, *, mesmo_sem_ordem: bool = False) -> None:
    """Give the orders whose time has come, in order."""
    vencidas = [item for item in estado.agenda if datetime.fromisoformat(item["quando"]) <= agora]
    if not vencidas and not mesmo_sem_ordem:
        return
    estado.agenda = [item for item in estado.agenda if item not in vencidas]
    for item in sorted(vencidas, key=lambda i: i["quando"]):
        give_order(estado, item["ordem"], datetime.fromisoformat(item["quando"]))
    estado.store_settings()


def give_order(estado: Estado, ordem: dict[str, Any], quando: datetime) -> None:
    """Carry out one order as if given at `quando`. ValueError when it makes no sense."""
    if "falha" in ordem:
        falha = dict(ordem["falha"])
        dura_s = falha.pop("dura_s", None)
        falha.setdefault("inicio", quando.isoformat())
        if dura_s is not None:
            falha["fim"] = (quando + timedelta(seconds=float(dura_s))).isoformat()
        estado.plano.add(falha)
    elif "svc" in ordem:
        set_svc(estado, str(ordem["svc"]["uf"]).upper(), ordem["svc"]["estado"])
    elif "consumo" in ordem:
        estado.consumo = replace(estado.consumo, **ordem["consumo"])
    else:
        estado.revogados_ate = quando.isoformat()


def set_svc(estado: Estado, uf: str, situacao: object) -> None:
    """107, 113 or 114 for the contingency of a UF, or of all with `*`."""
    if situacao not in ESTADOS_SVC:
        raise ValueError("estado é 107, 113 ou 114")
    if uf != "*" and uf not in CODIGO_DA_UF:
        raise ValueError(f"UF desconhecida: {uf!r}")
    for cada in CODIGO_DA_UF if uf == "*" else (uf,):
        estado.svc_desligada.pop(cada, None)
        if situacao != 107:
            estado.svc_desligada[cada] = int(str(situacao))
