"""Returns of notes: finds the original, whoever issued it, counts what of it came back, and issues the return of the rest."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any, Protocol

from chancela.documents.nfe.devolucao import Devolucao, count_return, return_part, return_whole
from chancela.documents.nfe.devolvido import DevolucaoAnterior, ItemDevolvido
from chancela.documents.nfe.layout import DocumentoNfe, parse_nfe
from chancela.documents.nfe.pedido import PedidoNfe
from chancela.documents.recebidos.classificacao import TipoRecebido
from chancela.domain.erros import DevolucaoConcorrente, EstadoInvalido, NaoEncontrado
from chancela.domain.identidade import Ambiente, Modelo
from chancela.issuing.distribuicao import DocumentoRecebido, FiltroRecebidos, PaginaRecebidos
from chancela.issuing.empresa import Empresa
from chancela.issuing.modelo import Documento, Estado, NotaDevolvida
from chancela.issuing.solicitacao import CANCELAMENTOS
from chancela.kit.ids import is_id

_TENTATIVAS = 4
_DE_UMA_CHAVE = 100
"""A note and its events; the rest of an unusually long list are events."""
_SITUACAO_AUTORIZADA = 1


@dataclass(frozen=True, slots=True)
class DevolucaoGuardada:
    """An earlier return as it is stored: its version, its text and what it brings back."""

    documento_id: str
    versao: int
    xml: bytes
    itens: tuple[ItemDevolvido, ...]


@dataclass(frozen=True, slots=True)
class PedidoDevolucao:
    """What the caller asks for: the original by id or key, and what comes back of it, or `parte` None for all."""

    uuid: str
    chave: str
    cfop: str
    natureza: str
    parte: PedidoNfe | None = None


class EmissorNota(Protocol):
    """See `issuing.servico_nfe.ServicoNfe.issue`."""

    async def issue(
        self,
        empresa: Empresa,
        pedido: PedidoNfe,
        *,
        referencia: str | None,
        reabrir: bool,
        corpo: bytes,
        insistir: bool = False,
        devolve: NotaDevolvida | None = None,
    ) -> Documento: ...


class LeitorNotas(Protocol):
    """Issued documents of a company. Blocking."""

    def get(self, documento_id: str, empresa_id: int) -> Documento | None: ...

    def find_by_chave(self, chave: str, empresa_id: int) -> Documento | None: ...


class LeitorRecebidas(Protocol):
    """Received documents of a company. Blocking."""

    def list_page(
        self, empresa_id: int, filtro: FiltroRecebidos, *, pagina: int, tamanho: int
    ) -> PaginaRecebidos: ...

    def get(self, recebido_id: str, empresa_id: int) -> DocumentoRecebido | None: ...

    def xml(self, recebido_id: str, empresa_id: int) -> bytes | None: ...


class Devolucoes(Protocol):
    """Which stored documents return which notes. Blocking."""

    def standing(
        self, chave: str, empresa_id: int, ambiente: Ambiente, *, menos: str | None
    ) -> Sequence[DevolucaoGuardada]:
        """Returns of a note that live or are authorised, but for the one whose own reference is `menos`."""
        ...


class ServicoDevolucao:
    """The application service behind `invoice/return`, and behind returns that `invoice/create` describes.

    `run` runs blocking calls in a thread.
    """

    def __init__(
        self,
        *,
        emissor: EmissorNota,
        notas: LeitorNotas,
        recebidas: LeitorRecebidas,
        devolucoes: Devolucoes,
        run: Callable[..., Awaitable[Any]],
    ) -> None:
        self._emissor = emissor
        self._notas = notas
        self._recebidas = recebidas
        self._devolucoes = devolucoes
        self._run = run

    async def issue(
        self, empresa: Empresa, pedido: PedidoDevolucao, *, referencia: str, corpo: bytes
    ) -> Documento:
        """Issue the return, counted together with those that stand. Raises as `ServicoNfe.issue` does, and
        `NaoEncontrado` when all of a note that is not known shall come back."""
        original: DocumentoNfe | None = await self._run(self._original, empresa, pedido)
        return await self._issue_counted(
            partial(self._prepare, empresa, pedido, original, menos=referencia),
            partial(self._emissor.issue, empresa, referencia=referencia, reabrir=False, corpo=corpo),
        )

    async def issue_described(
        self,
        empresa: Empresa,
        pedido: PedidoNfe,
        *,
        referencia: str,
        reabrir: bool,
        corpo: bytes,
        insistir: bool = False,
    ) -> Documento:
        """Issue a return of one note as its caller describes it, taxes as well; what it brings back of a note that is known
        is counted together with the returns that stand. Raises as `ServicoNfe.issue` does."""
        (referida,) = pedido.referencias
        emitir = partial(
            self._emissor.issue,
            empresa,
            referencia=referencia,
            reabrir=reabrir,
            corpo=corpo,
            insistir=insistir,
        )
        descrita = PedidoDevolucao("", referida.chave, "", "", parte=pedido)
        original: DocumentoNfe | None = await self._run(self._original, empresa, descrita)
        if original is None:
            return await emitir(pedido)

        def prepare() -> tuple[Devolucao, frozenset[tuple[str, int]]]:
            anteriores, vistas = self._standing(empresa, original, pedido.ambiente, menos=referencia)
            return count_return(pedido, original, anteriores), vistas

        return await self._issue_counted(prepare, emitir)

    async def _issue_counted(
        self,
        prepare: Callable[[], tuple[Devolucao, frozenset[tuple[str, int]]]],
        emitir: Callable[..., Awaitable[Documento]],
    ) -> Documento:
        """Prepare and store; again when another return of the note was stored meanwhile."""
        for tentativa in count(1):
            devolucao, vistas = await self._run(prepare)
            devolve = NotaDevolvida(devolucao.pedido.referencias[0].chave, devolucao.itens, vistas)
            try:
                return await emitir(devolucao.pedido, devolve=devolve)
            except DevolucaoConcorrente:
                if tentativa == _TENTATIVAS:
                    raise
        raise AssertionError("unreachable")

    def _prepare(
        self, empresa: Empresa, pedido: PedidoDevolucao, original: DocumentoNfe | None, *, menos: str
    ) -> tuple[Devolucao, frozenset[tuple[str, int]]]:
        anteriores: Sequence[DevolucaoAnterior] = ()
        vistas: frozenset[tuple[str, int]] = frozenset()
        if original is not None:
            ambiente = original.identificacao.ambiente if pedido.parte is None else pedido.parte.ambiente
            anteriores, vistas = self._standing(empresa, original, ambiente, menos=menos)
        if pedido.parte is not None:
            parcial = return_part(
                pedido.parte,
                original,
                devolve=empresa.cnpj,
                chave=pedido.chave,
                cfop=pedido.cfop,
                anteriores=anteriores,
            )
            return parcial, vistas
        assert original is not None, "a note that comes back whole was found"
        inteira = return_whole(
            original,
            devolve=empresa.cnpj,
            cfop=pedido.cfop,
            natureza=pedido.natureza,
            anteriores=anteriores,
        )
        return inteira, vistas

    def _standing(
        self, empresa: Empresa, original: DocumentoNfe, ambiente: Ambiente, *, menos: str
    ) -> tuple[Sequence[DevolucaoAnterior], frozenset[tuple[str, int]]]:
        """The returns of a note that count, and which versions of which documents they are."""
        chave = original.identificacao.chave.texto
        guardadas = self._devolucoes.standing(chave, empresa.id, ambiente, menos=menos)
        anteriores = [DevolucaoAnterior(g.itens, parse_nfe(g.xml)) for g in guardadas]
        return anteriores, frozenset((g.documento_id, g.versao) for g in guardadas)

    # -- the original -------------------------------------------------------------------------------------

    def _original(self, empresa: Empresa, pedido: PedidoDevolucao) -> DocumentoNfe | None:
        """The note that comes back, as issued or as received. None only when the caller describes what comes back."""
        emitida = self._issued(empresa.id, pedido)
        if emitida is not None:
            if emitida.estado is not Estado.AUTORIZADO:
                raise _not_authorised()
            assert emitida.xml_assinado is not None, "an authorised document was signed"
            return parse_nfe(emitida.xml_assinado)
        recebida = self._received(empresa, pedido)
        if recebida is None and pedido.parte is None:
            raise NaoEncontrado(
                "NOTA-NAO-EXISTE",
                "Nota fiscal não encontrada.",
                "Confira o uuid ou a chave; para devolver uma nota que não foi emitida nem recebida por aqui, envie"
                " return_detail.",
            )
        return recebida

    def _issued(self, empresa_id: int, pedido: PedidoDevolucao) -> Documento | None:
        achada = None
        if pedido.chave:
            achada = self._notas.find_by_chave(pedido.chave, empresa_id)
        elif is_id(pedido.uuid):
            achada = self._notas.get(pedido.uuid, empresa_id)
        return achada if achada is not None and achada.modelo is Modelo.NFE else None

    def _received(self, empresa: Empresa, pedido: PedidoDevolucao) -> DocumentoNfe | None:
        chave = pedido.chave
        if not chave and is_id(pedido.uuid):
            recebido = self._recebidas.get(pedido.uuid, empresa.id)
            chave = "" if recebido is None else recebido.dados.chave
        if not chave:
            return None
        filtro = FiltroRecebidos(chave=chave)
        achados = self._recebidas.list_page(empresa.id, filtro, pagina=1, tamanho=_DE_UMA_CHAVE).documentos
        if any(_cancelled(achado) for achado in achados):
            raise _not_authorised()
        inteiros = [achado for achado in achados if achado.dados.tipo is TipoRecebido.PROC_NFE]
        if not inteiros:
            if pedido.parte is None and any(a.dados.tipo is TipoRecebido.RES_NFE for a in achados):
                raise EstadoInvalido(
                    "NOTA-DEVOLUCAO-RESUMO",
                    "Desta nota só chegou o resumo, sem os itens.",
                    "Manifeste a ciência da operação e sincronize, ou envie return_detail.",
                )
            return None
        xml = self._recebidas.xml(inteiros[0].id, empresa.id)
        assert xml is not None, "what was classified as a note can be unpacked"
        nota = parse_nfe(xml)
        destinatario = nota.nfe.destinatario
        if destinatario is not None and destinatario.documento == empresa.cnpj:
            return nota
        if pedido.parte is None:
            raise EstadoInvalido(
                "NOTA-DEVOLUCAO-PARTE",
                "A empresa não é o destinatário desta nota: não lhe cabe devolvê-la.",
                "Confira a chave.",
            )
        return None


def _cancelled(recebido: DocumentoRecebido) -> bool:
    dados = recebido.dados
    if dados.tipo is TipoRecebido.RES_NFE:
        return dados.situacao not in (None, _SITUACAO_AUTORIZADA)
    return dados.tp_evento in CANCELAMENTOS


def _not_authorised() -> EstadoInvalido:
    return EstadoInvalido(
        "NOTA-DEVOLUCAO-ESTADO",
        "Só uma nota autorizada pode ser devolvida.",
        "Consulte a situação da nota.",
    )
