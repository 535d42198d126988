"""`invoice/manifest`, `manifest/list`, `manifest/get_xml` and `invoice/received/*`."""

from starlette.concurrency import run_in_threadpool

from chancela.domain.chave import ChaveAcesso
from chancela.faces.tffiscal.datas import zone_of
from chancela.faces.tffiscal.envelope import Resposta
from chancela.faces.tffiscal.erros import FaceErro, refuse_field
from chancela.faces.tffiscal.links import Arquivo
from chancela.faces.tffiscal.portao import Chamada
from chancela.faces.tffiscal.recebidos.portas import PortasRecebidos
from chancela.faces.tffiscal.recebidos.respostas import (
    answer_manifest,
    answer_manifest_list,
    answer_manifest_xml,
    answer_received_list,
    answer_received_xml,
    answer_state,
    answer_sync,
    manifest_name,
    received_name,
)
from chancela.faces.tffiscal.recebidos.schemas import (
    EstadoEntrada,
    ManifestaEntrada,
    ManifestaLista,
    PorId,
    RecebidosLista,
    SincronizaEntrada,
)
from chancela.faces.tffiscal.servicos import Servicos
from chancela.faces.tffiscal.validacao import validate
from chancela.issuing.distribuicao import DocumentoRecebido, FiltroRecebidos
from chancela.issuing.distribuidor import Sincronizacao
from chancela.issuing.servico_recebidos import JUSTIFICADAS, TIPOS
from chancela.issuing.solicitacao import EstadoSolicitacao, FiltroSolicitacoes, Solicitacao
from chancela.kit.ids import is_id

RAIZ_MANIFESTACOES, RAIZ_RECEBIDOS = "manifestacoes", "recebidos"
ID_INVALIDO = "id inválido"
MANIFESTACAO_NAO_ENCONTRADA = "manifestação não encontrada"
RECEBIDO_NAO_ENCONTRADO = "documento recebido não encontrado"


