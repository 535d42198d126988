"""The pages of the panel as HTML: our own files only, every value escaped, no program but the one that trades the ticket."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from html import escape
from urllib.parse import urlencode

from chancela.domain.identidade import Ambiente, Modelo
from chancela.faces.tffiscal.links import Links
from chancela.faces.tffiscal.nota.respostas import (
    SUFIXO_XML,
    SUFIXOS_DANFE,
    has_files,
    own_reference,
    reason_of,
)
from chancela.faces.tffiscal.painel.moldura import (
    EMITIR,
    RAIZ,
    back,
    company_page,
    link,
    money,
    nav,
    options,
    page,
    row,
)
from chancela.faces.tffiscal.painel.schemas import PainelConsulta
from chancela.faces.tffiscal.servicos import TipoDanfe
from chancela.issuing.empresa import Empresa
from chancela.issuing.lista import DocumentoListado, PaginaDocumentos
from chancela.issuing.modelo import Documento, Estado

TAMANHO = 50
_SITUACOES = {
    "": "Todas", "authorized": "Autorizadas", "processing": "Em processamento", "rejected": "Rejeitadas",
    "canceled": "Canceladas", "denied": "Denegadas", "voided": "Inutilizadas",
}  # fmt: skip
_MODELOS = {"55": "NF-e", "65": "NFC-e"}
_ESTADOS = {
    Estado.PENDENTE: "Em processamento", Estado.ASSINADO: "Em processamento", Estado.INCERTO: "Em processamento",
    Estado.AUTORIZADO: "Autorizada", Estado.REJEITADO: "Rejeitada", Estado.DENEGADO: "Denegada",
    Estado.DIVERGENTE: "Divergente", Estado.CANCELADO: "Cancelada", Estado.INUTILIZADO: "Inutilizada",
}  # fmt: skip
_PAPEIS = {
    Modelo.NFE: ((TipoDanfe.COMPLETO, "DANFE A4"), (TipoDanfe.SIMPLES, "DANFE simplificado"), (TipoDanfe.ETIQUETA, "Etiqueta")),
    Modelo.NFCE: ((TipoDanfe.CUPOM, "DANFE NFC-e (80 mm)"), (TipoDanfe.CUPOM_58, "DANFE NFC-e (58 mm)")),
}  # fmt: skip


def show_entrance() -> str:
    """Where `redirectUrl` leads: it trades the ticket behind the `#` for a session."""
    aviso = "<noscript>Para entrar, o navegador precisa executar o programa desta página.</noscript>"
    return page(
        "Entrando", f'<p id="mensagem">Entrando…</p>{aviso}<script src="/sso/entrar.js" defer></script>'
    )


def show_closed() -> str:
    """There is no session."""
    return page("Sessão encerrada", "<p>Abra o painel de novo pelo seu sistema.</p>")


def show_missing(empresa: Empresa) -> str:
    """The session's company has no such document."""
    return company_page(empresa, "Nota não encontrada", "<p>Esta empresa não tem esta nota.</p>" + back())


def show_list(empresa: Empresa, consulta: PainelConsulta, achada: PaginaDocumentos, fuso: tzinfo) -> str:
    """A page of documents, newest first, and the filters."""
    vazia = "" if achada.documentos else "<p>Nenhuma nota.</p>"
    cabecalho = row("th", ("Número", "Série", "Situação", "Emissão", "Valor", "Ambiente", "Chave"))
    linhas = "".join(_line(documento, fuso) for documento in achada.documentos)
    tabela = f"<table><thead>{cabecalho}</thead><tbody>{linhas}</tbody></table>"
    emitir = nav([link(EMITIR, "Emitir NF-e")])
    return company_page(
        empresa, "Notas", emitir + _filter(consulta) + tabela + vazia + _pages(consulta, achada.total)
    )


