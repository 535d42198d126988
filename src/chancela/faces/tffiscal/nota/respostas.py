"""Documents in the words of the contract: status, dates, links, warnings, refusals."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from chancela.faces.tffiscal.envelope import Resposta, refuse, succeed
from chancela.faces.tffiscal.erros import ErroCampo
from chancela.faces.tffiscal.links import Links
from chancela.faces.tffiscal.nota.caminhos import NFE, Vocabulario
from chancela.faces.tffiscal.nota.recusas import explain_refusal
from chancela.faces.tffiscal.nota.saidas import (
    ContingenciaSaida,
    DanfeSaida,
    DetalheComumSaida,
    DetalheSaida,
    EmissaoSaida,
    FatosSaida,
)
from chancela.faces.tffiscal.portao import REFERENCIA_PROPRIA
from chancela.faces.tffiscal.saida import show_errors
from chancela.faces.tffiscal.servicos import TipoDanfe
from chancela.issuing.contingencia import NOMES, TipoEmissao
from chancela.issuing.desvios import EPEC_REGISTRADO
from chancela.issuing.modelo import Documento, Estado

STATUS: Mapping[Estado, str] = {
    Estado.PENDENTE: "Processing",
    Estado.ASSINADO: "Processing",
    Estado.INCERTO: "Processing",
    Estado.AUTORIZADO: "Authorized",
    Estado.REJEITADO: "Rejected",
    Estado.DENEGADO: "Denied",
    Estado.DIVERGENTE: "Divergent",
    Estado.CANCELADO: "Canceled",
    Estado.INUTILIZADO: "Voided",
}
"""Status words of details and lists. On create an authorised document is `Success`."""
SUFIXO_XML = ".xml"
SUFIXOS_DANFE: Mapping[TipoDanfe, str] = {
    TipoDanfe.COMPLETO: ".pdf",
    TipoDanfe.SIMPLES: "_simplie.pdf",
    TipoDanfe.ETIQUETA: "_etiqueta.pdf",
    TipoDanfe.SIMPLES_PNG: "_simplie.png",
    TipoDanfe.CUPOM: "_nfce.pdf",
    TipoDanfe.CUPOM_58: "_nfce_58.pdf",
}
_COM_ARQUIVOS = frozenset({Estado.AUTORIZADO, Estado.CANCELADO})
_ENTREGUES = frozenset({Estado.ASSINADO, Estado.INCERTO})
RECUSADOS = frozenset({Estado.REJEITADO, Estado.DENEGADO, Estado.DIVERGENTE, Estado.INUTILIZADO})


def has_files(documento: Documento) -> bool:
    """Whether there is an XML to link to: authorised, or handed over in contingency before SEFAZ saw it.

    An NF-e in EPEC may be handed over once its EPEC is registered.
    """
    entregue = documento.transmitir_ate is not None and documento.estado in _ENTREGUES
    if documento.tp_emis == TipoEmissao.EPEC and documento.c_stat != EPEC_REGISTRADO:
        entregue = False
    return documento.estado in _COM_ARQUIVOS or entregue


def answer_create(
    documento: Documento,
    *,
    links: Links,
    base_url: str,
    dados: Mapping[str, Any],
    avisos: Sequence[ErroCampo],
    vocabulario: Vocabulario = NFE,
    danfe: TipoDanfe = TipoDanfe.COMPLETO,
) -> Resposta:
    """The answer of create: what became of the document. A refusal of SEFAZ is HTTP 200 with `success: false`."""
    data: EmissaoSaida = {
        "uuid": documento.id,
        "chave": documento.chave,
        "status": "Success" if documento.estado is Estado.AUTORIZADO else STATUS[documento.estado],
        "motivo": reason_of(documento),
        "nfe": documento.numero,
        "serie": documento.serie,
        "danfe": link_of(documento, SUFIXOS_DANFE[danfe], links, base_url),
        "xml": link_of(documento, SUFIXO_XML, links, base_url),
        **authority_facts(documento),
        **contingency_facts(documento),
    }
    todos = [*(stored_warning(aviso, dados, vocabulario) for aviso in documento.avisos), *avisos]
    if todos:
        data["avisos"] = show_errors(todos)
    if documento.estado not in RECUSADOS:
        return succeed(data)
    data["erros"] = show_errors((explain_refusal(documento, dados, vocabulario),))
    return refuse(200, _refusal_message(documento), data)


def answer_detail(documento: Documento, *, links: Links, base_url: str) -> Resposta:
    """The answer of get_detail."""
    data: DetalheSaida = {
        **describe_document(documento, links, base_url, danfe=TipoDanfe.COMPLETO),
        "danfe_simples": link_of(documento, SUFIXOS_DANFE[TipoDanfe.SIMPLES], links, base_url),
        "danfe_etiqueta": link_of(documento, SUFIXOS_DANFE[TipoDanfe.ETIQUETA], links, base_url),
    }
    return succeed(data)


def describe_document(
    documento: Documento,
    links: Links,
    base_url: str,
    *,
    danfe: TipoDanfe,
    vocabulario: Vocabulario = NFE,
) -> DetalheComumSaida:
    """What get_detail says of a document of either model."""
    data: DetalheComumSaida = {
        "id": own_reference(documento.referencia),
        "uuid": documento.id,
        "chave": documento.chave,
        "serie": documento.serie,
        "number": documento.numero,
        "status": STATUS[documento.estado],
        "total_price": documento.resumo.valor_total,
        "xml": link_of(documento, SUFIXO_XML, links, base_url),
        "danfe": link_of(documento, SUFIXOS_DANFE[danfe], links, base_url),
        "create": instant(documento.criado_em),
        "issue_time": "" if documento.protocolo is None else instant(documento.protocolo.recebido_em),
        "motivo": reason_of(documento),
        "ambiente": str(documento.ambiente.value),
        **authority_facts(documento),
        **contingency_facts(documento),
    }
    if documento.estado in RECUSADOS:
        data["erros"] = show_errors((explain_refusal(documento, {}, vocabulario),))
    return data


def danfe_links(documento: Documento, *, links: Links, base_url: str) -> DanfeSaida:
    """The three links of get_danfe."""
    return {
        "danfe": link_of(documento, SUFIXOS_DANFE[TipoDanfe.COMPLETO], links, base_url),
        "danfe_simples": link_of(documento, SUFIXOS_DANFE[TipoDanfe.SIMPLES], links, base_url),
        "danfe_simples_png": link_of(documento, SUFIXOS_DANFE[TipoDanfe.SIMPLES_PNG], links, base_url),
    }


def own_reference(referencia: str | None) -> str:
    """The caller's own id of a document; empty when the reference was made here."""
    return "" if referencia is None or referencia.startswith(REFERENCIA_PROPRIA) else referencia


