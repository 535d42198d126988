"""CadConsultaCadastro4: what a UF's register knows of a taxpayer (layout 2.00).

Where it is offered is data. The WSDLs name the method in two ways; a host that refuses one name as the caller's mistake is
asked by the other, which is harmless: nothing changes there.
"""

from dataclasses import dataclass, replace

from chancela.domain.erros import TransmissaoRecusada
from chancela.domain.identidade import Ambiente, Cnpj, Cpf, Modelo, Uf
from chancela.domain.xml.escrita import NFE_NS, escape_text
from chancela.domain.xml.leitura import Elemento, find_local, text_of
from chancela.gateways.enderecos import CADASTRO, Enderecos
from chancela.gateways.nfe.leitura import read_c_stat
from chancela.gateways.soap.cliente import Chamador, ask
from chancela.gateways.soap.contexto_tls import CertificadoCliente
from chancela.gateways.soap.envelope import Carga, ServicoSoap
from chancela.gateways.soap.troca import Troca
from chancela.kit.clock import Clock

CONSULTA_CADASTRO = ServicoSoap(CADASTRO, "consultaCadastro", "retConsCad")
OUTRO_METODO = "consultaCadastro4"
_DUPLO = frozenset({"MT"})
"""Authorizers whose message is wrapped twice in nfeDadosMsg."""


@dataclass(frozen=True, slots=True)
class Contribuinte:
    """One registration (infCad). Empty texts are what the UF does not tell."""

    inscricao_estadual: str
    documento: str
    uf: str
    habilitado: bool
    nome: str
    fantasia: str = ""
    cnae: str = ""
    regime: str = ""
    logradouro: str = ""
    numero: str = ""
    complemento: str = ""
    bairro: str = ""
    municipio_ibge: str = ""
    municipio: str = ""
    cep: str = ""


@dataclass(frozen=True, slots=True)
class RetornoCadastro:
    """`retConsCad`: 111 one registration, 112 several, 257 and others none."""

    c_stat: int
    motivo: str
    contribuintes: tuple[Contribuinte, ...] = ()
    troca: Troca | None = None


class GatewayCadastro:
    """The registers of the UFs that offer theirs. `SemServico` for the others."""

    def __init__(self, cliente: Chamador, enderecos: Enderecos, clock: Clock) -> None:
        self._cliente = cliente
        self._enderecos = enderecos
        self._clock = clock

    async def find(
        self, uf: Uf, quem: Cnpj | Cpf | str, ambiente: Ambiente, certificado: CertificadoCliente
    ) -> RetornoCadastro:
        """Ask a UF about a CNPJ, a CPF or (plain text) an inscrição estadual."""
        endereco = self._enderecos.address(
            CADASTRO, uf=uf, modelo=Modelo.NFE, ambiente=ambiente, quando=self._clock.now().date()
        )
        operacao = CONSULTA_CADASTRO.envoltorio if endereco.autorizador in _DUPLO else ""
        servico = replace(CONSULTA_CADASTRO, operacao=operacao)
        carga = compose_cons_cad(uf, quem)
        try:
            chamada, retorno = await ask(
                self._cliente, endereco.url, servico, carga, read_cadastro, certificado
            )
        except TransmissaoRecusada as erro:
            if erro.codigo != "SOAP-FALHA-REMETENTE":
                raise
            outro = replace(servico, metodo=OUTRO_METODO)
            chamada, retorno = await ask(
                self._cliente, endereco.url, outro, carga, read_cadastro, certificado
            )
        return replace(retorno, troca=chamada.troca)


def compose_cons_cad(uf: Uf, quem: Cnpj | Cpf | str) -> bytes:
    """`ConsCad` about one taxpayer."""
    tag = "CNPJ" if isinstance(quem, Cnpj) else "CPF" if isinstance(quem, Cpf) else "IE"
    return (
        f'<ConsCad xmlns="{NFE_NS}" versao="2.00"><infCons><xServ>CONS-CAD</xServ><UF>{uf.value}</UF>'
        f"<{tag}>{escape_text(quem)}</{tag}></infCons></ConsCad>"
    ).encode()


def read_cadastro(carga: Carga) -> RetornoCadastro:
    """`retConsCad`. ValueError when it has no result."""
    corpo = find_local(carga.elemento, "infCons")
    if corpo is None:
        raise ValueError("retConsCad without infCons")
    achados = tuple(_read_contribuinte(e) for e in corpo.iterchildren("{*}infCad"))
    return RetornoCadastro(read_c_stat(corpo), text_of(corpo, "xMotivo"), achados)


def _read_contribuinte(inf: Elemento) -> Contribuinte:
    def text(caminho: str) -> str:
        return text_of(inf, caminho).strip()

    return Contribuinte(
        inscricao_estadual=text("IE"),
        documento=text("CNPJ") or text("CPF"),
        uf=text("UF"),
        habilitado=text("cSit") == "1",
        nome=text("xNome"),
        fantasia=text("xFant"),
        cnae=text("CNAE"),
        regime=text("xRegApur"),
        logradouro=text("ender/xLgr"),
        numero=text("ender/nro"),
        complemento=text("ender/xCpl"),
        bairro=text("ender/xBairro"),
        municipio_ibge=text("ender/cMun"),
        municipio=text("ender/xMun"),
        cep=text("ender/CEP"),
    )