def show_document(
    empresa: Empresa, documento: Documento, fuso: tzinfo, *, links: Links, base_url: str
) -> str:
    """One document: what it says, what SEFAZ said, and its files."""
    resumo, protocolo = documento.resumo, documento.protocolo
    fatos = (
        ("Situação", _ESTADOS[documento.estado]),
        ("Motivo", reason_of(documento) if documento.c_stat is None else f"{documento.c_stat} - {reason_of(documento)}"),
        ("Número e série", f"{documento.numero}, série {documento.serie}"),
        ("Ambiente", _environment(documento.ambiente)),
        ("Chave de acesso", documento.chave),
        ("Protocolo", "" if protocolo is None else f"{protocolo.numero}, {_moment(protocolo.recebido_em, fuso)}"),
        ("Emissão", _moment(documento.emitido_em, fuso)),
        ("Valor total", money(resumo.valor_total)),
        ("Natureza da operação", resumo.natureza_operacao),
        ("Destinatário", f"{resumo.destinatario_nome} {resumo.destinatario_documento}".strip()),
        ("Identificador do pedido", own_reference(documento.referencia)),
    )  # fmt: skip
    lista = "".join(f"<dt>{escape(nome)}</dt><dd>{escape(valor)}</dd>" for nome, valor in fatos if valor)
    titulo = f"{_MODELOS[documento.modelo.value]} {documento.numero}"
    volta = nav([link(f"{RAIZ}/kanban", "Todas as notas"), link(EMITIR, "Emitir outra NF-e")])
    return company_page(empresa, titulo, f"<dl>{lista}</dl>{_files(documento, links, base_url)}{volta}")


def _files(documento: Documento, links: Links, base_url: str) -> str:
    if not has_files(documento):
        return "<p>Ainda não há XML nem DANFE.</p>"
    arquivos = [
        (SUFIXO_XML, "XML"),
        *((SUFIXOS_DANFE[tipo], nome) for tipo, nome in _PAPEIS[documento.modelo]),
    ]
    return nav(link(links.make(documento, sufixo, base_url), nome) for sufixo, nome in arquivos)


def _line(documento: DocumentoListado, fuso: tzinfo) -> str:
    numero = link(f"{RAIZ}/documentos/{documento.id}", str(documento.numero))
    textos = (str(documento.serie), _ESTADOS[documento.estado], _moment(documento.criado_em, fuso))
    celulas = "".join(f"<td>{escape(texto)}</td>" for texto in textos)
    return (
        f'<tr><td>{numero}</td>{celulas}<td class="valor">{money(documento.valor_total)}</td>'
        f'<td>{_environment(documento.ambiente)}</td><td class="chave">{escape(documento.chave)}</td></tr>'
    )


def _filter(consulta: PainelConsulta) -> str:
    return (
        f'<form class="filtro" method="get" action="{RAIZ}/kanban">'
        f"{_choice('modelo', 'Modelo', _MODELOS.items(), consulta.modelo)}"
        f"{_choice('status', 'Situação', _SITUACOES.items(), consulta.status)}"
        "<button>Filtrar</button></form>"
    )


def _choice(nome: str, rotulo: str, opcoes: Iterable[tuple[str, str]], escolhida: str) -> str:
    return f'<label>{escape(rotulo)}<select name="{nome}">{options(opcoes, escolhida)}</select></label>'


def _pages(consulta: PainelConsulta, total: int) -> str:
    ultima = max(1, -(-total // TAMANHO))

    def to(pagina: int, texto: str) -> str:
        busca = urlencode({"modelo": consulta.modelo, "status": consulta.status, "page": pagina})
        return link(f"{RAIZ}/kanban?{busca}", texto)

    partes = [f"<span>Página {consulta.page} de {ultima}, {total} no total</span>"]
    if consulta.page > 1:
        partes.insert(0, to(consulta.page - 1, "Mais novas"))
    if consulta.page < ultima:
        partes.append(to(consulta.page + 1, "Mais antigas"))
    return nav(partes)


def _environment(ambiente: Ambiente) -> str:
    return "Produção" if ambiente is Ambiente.PRODUCAO else "Homologação"


def _moment(momento: datetime, fuso: tzinfo) -> str:
    return momento.astimezone(fuso).strftime("%d/%m/%Y %H:%M")
