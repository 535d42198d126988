"""All rules in the official order of groups, and the search for the first that a note breaks."""

from dataclasses import dataclass, field
from datetime import date

from chancela.simulator.nota import Nota
from chancela.simulator.regras import (
    banco,
    cobranca,
    difal,
    emitente,
    epec,
    ibscbs,
    ibscbs_grupos,
    icms,
    identificacao,
    itens,
    locais,
    monofasico,
    produtos,
    referencias,
    suplemento,
    totais,
    totais_ibscbs,
    transporte,
    tributos,
)
from chancela.simulator.regras.mensagem import OPCOES_DE_SERVICO, RegraMensagem
from chancela.simulator.regras.modelo import Contexto, GrupoRegras, Regra, Rejeicao, text_of

GRUPOS: tuple[GrupoRegras, ...] = (
    identificacao.GRUPO, referencias.GRUPO, emitente.GRUPO, emitente.DESTINATARIO, locais.GRUPO, itens.GRUPO, produtos.GRUPO, icms.GRUPO,
    monofasico.GRUPO, difal.GRUPO, tributos.GRUPO, ibscbs.GRUPO, ibscbs_grupos.GRUPO, referencias.POR_ITEM, totais.GRUPO,
    totais_ibscbs.GRUPO, transporte.GRUPO, cobranca.GRUPO, transporte.COMERCIO, suplemento.GRUPO, banco.GRUPO, epec.GRUPO,
)  # fmt: skip
REGRAS: tuple[Regra, ...] = tuple(regra for grupo in GRUPOS for regra in grupo.regras)


@dataclass(slots=True)
class Parametros:
    """Which rules are on: the defaults of the table, changed rule by rule."""

    trocadas: dict[str, bool] = field(default_factory=dict[str, bool])
    _cache: dict[tuple[str, int, date], list[Regra]] = field(
        default_factory=dict[tuple[str, int, date], list[Regra]]
    )
    _por_marcas: dict[tuple[str, int, date, frozenset[str]], list[Regra]] = field(
        default_factory=dict[tuple[str, int, date, frozenset[str]], list[Regra]]
    )

    def switch(self, codigo: str, ativa: bool) -> bool:
        """Switch a rule on or off; False when no rule has this code."""
        if all(regra.codigo != codigo for regra in (*REGRAS, *OPCOES_DE_SERVICO)):
            return False
        self.trocadas[codigo] = ativa
        self._forget()
        return True

    def restore(self, trocadas: dict[str, bool]) -> None:
        self.trocadas = dict(trocadas)
        self._forget()

    def _forget(self) -> None:
        self._cache.clear()
        self._por_marcas.clear()

    def is_on(self, regra: Regra | RegraMensagem) -> bool:
        return self.trocadas.get(regra.codigo, regra.ativa)

    def active(self, modelo: str, ambiente: int, dia: date) -> list[Regra]:
        """The rules that judge a note of this model on this day."""
        chave = (modelo, ambiente, dia)
        if chave not in self._cache:
            if len(self._cache) > 64:
                self._cache.clear()
            self._cache[chave] = [
                r for r in REGRAS if modelo in r.modelos and self.is_on(r) and r.in_force(dia, ambiente)
            ]
        return self._cache[chave]

    def concerning(self, nota: Nota, ambiente: int, dia: date) -> list[Regra]:
        """The active rules that a note with these marks can break at all, in order."""
        chave = (nota.modelo, ambiente, dia, nota.marcas)
        if chave not in self._por_marcas:
            if len(self._por_marcas) > 256:
                self._por_marcas.clear()
            self._por_marcas[chave] = [
                r
                for r in self.active(nota.modelo, ambiente, dia)
                if not r.so_com or not r.so_com.isdisjoint(nota.marcas)
            ]
        return self._por_marcas[chave]


def first_broken(nota: Nota, ctx: Contexto, parametros: Parametros) -> Rejeicao | None:
    """The first rule that the note breaks, in the official order; SEFAZ answers one cStat per note."""
    for regra in parametros.concerning(nota, ctx.ambiente, ctx.agora.date()):
        juiz = regra.da_nota  # most rules are of the note and hold: they are asked without a step between
        if juiz is not None and juiz(nota, ctx) is False:
            continue
        detalhe = regra.judge(nota, ctx)
        if detalhe is not None:
            return Rejeicao(regra.c_stat, text_of(regra.mensagem, detalhe), regra.codigo)
    return None
