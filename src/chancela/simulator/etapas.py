"""The stages common to every service, in the official order: certificate, message, pause, version, schema, environment."""

from dataclasses import dataclass

from chancela.simulator import soap, xml
from chancela.simulator.consumo import INDEVIDO, exceeds_use
from chancela.simulator.estado import Estado
from chancela.simulator.falhas import Falha, TipoFalha
from chancela.simulator.pedido import Pedido, Resposta
from chancela.simulator.regras.mensagem import refusal
from chancela.simulator.servicos.base import Servico
from chancela.simulator.tabelas import UF_DO_CODIGO

_DESFECHO_DA_FALHA = {
    TipoFalha.PARADO_CURTO: refusal("B03"),
    TipoFalha.PARADO: refusal("B04"),
    TipoFalha.CONSUMO_INDEVIDO: (656, INDEVIDO),
    TipoFalha.ERRO_NAO_CATALOGADO: (
        999,
        "Rejeição: Erro não catalogado (informar a mensagem de erro capturado no tratamento da exceção)",
    ),
}


@dataclass(slots=True)
class Caso:
    """One request while it is handled: what the stages learn, and what the journal will say."""

    servico: Servico
    pedido: Pedido
    envelope: soap.Envelope | None = None
    resposta: Resposta | None = None
    falha: Falha | None = None


def check_transmitter(caso: Caso, estado: Estado) -> tuple[int, str] | None:
    """Group A, 280 to 286."""
    certificado = caso.pedido.transmissor
    if certificado is None or not certificado.versao3 or certificado.ac or not certificado.autentica_cliente:
        return refusal("A01")
    if not certificado.valid_at(caso.pedido.agora):
        return refusal("A02")
    if not certificado.cnpj and not certificado.cpf:
        return caso.servico.sem_titular
    if not estado.trusts(certificado):
        if estado.knows(certificado):
            return refusal("A06")
        return refusal("A03")
    return refusal("A05") if estado.revoked(certificado) else None


def check_message(caso: Caso, _estado: Estado) -> tuple[int, str] | None:
    """214, 402, 243 and 404."""
    pedido, envelope = caso.pedido, caso.envelope
    limite = caso.servico.limite_bytes
    if envelope is not None and envelope.tamanho_compactado > limite:
        return refusal("B01")
    if len(pedido.conteudo) > (
        soap.TAMANHO_MAXIMO_ZIP if envelope is not None and envelope.zipado else limite
    ):
        return refusal("B01")
    if not xml.is_utf8(pedido.conteudo):
        return refusal("D03")
    if xml.uses_prefix(pedido.conteudo, lido=pedido.raiz is not None):
        return refusal("D02")
    if pedido.raiz is None or (caso.envelope is not None and caso.envelope.quebrado):
        return refusal("B02")
    return None


def check_pause(caso: Caso, _estado: Estado) -> tuple[int, str] | None:
    """108, 109, 656 and 999 of the fault plan."""
    return _DESFECHO_DA_FALHA.get(caso.falha.tipo) if caso.falha is not None else None


def check_header(caso: Caso, _estado: Estado) -> tuple[int, str] | None:
    """410: a header that names a UF of another authorizer. Layout 4.00 has no header; older clients still send one."""
    c_uf = caso.envelope.c_uf if caso.envelope is not None else ""
    if not c_uf or caso.pedido.autorizador.nome == "AN":
        return None
    uf, modelo = UF_DO_CODIGO.get(c_uf, ""), caso.pedido.destino.modelo
    return None if uf and caso.pedido.autorizador.serves(uf, modelo, caso.pedido.ambiente) else refusal("B05")


def check_version(caso: Caso, _estado: Estado) -> tuple[int, str] | None:
    """239 and 238."""
    versao = caso.pedido.grupo.atributos.get("versao", "")
    esperada = caso.servico.versao
    if versao and versao != esperada:
        if versao > esperada and versao.replace(".", "").isdigit():
            return refusal("B06b")
        return refusal("B06")
    return None


def check_schema(caso: Caso, _estado: Estado) -> tuple[int, str] | None:
    """225 for a lot, 215 elsewhere; what the schema said goes to the journal."""
    pedido = caso.pedido
    if b"<!--" in pedido.conteudo or b"<?" in pedido.conteudo[5:]:
        pedido.note("schema", "comentário ou instrução de processamento")
        return caso.servico.erro_esquema
    raiz = pedido.raiz
    if caso.servico.so_digitos:
        raiz = xml.parse(xml.without_letters(pedido.conteudo, xml.identities(pedido.grupo)))
    falha = xml.esquema_nfe(caso.servico.esquema).check(raiz)
    if falha is not None:
        pedido.note("schema", f"linha {falha.linha}: {falha.mensagem}")
        return caso.servico.erro_esquema
    return None


def check_environment(caso: Caso, _estado: Estado) -> tuple[int, str] | None:
    """252 for a message as a whole; a note's own tpAmb is rule B24-10."""
    pedido = caso.pedido
    pedido_por_mensagem = caso.servico.raiz != "enviNFe"
    if (
        pedido_por_mensagem
        and pedido.ambiente_do_endereco
        and pedido.destino.ambiente != pedido.ambiente_do_endereco
    ):
        return 252, "Rejeição: Ambiente informado diverge do Ambiente de recebimento"
    return None


def check_use(caso: Caso, estado: Estado) -> tuple[int, str] | None:
    """656 of the table USE, when it is switched on."""
    return (656, INDEVIDO) if exceeds_use(caso.servico.nome, caso.pedido, estado) else None


ETAPAS = (
    ("certificado", check_transmitter),
    ("mensagem", check_message),
    ("pausa", check_pause),
    ("cabeçalho", check_header),
    ("versão", check_version),
    ("schema", check_schema),
    ("ambiente", check_environment),
    ("consumo", check_use),
)