class OperacoesRecebidos:
    """Operations on what others issued to the company."""

    def __init__(self, servicos: Servicos, portas: PortasRecebidos) -> None:
        self._servicos = servicos
        self._portas = portas

    # -- manifestação -------------------------------------------------------------------------------------

    async def manifest(self, chamada: Chamada) -> Resposta:
        """Say something of a note as its recipient."""
        entrada = validate(ManifestaEntrada, chamada.dados)
        _own_cnpj(chamada, entrada.cnpj)
        chave = ChaveAcesso.parse(entrada.chave)
        if entrada.tipo_evento in JUSTIFICADAS and not entrada.justificativa:
            raise refuse_field(
                "justificativa",
                "CAMPO-AUSENTE",
                "Este evento exige justificativa.",
                "Envie de 15 a 255 caracteres.",
            )
        solicitacao, avisos = await self._portas.servico.manifest(
            chamada.empresa, chave, TIPOS[entrada.tipo_evento], entrada.justificativa
        )
        return answer_manifest(solicitacao, avisos, lambda s: self._link_event(chamada, s))

    async def list_manifest(self, chamada: Chamada) -> Resposta:
        """The registered manifestações, newest first."""
        entrada = validate(ManifestaLista, chamada.dados)
        _own_cnpj(chamada, entrada.cnpj)
        filtro = FiltroSolicitacoes(
            tuple(TIPOS), entrada.chave, entrada.start_create_time, entrada.end_create_time
        )
        pagina = await run_in_threadpool(
            self._portas.manifestacoes.list_registered,
            chamada.empresa.id, filtro, pagina=entrada.page, tamanho=entrada.page_size,
        )  # fmt: skip
        return answer_manifest_list(
            pagina, lambda s: self._link_event(chamada, s), page=entrada.page, page_size=entrada.page_size
        )

    async def manifest_xml(self, chamada: Chamada) -> Resposta:
        """Link to the XML of a manifestação."""
        entrada = validate(PorId, chamada.dados)
        achada = await run_in_threadpool(
            self._portas.manifestacoes.get, _id(entrada.id, "MANIF-01"), chamada.empresa.id
        )
        if achada is None or achada.tipo not in TIPOS or achada.estado is not EstadoSolicitacao.REGISTRADA:
            raise FaceErro(404, "MANIF-02", MANIFESTACAO_NAO_ENCONTRADA, "Use o id de manifest/list.")
        return answer_manifest_xml(achada, lambda s: self._link_event(chamada, s))

    # -- received -----------------------------------------------------------------------------------------

    async def sync(self, chamada: Chamada) -> Resposta:
        """Capture what is new. Before its time nobody is asked: the answer is what is known."""
        entrada = validate(SincronizaEntrada, chamada.dados)
        _own_cnpj(chamada, entrada.cnpj)
        empresa = chamada.empresa
        feita = await self._portas.servico.synchronise(empresa, entrada.max_iterations)
        return answer_sync(str(empresa.cnpj), empresa.endereco.uf.value, feita, _motive(feita))

    async def list_received(self, chamada: Chamada) -> Resposta:
        """Received documents, newest first."""
        entrada = validate(RecebidosLista, chamada.dados)
        _own_cnpj(chamada, entrada.cnpj)
        filtro = FiltroRecebidos(
            entrada.doc_type or "", entrada.chave, entrada.emitente_cnpj, entrada.start_create_time,
            entrada.end_create_time,
        )  # fmt: skip
        pagina = await run_in_threadpool(
            self._portas.recebidos.list_page,
            chamada.empresa.id, filtro, pagina=entrada.page, tamanho=entrada.page_size,
        )  # fmt: skip
        return answer_received_list(
            pagina, zone_of(self._servicos.lugares, chamada.empresa), lambda d: self._link_received(chamada, d), page=entrada.page,
            page_size=entrada.page_size,
        )  # fmt: skip

    async def received_xml(self, chamada: Chamada) -> Resposta:
        """Link to the XML of a received document."""
        entrada = validate(PorId, chamada.dados)
        achado = await run_in_threadpool(
            self._portas.recebidos.get, _id(entrada.id, "RECEBIDO-01"), chamada.empresa.id
        )
        if achado is None:
            raise FaceErro(404, "RECEBIDO-02", RECEBIDO_NAO_ENCONTRADO, "Use o id de received/list.")
        return answer_received_xml(achado, lambda d: self._link_received(chamada, d))

    async def sync_status(self, chamada: Chamada) -> Resposta:
        """Where the distribution stands, without asking SEFAZ."""
        entrada = validate(EstadoEntrada, chamada.dados)
        _own_cnpj(chamada, entrada.cnpj)
        return answer_state(str(chamada.empresa.cnpj), await self._portas.servico.state(chamada.empresa))

    # -- words --------------------------------------------------------------------------------------------

    def _link_event(self, chamada: Chamada, solicitacao: Solicitacao) -> str:
        arquivo = Arquivo(chamada.empresa.id, solicitacao.id, manifest_name(solicitacao))
        return self._servicos.links.link(arquivo, chamada.base_url, raiz=RAIZ_MANIFESTACOES)

    def _link_received(self, chamada: Chamada, documento: DocumentoRecebido) -> str:
        arquivo = Arquivo(chamada.empresa.id, documento.id, received_name(documento))
        return self._servicos.links.link(arquivo, chamada.base_url, raiz=RAIZ_RECEBIDOS)


def _own_cnpj(chamada: Chamada, cnpj: str) -> None:
    """The CNPJ of the call is that of the token's company; empty means just that one."""
    if cnpj and cnpj != str(chamada.empresa.cnpj):
        raise refuse_field(
            "cnpj",
            "CAMPO-CNPJ-DO-TOKEN",
            "Este CNPJ não é o da empresa deste token.",
            "Use o token da empresa que recebe as notas.",
        )


def _id(texto: str, codigo: str) -> str:
    if not is_id(texto):
        raise FaceErro(400, codigo, ID_INVALIDO, "O id tem 24 caracteres hexadecimais.")
    return texto


def _motive(feita: Sincronizacao) -> str:
    """SEFAZ's last words, and why nobody was asked when nobody was."""
    if feita.ocupada:
        return "Outra sincronização deste CNPJ está em andamento."
    if feita.iteracoes == 0 and feita.estado.espera_s > 0:
        minutos = -(-feita.estado.espera_s // 60)
        return f"{feita.estado.motivo} A SEFAZ pede espera: nova consulta em {minutos:.0f} min.".strip()
    return feita.estado.motivo
