"""The client of the simulation, and the calls that only tests make."""

from chancela.faces.tffiscal.autenticacao import sign_hmac
from chancela.kit.json_exact import write_json
from chancela.server.simulacao.cliente import Cliente as _Cliente
from chancela.server.simulacao.cliente import Resposta, call

__all__ = ["Cliente", "Resposta", "call"]


class Cliente(_Cliente):
    """Signs as a customer does, by either scheme."""

    async def post_hmac(self, caminho: str, corpo: object, *, consulta: str = "") -> Resposta:
        conteudo = write_json(corpo)
        instante = str(int(self.clock.now().timestamp() * 1000))
        alvo = f"{caminho}?{consulta}" if consulta else caminho
        return await call(
            self.app, "POST", caminho, consulta, corpo=conteudo,
            cabecalhos=[
                ("X-API-Key", self.token),
                ("X-Timestamp", instante),
                ("X-Signature", sign_hmac(self.token, "POST", alvo, instante, conteudo)),
            ],
        )  # fmt: skip
