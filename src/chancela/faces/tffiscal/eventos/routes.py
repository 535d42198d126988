"""`invoice/cancel`, `invalid`, `refresh`, `consultar_status`, `invoice/cce/*` and `nfce/cancel`."""

from starlette.concurrency import run_in_threadpool

from chancela.documents.inutilizacao.layout import Faixa
from chancela.domain.chave import ChaveAcesso
from chancela.domain.erros import (
    CertificadoInvalido,
    EstadoInvalido,
    FiscalError,
    Indisponivel,
    RegraViolada,
    TransmissaoIncerta,
    TransmissaoRecusada,
)
from chancela.domain.identidade import Ambiente, Modelo
from chancela.faces.tffiscal.datas import zone_of
from chancela.faces.tffiscal.envelope import Resposta, succeed
from chancela.faces.tffiscal.erros import FaceErro, describe, refuse_field
from chancela.faces.tffiscal.eventos.portas import PortasEventos
from chancela.faces.tffiscal.eventos.respostas import (
    CARTA,
    answer_cancel,
    answer_cancelled_before,
    answer_cce,
    answer_inutilizacao,
    answer_status,
    cce_suffix,
    list_cce,
)
from chancela.faces.tffiscal.eventos.schemas import (
    CanceladaNfce,
    CceEntrada,
    CceLista,
    CcePorId,
    ConsultaStatus,
    InutilizaEntrada,
    NotaPorUuid,
)
from chancela.faces.tffiscal.nfce import respostas as nfce
from chancela.faces.tffiscal.nota.respostas import answer_detail
from chancela.faces.tffiscal.portao import Chamada
from chancela.faces.tffiscal.saida import LinkSaida
from chancela.faces.tffiscal.servicos import Servicos
from chancela.faces.tffiscal.validacao import validate
from chancela.issuing.modelo import Documento, Estado
from chancela.issuing.solicitacao import EstadoSolicitacao, Solicitacao
from chancela.kit.ids import is_id

JUSTIFICATIVA_FIXA = "Erro no preenchimento da nota fiscal."
"""What invoice/cancel sends, byte for byte; the payload cannot change it."""
CHAVE_INVALIDA = "chave inválida: deve ter 44 dígitos"
SEM_CERTIFICADO = "empresa não possui certificado configurado"
SEM_RESPOSTA = "SEFAZ retornou resposta vazia"
ERRO_CONSULTA = "erro ao consultar SEFAZ: "
_CAMPOS_DA_FAIXA = {"inicio": "start_number", "fim": "end_number"}


