"""The watch over the authorizers and the ways into contingency, wired for one process."""

from threading import Lock

from chancela.gateways.enderecos import packaged_addresses
from chancela.gateways.nfe.gateway import GatewayNfe
from chancela.gateways.soap.cliente import ClienteSoap
from chancela.gateways.soap.transporte import Transporte
from chancela.issuing.configuracao_emissao import read_contingencia
from chancela.issuing.contingencia import AjustesContingencia
from chancela.issuing.desvios import Desvios
from chancela.issuing.epec import Anunciante
from chancela.issuing.registro import Registrador
from chancela.issuing.vigia import PoliticaVigia, Vigia
from chancela.kit.clock import Clock
from chancela.server.configuracao import Configuracao
from chancela.server.pecas import Pecas
from chancela.stores.cadencia import CadenciaPg
from chancela.stores.circuitos import CircuitosPg
from chancela.stores.empresas import EmpresasPg
from chancela.stores.solicitacoes import SolicitacoesPg

_LEMBRANCA_S = 5.0


class AjustesGuardados:
    """`issuing.desvios.LeitorAjustes`: a company's decision, read again when it is older than five seconds."""

    def __init__(self, empresas: EmpresasPg, clock: Clock) -> None:
        self._empresas = empresas
        self._clock = clock
        self._lidos: dict[int, tuple[float, AjustesContingencia]] = {}
        self._travas: dict[int, Lock] = {}

    def remembered(self, empresa_id: int) -> AjustesContingencia | None:
        """What is still fresh, without asking the database."""
        lido = self._lidos.get(empresa_id)
        if lido is None or self._clock.monotonic() - lido[0] >= _LEMBRANCA_S:
            return None
        return lido[1]

    def read(self, empresa_id: int) -> AjustesContingencia:
        """Fresh from memory or from the database; those who ask side by side wait for one reading. Blocking."""
        with self._travas.setdefault(empresa_id, Lock()):
            ajustes = self.remembered(empresa_id)
            if ajustes is None:
                lido_s = self._clock.monotonic()
                empresa = self._empresas.get(empresa_id)
                ajustes = read_contingencia({} if empresa is None else empresa.configuracao)
                self._lidos[empresa_id] = (lido_s, ajustes)
            return ajustes


def create_vigia(configuracao: Configuracao, pecas: Pecas, transporte: Transporte) -> Vigia:
    """The eye of this process on the authorizers. Make it inside the running loop."""
    enderecos = packaged_addresses(configuracao.sefaz_url or None)
    return Vigia(
        circuitos=CircuitosPg(pecas.banco, pecas.clock),
        cadencia=CadenciaPg(pecas.banco),
        gateway=GatewayNfe(ClienteSoap(transporte), enderecos, pecas.clock),
        enderecos=enderecos,
        certificados=pecas.certificados,
        clock=pecas.clock,
        executor=pecas.executor,
        politica=PoliticaVigia(
            falhas_para_abrir=configuracao.circuit_failures,
            intervalo_status_s=configuracao.status_interval_s,
        ),
    )


def create_desvios(
    configuracao: Configuracao, pecas: Pecas, vigia: Vigia, registrador: Registrador
) -> Desvios:
    """The ways into and out of contingency of this process."""
    anunciante = Anunciante(
        registrador=registrador,
        solicitacoes=SolicitacoesPg(pecas.banco),
        esquemas=pecas.esquemas,
        clock=pecas.clock,
        ids=pecas.ids,
        executor=pecas.executor,
    )
    return Desvios(
        documentos=pecas.documentos,
        vigia=vigia,
        anunciante=anunciante,
        ajustes=AjustesGuardados(pecas.empresas, pecas.clock),
        clock=pecas.clock,
        ids=pecas.ids,
        randomness=pecas.randomness,
        executor=pecas.executor,
        prazo_concessao_s=configuracao.lease_s,
    )
