"""The NF-e and NFC-e services of layout 4.00: authorise, receipt, query by key, status, events, inutilização.

Requests are composed as text around bytes that are already final; answers are read by `leitura`. Nothing here
retries: whether to send again is decided by who holds the document's state.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from chancela.documents.eventos.layout import compose_env_evento
from chancela.documents.eventos.modelo import Orgao
from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.gateways.enderecos import Enderecos, SemServico
from chancela.gateways.lotes import LimitesLote, LotesAceitos, packaged_lots
from chancela.gateways.nfe.leitura import (
    NFE_NS,
    read_autorizacao,
    read_consulta,
    read_evento,
    read_inutilizacao,
    read_lote,
    read_status,
)
from chancela.gateways.nfe.retornos import (
    RetornoAutorizacao,
    RetornoConsulta,
    RetornoEvento,
    RetornoInutilizacao,
    RetornoLote,
    RetornoStatus,
)
from chancela.gateways.soap.cliente import Chamada, Chamador, ask
from chancela.gateways.soap.contexto_tls import CertificadoCliente
from chancela.gateways.soap.envelope import Carga, ServicoSoap
from chancela.gateways.soap.recorte import strip_prologue
from chancela.kit.clock import Clock

AUTORIZACAO = ServicoSoap("NFeAutorizacao4", "nfeAutorizacaoLote", "retEnviNFe")
AUTORIZACAO_ZIP = ServicoSoap(
    "NFeAutorizacao4", "nfeAutorizacaoLoteZIP", "retEnviNFe", envoltorio="nfeDadosMsgZip", compactado=True
)
RECIBO = ServicoSoap("NFeRetAutorizacao4", "nfeRetAutorizacaoLote", "retConsReciNFe")
CONSULTA = ServicoSoap("NFeConsultaProtocolo4", "nfeConsultaNF", "retConsSitNFe")
STATUS = ServicoSoap("NFeStatusServico4", "nfeStatusServicoNF", "retConsStatServ")
EVENTO = ServicoSoap("NFeRecepcaoEvento4", "nfeRecepcaoEvento", "retEnvEvento")
INUTILIZACAO = ServicoSoap("NFeInutilizacao4", "nfeInutilizacaoNF", "retInutNFe")
AMBIENTE_NACIONAL = "AN"
_AUTORIZADOR_DO_ORGAO = {Orgao.NACIONAL: AMBIENTE_NACIONAL, Orgao.SVRS: "SVRS"}
_METODO_PROPRIO = {("NFeRetAutorizacao4", "PR"): "nfeRetAutorizacao"}
"""Authorizers whose WSDL names the method otherwise."""
_CHAVE_NA_NOTA = re.compile(rb'<infNFe\b[^>]*?\bId="NFe([0-9]{6}[A-Z0-9]{12}[0-9]{26})"')

R = TypeVar(
    "R", RetornoAutorizacao, RetornoLote, RetornoConsulta, RetornoStatus, RetornoEvento, RetornoInutilizacao
)


class GatewayNfe:
    """One object for all companies and states: what differs comes with each call."""

    def __init__(
        self, cliente: Chamador, enderecos: Enderecos, clock: Clock, lotes: LotesAceitos | None = None
    ) -> None:
        self._cliente = cliente
        self._enderecos = enderecos
        self._clock = clock
        self._lotes = lotes or packaged_lots()

    def lot_limits(self, uf: Uf, modelo: Modelo, ambiente: Ambiente, tp_emis: int = 1) -> LimitesLote | None:
        """Of how many notes a lot may be today where this UF is authorised; None when lots are not taken there."""
        try:
            autorizador = self._enderecos.authorizer(uf, modelo, ambiente, tp_emis)
        except SemServico:
            return None
        return self._lotes.limits(modelo, autorizador, self._clock.now().date())

    async def authorise(
        self,
        nfe_assinada: bytes,
        *,
        uf: Uf,
        ambiente: Ambiente,
        modelo: Modelo,
        certificado: CertificadoCliente,
        id_lote: str,
        tp_emis: int = 1,
        prazo_s: float | None = None,
    ) -> RetornoAutorizacao:
        """Send one signed note, byte for byte, in a lot of one with indSinc 1 (NFeAutorizacao4).

        The usual answer is 104 with the protocol; 103 with a receipt is possible. Raises `TransmissaoRecusada`,
        `TransmissaoIncerta` or `SemServico`.
        """
        carga = compose_envi_nfe(nfe_assinada, id_lote)
        chave = key_of(nfe_assinada)
        chamada, retorno = await self._ask(
            AUTORIZACAO, carga, lambda c: read_autorizacao(c, chave),
            uf=uf, ambiente=ambiente, modelo=modelo, certificado=certificado, tp_emis=tp_emis, prazo_s=prazo_s,
        )  # fmt: skip
        return replace(retorno, troca=chamada.troca)

    async def send_lot(
        self,
        notas: Sequence[bytes],
        *,
        uf: Uf,
        ambiente: Ambiente,
        modelo: Modelo,
        certificado: CertificadoCliente,
        id_lote: str,
        tp_emis: int = 1,
        zipado: bool = False,
        prazo_s: float | None = None,
    ) -> RetornoLote:
        """Send several signed notes, byte for byte, in one lot with indSinc 0 (NFeAutorizacao4), packed with `zipado`.

        The usual answer is 103 with a receipt; a refusal is of the whole lot. Which lots an authorizer takes is told by
        `gateways.lotes`. Raises as `authorise`.
        """
        chamada, retorno = await self._ask(
            AUTORIZACAO_ZIP if zipado else AUTORIZACAO, compose_lote(notas, id_lote), read_lote,
            uf=uf, ambiente=ambiente, modelo=modelo, certificado=certificado, tp_emis=tp_emis, prazo_s=prazo_s,
        )  # fmt: skip
        return replace(retorno, troca=chamada.troca)

    async def receipt(
        self,
        recibo: str,
        *,
        uf: Uf,
        ambiente: Ambiente,
        modelo: Modelo,
        certificado: CertificadoCliente,
        tp_emis: int = 1,
        prazo_s: float | None = None,
    ) -> RetornoLote:
        """Ask what became of a queued lot (NFeRetAutorizacao4): 105 still processing, 104 done, 106 unknown."""
        assert recibo.isdecimal(), recibo
        corpo = f"<tpAmb>{ambiente.value}</tpAmb><nRec>{recibo}</nRec>"
        chamada, retorno = await self._ask(
            RECIBO, _message("consReciNFe", corpo), read_lote,
            uf=uf, ambiente=ambiente, modelo=modelo, certificado=certificado, tp_emis=tp_emis, prazo_s=prazo_s,
        )  # fmt: skip
        return replace(retorno, recibo=retorno.recibo or recibo, troca=chamada.troca)

    async def query(
        self,
        chave: str,
        *,
        uf: Uf,
        ambiente: Ambiente,
        modelo: Modelo,
        certificado: CertificadoCliente,
        tp_emis: int = 1,
        prazo_s: float | None = None,
    ) -> RetornoConsulta:
        """Ask what the authorizer holds under a key (NFeConsultaProtocolo4): 100/150, 101, 217 unknown, ..."""
        corpo = f"<tpAmb>{ambiente.value}</tpAmb><xServ>CONSULTAR</xServ><chNFe>{chave}</chNFe>"
        chamada, retorno = await self._ask(
            CONSULTA, _message("consSitNFe", corpo), lambda c: read_consulta(c, chave),
            uf=uf, ambiente=ambiente, modelo=modelo, certificado=certificado, tp_emis=tp_emis, prazo_s=prazo_s,
        )  # fmt: skip
        return replace(retorno, troca=chamada.troca)

    async def status(
        self,
        uf: Uf,
        *,
        ambiente: Ambiente,
        modelo: Modelo,
        certificado: CertificadoCliente,
        tp_emis: int = 1,
        prazo_s: float | None = None,
    ) -> RetornoStatus:
        """Ask whether the authorizer of a UF works (NFeStatusServico4); with tpEmis 6 or 7, its SVC."""
        corpo = f"<tpAmb>{ambiente.value}</tpAmb><cUF>{uf.codigo}</cUF><xServ>STATUS</xServ>"
        chamada, retorno = await self._ask(
            STATUS, _message("consStatServ", corpo), read_status,
            uf=uf, ambiente=ambiente, modelo=modelo, certificado=certificado, tp_emis=tp_emis, prazo_s=prazo_s,
        )  # fmt: skip
        return replace(retorno, troca=chamada.troca)

    async def register(
        self,
        evento: bytes,
        *,
        identificador: tuple[str, str, int],
        uf: Uf,
        ambiente: Ambiente,
        modelo: Modelo,
        certificado: CertificadoCliente,
        id_lote: str,
        orgao: Orgao = Orgao.UF,
        tp_emis: int = 1,
        prazo_s: float | None = None,
    ) -> RetornoEvento:
        """Send one signed event, byte for byte (NFeRecepcaoEvento4). `identificador` is key, tpEvento, nSeqEvento.

        Events of a national organ go to it; the others to who authorised: the UF's authorizer, or with `tp_emis` 6 or 7
        its SVC.
        """
        chamada, retorno = await self._ask(
            EVENTO, compose_env_evento(evento, id_lote), lambda c: read_evento(c, identificador),
            uf=uf, ambiente=ambiente, modelo=modelo, certificado=certificado, tp_emis=tp_emis, prazo_s=prazo_s,
            autorizador=_AUTORIZADOR_DO_ORGAO.get(orgao),
        )  # fmt: skip
        return replace(retorno, troca=chamada.troca)

    async def inutilise(
        self,
        inut: bytes,
        *,
        uf: Uf,
        ambiente: Ambiente,
        modelo: Modelo,
        certificado: CertificadoCliente,
        prazo_s: float | None = None,
    ) -> RetornoInutilizacao:
        """Send one signed `inutNFe`, byte for byte (NFeInutilizacao4)."""
        chamada, retorno = await self._ask(
            INUTILIZACAO, inut, read_inutilizacao,
            uf=uf, ambiente=ambiente, modelo=modelo, certificado=certificado, tp_emis=1, prazo_s=prazo_s,
        )  # fmt: skip
        return replace(retorno, troca=chamada.troca)

    async def _ask(
        self,
        servico: ServicoSoap,
        carga: bytes,
        ler: Callable[[Carga], R],
        *,
        uf: Uf,
        ambiente: Ambiente,
        modelo: Modelo,
        certificado: CertificadoCliente,
        tp_emis: int,
        prazo_s: float | None,
        autorizador: str | None = None,
    ) -> tuple[Chamada, R]:
        hoje = self._clock.now().date()
        if autorizador is None:
            autorizador = self._enderecos.authorizer(uf, modelo, ambiente, tp_emis)
        endereco = self._enderecos.address_of(
            servico.nome, autorizador, modelo=modelo, ambiente=ambiente, quando=hoje
        )
        metodo = _METODO_PROPRIO.get((servico.nome, endereco.autorizador))
        if metodo is not None:
            servico = replace(servico, metodo=metodo)
        return await ask(self._cliente, endereco.url, servico, carga, ler, certificado, prazo_s=prazo_s)


def compose_envi_nfe(nfe_assinada: bytes, id_lote: str) -> bytes:
    """`enviNFe` of one note with indSinc 1, the note byte for byte. `id_lote` has 1 to 15 digits."""
    return _envi_nfe((nfe_assinada,), id_lote, ind_sinc=1)


def compose_lote(notas: Sequence[bytes], id_lote: str) -> bytes:
    """`enviNFe` of several notes with indSinc 0, each byte for byte."""
    assert 1 < len(notas) <= 50, len(notas)
    return _envi_nfe(notas, id_lote, ind_sinc=0)


def _envi_nfe(notas: Sequence[bytes], id_lote: str, *, ind_sinc: int) -> bytes:
    assert id_lote.isdecimal(), id_lote
    assert 1 <= len(id_lote) <= 15, id_lote
    nuas = [strip_prologue(nota) for nota in notas]
    assert all(nota.startswith(b"<NFe") for nota in nuas), nuas[0][:20]
    abre = f'<enviNFe xmlns="{NFE_NS}" versao="4.00"><idLote>{id_lote}</idLote><indSinc>{ind_sinc}</indSinc>'
    return b"".join((abre.encode(), *nuas, b"</enviNFe>"))


def key_of(nfe: bytes) -> str:
    """The key in the Id of `infNFe`."""
    achada = _CHAVE_NA_NOTA.search(nfe)
    assert achada is not None, "a signed note names its key"
    return achada[1].decode("ascii")


def _message(raiz: str, corpo: str) -> bytes:
    return f'<{raiz} xmlns="{NFE_NS}" versao="4.00">{corpo}</{raiz}>'.encode()
