"""Asks SEFAZ about one stored document: address and certificate chosen, the rest left to the gateway."""

from collections.abc import Sequence

from chancela.domain.assinatura.certificado import Certificado
from chancela.gateways.lotes import LimitesLote
from chancela.gateways.nfe.gateway import GatewayNfe
from chancela.gateways.nfe.retornos import RetornoAutorizacao, RetornoConsulta, RetornoLote
from chancela.issuing.modelo import Documento


class TransmissaoNfe:
    """`issuing.passos.GatewayAutorizacao` over the SOAP gateway of models 55 and 65."""

    def __init__(self, gateway: GatewayNfe) -> None:
        self._gateway = gateway

    async def authorise(self, documento: Documento, certificado: Certificado) -> RetornoAutorizacao:
        """Send the stored signed bytes, as they are, in a lot of one with indSinc 1."""
        assert documento.xml_assinado is not None
        return await self._gateway.authorise(
            documento.xml_assinado,
            uf=documento.uf,
            ambiente=documento.ambiente,
            modelo=documento.modelo,
            certificado=certificado,
            id_lote=lot_number(documento.id),
            tp_emis=documento.tp_emis,
        )

    async def send_lot(
        self, documentos: Sequence[Documento], certificado: Certificado, *, zipado: bool
    ) -> RetornoLote:
        """Send the stored signed bytes of several documents of one authorizer in one lot with indSinc 0."""
        primeiro = documentos[0]
        notas = [documento.xml_assinado for documento in documentos if documento.xml_assinado is not None]
        assert len(notas) == len(documentos)
        return await self._gateway.send_lot(
            notas,
            uf=primeiro.uf,
            ambiente=primeiro.ambiente,
            modelo=primeiro.modelo,
            certificado=certificado,
            id_lote=lot_number(primeiro.id),
            tp_emis=primeiro.tp_emis,
            zipado=zipado,
        )

    async def receipt(self, documento: Documento, certificado: Certificado) -> RetornoLote:
        """Ask what became of the lot that SEFAZ queued."""
        assert documento.recibo is not None
        return await self._gateway.receipt(
            documento.recibo,
            uf=documento.uf,
            ambiente=documento.ambiente,
            modelo=documento.modelo,
            certificado=certificado,
            tp_emis=documento.tp_emis,
        )

    def lot_limits(self, documento: Documento) -> LimitesLote | None:
        """Of how many notes a lot to the document's authorizer may be today."""
        return self._gateway.lot_limits(documento.uf, documento.modelo, documento.ambiente, documento.tp_emis)

    async def query(self, documento: Documento, chave: str, certificado: Certificado) -> RetornoConsulta:
        """Ask what SEFAZ holds under a key."""
        return await self._gateway.query(
            chave,
            uf=documento.uf,
            ambiente=documento.ambiente,
            modelo=documento.modelo,
            certificado=certificado,
            tp_emis=documento.tp_emis,
        )


def lot_number(documento_id: str) -> str:
    """idLote (1 to 15 digits): says nothing, but the same document always travels under the same one."""
    return str(int(documento_id, 16) % 10**15)
