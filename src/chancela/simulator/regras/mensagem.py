"""Groups A to F and the lot: what is judged before any note is read. The stages answer by code; number and text are here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RegraMensagem:
    """One row: the stage that judges it names the code."""

    codigo: str
    c_stat: int
    mensagem: str
    prioridade: int = 1
    recusa: bool = True
    """False: the text goes without `Rejeição:` (a service that is paused refuses nothing)."""
    ativa: bool = True
    """False: an option of a UF that has to be switched on."""

    @property
    def texto(self) -> str:
        return f"Rejeição: {self.mensagem}" if self.recusa else self.mensagem


REGRAS_MENSAGEM = (
    RegraMensagem("A01", 280, "Certificado Transmissor inválido"),
    RegraMensagem("A02", 281, "Certificado Transmissor Data Validade"),
    RegraMensagem("A07", 282, "Certificado Transmissor sem CNPJ/CPF"),
    RegraMensagem("A07d", 473, "Certificado Transmissor sem CNPJ ou CPF"),
    RegraMensagem("A03", 283, "Certificado Transmissor - erro Cadeia de Certificação", 2),
    RegraMensagem("A05", 284, "Certificado Transmissor revogado", 2),
    RegraMensagem("A06", 285, "Certificado Transmissor difere ICP-Brasil", 2),
    RegraMensagem("B00", 242, "Mensagem SOAP inválida"),
    RegraMensagem("B01", 214, "Tamanho da mensagem excedeu o limite estabelecido"),
    RegraMensagem("B02", 243, "XML Mal Formado"),
    RegraMensagem("B03", 108, "Serviço Paralisado Momentaneamente (curto prazo)", 2, recusa=False),
    RegraMensagem("B04", 109, "Serviço Paralisado sem Previsão", 2, recusa=False),
    RegraMensagem("B05", 410, "UF informada no campo cUF não é atendida pelo WebService"),
    RegraMensagem("B06", 239, "Versão do arquivo XML não suportada"),
    RegraMensagem("B06b", 238, "Cabeçalho - Versão do arquivo XML superior a Versão vigente", 2),
    RegraMensagem("D01a", 225, "Falha no Schema XML do lote de NFe"),
    RegraMensagem("D01b", 215, "Falha no schema XML"),
    RegraMensagem("D02", 404, "Uso de prefixo de namespace não permitido"),
    RegraMensagem("D03", 402, "XML da área de dados com codificação diferente de UTF-8"),
    RegraMensagem("GAP03a-1", 764, "Solicitada resposta síncrona para Lote com mais de uma NF-e (indSinc=1)"),
    RegraMensagem("GAP03a-3", 452, "Solicitada resposta assíncrona para Lote com somente 1 (uma) NF-e"),
    RegraMensagem("GAP03a-4", 126, "Enviado lote com mais de 1 NFC-e"),
    RegraMensagem("B06-20", 765, "Lote só poderá conter NF-e ou NFC-e"),
    RegraMensagem("E01", 290, "Certificado Assinatura inválido"),
    RegraMensagem("E02", 291, "Certificado Assinatura Data Validade"),
    RegraMensagem("E03", 292, "Certificado de Assinatura sem CNPJ/CPF"),
    RegraMensagem("E04", 293, "Certificado Assinatura - erro Cadeia de Certificação", 2),
    RegraMensagem("E06", 294, "Certificado Assinatura revogado", 2),
    RegraMensagem("E07", 295, "Certificado Assinatura difere ICP-Brasil", 2),
    RegraMensagem("F01", 298, "Assinatura difere do padrão do Sistema"),
    RegraMensagem("F02", 297, "Assinatura difere do calculado"),
    RegraMensagem("F03", 213, "CNPJ-Base do Emitente difere do CNPJ-Base do Certificado Digital"),
    RegraMensagem("F03A", 227, "CPF do Emitente difere do CPF do Certificado Digital"),
)
CONSULTA_ANTIGA = RegraMensagem("C07", 526, "Consulta a uma Chave de Acesso muito antiga", ativa=False)
OPCOES_DE_SERVICO = (CONSULTA_ANTIGA,)
"""Rules of a service that a UF may switch on."""
_POR_CODIGO = {regra.codigo: regra for regra in REGRAS_MENSAGEM}


def refusal(codigo: str) -> tuple[int, str]:
    """cStat and text of a rule."""
    regra = _POR_CODIGO[codigo]
    return regra.c_stat, regra.texto
