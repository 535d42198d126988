"""`/api/invoice/create`, `calcular`, `get_detail` and `get_danfe`."""

import asyncio

import structlog
from starlette.concurrency import run_in_threadpool

from chancela.documents.nfe.enumeracoes import Finalidade
from chancela.domain.erros import EstadoInvalido, FiscalError, Indisponivel, RegraViolada
from chancela.domain.identidade import Modelo
from chancela.faces.tffiscal.envelope import Resposta, succeed
from chancela.faces.tffiscal.erros import FaceErro, describe, refuse_field
from chancela.faces.tffiscal.nota.caminhos import wire_path
from chancela.faces.tffiscal.nota.mapping import find_warnings, request_of
from chancela.faces.tffiscal.nota.memoria import add_memoria, answer_calculo, wants_memoria
from chancela.faces.tffiscal.nota.respostas import answer_create, answer_detail, danfe_links, has_files
from chancela.faces.tffiscal.nota.schemas import DanfeEntrada, DetalheConsulta, NotaEntrada
from chancela.faces.tffiscal.portao import REFERENCIA_PROPRIA, Chamada
from chancela.faces.tffiscal.servicos import Servicos, TipoDanfe
from chancela.faces.tffiscal.validacao import ignored_fields, validate
from chancela.issuing.empresa import Empresa
from chancela.issuing.modelo import Documento
from chancela.kit.ids import is_id

SEM_CHAVE = "uuid/chave不能为空"
NAO_EXISTE = "发票不存在"
SEM_DETALHE = "发票详情不存在"
PDF_FALHOU = "获取PDF失败:"
_log = structlog.get_logger(__name__)


class OperacoesNota:
    """Operations on NF-e."""

    def __init__(self, servicos: Servicos) -> None:
        self._servicos = servicos

    async def create(self, chamada: Chamada) -> Resposta:
        """Issue an NF-e and wait for SEFAZ up to the deadline; `Processing` when it is not settled by then."""
        nota = _read(chamada)
        com_memoria = wants_memoria(chamada)
        try:
            documento = await self.issue(
                chamada.empresa, nota, nota.id or chamada.referencia_propria, chamada.corpo
            )
        except (RegraViolada, EstadoInvalido) as erro:
            raise _described(erro, chamada) from None
        resposta = answer_create(
            documento,
            links=self._servicos.links,
            base_url=chamada.base_url,
            dados=chamada.dados,
            avisos=[*find_warnings(nota), *ignored_fields(nota)],
        )
        return await add_memoria(resposta, documento, self._servicos.documentos) if com_memoria else resposta

    async def issue(self, empresa: Empresa, nota: NotaEntrada, referencia: str, corpo: bytes) -> Documento:
        """Issue under a reference. A return of a note is counted with the others of it, whichever operation issues it."""
        pedido = request_of(nota)
        devolve = pedido.finalidade == Finalidade.DEVOLUCAO.value and len(pedido.referencias) == 1
        emitir = self._servicos.devolucao.issue_described if devolve else self._servicos.emissor_nfe.issue
        return await emitir(
            empresa,
            pedido,
            referencia=referencia,
            reabrir=nota.is_reopen,
            corpo=corpo,
            insistir=nota.insistir,
        )

    async def calculate(self, chamada: Chamada) -> Resposta:
        """Taxes, totals and working of a note that is not issued: nothing is stored, numbered or sent."""
        nota = _read(chamada)
        try:
            montada = await self._servicos.emissor_nfe.calculate(chamada.empresa, request_of(nota))
        except (RegraViolada, EstadoInvalido) as erro:
            raise _described(erro, chamada) from None
        return answer_calculo(
            montada, dados=chamada.dados, avisos=[*find_warnings(nota), *ignored_fields(nota)]
        )

    async def get_detail(self, chamada: Chamada) -> Resposta:
        """One NF-e by its uuid."""
        consulta = validate(DetalheConsulta, chamada.dados)
        documento = await self._find(chamada, consulta.uuid, "")
        if documento is None:
            raise FaceErro(404, "NOTA-NAO-EXISTE", "Nota fiscal não encontrada.", "Confira o uuid.")
        resposta = answer_detail(documento, links=self._servicos.links, base_url=chamada.base_url)
        return (
            await add_memoria(resposta, documento, self._servicos.documentos)
            if consulta.memoria
            else resposta
        )

    async def get_danfe(self, chamada: Chamada) -> Resposta:
        """Make the three printed forms and link to them. The documented messages are given letter by letter."""
        entrada = validate(DanfeEntrada, chamada.dados)
        if not entrada.uuid and not entrada.chave:
            raise FaceErro(400, "DANFE-01", SEM_CHAVE, "Envie uuid ou chave.")
        documento = await self._find(chamada, entrada.uuid, entrada.chave)
        if documento is None or not has_files(documento):
            raise FaceErro(
                404, "DANFE-02", NAO_EXISTE, "Confira o uuid ou a chave, e se a nota está autorizada."
            )
        if documento.protocolo is None:
            raise FaceErro(404, "DANFE-03", SEM_DETALHE, "A nota não tem protocolo de autorização guardado.")
        await self._draw(documento)
        return succeed(danfe_links(documento, links=self._servicos.links, base_url=chamada.base_url))

    async def _draw(self, documento: Documento) -> None:
        tipos = (TipoDanfe.COMPLETO, TipoDanfe.SIMPLES, TipoDanfe.SIMPLES_PNG)
        try:
            await asyncio.gather(*(self._servicos.arquivos.danfe(documento, tipo) for tipo in tipos))
        except Indisponivel:
            raise
        except FiscalError as erro:
            _log.warning("danfe_falhou", documento_id=documento.id, codigo=erro.codigo)
            raise FaceErro(500, "DANFE-04", f"{PDF_FALHOU}{erro.mensagem}", erro.correcao) from None

    async def _find(self, chamada: Chamada, uuid: str, chave: str) -> Documento | None:
        """A document of the calling company, and of no other."""
        empresa_id = chamada.empresa.id
        if uuid:
            if not is_id(uuid):
                return None
            achado = await run_in_threadpool(self._servicos.documentos.get, uuid, empresa_id)
        else:
            achado = await run_in_threadpool(self._servicos.documentos.find_by_chave, chave, empresa_id)
        if achado is None or achado.empresa_id != empresa_id or (chave and achado.chave != chave):
            return None
        if achado.modelo is not Modelo.NFE:  # a receipt has its own operations
            return None
        return achado


def _read(chamada: Chamada) -> NotaEntrada:
    nota = validate(NotaEntrada, chamada.dados)
    if nota.id.startswith(REFERENCIA_PROPRIA):
        raise refuse_field(
            "id", "NOTA-ID", "Este identificador é reservado.", "Use outro identificador.", valor=nota.id,
            rotulo="Identificador do pedido",
        )  # fmt: skip
    return nota


def _described(erro: RegraViolada | EstadoInvalido, chamada: Chamada) -> FaceErro:
    descrito = describe(erro, lambda caminho: wire_path(caminho, chamada.dados))
    assert descrito is not None
    return descrito