def instant(momento: datetime) -> str:
    """`2024-01-10T10:30:00Z`."""
    return momento.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def link_of(documento: Documento, sufixo: str, links: Links, base_url: str) -> str:
    """A signed link to a file of the document; empty while it has none."""
    return links.make(documento, sufixo, base_url) if has_files(documento) else ""


def reason_of(documento: Documento) -> str:
    """What SEFAZ said, or that it has not spoken yet."""
    if documento.motivo:
        return documento.motivo
    return "Documento em processamento." if documento.estado.vivo else ""


def authority_facts(documento: Documento) -> FatosSaida:
    """cStat, protocol and alert, when there are any."""
    fatos: FatosSaida = {}
    if documento.c_stat is not None:
        fatos["cstat"] = documento.c_stat
    if documento.protocolo is not None:
        fatos["protocolo"] = documento.protocolo.numero
        if documento.protocolo.alerta:
            fatos["alerta"] = documento.protocolo.alerta
    return fatos


def contingency_facts(documento: Documento) -> FatosSaida:
    """`contingencia`, only on documents that have to do with one: additive to the contract."""
    fatos: ContingenciaSaida = {}
    if documento.contingencia_em is not None:
        fatos = {
            "tipo": NOMES[TipoEmissao(documento.tp_emis)],
            "tp_emis": documento.tp_emis,
            "desde": instant(documento.contingencia_em),
            "transmitida": documento.protocolo is not None,
        }
        if documento.transmitir_ate is not None:
            fatos["transmitir_ate"] = instant(documento.transmitir_ate)
    if documento.substituto_id is not None:
        fatos["substituida_por"] = documento.substituto_id
    return {"contingencia": fatos} if fatos else {}


def _refusal_message(documento: Documento) -> str:
    motivo = reason_of(documento)
    return motivo if documento.c_stat is None else f"{documento.c_stat} - {motivo}"


def stored_warning(aviso: Mapping[str, str], dados: Mapping[str, Any], vocabulario: Vocabulario) -> ErroCampo:
    """A warning kept with the document, by the caller's own path."""
    return ErroCampo(
        campo=vocabulario.path(aviso.get("caminho", ""), dados),
        codigo=aviso.get("codigo", ""),
        mensagem=aviso.get("mensagem", ""),
        correcao=aviso.get("correcao", ""),
        valor=aviso.get("valor", ""),
        rotulo=aviso.get("rotulo", ""),
    )
