"""Events in the words of the contract."""

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo

from chancela.documents.comum.rejeicoes import explain_rejeicao
from chancela.domain.erros import Violacao
from chancela.faces.tffiscal.envelope import Resposta, refuse, succeed
from chancela.faces.tffiscal.erros import ErroCampo, field_error, same_path
from chancela.faces.tffiscal.eventos.saidas import (
    AndamentoSaida,
    CancelamentoSaida,
    CartaLinhaSaida,
    CartaSaida,
    CartasSaida,
    InutilizacaoSaida,
    SituacaoSaida,
)
from chancela.faces.tffiscal.links import Links
from chancela.faces.tffiscal.nota.respostas import STATUS
from chancela.faces.tffiscal.saida import AvisosSaida, show_errors, with_warnings
from chancela.gateways.nfe.retornos import RetornoConsulta
from chancela.issuing.decisao import is_cancelled
from chancela.issuing.modelo import Documento, Estado
from chancela.issuing.servico_eventos import ResultadoEvento
from chancela.issuing.solicitacao import EstadoSolicitacao, Solicitacao

CARTA = "110110"
_SITUACAO = {
    100: "autorizada", 150: "autorizada", 101: "cancelada", 151: "cancelada", 110: "denegada", 301: "denegada",
    302: "denegada", 102: "inutilizada", 217: "nao_encontrada",
}  # fmt: skip
_NOME_CCE = re.compile(r"([0-9]{6}[A-Z0-9]{12}[0-9]{26})-cce_seq([1-9][0-9]?)\.(xml|pdf)")


def cce_suffix(sequencia: int, extensao: str) -> str:
    """The end of the file name of a letter, as links carry it after the key: `-cce_seq1.pdf`."""
    return f"-cce_seq{sequencia}.{extensao}"


def parse_cce_name(nome: str) -> tuple[str, int, str] | None:
    """Key, sequence and extension of a file name that is a letter's."""
    achado = _NOME_CCE.fullmatch(nome)
    return None if achado is None else (achado[1], int(achado[2]), achado[3])


def answer_cancel(resultado: ResultadoEvento) -> Resposta:
    """What became of a cancellation. A refusal of SEFAZ is HTTP 200 with `success: false`."""
    documento, solicitacao = resultado.documento, resultado.solicitacao
    data: CancelamentoSaida = {
        "uuid": documento.id,
        "chave": documento.chave,
        "status": STATUS[documento.estado],
        **_facts(solicitacao),
        **warnings_of(resultado.avisos),
    }
    if documento.estado is Estado.CANCELADO:
        return succeed(data)
    return answer_unsettled(solicitacao, data)


def answer_cancelled_before(documento: Documento) -> Resposta:
    """The document was cancelled already: the same answer as when it happened."""
    data: CancelamentoSaida = {
        "uuid": documento.id,
        "chave": documento.chave,
        "status": STATUS[documento.estado],
        "motivo": documento.motivo,
    }
    if documento.c_stat is not None:
        data["cstat"] = documento.c_stat
    return succeed(data)


def answer_cce(resultado: ResultadoEvento, *, links: Links, base_url: str) -> Resposta:
    """The answer of cce/send."""
    solicitacao, documento = resultado.solicitacao, resultado.documento
    assert solicitacao.sequencia is not None
    registrada = solicitacao.estado is EstadoSolicitacao.REGISTRADA
    data: CartaSaida = {
        "id": solicitacao.id,
        "nProt": (solicitacao.protocolo or "") if registrada else "",
        "nSeqEvento": solicitacao.sequencia,
        "xml": links.make(documento, cce_suffix(solicitacao.sequencia, "xml"), base_url)
        if registrada
        else "",
        **warnings_of(resultado.avisos),
    }
    return succeed(data) if registrada else answer_unsettled(solicitacao, data)


