"""Takes one leased document into contingency, or tells it to wait: the hands of the pure decisions of `contingencia`."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

from chancela.documents.nfe.modelo import Contingencia
from chancela.documents.nfe.numeracao import number_infnfe
from chancela.documents.nfe.reemissao import change_emission, read_emission
from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.chave import ChaveAcesso, choose_cnf
from chancela.domain.identidade import Cnpj, Cpf, Modelo
from chancela.issuing.contingencia import (
    NOMES,
    AjustesContingencia,
    ModoNfce,
    ModoNfe,
    Panorama,
    Rumo,
    TipoEmissao,
    choose_course,
    choose_kind,
    justification,
    legal_deadline,
)
from chancela.issuing.decisao import Decisao
from chancela.issuing.epec import Anunciante
from chancela.issuing.modelo import (
    Concessao,
    Documento,
    Estado,
    Marco,
    NovoDocumento,
    Numerado,
    OutraEmissao,
)
from chancela.issuing.ports import Documentos
from chancela.issuing.solicitacao import EstadoSolicitacao, Solicitacao
from chancela.issuing.vigia import Vigia
from chancela.kit.clock import Clock
from chancela.kit.ids import IdSource
from chancela.kit.randomness import Randomness

P = ParamSpec("P")
T = TypeVar("T")
ESPERA_S = 900.0
"""Until a waiting document is looked at again; the end of the outage wakes it long before."""
LOGO_S = 1.0
AGUARDA = "A SEFAZ autorizadora está fora do ar; o documento segue quando ela voltar."
A_ANUNCIAR = "Assinado; o EPEC é registrado em seguida no Ambiente Nacional."
EPEC_REGISTRADO = 136
ESPERA_EPEC_S = 15.0
GUARDADO = "Emitido em contingência off-line; será transmitido quando a SEFAZ voltar."


class LeitorAjustes(Protocol):
    """What companies decided about contingency, remembered for seconds."""

    def remembered(self, empresa_id: int) -> AjustesContingencia | None: ...

    def read(self, empresa_id: int) -> AjustesContingencia: ...


@dataclass(frozen=True, slots=True)
class Desvio:
    """How to go on with a document: `concessao` is the one to advance (itself, its new version, or its substitute)."""

    concessao: Concessao
    guardar: bool = False
    """Sign and keep; `decisao` is what to settle then."""
    decisao: Decisao | None = None
    """Settle this at once, without asking anybody."""
    visto: Panorama | None = None
    """How the authorizers stood when this was decided; None on the straight way, where nothing rests."""


class Desvios:
    """One process's way into and out of contingency."""

    def __init__(
        self,
        *,
        documentos: Documentos,
        vigia: Vigia,
        ajustes: LeitorAjustes,
        anunciante: Anunciante,
        clock: Clock,
        ids: IdSource,
        randomness: Randomness,
        executor: ThreadPoolExecutor,
        prazo_concessao_s: float,
    ) -> None:
        self._documentos = documentos
        self._vigia = vigia
        self._ajustes = ajustes
        self._anunciante = anunciante
        self._clock = clock
        self._ids = ids
        self._randomness = randomness
        self._executor = executor
        self._prazo_concessao_s = prazo_concessao_s

    async def _settings(self, empresa_id: int) -> AjustesContingencia:
        """What a company decided; a thread only when memory does not know it."""
        lembrados = self._ajustes.remembered(empresa_id)
        return lembrados if lembrados is not None else await self._run(self._ajustes.read, empresa_id)

    async def find(self, concessao: Concessao, certificado: Certificado, *, presente: bool) -> Desvio:
        """The way of a document now. Most go straight on, at the cost of a look at memory."""
        documento = concessao.documento
        ajustes = await self._settings(documento.empresa_id)
        sempre = ajustes.nfe is ModoNfe.SVC_SEMPRE
        panorama = await self._vigia.look(documento, certificado, sempre=sempre)
        tipo = choose_kind(documento, ajustes, panorama)
        if tipo is None and not panorama.aberto and documento.tp_emis == TipoEmissao.NORMAL:
            return Desvio(concessao)
        transmitido = await self._run(self._documentos.was_transmitted, documento.id, documento.empresa_id)
        anuncio = None
        if documento.tp_emis == TipoEmissao.EPEC:
            anuncio = await self._anunciante.find(documento)
        rumo = choose_course(
            documento,
            panorama=panorama,
            tipo=tipo,
            transmitido=transmitido,
            presente=presente,
            anuncio=None if anuncio is None else anuncio.estado,
        )
        if rumo is Rumo.ANUNCIAR:
            anuncio = await self._anunciante.announce(documento, certificado)
        if anuncio is not None and rumo in (Rumo.ANUNCIAR, Rumo.ESPERAR):
            desvio = Desvio(concessao, decisao=announced(documento, anuncio))
        else:
            desvio = await self._follow(concessao, rumo, tipo, panorama, ajustes)
        return replace(desvio, visto=panorama)

    async def straight_on(self, novo: NovoDocumento) -> bool:
        """Whether a new document goes to its authorizer as it is, at once: `find` would say so. A look at memory."""
        if novo.tp_emis != TipoEmissao.NORMAL or await self._vigia.sends_elsewhere(novo):
            return False
        ajustes = await self._settings(novo.empresa_id)
        if novo.modelo is Modelo.NFE:
            return ajustes.nfe is not ModoNfe.SVC_SEMPRE
        return ajustes.nfce is not ModoNfce.SEMPRE

    async def offered(self, documento: Documento) -> bool:
        """Whether it pays to look at a living document again at once, for somebody who waits for it."""
        if documento.tp_emis == TipoEmissao.EPEC:
            return documento.estado is Estado.ASSINADO and documento.c_stat is None
        return (
            documento.estado.vivo
            and documento.tp_emis == TipoEmissao.NORMAL
            and documento.substituto_id is None
            and await self._vigia.is_down(documento)
        )

    async def _follow(
        self,
        concessao: Concessao,
        rumo: Rumo,
        tipo: TipoEmissao | None,
        panorama: Panorama,
        ajustes: AjustesContingencia,
    ) -> Desvio:
        if rumo is Rumo.SEGUIR:
            return Desvio(concessao)
        if rumo is Rumo.ESPERAR:
            return Desvio(concessao, decisao=waiting(concessao.documento))
        if rumo is Rumo.GUARDAR:
            return Desvio(concessao, guardar=True, decisao=_kept_as(concessao.documento.tp_emis, panorama))
        outra = self._other(concessao.documento, tipo or TipoEmissao.NORMAL, panorama, ajustes)
        if rumo is Rumo.MUDAR:
            nova = await self._run(self._documentos.change_emission, concessao, outra)
        else:
            nova = await self._run(
                partial(
                    self._documentos.substitute,
                    concessao,
                    outra,
                    novo_id=self._ids.new(),
                    prazo_s=self._prazo_concessao_s,
                )
            )
        if tipo in (TipoEmissao.OFFLINE, TipoEmissao.EPEC):
            return Desvio(nova, guardar=True, decisao=_kept_as(nova.documento.tp_emis, panorama))
        return Desvio(nova)

    def _other(
        self, documento: Documento, tipo: TipoEmissao, panorama: Panorama, ajustes: AjustesContingencia
    ) -> OutraEmissao:
        """The document's own text in another kind of emission; numbering it is pure."""
        emissao = read_emission(documento.xml_sem_assinatura)
        inicio = (panorama.desde or self._clock.now()).astimezone(emissao.tzinfo)
        contingencia = None
        if tipo is not TipoEmissao.NORMAL:
            contingencia = Contingencia(inicio, justification(ajustes))
        texto = change_emission(documento.xml_sem_assinatura, tipo, contingencia)
        sorteio = self._randomness.randbelow(100_000_000)
        emitente = Cnpj(documento.emitente) if len(documento.emitente) == 14 else Cpf(documento.emitente)

        def give_number(numero: int) -> Numerado:
            chave = ChaveAcesso.compose(
                uf=documento.uf,
                emissao=emissao,
                emitente=emitente,
                modelo=documento.modelo,
                serie=documento.serie,
                numero=numero,
                tp_emis=tipo,
                cnf=choose_cnf(sorteio, numero),
            )
            return Numerado(chave.texto, number_infnfe(texto, chave))

        return OutraEmissao(
            tp_emis=tipo,
            contingencia_em=None if contingencia is None else inicio,
            transmitir_ate=legal_deadline(tipo, emissao, ajustes),
            numerar=give_number,
            marco=_entered(tipo, inicio.isoformat(timespec="seconds"), de_mao=not panorama.aberto),
        )

    async def _run(self, funcao: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        laco = asyncio.get_running_loop()
        return await laco.run_in_executor(self._executor, partial(funcao, *args, **kwargs))


def waiting(documento: Documento) -> Decisao:
    """The document rests until its authorizer is back; the timeline says so once."""
    marcos = () if documento.motivo == AGUARDA else (Marco("aguardando_sefaz", AGUARDA),)
    duvida = documento.estado is Estado.INCERTO or documento.tentativa_aberta
    estado = Estado.INCERTO if duvida else documento.estado
    return Decisao(estado, None, AGUARDA, marcos, recibo=documento.recibo, proxima_acao_s=ESPERA_S)


def kept(fora: bool) -> Decisao:
    """Signed and handed over: it travels when the outage ends, or in a moment when there is none."""
    return Decisao(
        Estado.ASSINADO,
        None,
        GUARDADO,
        (Marco("contingencia_guardada", GUARDADO),),
        proxima_acao_s=ESPERA_S if fora else LOGO_S,
    )


def to_announce() -> Decisao:
    """Signed; its EPEC is registered before anything else."""
    return Decisao(Estado.ASSINADO, None, A_ANUNCIAR, (), proxima_acao_s=LOGO_S)


def announced(documento: Documento, anuncio: Solicitacao) -> Decisao:
    """What became of the EPEC: the goods may travel with a registered one; the document rests until SEFAZ is back.

    The cStat of the EPEC stays with the document meanwhile: it tells whether it may be handed over.
    """
    if anuncio.estado is EstadoSolicitacao.REGISTRADA:
        qual = "" if anuncio.protocolo is None else f", protocolo {anuncio.protocolo}"
        motivo = f"EPEC registrado{qual}; a NF-e segue quando a SEFAZ voltar."
        marco, c_stat, espera_s = Marco("epec_registrado", motivo), EPEC_REGISTRADO, ESPERA_S
    elif anuncio.estado.viva:
        motivo = "O Ambiente Nacional ainda não respondeu ao EPEC."
        marco, c_stat, espera_s = Marco("epec_pendente", motivo), None, ESPERA_EPEC_S
    else:
        motivo = f"EPEC recusado: {anuncio.c_stat} {anuncio.motivo}; a NF-e espera pela SEFAZ."
        marco, c_stat, espera_s = Marco("epec_recusado", motivo), anuncio.c_stat, ESPERA_S
    marcos = () if documento.motivo == motivo else (marco,)
    estado = Estado.INCERTO if documento.estado is Estado.INCERTO else Estado.ASSINADO
    return Decisao(estado, c_stat, motivo, marcos, recibo=documento.recibo, proxima_acao_s=espera_s)


def _kept_as(tipo: int, panorama: Panorama) -> Decisao:
    return to_announce() if tipo == TipoEmissao.EPEC else kept(panorama.aberto)


def _entered(tipo: TipoEmissao, desde: str, *, de_mao: bool) -> Marco:
    """`de_mao`: nothing is known to be down; a person decided it, for the company or for the UF."""
    if tipo is TipoEmissao.NORMAL:
        return Marco("contingencia_encerrada", "Volta à emissão normal.", {"tpEmis": "1"})
    return Marco(
        "contingencia",
        f"Emissão em contingência ({NOMES[tipo]}){', por decisão de quem opera' if de_mao else ''}.",
        {"tpEmis": str(int(tipo)), "dhCont": desde, "origem": "manual" if de_mao else "automatica"},
    )
