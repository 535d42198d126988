"""Asks SEFAZ about events, ranges and keys: address and certificate chosen, the rest left to the gateway."""

from chancela.documents.eventos.registro import EVENTOS
from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.chave import ChaveAcesso
from chancela.domain.identidade import Ambiente, Modelo
from chancela.gateways.enderecos import TP_EMIS_SVC_AN, TP_EMIS_SVC_RS
from chancela.gateways.nfe.gateway import GatewayNfe
from chancela.gateways.nfe.retornos import RetornoConsulta, RetornoEvento, RetornoInutilizacao
from chancela.issuing.solicitacao import Solicitacao
from chancela.issuing.transmissao import lot_number


class TransmissaoEventos:
    """`issuing.registro.GatewayEventos` over the SOAP gateway of models 55 and 65."""

    def __init__(self, gateway: GatewayNfe) -> None:
        self._gateway = gateway

    async def register(self, solicitacao: Solicitacao, certificado: Certificado) -> RetornoEvento:
        """Send the stored signed event, as it is, in a lot of one."""
        assert solicitacao.chave is not None
        assert solicitacao.sequencia is not None
        return await self._gateway.register(
            solicitacao.xml_assinado,
            identificador=(solicitacao.chave, solicitacao.tipo, solicitacao.sequencia),
            uf=solicitacao.uf,
            ambiente=solicitacao.ambiente,
            modelo=solicitacao.modelo,
            certificado=certificado,
            id_lote=lot_number(solicitacao.id),
            orgao=EVENTOS[solicitacao.tipo].orgao_de(solicitacao.modelo),
            tp_emis=svc_of(ChaveAcesso.parse(solicitacao.chave)),
        )

    async def inutilise(self, solicitacao: Solicitacao, certificado: Certificado) -> RetornoInutilizacao:
        """Send the stored signed range, as it is."""
        return await self._gateway.inutilise(
            solicitacao.xml_assinado,
            uf=solicitacao.uf,
            ambiente=solicitacao.ambiente,
            modelo=solicitacao.modelo,
            certificado=certificado,
        )

    async def query_of(self, solicitacao: Solicitacao, certificado: Certificado) -> RetornoConsulta:
        """Ask what SEFAZ holds under the key of the event's document."""
        assert solicitacao.chave is not None
        return await self.query(ChaveAcesso.parse(solicitacao.chave), solicitacao.ambiente, certificado)

    async def query(
        self, chave: ChaveAcesso, ambiente: Ambiente, certificado: Certificado
    ) -> RetornoConsulta:
        """Ask the authorizer of a key's UF and model, whoever issued it."""
        return await self._gateway.query(
            chave.texto,
            uf=chave.uf,
            ambiente=ambiente,
            modelo=Modelo(chave.modelo),
            certificado=certificado,
            tp_emis=svc_of(chave),
        )


def svc_of(chave: ChaveAcesso) -> int:
    """The tpEmis that chooses the authorizer of a key: its own when an SVC authorised it, else normal."""
    return chave.tp_emis if chave.tp_emis in (TP_EMIS_SVC_AN, TP_EMIS_SVC_RS) else 1
