"""Who knows a company: the public register of CNPJs first, and for what it does not tell, the register of its state.

SEFAZ tells only who shows a certificate of its own (CadConsultaCadastro4), and only of its own state, which the public
register names. So it completes what the public register left open, above all the inscrição estadual, and never stands alone.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Protocol

import structlog

from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.erros import FiscalError, TransmissaoRecusada
from chancela.domain.identidade import Ambiente, Cnpj, Uf
from chancela.gateways.cnpj import CadastroCnpj
from chancela.gateways.nfe.cadastro import Contribuinte, RetornoCadastro
from chancela.gateways.soap.contexto_tls import CertificadoCliente
from chancela.issuing.cadencia import Cadencia, about_register
from chancela.issuing.empresa import ConsultaCnpj

_log = structlog.get_logger(__name__)


class CadastroDeContribuintes(Protocol):
    """See `gateways.nfe.cadastro.GatewayCadastro`."""

    async def find(
        self, uf: Uf, quem: Cnpj, ambiente: Ambiente, certificado: CertificadoCliente
    ) -> RetornoCadastro: ...


class ConsultaEmpresa:
    """Implements `issuing.empresa.ConsultaCnpj` over a public register and the registers of the states."""

    def __init__(
        self,
        publica: ConsultaCnpj,
        cadastro: CadastroDeContribuintes,
        ambiente: Ambiente,
        cadencia: Cadencia,
        executor: ThreadPoolExecutor,
    ) -> None:
        self._publica = publica
        self._cadastro = cadastro
        self._ambiente = ambiente
        self._cadencia = cadencia
        self._executor = executor

    async def find(self, cnpj: Cnpj, certificado: Certificado | None = None) -> CadastroCnpj | None:
        """See the port. What the public register tells wins; the state's register fills in what is missing."""
        achado = await self._publica.find(cnpj, certificado)
        if achado is None or achado.inscricao_estadual or certificado is None:
            return achado
        if achado.uf not in Uf.__members__:
            return achado
        inscrito = await self._ask(Uf(achado.uf), cnpj, certificado)
        return achado if inscrito is None else complete(achado, inscrito)

    async def _ask(self, uf: Uf, cnpj: Cnpj, certificado: Certificado) -> Contribuinte | None:
        """The active registration of the company in its state. A register that cannot be asked is none: nothing depends on it."""
        pergunta = about_register(cnpj, uf, self._ambiente)
        laco = asyncio.get_running_loop()
        if espera_s := await laco.run_in_executor(self._executor, self._cadencia.take, pergunta):
            _log.info("cadastro_nao_consultado", uf=uf.value, espera_s=round(espera_s))
            return None
        try:
            retorno = await self._cadastro.find(uf, cnpj, self._ambiente, certificado)
        except (FiscalError, TransmissaoRecusada) as erro:
            _log.info("cadastro_nao_respondeu", uf=uf.value, codigo=erro.codigo)
            return None
        return _active(retorno.contribuintes, cnpj)


def complete(achado: CadastroCnpj, inscrito: Contribuinte) -> CadastroCnpj:
    """The public register's facts, with what only the state knows."""
    return replace(
        achado,
        inscricao_estadual=inscrito.inscricao_estadual,
        nome_fantasia=achado.nome_fantasia or inscrito.fantasia,
        cep=achado.cep or inscrito.cep,
        logradouro=achado.logradouro or inscrito.logradouro,
        bairro=achado.bairro or inscrito.bairro,
    )


def _active(contribuintes: Sequence[Contribuinte], cnpj: Cnpj) -> Contribuinte | None:
    return next((c for c in contribuintes if c.habilitado and c.documento == cnpj), None)
