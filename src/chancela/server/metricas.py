"""What an operator sees in `/metrics`: calls, exchanges with SEFAZ, and what waits in the tables.

Names start with `chancela_`; `docs/operacao.md` describes each and `docs/painel-grafana.json` draws them. No label
carries a company, a key or any other datum of a customer.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chancela.gateways.soap.troca import Troca
from chancela.kit.addresses import Network
from chancela.kit.clock import Clock
from chancela.stores.situacao import Situacao, SituacaoPg

if TYPE_CHECKING:
    from chancela.server.vagas import Vagas

TIPO = "text/plain; version=0.0.4; charset=utf-8"
_VALIDADE_S = 5.0
_FAIXAS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_log = structlog.get_logger("chancela.sefaz")


class Metricas:
    """The figures of one process. Thread-safe."""

    def __init__(self) -> None:
        self.registro = CollectorRegistry()
        ProcessCollector(registry=self.registro)
        self._chamadas = Counter(
            "chancela_http_chamadas", "Chamadas recebidas.", ("rota", "status"), registry=self.registro
        )
        self._duracao = Histogram(
            "chancela_http_duracao_segundos", "Duração das chamadas.", ("rota",), buckets=_FAIXAS_S, registry=self.registro,
        )  # fmt: skip
        self._trocas = Counter(
            "chancela_sefaz_trocas",
            "Pedidos à SEFAZ.",
            ("host", "servico", "resultado"),
            registry=self.registro,
        )
        self._espera = Histogram(
            "chancela_sefaz_duracao_segundos", "Espera pela SEFAZ.", ("host", "servico"), buckets=_FAIXAS_S, registry=self.registro,
        )  # fmt: skip
        # Looking a series up by its labels costs more than counting in it.
        self._series_da_chamada = cache(self._find_call_series)
        self._series_da_troca = cache(self._find_exchange_series)

    def note_call(self, rota: str, status: int, duracao_s: float) -> None:
        """Count a call that was answered."""
        chamadas, duracao = self._series_da_chamada(rota, status)
        chamadas.inc()
        duracao.observe(duracao_s)

    def note_exchange(self, troca: Troca) -> None:
        """Count an exchange with SEFAZ, and log it under the id of the request that it serves."""
        host = urlsplit(troca.url).hostname or ""
        trocas, espera = self._series_da_troca(host, troca.servico, troca.falha or "respondida")
        trocas.inc()
        espera.observe(troca.duracao_ms / 1000)
        _log.info(
            "troca_com_sefaz", host=host, servico=troca.servico, duracao_ms=troca.duracao_ms, http=troca.http_status,
            falha=troca.falha or None, reaproveitada=troca.conexao_reaproveitada,
        )  # fmt: skip

    def _find_call_series(self, rota: str, status: int) -> tuple[Counter, Histogram]:
        return self._chamadas.labels(rota, str(status)), self._duracao.labels(rota)

    def _find_exchange_series(self, host: str, servico: str, resultado: str) -> tuple[Counter, Histogram]:
        return self._trocas.labels(host, servico, resultado), self._espera.labels(host, servico)

    def watch_tables(self, situacao: SituacaoPg, clock: Clock) -> None:
        """Show the figures of the tables too: for the process that is asked."""
        self.registro.register(_ColetorDasTabelas(situacao, clock))

    def watch_calls(self, vagas: "Vagas") -> None:
        """Show how full the process is."""
        for nome, descricao, valor in (
            ("chancela_http_em_andamento", "Chamadas em atendimento.", lambda: vagas.em_andamento),
            ("chancela_http_na_fila", "Chamadas à espera da vez.", lambda: vagas.na_fila),
            ("chancela_http_recusadas", "Chamadas recusadas por falta de vaga, desde a partida.", lambda: vagas.recusadas),
        ):  # fmt: skip
            Gauge(nome, descricao, registry=self.registro).set_function(valor)

    def render(self) -> bytes:
        """Everything, as Prometheus reads it. Blocking: looks at the tables."""
        return generate_latest(self.registro)


class _ColetorDasTabelas(Collector):
    """Looks at the tables when asked, at most every few seconds however many ask."""

    def __init__(self, situacao: SituacaoPg, clock: Clock) -> None:
        self._situacao = situacao
        self._clock = clock
        self._lida: tuple[float, Situacao] | None = None

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing is asked of the tables when the process starts."""
        return []

    def collect(self) -> Iterable[GaugeMetricFamily]:
        s = self._current()
        yield _by_state("chancela_documentos_vivos", "Documentos sem desfecho, por estado.", s.vivos)
        yield _by_state(
            "chancela_webhooks_entregas", "Mensagens de webhook por entregar ou desistidas.", s.entregas
        )
        for nome, descricao, valor in (
            ("chancela_documentos_atraso_segundos", "Espera do documento mais atrasado.", s.atraso_s),
            ("chancela_documentos_divergentes", "Documentos que esperam uma pessoa.", s.divergentes),
            ("chancela_solicitacoes_vivas", "Eventos e inutilizações sem desfecho.", s.solicitacoes_vivas),
            ("chancela_solicitacoes_atraso_segundos", "Espera do evento mais atrasado.", s.solicitacoes_atraso_s),
            ("chancela_webhooks_atraso_segundos", "Espera da mensagem mais atrasada.", s.entregas_atraso_s),
            ("chancela_copias_atraso_segundos", "Idade do XML mais antigo sem cópia nos objetos.", s.copias_atraso_s),
            ("chancela_certificados_vencidos", "Certificados em uso já vencidos.", s.certificados_vencidos),
            ("chancela_certificados_a_vencer", "Certificados que vencem em 30 dias.", s.certificados_a_vencer),
            ("chancela_emissao_paradas", "Interruptores de emissão ligados.", s.paradas),
            ("chancela_banco_conexoes", "Conexões abertas no banco.", s.conexoes),
        ):  # fmt: skip
            yield GaugeMetricFamily(nome, descricao, value=float(valor))

    def _current(self) -> Situacao:
        agora_s = self._clock.monotonic()
        if self._lida is None or agora_s - self._lida[0] > _VALIDADE_S:
            self._lida = agora_s, self._situacao.read()
        return self._lida[1]


def _by_state(nome: str, descricao: str, contagem: Mapping[str, int]) -> GaugeMetricFamily:
    familia = GaugeMetricFamily(nome, descricao, labels=["estado"])
    for estado, quantos in sorted(contagem.items()):
        familia.add_metric([estado], float(quantos))
    return familia


class ChamadasMedidas:
    """ASGI middleware that counts and times every call."""

    def __init__(self, app: ASGIApp, metricas: Metricas, clock: Clock) -> None:
        self._app = app
        self._metricas = metricas
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        inicio_s = self._clock.monotonic()
        status = 500

        async def note_status(mensagem: Message) -> None:
            nonlocal status
            if mensagem["type"] == "http.response.start":
                status = mensagem["status"]
            await send(mensagem)

        try:
            await self._app(scope, receive, note_status)
        finally:
            # By the pattern of its route: a path that nobody serves is a stranger's own text, and would be a series each.
            rota = getattr(scope.get("route"), "path", "desconhecida")
            self._metricas.note_call(rota, status, self._clock.monotonic() - inicio_s)


def may_read(cliente: str | None, redes: Iterable[Network]) -> bool:
    """Whether the figures are for this address: the machine itself, or a network that the installation names."""
    if cliente is None:
        return False
    try:
        endereco = ip_address(cliente)
    except ValueError:
        return False
    return endereco.is_loopback or any(
        endereco.version == rede.version and endereco in rede for rede in redes
    )
