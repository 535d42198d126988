"""`/api/invoice/return`: the return of a whole NF-e, or of what `return_detail` describes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from chancela.documents.nfe.devolucao import direction_of
from chancela.domain.chave import ChaveAcesso
from chancela.domain.erros import EstadoInvalido, NaoEncontrado, RegraViolada
from chancela.domain.tributos.entrada import TipoOperacao
from chancela.faces.tffiscal.envelope import Resposta
from chancela.faces.tffiscal.erros import describe, refuse_field
from chancela.faces.tffiscal.nota.caminhos import NFE, Vocabulario
from chancela.faces.tffiscal.nota.mapping import find_warnings, request_of
from chancela.faces.tffiscal.nota.respostas import answer_create
from chancela.faces.tffiscal.nota.schemas import DevolucaoEntrada
from chancela.faces.tffiscal.portao import Chamada
from chancela.faces.tffiscal.servicos import Servicos
from chancela.faces.tffiscal.validacao import ignored_fields, validate
from chancela.issuing.devolucao import PedidoDevolucao

_DETALHE = "return_detail"
_NATUREZAS: Mapping[TipoOperacao, str] = {
    TipoOperacao.ENTRADA: "Devolução de venda",
    TipoOperacao.SAIDA: "Devolução de compra",
}


@dataclass(frozen=True, slots=True)
class _Devolucao(Vocabulario):
    """The names of create, one level below: in a whole return nothing of the document stands in the caller's JSON."""

    def path(self, caminho: str, dados: Mapping[str, Any]) -> str:
        raiz = caminho.partition("[")[0].partition(".")[0]
        if raiz == "referencias":
            return "chave" if dados.get("chave") else "uuid"
        if raiz == "natureza_operacao":
            return raiz
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
        _check_which(entrada)
        pedido = _request(entrada)
        propria = pedido.parte.referencia if pedido.parte is not None else ""
        try:
            emitida = await self._servicos.devolucao.issue(
                chamada.empresa, pedido, referencia=propria or chamada.referencia_propria, corpo=chamada.corpo
            )
        except (RegraViolada, EstadoInvalido, NaoEncontrado) as erro:
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


def _request(entrada: DevolucaoEntrada) -> PedidoDevolucao:
    natureza = entrada.natureza_operacao or entrada.nature_of_operation
    detalhe = entrada.return_detail
    parte = None
    if detalhe is not None:
        parte = request_of(
            detalhe.model_copy(update={"nature_of_operation": natureza}) if natureza else detalhe
        )
    return PedidoDevolucao(
        uuid=entrada.uuid,
        chave=entrada.chave,
        cfop=entrada.cfop,
        natureza=natureza or _NATUREZAS[direction_of(entrada.cfop)],
        parte=parte,
    )