class OperacoesEventos:
    """Operations on what was issued already."""

    def __init__(self, servicos: Servicos, portas: PortasEventos) -> None:
        self._servicos = servicos
        self._portas = portas

    async def cancel(self, chamada: Chamada) -> Resposta:
        """Cancel an NF-e with the fixed justification."""
        entrada = validate(NotaPorUuid, chamada.dados)
        documento = await self._find(chamada, entrada.uuid, "", Modelo.NFE)
        return await self._cancel(chamada, documento, JUSTIFICATIVA_FIXA)

    async def cancel_nfce(self, chamada: Chamada) -> Resposta:
        """Cancel an NFC-e with the caller's justification."""
        entrada = validate(CanceladaNfce, chamada.dados)
        documento = await self._find(chamada, "", entrada.chave, Modelo.NFCE)
        return await self._cancel(chamada, documento, entrada.motivo)

    async def _cancel(self, chamada: Chamada, documento: Documento, motivo: str) -> Resposta:
        await self._portas.eventos.check_holds_sale(documento)
        if documento.estado is Estado.CANCELADO:
            return answer_cancelled_before(documento)
        resultado = await self._portas.eventos.cancel(chamada.empresa, documento, motivo)
        return answer_cancel(resultado)

    async def invalid(self, chamada: Chamada) -> Resposta:
        """Inutilise a range of numbers."""
        entrada = validate(InutilizaEntrada, chamada.dados)
        faixa = Faixa(
            ambiente=Ambiente(int(entrada.ambiente)),
            emitente=chamada.empresa.cnpj,
            uf=chamada.empresa.endereco.uf,
            modelo=Modelo(entrada.modelo),
            serie=entrada.serie,
            inicio=entrada.start_number,
            fim=entrada.end_number,
        )
        try:
            solicitacao = await self._portas.eventos.inutilise(chamada.empresa, faixa, entrada.motivo)
        except (RegraViolada, EstadoInvalido) as erro:
            descrito = describe(erro, lambda caminho: _CAMPOS_DA_FAIXA.get(caminho, caminho))
            assert descrito is not None
            raise descrito from None
        return answer_inutilizacao(solicitacao)

    async def refresh(self, chamada: Chamada) -> Resposta:
        """Ask SEFAZ how a document stands and keep what it says."""
        entrada = validate(NotaPorUuid, chamada.dados)
        documento = await self._find(chamada, entrada.uuid, "", None)
        try:
            documento = await self._portas.eventos.refresh(documento)
        except (TransmissaoIncerta, TransmissaoRecusada) as erro:
            raise _not_answered(erro) from None
        answer = nfce.answer_detail if documento.modelo is Modelo.NFCE else answer_detail
        return answer(documento, links=self._servicos.links, base_url=chamada.base_url)

    async def query_status(self, chamada: Chamada) -> Resposta:
        """Ask SEFAZ about any key, of whoever it is."""
        entrada = validate(ConsultaStatus, chamada.dados)
        try:
            chave = ChaveAcesso.parse(entrada.chave)
        except RegraViolada as erro:
            mensagem = CHAVE_INVALIDA if erro.codigo == "CHAVE-01" else erro.mensagem
            raise FaceErro(400, "STATUS-01", mensagem, "Envie os 44 dígitos da chave.") from None
        if chave.modelo not in (Modelo.NFE.value, Modelo.NFCE.value):
            raise FaceErro(
                400, "STATUS-02", "A chave não é de NF-e nem de NFC-e.", "Confira o modelo na chave."
            )
        documento = await run_in_threadpool(
            self._servicos.documentos.find_by_chave, chave.texto, chamada.empresa.id
        )
        ambiente = Ambiente(int(entrada.ambiente)) if documento is None else documento.ambiente
        try:
            retorno = await self._portas.eventos.query(chamada.empresa, chave, ambiente)
        except CertificadoInvalido as erro:
            if erro.codigo == "CERT-AUSENTE":
                raise FaceErro(400, "STATUS-03", SEM_CERTIFICADO, erro.correcao) from None
            raise FaceErro(400, "STATUS-05", f"{ERRO_CONSULTA}{erro.mensagem}", erro.correcao) from None
        except TransmissaoIncerta as erro:
            raise FaceErro(500, "STATUS-04", SEM_RESPOSTA, erro.correcao) from None
        except Indisponivel:
            raise
        except FiscalError as erro:
            raise FaceErro(500, "STATUS-05", f"{ERRO_CONSULTA}{erro.mensagem}", erro.correcao) from None
        return answer_status(chave.texto, retorno)

    # -- letters of correction ----------------------------------------------------------------------------

    async def send_cce(self, chamada: Chamada) -> Resposta:
        """Send a letter of correction; the sequence is counted here."""
        entrada = validate(CceEntrada, chamada.dados)
        documento = await self._find(chamada, entrada.uuid, entrada.chave, None)
        await self._portas.eventos.check_holds_sale(documento)
        resultado = await self._portas.eventos.correct(chamada.empresa, documento, entrada.correcao)
        return answer_cce(resultado, links=self._servicos.links, base_url=chamada.base_url)

    async def list_cce(self, chamada: Chamada) -> Resposta:
        """The registered letters of a document, newest first."""
        entrada = validate(CceLista, chamada.dados)
        documento = await self._find(chamada, entrada.uuid, entrada.chave, None)
        cartas = await run_in_threadpool(self._portas.solicitacoes.list_of, documento.id, chamada.empresa.id)
        registradas = [c for c in cartas if c.tipo == CARTA and c.estado is EstadoSolicitacao.REGISTRADA]
        return list_cce(
            documento,
            registradas,
            zone_of(self._servicos.lugares, chamada.empresa),
            links=self._servicos.links,
            base_url=chamada.base_url,
        )

    async def cce_pdf(self, chamada: Chamada) -> Resposta:
        """Draw a letter, if nobody did before, and link to it."""
        documento, carta = await self._find_cce(chamada)
        await self._portas.arquivos.dacce(chamada.empresa, documento, carta)
        return self._cce_link(chamada, documento, carta, "pdf")

    async def cce_xml(self, chamada: Chamada) -> Resposta:
        """Link to the XML of a letter."""
        documento, carta = await self._find_cce(chamada)
        return self._cce_link(chamada, documento, carta, "xml")

    def _cce_link(
        self, chamada: Chamada, documento: Documento, carta: Solicitacao, extensao: str
    ) -> Resposta:
        assert carta.sequencia is not None
        sufixo = cce_suffix(carta.sequencia, extensao)
        return succeed(LinkSaida(url=self._servicos.links.make(documento, sufixo, chamada.base_url)))

    async def _find_cce(self, chamada: Chamada) -> tuple[Documento, Solicitacao]:
        entrada = validate(CcePorId, chamada.dados)
        carta = None
        if is_id(entrada.cce_id):
            carta = await run_in_threadpool(self._portas.solicitacoes.get, entrada.cce_id, chamada.empresa.id)
        if carta is None or carta.tipo != CARTA or carta.estado is not EstadoSolicitacao.REGISTRADA:
            raise FaceErro(404, "CCE-01", "Carta de correção não encontrada.", "Use o id de cce/get_list.")
        assert carta.documento_id is not None
        return await self._find(chamada, carta.documento_id, "", None), carta

    async def _find(self, chamada: Chamada, uuid: str, chave: str, modelo: Modelo | None) -> Documento:
        """A document of the calling company, and of no other."""
        if not uuid and not chave:
            raise refuse_field("uuid", "CAMPO-AUSENTE", "Informe uuid ou chave.", "Envie um dos dois.")
        documentos, empresa_id = self._servicos.documentos, chamada.empresa.id
        achado = None
        if uuid and is_id(uuid):
            achado = await run_in_threadpool(documentos.get, uuid, empresa_id)
        elif not uuid:
            achado = await run_in_threadpool(documentos.find_by_chave, chave, empresa_id)
        if achado is None or achado.empresa_id != empresa_id or (chave and achado.chave != chave):
            raise FaceErro(
                404, "NOTA-NAO-EXISTE", "Nota fiscal não encontrada.", "Confira o uuid ou a chave."
            )
        if modelo is not None and achado.modelo is not modelo:
            raise FaceErro(400, "NOTA-MODELO", "A nota é de outro modelo.", "Use a rota do modelo da nota.")
        return achado


def _not_answered(erro: FiscalError) -> FaceErro:
    return FaceErro(500, "STATUS-04", SEM_RESPOSTA, erro.correcao or "Tente de novo em alguns minutos.")
