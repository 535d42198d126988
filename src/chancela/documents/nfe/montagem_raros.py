"""The groups of a note that few have: one look tells whether there is any of them to read (docs/adr/0135)."""

from operator import attrgetter
from typing import Any

from chancela.documents.nfe import montagem_grupos as grupos
from chancela.documents.nfe.coleta import Coleta
from chancela.documents.nfe.configuracao import ConfiguracaoEmissao
from chancela.documents.nfe.modelo import Autorizado, Destinatario
from chancela.documents.nfe.montagem_agro import read_cana, read_defensivos, read_guia_transito
from chancela.documents.nfe.montagem_emitente import read_responsavel_tecnico
from chancela.documents.nfe.montagem_pagamento import read_cobranca
from chancela.documents.nfe.montagem_partes import read_local
from chancela.documents.nfe.participantes import Emitente
from chancela.documents.nfe.pedido import PedidoNfe
from chancela.domain.identidade import Uf
from chancela.domain.tabelas.lugares import Lugares
from chancela.domain.tributos.entrada import TipoOperacao
from chancela.domain.tributos.resultado import Resultado

_raros_of = attrgetter(
    "referencias", "pagamentos_antecipados", "retirada", "entrega", "autorizados", "transporte", "cobranca",
    "informacoes_complementares", "informacoes_fisco", "observacoes_contribuinte", "observacoes_fisco", "processos", "exportacao",
    "compra", "responsavel_tecnico", "cana", "defensivos", "guia_transito",
)  # fmt: skip


def read_raros(
    coleta: Coleta,
    pedido: PedidoNfe,
    resultado: Resultado,
    configuracao: ConfiguracaoEmissao,
    destinatario: Destinatario | None,
    *,
    emitente: Emitente,
    lugares: Lugares,
) -> dict[str, Any]:
    """Fields of `Nfe`, those that are not as they are by default; read in the order of the document."""
    if not (
        any(_raros_of(pedido))
        or resultado.informacoes_complementares
        or resultado.retencao_transporte is not None
        or configuracao.autorizados
        or pedido.tipo_operacao is TipoOperacao.EXPORTACAO
    ):
        return {"responsavel_tecnico": configuracao.responsavel_tecnico}
    endereco = emitente.endereco
    assert isinstance(endereco.uf, Uf), "the issuer is in Brazil"
    return {
        "referencias": grupos.read_referencias(coleta, pedido),
        "pagamentos_antecipados": grupos.read_chaves_antecipadas(coleta, pedido),
        "retirada": read_local(coleta, "retirada", "Local de retirada", pedido.retirada, lugares),
        "entrega": read_local(coleta, "entrega", "Local de entrega", pedido.entrega, lugares),
        "autorizados": _authorised(coleta, pedido, configuracao, destinatario),
        "transporte": grupos.read_transporte(coleta, pedido, resultado.retencao_transporte, lugares),
        "cobranca": read_cobranca(coleta, pedido),
        "informacoes": grupos.read_informacoes(coleta, pedido, resultado.informacoes_complementares),
        "exportacao": grupos.read_exportacao(coleta, pedido, endereco.uf, endereco.municipio),
        "compra": grupos.read_compra(coleta, pedido),
        "responsavel_tecnico": read_responsavel_tecnico(
            coleta, pedido.responsavel_tecnico, configuracao.responsavel_tecnico
        ),
        "cana": read_cana(coleta, pedido.cana),
        "defensivos": read_defensivos(coleta, pedido.defensivos),
        "guia_transito": read_guia_transito(coleta, pedido.guia_transito),
    }


def _authorised(
    coleta: Coleta, pedido: PedidoNfe, configuracao: ConfiguracaoEmissao, destinatario: Destinatario | None
) -> tuple[Autorizado, ...]:
    """autXML of the request, then of the company, each once and never the recipient (324, 326)."""
    proprio = None if destinatario is None else str(destinatario.documento)
    todos = (*grupos.read_autorizados(coleta, pedido), *configuracao.autorizados)
    unicos = dict.fromkeys(documento for documento in todos if str(documento) != proprio)
    return tuple(Autorizado(documento) for documento in unicos)