def list_cce(
    documento: Documento, cartas: Sequence[Solicitacao], fuso: tzinfo, *, links: Links, base_url: str
) -> Resposta:
    """The answer of cce/get_list: the registered letters, newest first."""
    itens: list[CartaLinhaSaida] = []
    for carta in cartas:
        assert carta.sequencia is not None
        itens.append(
            {
                "id": carta.id,
                "detail": carta.texto,
                "nProt": carta.protocolo or "",
                "nSeqEvento": carta.sequencia,
                "date": _local(carta.registrado_em or carta.criada_em, fuso),
                "pdfUrl": links.make(documento, cce_suffix(carta.sequencia, "pdf"), base_url),
                "xmlUrl": links.make(documento, cce_suffix(carta.sequencia, "xml"), base_url),
            }
        )
    data: CartasSaida = {"items": itens, "total": len(itens)}
    return succeed(data)


def answer_inutilizacao(solicitacao: Solicitacao) -> Resposta:
    """The answer of invalid."""
    serie, inicio, fim = solicitacao.serie, solicitacao.inicio, solicitacao.fim
    assert serie is not None
    assert inicio is not None
    assert fim is not None
    data: InutilizacaoSaida = {
        "id": solicitacao.id,
        "modelo": solicitacao.modelo.value,
        "ambiente": str(solicitacao.ambiente.value),
        "serie": serie,
        "start_number": inicio,
        "end_number": fim,
    }
    if solicitacao.estado is EstadoSolicitacao.REGISTRADA:
        data["status"] = STATUS[Estado.INUTILIZADO]
        return succeed({**data, **_facts(solicitacao)})
    return answer_unsettled(solicitacao, data)


def answer_status(chave: str, retorno: RetornoConsulta) -> Resposta:
    """The answer of consultar_status; a linked cancellation wins over a cStat of 100."""
    situacao = _SITUACAO.get(retorno.c_stat, "desconhecido")
    if is_cancelled(retorno):
        situacao = "cancelada"
    data: SituacaoSaida = {
        "chave": chave,
        "status": situacao,
        "cstat": retorno.c_stat,
        "motivo": retorno.motivo,
    }
    return succeed(data)


def answer_unsettled(solicitacao: Solicitacao, data: AndamentoSaida) -> Resposta:
    """Still under way, or refused by SEFAZ."""
    fatos = _facts(solicitacao)
    if solicitacao.estado.viva:
        motivo = solicitacao.motivo or "Pedido em processamento."
        return succeed({**data, **fatos, "status": "Processing", "motivo": motivo})
    codigo = "SEFAZ" if solicitacao.c_stat is None else f"SEFAZ-{solicitacao.c_stat}"
    mensagem = solicitacao.motivo
    if solicitacao.c_stat is not None:
        mensagem = f"{solicitacao.c_stat} - {mensagem}"
    erro = ErroCampo("", codigo, solicitacao.motivo, _fix(solicitacao))
    return refuse(200, mensagem, {**data, **fatos, "status": "Rejected", "erros": show_errors((erro,))})


def _fix(solicitacao: Solicitacao) -> str:
    rejeicao = (
        None if solicitacao.c_stat is None else explain_rejeicao(solicitacao.c_stat, solicitacao.motivo)
    )
    if rejeicao is None or not rejeicao.conhecida:
        return "Confira o que a SEFAZ apontou antes de tentar de novo."
    return rejeicao.correcao


def _facts(solicitacao: Solicitacao) -> AndamentoSaida:
    fatos: AndamentoSaida = {"motivo": solicitacao.motivo}
    if solicitacao.c_stat is not None:
        fatos["cstat"] = solicitacao.c_stat
    if solicitacao.protocolo is not None:
        fatos["protocolo"] = solicitacao.protocolo
    return fatos


def warnings_of(avisos: Sequence[Violacao]) -> AvisosSaida:
    """What was warned of before sending, as `avisos`; nothing when there was nothing."""
    return with_warnings([field_error(aviso, same_path) for aviso in avisos])


def _local(momento: datetime, fuso: tzinfo) -> str:
    return momento.astimezone(fuso).strftime("%d/%m/%Y %H:%M:%S")
