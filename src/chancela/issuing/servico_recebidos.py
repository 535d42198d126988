"""The received side as faces and routines call it: capture, manifestação, and ciência given by itself when a company wants it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import structlog

from chancela.documents.eventos.manifestacao import (
    CIENCIA,
    DESCONHECIMENTO,
    MANIFESTACOES,
    NAO_REALIZADA,
    Manifestacao,
    ManifestacaoJustificada,
)
from chancela.documents.eventos.modelo import TipoEvento
from chancela.documents.eventos.regras import clean_justificativa
from chancela.domain.chave import ChaveAcesso
from chancela.domain.erros import FiscalError, Violacao
from chancela.domain.identidade import Ambiente
from chancela.issuing.distribuicao import EstadoDistribuicao, Interessado, Recebidos
from chancela.issuing.distribuidor import Distribuidor, Sincronizacao
from chancela.issuing.empresa import Empresa
from chancela.issuing.recebidas import AmbienteRecebidas, read_recebidas
from chancela.issuing.servico_eventos import ServicoEventos
from chancela.issuing.solicitacao import AlvoEvento, EstadoSolicitacao, Solicitacao

_log = structlog.get_logger("chancela.issuing")
JUSTIFICADAS = frozenset({DESCONHECIMENTO.codigo, NAO_REALIZADA.codigo})
TIPOS: Mapping[str, TipoEvento] = {tipo.codigo: tipo for tipo in MANIFESTACOES}
_CONCLUSIVAS = frozenset(TIPOS) - {CIENCIA.codigo}
_PRAZO_CIENCIA_D = 10
_PAGINAS_POR_TURNO = 50
_CIENCIAS_POR_TURNO = 50


class LeitorEmpresas(Protocol):
    """One company by its id. Blocking."""

    def get(self, empresa_id: int) -> Empresa | None: ...


class ServicoRecebidos:
    """Received documents of one company at a time; everything it needs comes in."""

    def __init__(
        self,
        *,
        distribuidor: Distribuidor,
        recebidos: Recebidos,
        eventos: ServicoEventos,
        empresas: LeitorEmpresas,
        anteriores: Callable[[str, Ambiente, int], Sequence[Solicitacao]],
        run: Callable[..., Any],
    ) -> None:
        """`anteriores` lists the events about a key (`Solicitacoes.list_of_key`); `run` runs blocking calls in a thread."""
        self._distribuidor = distribuidor
        self._recebidos = recebidos
        self._eventos = eventos
        self._empresas = empresas
        self._anteriores = anteriores
        self._run = run

    def interested(self, empresa: Empresa) -> Interessado:
        """Whose queue it is, in the environment of the company's settings."""
        homologa = read_recebidas(empresa).recebidas_ambiente is AmbienteRecebidas.HOMOLOGACAO
        ambiente = Ambiente.HOMOLOGACAO if homologa else Ambiente.PRODUCAO
        return Interessado(empresa.id, empresa.cnpj, empresa.endereco.uf, ambiente)

    async def synchronise(self, empresa: Empresa, maximo: int) -> Sincronizacao:
        """Ask for pages; see `Distribuidor.synchronise`."""
        return await self._distribuidor.synchronise(self.interested(empresa), maximo=maximo)

    async def state(self, empresa: Empresa) -> EstadoDistribuicao:
        """Where the distribution stands; asks nobody."""
        return await self._run(self._recebidos.state, self.interested(empresa))

    async def manifest(
        self, empresa: Empresa, chave: ChaveAcesso, tipo: TipoEvento, justificativa: str
    ) -> tuple[Solicitacao, tuple[Violacao, ...]]:
        """Say something of a note as its recipient. The statement in force, said again, is not sent again."""
        quem = self.interested(empresa)
        texto = clean_justificativa("justificativa", justificativa) if tipo.codigo in JUSTIFICADAS else ""
        dita = _in_force(await self._run(self._anteriores, chave.texto, quem.ambiente, empresa.id), tipo)
        if dita is not None:
            return dita, ()
        alvo = AlvoEvento(empresa.id, empresa.cnpj, quem.ambiente, chave)
        detalhe = ManifestacaoJustificada(texto) if texto else Manifestacao()
        emissao = await self._run(self._recebidos.issued_at, chave.texto, empresa.id)
        return await self._eventos.register(tipo, empresa, alvo, texto, detalhe, autorizado_em=emissao)

    async def run_due(self, limite: int = 100) -> int:
        """The routine: every company that wants it and whose time has come. Returns how many were asked for."""
        feitas = 0
        for empresa_id in await self._run(self._recebidos.due, limite):
            empresa = await self._run(self._empresas.get, empresa_id)
            if empresa is None:
                continue
            try:
                await self.run_company(empresa)
            except FiscalError as erro:
                _log.warning("recebidas_paradas", empresa=empresa_id, codigo=erro.codigo)
                continue
            feitas += 1
        return feitas

    async def run_company(self, empresa: Empresa) -> Sincronizacao:
        """Capture what is new, give ciência if the company wants it, and look for notes that did not come by themselves."""
        quem = self.interested(empresa)
        feita = await self._distribuidor.synchronise(quem, maximo=_PAGINAS_POR_TURNO, avulsas=True)
        if read_recebidas(empresa).recebidas_ciencia:
            await self.acknowledge(empresa)
        return feita

    async def acknowledge(self, empresa: Empresa) -> int:
        """Ciência of every summary that nobody spoke about yet; returns how many were registered."""
        quem = self.interested(empresa)
        resumos = await self._run(
            self._recebidos.to_acknowledge, quem, prazo_d=_PRAZO_CIENCIA_D, limite=_CIENCIAS_POR_TURNO
        )
        registradas = 0
        for resumo in resumos:
            solicitacao, _ = await self.manifest(empresa, ChaveAcesso.parse(resumo.chave), CIENCIA, "")
            registradas += solicitacao.estado is EstadoSolicitacao.REGISTRADA
        return registradas


def _in_force(anteriores: Sequence[Solicitacao], tipo: TipoEvento) -> Solicitacao | None:
    """The registered statement of that kind, if it is the last word: of a conclusive kind, no other came after it."""
    ditas = [s for s in anteriores if s.tipo in TIPOS and s.estado is EstadoSolicitacao.REGISTRADA]
    if tipo.codigo == CIENCIA.codigo:
        return next((s for s in ditas if s.tipo == CIENCIA.codigo), None)
    ultima = next((s for s in ditas if s.tipo in _CONCLUSIVAS), None)
    return ultima if ultima is not None and ultima.tipo == tipo.codigo else None
