"""New documents into the store: together with others of their company, and signed at once when they go straight to SEFAZ.

A document that nothing stands in the way of is numbered, signed and given its attempt in one commit; there is nothing to
wait for between them. Any other (its authorizer is down, its company issues otherwise, it has no certificate) is numbered
first and looked after by `issuing.emissao`.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.erros import CertificadoInvalido
from chancela.domain.identidade import Modelo
from chancela.issuing.desvios import Desvios
from chancela.issuing.empresa import Cadastro
from chancela.issuing.lotes import Lotes
from chancela.issuing.modelo import Admissao, Assinado, Documento, NovoDocumento
from chancela.issuing.ports import Certificados, Documentos
from chancela.kit.clock import Clock
from chancela.kit.frozen import replace
from chancela.kit.quedas import Pontos

_JUNTAS = 20
"""Documents of one transaction: it holds the bytes of each three times over, and a long one is a megabyte."""
P = ParamSpec("P")
T = TypeVar("T")


class Assinador(Protocol):
    """Signs and validates numbered documents."""

    def prepare(
        self, modelo: Modelo, empresa_id: int, certificado: Certificado, cadastro: Cadastro | None = None
    ) -> Callable[[Documento], Assinado]:
        """What signs documents of a company. Only for an NFC-e without `cadastro` it reads what it needs besides the key,
        now, and blocks for it; what it returns is pure."""
        ...


@dataclass(frozen=True, slots=True)
class Admitido:
    """A document that was admitted. With a `certificado` it is signed, and its attempt committed: it is sent next."""

    admissao: Admissao
    certificado: Certificado | None = None


class Admissoes:
    """One process's way of new documents into the store."""

    def __init__(
        self,
        *,
        documentos: Documentos,
        certificados: Certificados,
        assinador: Assinador,
        desvios: Desvios,
        clock: Clock,
        executor: ThreadPoolExecutor,
        dono: str,
        prazo_concessao_s: float,
        pontos: Pontos,
    ) -> None:
        self._documentos = documentos
        self._certificados = certificados
        self._assinador = assinador
        self._desvios = desvios
        self._clock = clock
        self._executor = executor
        self._dono = dono
        self._prazo_concessao_s = prazo_concessao_s
        self._pontos = pontos
        self._lotes = Lotes(self._admit_together, executor, junto=_company, maximo=_JUNTAS)

    async def admit(self, novo: NovoDocumento) -> Admitido:
        """Number and store a new document, signed when it goes straight on. Raises as `Documentos.admit` does."""
        certificado = await self._straight_on(novo)
        a_assinar = novo
        if certificado is not None:
            a_assinar = replace(novo, assinar=await self._signature(novo, certificado))
        admissao = await self._lotes.put(a_assinar)
        if admissao is None:
            admissao = await self._run(
                partial(self._documentos.admit, novo, dono=self._dono, prazo_s=self._prazo_concessao_s)
            )
        return Admitido(admissao, None if admissao.tentativa is None else certificado)

    async def _straight_on(self, novo: NovoDocumento) -> Certificado | None:
        """The certificate of a document that may be signed with its number and sent at once."""
        if not await self._desvios.straight_on(novo):
            return None
        certificado = self._certificados.remembered(novo.empresa_id)
        try:
            if certificado is None:
                return await self._run(self._certificados.current, novo.empresa_id)
            certificado.check_use(agora=self._clock.now())
        except CertificadoInvalido:
            return None
        return certificado

    async def _signature(
        self, novo: NovoDocumento, certificado: Certificado
    ) -> Callable[[Documento], Assinado]:
        preparar = partial(self._assinador.prepare, novo.modelo, novo.empresa_id, certificado, novo.cadastro)
        asks = novo.modelo is Modelo.NFCE and novo.cadastro is None
        assinar = await self._run(preparar) if asks else preparar()

        def sign(documento: Documento) -> Assinado:
            assinado = assinar(documento)
            self._pontos("documento_assinado")
            return assinado

        return sign

    def _admit_together(self, novos: Sequence[NovoDocumento]) -> Sequence[Admissao | None]:
        return self._documentos.admit_together(novos, dono=self._dono, prazo_s=self._prazo_concessao_s)

    async def _run(self, funcao: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        laco = asyncio.get_running_loop()
        return await laco.run_in_executor(self._executor, partial(funcao, *args, **kwargs))


def _company(novo: NovoDocumento) -> int:
    return novo.empresa_id
