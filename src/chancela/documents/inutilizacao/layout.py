"""XML of an inutilização: canonical `infInut`, `inutNFe` around it, and `procInutNFe` to keep."""

from dataclasses import dataclass

from chancela.documents.eventos.conferencia import mask_letters
from chancela.domain.erros import RegraViolada, Violacao
from chancela.domain.identidade import Ambiente, Cnpj, Modelo, Uf
from chancela.domain.xml.escrita import NFE_NS, escape_text
from chancela.domain.xml.esquemas import Esquema, Esquemas
from chancela.domain.xml.explicacao import explain

VERSAO = "4.00"
FAIXA_MAXIMA = 10_000
"""Numbers of one request (rule I05, rejection 201)."""
SERIE_MAXIMA_CNPJ = 889
_ABRE_PROPRIO = f'<infInut xmlns="{NFE_NS}" '.encode()


@dataclass(frozen=True, slots=True)
class Faixa:
    """A range of numbers of one series, both ends in it. Build by `check`."""

    ambiente: Ambiente
    emitente: Cnpj
    uf: Uf
    modelo: Modelo
    serie: int
    inicio: int
    fim: int

    def check(self) -> None:
        """What is wrong with the range whatever the authorizer holds. Raises `RegraViolada` with everything."""
        faltas = [
            Violacao(codigo, caminho, mensagem, correcao, rotulo=rotulo, valor=str(valor), c_stat=c_stat)
            for quebrada, codigo, caminho, rotulo, valor, mensagem, correcao, c_stat in (
                (self.modelo not in (Modelo.NFE, Modelo.NFCE), "INUT-MODELO", "modelo", "Modelo", self.modelo.value,
                 "Só números de NF-e (55) e de NFC-e (65) são inutilizados.", "Informe 55 ou 65.", 215),
                (not 0 <= self.serie <= SERIE_MAXIMA_CNPJ, "INUT-SERIE", "serie", "Série", self.serie,
                 "Quem emite com CNPJ usa as séries de 0 a 889.", "Confira a série.", 266),
                (not 1 <= self.inicio <= 999_999_999, "INUT-NUMERO", "inicio", "Número inicial", self.inicio,
                 "O número vai de 1 a 999999999.", "Confira o número inicial.", 215),
                (not 1 <= self.fim <= 999_999_999, "INUT-NUMERO", "fim", "Número final", self.fim,
                 "O número vai de 1 a 999999999.", "Confira o número final.", 215),
                (self.inicio > self.fim, "INUT-FAIXA", "inicio", "Número inicial", self.inicio,
                 "O número inicial é maior que o final.", "Troque os dois números.", 224),
                (self.fim - self.inicio >= FAIXA_MAXIMA, "INUT-TAMANHO", "fim", "Número final", self.fim,
                 "A faixa passa de 10.000 números.", "Divida a faixa em pedidos de até 10.000 números.", 201),
            )
            if quebrada
        ]  # fmt: skip
        if faltas:
            raise RegraViolada(tuple(faltas))


@dataclass(frozen=True, slots=True)
class PedidoInutilizacao:
    """One request. `ano` is the year in which the numbers should have been used, two digits."""

    faixa: Faixa
    ano: int
    justificativa: str

    @property
    def identificador(self) -> str:
        """ID, cUF, year, CNPJ, model, series, first and last number (rule I03)."""
        f = self.faixa
        return (
            f"ID{f.uf.codigo}{self.ano:02d}{f.emitente}{f.modelo.value}{f.serie:03d}{f.inicio:09d}{f.fim:09d}"
        )


def build_infinut(pedido: PedidoInutilizacao) -> bytes:
    """Canonical text of `infInut`, ready to be signed."""
    f = pedido.faixa
    texto = (
        f'<infInut xmlns="{NFE_NS}" Id="{pedido.identificador}"><tpAmb>{f.ambiente.value}</tpAmb><xServ>INUTILIZAR</xServ>'
        f"<cUF>{f.uf.codigo}</cUF><ano>{pedido.ano:02d}</ano><CNPJ>{f.emitente}</CNPJ><mod>{f.modelo.value}</mod>"
        f"<serie>{f.serie}</serie><nNFIni>{f.inicio}</nNFIni><nNFFin>{f.fim}</nNFFin>"
        f"<xJust>{escape_text(pedido.justificativa)}</xJust></infInut>"
    )
    return texto.encode()


def compose_inut(infinut: bytes, signature: bytes) -> bytes:
    """`inutNFe` around a canonical `infInut`: what travels, with no envelope of its own."""
    assert infinut.startswith(_ABRE_PROPRIO), "infInut comes from build_infinut"
    interno = b"<infInut " + infinut[len(_ABRE_PROPRIO) :]
    return b'<inutNFe xmlns="%s" versao="%s">%s%s</inutNFe>' % (
        NFE_NS.encode(),
        VERSAO.encode(),
        interno,
        signature,
    )


def compose_proc_inut(inut: bytes, retinut: bytes) -> bytes:
    """`procInutNFe`: the signed request and its return, both verbatim."""
    abre = f'<?xml version="1.0" encoding="UTF-8"?><procInutNFe xmlns="{NFE_NS}" versao="{VERSAO}">'
    return b"%s%s%s</procInutNFe>" % (abre.encode(), inut, retinut)


def validate_inut(pedido: PedidoInutilizacao, inut: bytes, esquemas: Esquemas) -> tuple[Violacao, ...]:
    """Everything that the schema refuses in a signed request. Its Id knows no letters: see `eventos.conferencia`."""
    julgado = mask_letters(inut, str(pedido.faixa.emitente))
    return tuple(explain(falha) for falha in esquemas.validate(Esquema.INUT, julgado))
