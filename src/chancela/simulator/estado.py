"""What the authority is between two requests: ledger, clock, test authorities, register, rules, faults and switches.

The services see this and never the pipeline that calls them (`sefaz.py`), so that imports go one way.
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from cryptography import x509

from chancela.kit.clock import Clock
from chancela.simulator.ca import AutoridadeTeste
from chancela.simulator.cadastro import Cadastro
from chancela.simulator.certificado import Certificado
from chancela.simulator.configuracao import ConfiguracaoSimulador
from chancela.simulator.falhas import PlanoFalhas
from chancela.simulator.livro import Livro
from chancela.simulator.regras.catalogo import Parametros
from chancela.simulator.relogio import RelogioSimulador
from chancela.simulator.tabelas import Autorizador


@dataclass(slots=True)
class Consumo:
    """Which limits of consumo indevido (656) are counted. Switched by the control API."""

    distribuicao: bool = True
    """At NFeDistribuicaoDFe: one hour after an empty page, no going back, 20 queries per hour."""
    geral: bool = False
    """In the other services (table USE of the manuals), which authorizers apply as they please."""
    primeiro_contato: bool = False
    """A queue begins only when its owner first asks, without what came before, as in the Ambiente Nacional."""


@dataclass(slots=True)
class Estado:
    """Ledger, clock, authorities and switches: what the services share and no request carries."""

    config: ConfiguracaoSimulador
    livro: Livro
    relogio: RelogioSimulador
    autoridade: AutoridadeTeste
    estranha: AutoridadeTeste
    """A second CA that TLS lets in but the rules refuse (285, 295)."""
    cadastro: Cadastro = field(default_factory=Cadastro)
    parametros: Parametros = field(default_factory=Parametros)
    plano: PlanoFalhas = field(default_factory=PlanoFalhas)
    revogados: set[str] = field(default_factory=set[str])
    svc_desligada: dict[str, int] = field(default_factory=dict[str, int])
    consumo: Consumo = field(default_factory=Consumo)
    agenda: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """Orders of scenarios that lie ahead: `quando` (ISO) and `ordem`."""
    revogados_ate: str = ""
    """Certificates issued until this instant (ISO) are revoked; empty: none."""
    reenvio_devolve_protocolo: bool = False
    tolerancia_cancelamento_h: int = 0
    """Hours after the deadline in which a cancellation is still accepted, with 155, as some UFs do."""

    @classmethod
    def open(cls, config: ConfiguracaoSimulador, clock: Clock) -> Self:
        """Open or make the authority of `config.home/simulador`, as its last process left it."""
        pasta: Path = config.pasta
        livro = Livro(pasta / "livro.db", config.corpos_guardados)
        estado = cls(
            config,
            livro,
            RelogioSimulador(clock),
            AutoridadeTeste.open(pasta),
            AutoridadeTeste.open(pasta / "estranha", "AC Estranha do Simulador"),
            reenvio_devolve_protocolo=config.reenvio_devolve_protocolo,
        )
        estado.load_settings()
        return estado

    def load_settings(self) -> None:
        """Take up clock, fault plan, register and switches from the ledger."""
        ler = self.livro.setting
        if relogio := ler("relogio"):
            self.relogio.restore(relogio)
        self.plano = PlanoFalhas.restore(ler("falhas") or [])
        cadastro: dict[str, Any] = ler("cadastro") or {}
        self.cadastro = Cadastro.restore(
            cadastro.get("contribuintes", []),
            estrito=bool(cadastro.get("estrito")),
            codigos=cadastro.get("codigos"),
        )
        self.parametros.restore(ler("regras") or {})
        self.revogados = set(ler("revogados") or [])
        self.svc_desligada = dict(ler("svc") or {})
        self.consumo = Consumo(**(ler("consumo") or {}))
        self.agenda = list(ler("agenda") or [])
        self.revogados_ate = str(ler("revogados_ate") or "")
        self.tolerancia_cancelamento_h = int(ler("tolerancia_cancelamento_h") or 0)

    def store_settings(self) -> None:
        """Write clock, fault plan, register and switches to the ledger."""
        with self.livro.transaction():
            self.livro.store_setting("relogio", self.relogio.dump())
            self.livro.store_setting("falhas", self.plano.dump())
            self.livro.store_setting(
                "cadastro",
                {
                    "estrito": self.cadastro.estrito,
                    "contribuintes": self.cadastro.dump(),
                    "codigos": self.cadastro.dump_csc(),
                },
            )
            self.livro.store_setting("regras", self.parametros.trocadas)
            self.livro.store_setting("revogados", sorted(self.revogados))
            self.livro.store_setting("svc", self.svc_desligada)
            self.livro.store_setting("consumo", asdict(self.consumo))
            self.livro.store_setting("agenda", self.agenda)
            self.livro.store_setting("revogados_ate", self.revogados_ate)
            self.livro.store_setting("tolerancia_cancelamento_h", self.tolerancia_cancelamento_h)
            self.livro.take_snapshot()

    def close(self) -> None:
        self.livro.close()

    def trusts(self, certificado: Certificado) -> bool:
        """Whether the test ICP-Brasil issued it."""
        return certificado.issued_by(self.autoridade.certificado)

    def knows(self, certificado: Certificado) -> bool:
        """Whether a chain is known at all, even one outside the test ICP-Brasil."""
        return certificado.issued_by(self.estranha.certificado)

    def revoked(self, certificado: Certificado) -> bool:
        if self.revogados_ate and certificado.inicio <= datetime.fromisoformat(self.revogados_ate):
            return True
        return f"{certificado.x509.serial_number:x}" in self.revogados

    def svc_state(self, autorizador: Autorizador, uf: str) -> tuple[int, str] | None:
        """113 or 114 when the origin switched its contingency off; None when the SVC answers for it."""
        if not autorizador.contingencia:
            return None
        codigo = self.svc_desligada.get(uf)
        agora = self.relogio.now()
        if codigo == 113:
            quando = f"{agora:%d/%m/%y} às {agora:%H:%M}"
            return (
                113,
                f"SVC em processo de desativação. SVC será desabilitada para a SEFAZ-{uf} em {quando} horas",
            )
        return (114, f"{autorizador.nome} desabilitada pela SEFAZ de Origem") if codigo == 114 else None

    def revoke(self, der: bytes) -> None:
        """Put a certificate in the list of revoked ones."""
        self.revogados.add(f"{x509.load_der_x509_certificate(der).serial_number:x}")
