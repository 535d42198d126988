"""`/api/nfce/create`, `get_detail` and `get_danfe`."""

from collections.abc import Sequence

import structlog
from starlette.concurrency import run_in_threadpool

from chancela.domain.erros import EstadoInvalido, FiscalError, Indisponivel, RegraViolada
from chancela.domain.identidade import Modelo
from chancela.faces.tffiscal.envelope import Resposta, succeed
from chancela.faces.tffiscal.erros import FaceErro, describe, refuse_field
from chancela.faces.tffiscal.nfce.caminhos import NFCE
from chancela.faces.tffiscal.nfce.mapping import OFFLINE, find_warnings, request_of
from chancela.faces.tffiscal.nfce.respostas import answer_detail
from chancela.faces.tffiscal.nfce.schemas import DanfeNfceEntrada, DetalheNfceConsulta, NfceEntrada
from chancela.faces.tffiscal.nota.memoria import add_memoria, wants_memoria
from chancela.faces.tffiscal.nota.respostas import SUFIXOS_DANFE, answer_create, has_files, link_of
from chancela.faces.tffiscal.nota.saidas import DanfeNfceSaida
from chancela.faces.tffiscal.portao import REFERENCIA_PROPRIA, Chamada
from chancela.faces.tffiscal.servicos import Servicos, TipoDanfe
from chancela.faces.tffiscal.validacao import ignored_fields, validate
from chancela.issuing.empresa import Cadastro
from chancela.issuing.lotes import Lotes
from chancela.issuing.modelo import Documento
from chancela.kit.ids import is_id

_PRESENCIAL = "1"
_Pergunta = tuple[int, frozenset[str]]
"""A company, and the codes of the categories that a sale names."""
_log = structlog.get_logger(__name__)


class OperacoesNfce:
    """Operations on NFC-e."""

    def __init__(self, servicos: Servicos) -> None:
        self._servicos = servicos
        self._cadastros = Lotes(self._read_together, servicos.threads, junto=_company)

    async def create(self, chamada: Chamada) -> Resposta:
        """Issue an NFC-e and wait for SEFAZ up to the deadline; `Processing` when it is not settled by then."""
        nota = validate(NfceEntrada, chamada.dados)
        if nota.id.startswith(REFERENCIA_PROPRIA):
            raise refuse_field(
                "id", "NOTA-ID", "Este identificador é reservado.", "Use outro identificador.", valor=nota.id,
                rotulo="Identificador do pedido",
            )  # fmt: skip
        if nota.issuance_type == OFFLINE and nota.ind_pres not in ("", _PRESENCIAL):
            raise refuse_field(
                "ind_pres", "NFCE-OFFLINE", "A emissão off-line (9) é só para venda presencial (1).",
                "Envie ind_pres 1, ou issuance_type 1.", valor=nota.ind_pres, rotulo="Indicador de presença",
            )  # fmt: skip
        com_memoria = wants_memoria(chamada)
        cadastro = await self._read_cadastro(chamada, nota)
        try:
            documento = await self._servicos.emissor_nfe.issue(
                cadastro.empresa,
                request_of(nota, cadastro.empresa),
                referencia=nota.id or chamada.referencia_propria,
                reabrir=False,
                corpo=chamada.corpo,
                offline=nota.issuance_type == OFFLINE,
                insistir=nota.insistir,
                cadastro=cadastro,
            )
        except (RegraViolada, EstadoInvalido) as erro:
            descrito = describe(erro, lambda caminho: NFCE.path(caminho, chamada.dados))
            assert descrito is not None
            raise descrito from None
        resposta = answer_create(
            documento,
            links=self._servicos.links,
            base_url=chamada.base_url,
            dados=chamada.dados,
            avisos=[*find_warnings(nota), *ignored_fields(nota)],
            vocabulario=NFCE,
            danfe=TipoDanfe.CUPOM,
        )
        return await add_memoria(resposta, documento, self._servicos.documentos) if com_memoria else resposta

    async def get_detail(self, chamada: Chamada) -> Resposta:
        """One NFC-e by its uuid."""
        consulta = validate(DetalheNfceConsulta, chamada.dados)
        documento = await self._find(chamada, consulta.uuid)
        resposta = answer_detail(documento, links=self._servicos.links, base_url=chamada.base_url)
        return (
            await add_memoria(resposta, documento, self._servicos.documentos)
            if consulta.memoria
            else resposta
        )

    async def get_danfe(self, chamada: Chamada) -> Resposta:
        """Draw the receipt on 80 mm paper and link to it; `danfe_58` links to the narrow one, drawn when fetched."""
        entrada = validate(DanfeNfceEntrada, chamada.dados)
        documento = await self._find(chamada, entrada.uuid)
        if not has_files(documento):
            raise FaceErro(
                404,
                "DANFE-02",
                "A NFC-e ainda não tem DANFE.",
                "Confira se ela está autorizada em get_detail.",
            )
        try:
            await self._servicos.arquivos.danfe(documento, TipoDanfe.CUPOM)
        except Indisponivel:
            raise
        except FiscalError as erro:
            _log.warning("danfe_falhou", documento_id=documento.id, codigo=erro.codigo)
            raise FaceErro(
                500, "DANFE-04", f"O PDF não pôde ser gerado: {erro.mensagem}", erro.correcao
            ) from None
        links, base_url = self._servicos.links, chamada.base_url
        data: DanfeNfceSaida = {
            "danfe": link_of(documento, SUFIXOS_DANFE[TipoDanfe.CUPOM], links, base_url),
            "danfe_58": link_of(documento, SUFIXOS_DANFE[TipoDanfe.CUPOM_58], links, base_url),
        }
        return succeed(data)

    async def _read_cadastro(self, chamada: Chamada, nota: NfceEntrada) -> Cadastro:
        """The company as stored now, with the categories of the sale and its CSC: they may be seconds old, younger than the
        remembered token. Asked for every receipt, those of one moment together, in one trip."""
        codigos = frozenset(produto.category_id for produto in nota.products if produto.category_id)
        lido = await self._cadastros.put((chamada.empresa.id, codigos))
        return lido or Cadastro(chamada.empresa, {}, None)

    def _read_together(self, perguntas: Sequence[_Pergunta]) -> Sequence[Cadastro | None]:
        codigos = sorted(frozenset[str]().union(*(pedidos for _, pedidos in perguntas)))
        return [self._servicos.empresas.read_cadastro(perguntas[0][0], codigos)] * len(perguntas)

    async def _find(self, chamada: Chamada, uuid: str) -> Documento:
        """An NFC-e of the calling company, and of no other."""
        empresa_id = chamada.empresa.id
        achado = None
        if is_id(uuid):
            achado = await run_in_threadpool(self._servicos.documentos.get, uuid, empresa_id)
        if achado is None or achado.empresa_id != empresa_id or achado.modelo is not Modelo.NFCE:
            raise FaceErro(404, "NOTA-NAO-EXISTE", "NFC-e não encontrada.", "Confira o uuid.")
        return achado


def _company(pergunta: _Pergunta) -> int:
    return pergunta[0]
