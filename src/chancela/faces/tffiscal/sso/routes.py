"""`sso/create_ticket` and `sso/consume_ticket`: a ticket of 32 bytes, good once, for 60 seconds."""

import base64
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool

from chancela.faces.tffiscal.envelope import Resposta
from chancela.faces.tffiscal.erros import FaceErro
from chancela.faces.tffiscal.portao import Chamada, Quem
from chancela.faces.tffiscal.rotas import Rota
from chancela.faces.tffiscal.servicos import Servicos
from chancela.faces.tffiscal.sso.saidas import BilheteSaida, SessaoSaida
from chancela.faces.tffiscal.sso.schemas import IDIOMAS, BilheteEntrada, ConsumoEntrada
from chancela.faces.tffiscal.sso.sessao import TIPO, Sessao, sign_session
from chancela.faces.tffiscal.validacao import validate
from chancela.stores.sso import SsoPg

VALIDADE_S = 60
BILHETES_POR_MINUTO = 30
CONSUMOS_POR_MINUTO = 60
_BILHETE_BYTES = 32
VARIAS = "This token is linked to multiple companies. Send the specific company token you want to access."


@dataclass(frozen=True, slots=True)
class PortasSso:
    """The parts of these operations. `chave` signs sessions."""

    bilhetes: SsoPg
    chave: bytes


class OperacoesSso:
    """Automatic login of a company's user."""

    def __init__(self, servicos: Servicos, portas: PortasSso) -> None:
        self._servicos = servicos
        self._bilhetes = portas.bilhetes
        self._chave = portas.chave

    async def create_ticket(self, chamada: Chamada) -> Resposta:
        """A fresh ticket for the company that the body's token names."""
        entrada = validate(BilheteEntrada, chamada.dados)
        if not entrada.token:
            raise FaceErro(400, "SSO-01", "Token is required", "Envie token no corpo.")
        await self._limit(f"sso:token:{entrada.token}", BILHETES_POR_MINUTO)
        empresa_id = await self._company(chamada, entrada.token)
        idioma = entrada.language.lower() if entrada.language.lower() in IDIOMAS else IDIOMAS[0]
        bruto = self._servicos.randomness.token_bytes(_BILHETE_BYTES)
        ticket = base64.urlsafe_b64encode(bruto).decode().rstrip("=")
        expira_em = await run_in_threadpool(
            lambda: self._bilhetes.create(
                ticket, empresa_id, idioma=idioma, pagina=entrada.page or "", validade_s=VALIDADE_S
            )
        )
        base = self._servicos.links.base(chamada.base_url)
        raiz: BilheteSaida = {
            "ticket": ticket,
            "redirectUrl": f"{base}/sso#ticket={ticket}",
            "expiresInSeconds": VALIDADE_S,
            "expiresAt": f"{expira_em:%Y-%m-%dT%H:%M:%S.%f}0Z",
        }
        return Resposta(200, True, "ticket", raiz=raiz)

    async def consume_ticket(self, chamada: Chamada) -> Resposta:
        """Exchange a ticket for a session; of any number of callers one succeeds."""
        await self._limit(f"sso:ip:{chamada.endereco}", CONSUMOS_POR_MINUTO)
        entrada = validate(ConsumoEntrada, chamada.dados)
        if not entrada.ticket:
            raise FaceErro(400, "SSO-04", "Ticket inválido", "Envie o ticket de create_ticket.")
        bilhete = await run_in_threadpool(self._bilhetes.consume, entrada.ticket)
        if bilhete is None:
            raise FaceErro(401, "SSO-05", "Ticket inválido ou expirado", "Peça outro com create_ticket.")
        empresa = await run_in_threadpool(self._servicos.empresas.get, bilhete.empresa_id)
        if empresa is None:
            raise FaceErro(
                401, "SSO-06", "Sessão inválida", "Peça outro ticket com o token de uma empresa ativa."
            )
        raiz: SessaoSaida = {
            "access_token": sign_session(
                Sessao(bilhete.integrador_id, bilhete.empresa_id, bilhete.idioma),
                self._chave,
                agora=self._servicos.clock.now(),
                jti=self._servicos.ids.new(),
            ),
            "type": TIPO,
            "uid": bilhete.integrador_id,
            "company_id": bilhete.empresa_id,
            "language": bilhete.idioma,
            "page": bilhete.pagina,
        }
        return Resposta(200, True, "Login succeeded", raiz=raiz)

    async def _company(self, chamada: Chamada, token: str) -> int:
        """The company of the body's token, which must belong to whoever signed the call."""
        autor = chamada.credencial
        alvo = (
            autor
            if token == autor.token
            else await run_in_threadpool(self._servicos.empresas.authenticate, token)
        )
        if alvo is None or alvo.integrador.id != autor.integrador.id:
            raise _unknown()
        if autor.empresa is not None and (alvo.empresa is None or alvo.empresa.id != autor.empresa.id):
            raise _unknown()
        if alvo.empresa is not None:
            return alvo.empresa.id
        empresas = await run_in_threadpool(self._bilhetes.companies_of, alvo.integrador.id)
        if not empresas:
            raise _unknown()
        if len(empresas) > 1:
            raise FaceErro(400, "SSO-03", VARIAS, "Envie o token da empresa.")
        return empresas[0]

    async def _limit(self, quem: str, maximo: int) -> None:
        if await run_in_threadpool(self._bilhetes.count_call, quem) > maximo:
            raise FaceErro(
                429, "SSO-07", "Rate limit exceeded", "Aguarde um minuto.", cabecalhos={"Retry-After": "60"}
            )


def sso_routes(sso: OperacoesSso) -> tuple[Rota, ...]:
    """The routes of these operations."""
    return (
        Rota("POST", "sso/create_ticket", sso.create_ticket, Quem.QUALQUER, "Gerar um ticket de login", BilheteEntrada, BilheteSaida, na_raiz=True),
        Rota("POST", "sso/consume_ticket", sso.consume_ticket, Quem.NINGUEM, "Trocar o ticket por uma sessão", ConsumoEntrada, SessaoSaida, na_raiz=True),
    )  # fmt: skip


def _unknown() -> FaceErro:
    return FaceErro(401, "SSO-02", "Invalid token", "Envie o token da empresa.")
