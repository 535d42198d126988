"""NFeDistribuicaoDFe (NT 2014.002): pages of documents that concern a CNPJ, unpacked under limits.

A packed document arrives from outside and may claim any size: it is unpacked up to a limit, and one that does not unpack
is handed on packed, so that it is kept and the queue goes on.
"""

import base64
import binascii
import zlib
from dataclasses import dataclass, replace
from datetime import datetime

from chancela.domain.chave import ChaveAcesso
from chancela.domain.identidade import Ambiente, Cnpj, Modelo, Uf
from chancela.domain.xml.escrita import NFE_NS
from chancela.domain.xml.leitura import Elemento, find_local, text_of
from chancela.gateways.enderecos import Enderecos
from chancela.gateways.nfe.leitura import read_c_stat, read_instant
from chancela.gateways.soap.cliente import Chamador, ask
from chancela.gateways.soap.contexto_tls import CertificadoCliente
from chancela.gateways.soap.envelope import Carga, ServicoSoap
from chancela.gateways.soap.troca import Troca
from chancela.kit.clock import Clock

DISTRIBUICAO = ServicoSoap(
    "NFeDistribuicaoDFe", "nfeDistDFeInteresse", "retDistDFeInt", operacao="nfeDistDFeInteresse"
)
AMBIENTE_NACIONAL = "AN"
DOCUMENTO_MAXIMO_BYTES = 4 * 1024 * 1024
"""An authorised note has at most 500 KB; what unpacks to more is no document."""
PAGINA_MAXIMA = 50


@dataclass(frozen=True, slots=True)
class DocZip:
    """One document of a page: as it came, and unpacked."""

    nsu: int
    """0 when the answer to a key names none."""
    esquema: str
    """`@schema`, as `resNFe_v1.01.xsd`."""
    compactado: bytes
    """gzip, byte for byte."""
    xml: bytes | None
    """None when it does not unpack, or to more than `DOCUMENTO_MAXIMO_BYTES`."""


@dataclass(frozen=True, slots=True)
class RetornoDistribuicao:
    """`retDistDFeInt`: 138 with documents, 137 without, 656 for asking too often, or a refusal."""

    c_stat: int
    motivo: str
    dh_resp: datetime | None
    ult_nsu: int | None
    max_nsu: int | None
    documentos: tuple[DocZip, ...] = ()
    troca: Troca | None = None


class GatewayDistribuicao:
    """The service of the Ambiente Nacional, for any CNPJ whose certificate comes with the call."""

    def __init__(self, cliente: Chamador, enderecos: Enderecos, clock: Clock) -> None:
        self._cliente = cliente
        self._enderecos = enderecos
        self._clock = clock

    async def page(
        self, cnpj: Cnpj, uf: Uf, ambiente: Ambiente, certificado: CertificadoCliente, *, ult_nsu: int
    ) -> RetornoDistribuicao:
        """The page after `ult_nsu` (distNSU)."""
        return await self._ask(
            f"<distNSU><ultNSU>{ult_nsu:015d}</ultNSU></distNSU>", cnpj, uf, ambiente, certificado
        )

    async def one(
        self, cnpj: Cnpj, uf: Uf, ambiente: Ambiente, certificado: CertificadoCliente, *, nsu: int
    ) -> RetornoDistribuicao:
        """One document by its NSU (consNSU): only to fill a hole."""
        return await self._ask(f"<consNSU><NSU>{nsu:015d}</NSU></consNSU>", cnpj, uf, ambiente, certificado)

    async def note(
        self, cnpj: Cnpj, uf: Uf, ambiente: Ambiente, certificado: CertificadoCliente, *, chave: ChaveAcesso
    ) -> RetornoDistribuicao:
        """One NF-e by its key (consChNFe), without its events."""
        return await self._ask(
            f"<consChNFe><chNFe>{chave}</chNFe></consChNFe>", cnpj, uf, ambiente, certificado
        )

    async def _ask(
        self, consulta: str, cnpj: Cnpj, uf: Uf, ambiente: Ambiente, certificado: CertificadoCliente
    ) -> RetornoDistribuicao:
        endereco = self._enderecos.address_of(
            DISTRIBUICAO.nome, AMBIENTE_NACIONAL, modelo=Modelo.NFE, ambiente=ambiente,
            quando=self._clock.now().date(),
        )  # fmt: skip
        carga = compose_dist_dfe(consulta, cnpj, uf, ambiente)
        chamada, retorno = await ask(
            self._cliente, endereco.url, DISTRIBUICAO, carga, read_distribuicao, certificado
        )
        return replace(retorno, troca=chamada.troca)


def compose_dist_dfe(consulta: str, cnpj: Cnpj, uf: Uf, ambiente: Ambiente) -> bytes:
    """`distDFeInt` around one of its three questions."""
    return (
        f'<distDFeInt xmlns="{NFE_NS}" versao="1.01"><tpAmb>{ambiente.value}</tpAmb><cUFAutor>{uf.codigo}</cUFAutor>'
        f"<CNPJ>{cnpj}</CNPJ>{consulta}</distDFeInt>"
    ).encode()


def read_distribuicao(carga: Carga) -> RetornoDistribuicao:
    """`retDistDFeInt`. ValueError when it lacks what no answer may lack."""
    raiz = carga.elemento
    lote = find_local(raiz, "loteDistDFeInt")
    zips = [] if lote is None else list(lote.iterchildren("{*}docZip"))
    if len(zips) > PAGINA_MAXIMA:
        raise ValueError(f"a page of {len(zips)} documents")
    return RetornoDistribuicao(
        c_stat=read_c_stat(raiz),
        motivo=text_of(raiz, "xMotivo"),
        dh_resp=read_instant(text_of(raiz, "dhResp")),
        ult_nsu=_nsu(text_of(raiz, "ultNSU")),
        max_nsu=_nsu(text_of(raiz, "maxNSU")),
        documentos=tuple(_doc_zip(elemento) for elemento in zips),
    )


def unpack(compactado: bytes, limite_bytes: int = DOCUMENTO_MAXIMO_BYTES) -> bytes | None:
    """The text of one gzip member; None when it is none, is cut short, or holds more than `limite_bytes`."""
    leitor = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        texto = leitor.decompress(compactado, limite_bytes)
    except zlib.error:
        return None
    return texto if leitor.eof else None


def _doc_zip(elemento: Elemento) -> DocZip:
    nsu = _nsu(elemento.get("NSU") or "") or 0
    try:
        compactado = base64.b64decode("".join((elemento.text or "").split()), validate=True)
    except binascii.Error as erro:
        raise ValueError("docZip is not base64") from erro
    return DocZip(nsu, (elemento.get("schema") or "")[:60], compactado, unpack(compactado))


def _nsu(texto: str) -> int | None:
    if not texto:
        return None
    if not (texto.isascii() and texto.isdecimal() and len(texto) <= 15):
        raise ValueError(f"NSU is {texto[:20]!r}")
    return int(texto)
