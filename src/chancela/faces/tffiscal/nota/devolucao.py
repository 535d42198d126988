"""`/api/invoice/return`: the return of a whole NF-e, or of what `return_detail` describes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from starlette.concurrency import run_in_threadpool

from chancela.documents.nfe.devolucao import direction_of, return_part, return_whole
from chancela.documents.nfe.layout import DocumentoNfe, parse_nfe
from chancela.documents.nfe.pedido import PedidoNfe
from chancela.domain.chave import ChaveAcesso
from chancela.domain.erros import EstadoInvalido, RegraViolada
from chancela.domain.identidade import Modelo
from chancela.domain.tributos.entrada import TipoOperacao
from chancela.faces.tffiscal.envelope import Resposta
from chancela.faces.tffiscal.erros import FaceErro, describe, refuse_field
from chancela.faces.tffiscal.nota.caminhos import NFE, Vocabulario
from chancela.faces.tffiscal.nota.mapping import find_warnings, request_of
from chancela.faces.tffiscal.nota.respostas import answer_create
from chancela.faces.tffiscal.nota.schemas import DevolucaoEntrada
from chancela.faces.tffiscal.portao import Chamada
from chancela.faces.tffiscal.servicos import Servicos
from chancela.faces.tffiscal.validacao import ignored_fields, validate
from chancela.issuing.modelo import Documento, Estado
from chancela.kit.ids import is_id

_DETALHE = "return_detail"
_NATUREZAS: Mapping[TipoOperacao, str] = {
    TipoOperacao.ENTRADA: "Devolução de venda",
    TipoOperacao.SAIDA: "Devolução de compra",
}
_DA_RAIZ: Mapping[str, str] = {"natureza_operacao": "natureza_operacao", "referencias": "chave"}


@dataclass(frozen=True, slots=True)
class _Devolucao(Vocabulario):
    """The names of create, one level below: in a whole return nothing of the document stands in the caller's JSON."""

    def path(self, caminho: str, dados: Mapping[str, Any]) -> str:
        raiz = caminho.partition("[")[0].partition(".")[0]
        if raiz in _DA_RAIZ:
            return _DA_RAIZ[raiz]
        if caminho.endswith(".cfop") and caminho.startswith("itens["):
            return "cfop"
        detalhe = dados.get(_DETALHE)
        if not isinstance(detalhe, Mapping):
            return ""
        dentro = NFE.path(caminho, cast("Mapping[str, Any]", detalhe))
        return f"{_DETALHE}.{dentro}" if dentro else ""


DEVOLUCAO = _Devolucao(DevolucaoEntrada, {}, {})


class OperacoesDevolucao:
    """Returns of NF-e."""

    def __init__(self, servicos: Servicos) -> None:
        self._servicos = servicos

    async def create(self, chamada: Chamada) -> Resposta:
        """Issue the return and answer as create does."""
        entrada = validate(DevolucaoEntrada, chamada.dados)
        documento = await self._original(chamada, entrada)
        try:
            pedido = await run_in_threadpool(_request, entrada, documento, chamada)
            emitida = await self._servicos.emissor_nfe.issue(
                chamada.empresa,
                pedido,
                referencia=pedido.referencia or chamada.referencia_propria,
                reabrir=False,
                corpo=chamada.corpo,
            )
        except (RegraViolada, EstadoInvalido) as erro:
            descrito = describe(erro, lambda caminho: DEVOLUCAO.path(caminho, chamada.dados))
            assert descrito is not None
            raise descrito from None
        detalhe = entrada.return_detail
        return answer_create(
            emitida,
            links=self._servicos.links,
            base_url=chamada.base_url,
            dados=chamada.dados,
            avisos=[*(find_warnings(detalhe) if detalhe is not None else ()), *ignored_fields(entrada)],
            vocabulario=DEVOLUCAO,
        )

    async def _original(self, chamada: Chamada, entrada: DevolucaoEntrada) -> Documento | None:
        """The document that is returned, when it is one of the company's. In detail mode the key may be anybody's."""
        _check_which(entrada)
        documentos, empresa_id = self._servicos.documentos, chamada.empresa.id
        achado = None
        if entrada.chave:
            achado = await run_in_threadpool(documentos.find_by_chave, entrada.chave, empresa_id)
        elif is_id(entrada.uuid):
            achado = await run_in_threadpool(documentos.get, entrada.uuid, empresa_id)
        if achado is not None and (achado.empresa_id != empresa_id or achado.modelo is not Modelo.NFE):
            achado = None
        if achado is None:
            if entrada.return_detail is not None:
                return None
            raise FaceErro(
                404, "NOTA-NAO-EXISTE", "Nota fiscal não encontrada.",
                "Confira o uuid ou a chave; para devolver uma nota de outro emitente, envie return_detail.",
            )  # fmt: skip
        if achado.estado is not Estado.AUTORIZADO:
            raise FaceErro(
                400, "NOTA-DEVOLUCAO-ESTADO", "Só uma nota autorizada pode ser devolvida.",
                "Consulte a situação da nota em get_detail.",
            )  # fmt: skip
        return achado


def _check_which(entrada: DevolucaoEntrada) -> None:
    if entrada.return_detail is not None:
        if not entrada.chave:
            raise refuse_field(
                "chave", "CAMPO-AUSENTE", "Com return_detail, a chave da nota original é obrigatória.",
                "Envie a chave de 44 dígitos.", rotulo="Chave da nota original",
            )  # fmt: skip
        try:
            ChaveAcesso.parse(entrada.chave)
        except RegraViolada as erro:
            raise refuse_field(
                "chave", erro.codigo, erro.mensagem, "Envie os 44 dígitos da chave.", valor=entrada.chave,
                rotulo="Chave da nota original",
            ) from None  # fmt: skip
        return
    if bool(entrada.uuid) == bool(entrada.chave):
        raise refuse_field(
            "uuid", "NOTA-DEVOLUCAO-QUAL", "Informe a nota original por uuid ou por chave, e só por um deles.",
            "Envie um dos dois.",
        )  # fmt: skip


def _request(entrada: DevolucaoEntrada, documento: Documento | None, chamada: Chamada) -> PedidoNfe:
    devolve = chamada.empresa.cnpj
    original = None if documento is None else _read(documento)
    natureza = entrada.natureza_operacao or entrada.nature_of_operation
    detalhe = entrada.return_detail
    if detalhe is None:
        assert original is not None, "without detail the original was found"
        return return_whole(
            original,
            devolve=devolve,
            cfop=entrada.cfop,
            natureza=natureza or _NATUREZAS[direction_of(entrada.cfop)],
        )
    pedido = request_of(detalhe.model_copy(update={"nature_of_operation": natureza}) if natureza else detalhe)
    return return_part(pedido, original, devolve=devolve, chave=entrada.chave, cfop=entrada.cfop)


def _read(documento: Documento) -> DocumentoNfe:
    assert documento.xml_assinado is not None, "an authorised document was signed"
    return parse_nfe(documento.xml_assinado)
