"""The companies' certificates: sealed in the database, opened once per process. The `Certificados` port."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from weakref import WeakValueDictionary

from sqlalchemy import Connection, text

from chancela.domain.assinatura.certificado import Certificado, load_pkcs12
from chancela.domain.erros import CertificadoInvalido
from chancela.issuing.empresa import NovoCertificado
from chancela.kit.clock import Clock
from chancela.stores.cofre import Cofre
from chancela.stores.conexao import Banco
from chancela.stores.segredos import open_certificate, seal_certificate

__all__ = ["CertificadosPg", "NovoCertificado", "insert_certificado", "replace_certificado"]


@dataclass(frozen=True, slots=True)
class _Lembrado:
    certificado: Certificado
    confirmado_s: float


class CertificadosPg:
    """Implements `issuing.ports.Certificados`. Blocking and thread-safe.

    Opening costs as much as many signatures, so the key object stays in memory, for the `lembrados` companies used
    last; branches that use the certificate of their head office share one. Whether it is still the one in use is asked
    again after `confianca_s`.
    """

    def __init__(
        self, banco: Banco, cofre: Cofre, clock: Clock, *, lembrados: int = 2_000, confianca_s: float = 5.0
    ) -> None:
        self._banco = banco
        self._cofre = cofre
        self._clock = clock
        self._limite = lembrados
        self._confianca_s = confianca_s
        self._trava = threading.Lock()
        self._memoria: OrderedDict[int, _Lembrado] = OrderedDict()
        self._abertos: WeakValueDictionary[str, Certificado] = WeakValueDictionary()
        """By fingerprint, while some company is remembered with it."""

    def remembered(self, empresa_id: int) -> Certificado | None:
        """See the port."""
        with self._trava:
            lembrado = self._memoria.get(empresa_id)
        return None if lembrado is None or not self._trusts(lembrado) else lembrado.certificado

    def current(self, empresa_id: int) -> Certificado:
        with self._trava:
            lembrado = self._memoria.get(empresa_id)
        if lembrado is None or not self._trusts(lembrado):
            agora_s = self._clock.monotonic()
            lembrado = _Lembrado(self._fetch(empresa_id), agora_s)
            self._remember(empresa_id, lembrado)
        lembrado.certificado.check_use(agora=self._clock.now())
        return lembrado.certificado

    def _trusts(self, lembrado: _Lembrado) -> bool:
        return self._clock.monotonic() - lembrado.confirmado_s <= self._confianca_s

    def replace(self, empresa_id: int, novo: NovoCertificado) -> None:
        """Put a certificate in use; the one before stays, sealed, for the record."""

        def run(conexao: Connection) -> None:
            replace_certificado(conexao, self._cofre, empresa_id, novo)

        self._banco.in_company(empresa_id, run)
        with self._trava:
            self._memoria.pop(empresa_id, None)

    def _fetch(self, empresa_id: int) -> Certificado:
        with self._banco.company(empresa_id) as conexao:
            linha = conexao.execute(_LE, {"empresa_id": empresa_id}).one_or_none()
        if linha is None:
            raise CertificadoInvalido(
                "CERT-AUSENTE",
                "A empresa não tem certificado digital cadastrado.",
                "Envie um certificado A1 no cadastro da empresa.",
            )
        with self._trava:
            aberto = self._abertos.get(linha.impressao)
        if aberto is not None:
            return aberto
        pfx, senha = open_certificate(self._cofre, empresa_id, linha.impressao, linha.envelope)
        return load_pkcs12(pfx, senha, agora=self._clock.now())

    def _remember(self, empresa_id: int, lembrado: _Lembrado) -> None:
        with self._trava:
            self._abertos[lembrado.certificado.impressao_digital] = lembrado.certificado
            self._memoria[empresa_id] = lembrado
            self._memoria.move_to_end(empresa_id)
            while len(self._memoria) > self._limite:
                self._memoria.popitem(last=False)


def insert_certificado(conexao: Connection, cofre: Cofre, empresa_id: int, novo: NovoCertificado) -> None:
    """Add a certificate as the one in use; the caller retired the one before."""
    conexao.execute(
        _INSERE,
        {
            "empresa_id": empresa_id,
            "impressao": novo.impressao,
            "inicio": novo.inicio,
            "fim": novo.fim,
            "envelope": seal_certificate(cofre, empresa_id, novo.impressao, novo.pfx, novo.senha),
        },
    )


def replace_certificado(conexao: Connection, cofre: Cofre, empresa_id: int, novo: NovoCertificado) -> None:
    """Put a certificate in use inside the caller's transaction; the one before stays, sealed."""
    conexao.execute(_APOSENTA, {"empresa_id": empresa_id})
    insert_certificado(conexao, cofre, empresa_id, novo)


_APOSENTA = text("UPDATE certificados SET atual = false WHERE empresa_id = :empresa_id AND atual")
_INSERE = text(
    "INSERT INTO certificados (empresa_id, impressao, inicio, fim, envelope, atual)"
    " VALUES (:empresa_id, :impressao, :inicio, :fim, :envelope, true)"
)
_LE = text("SELECT impressao, envelope FROM certificados WHERE empresa_id = :empresa_id AND atual")
