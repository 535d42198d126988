"""Orders of the control API to the fictitious country: suppliers issue notes, the Fisco registers events, limits are counted."""

import asyncio
from dataclasses import asdict, fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from aiohttp import web

from chancela.simulator.cenarios import find_cenario, list_cenarios, read_cenario, start_cenario
from chancela.simulator.controle_http import PedidoInvalido, Rota, read_body, respond_json
from chancela.simulator.estado import Consumo, Estado
from chancela.simulator.fornecedor import Fornecedores
from chancela.simulator.nota_ficticia import Encomenda
from chancela.simulator.regras.contas import cnpj_ok, cpf_ok
from chancela.simulator.tabelas import PRACAS

_QUANTIDADE_MAXIMA = 5_000
_POR_VEZ = 25
_CAMPOS = {campo.name for campo in fields(Encomenda)}
_CONSUMO = {campo.name for campo in fields(Consumo)}


class ControleOrdens:
    """Handlers that make something happen."""

    def __init__(self, estado: Estado) -> None:
        self._estado = estado
        self._fornecedores = Fornecedores(estado)

    def routes(self) -> list[Rota]:
        return [
            ("POST", "/_simulador/fornecedor/notas", self.issue_notas),
            ("POST", "/_simulador/fornecedor/eventos", self.register_evento),
            ("GET", "/_simulador/cenarios", self.list_cenarios),
            ("POST", "/_simulador/cenarios", self.start_cenario),
            ("GET", "/_simulador/consumo", self.show_consumo),
            ("PUT", "/_simulador/consumo", self.set_consumo),
        ]

    async def issue_notas(self, pedido: web.Request) -> web.Response:
        """`{"destinatario", "quantidade", ...}`: authorised notes of a fictitious supplier; their keys, in order."""
        dados = await read_body(pedido)
        quantidade = dados.pop("quantidade", 1)
        if not isinstance(quantidade, int) or not 1 <= quantidade <= _QUANTIDADE_MAXIMA:
            raise PedidoInvalido(f"quantidade é um número inteiro de 1 a {_QUANTIDADE_MAXIMA}")
        encomenda = self._order(dados)
        chaves: list[str] = []
        while len(chaves) < quantidade:
            with self._estado.livro.transaction():
                vez = range(min(_POR_VEZ, quantidade - len(chaves)))
                chaves += [self._fornecedores.issue_nota(encomenda) for _ in vez]
            await asyncio.sleep(0)  # let the services answer in between
        return respond_json(
            {"emitente": encomenda.emitente, "uf": encomenda.uf, "chaves": chaves}, status=201
        )

    def _order(self, dados: dict[str, Any]) -> Encomenda:
        estranhos = set(dados) - _CAMPOS
        if estranhos or "destinatario" not in dados:
            raise PedidoInvalido(
                f"uma encomenda tem destinatario; aceitos: quantidade, {', '.join(sorted(_CAMPOS))}"
            )
        for campo in ("destinatario", "emitente", "transportador"):
            documento = str(dados.get(campo) or "")
            if (documento or campo == "destinatario") and not (cnpj_ok(documento) or cpf_ok(documento)):
                raise PedidoInvalido(f"{campo} não é um CNPJ ou CPF válido: {documento!r}")
        if dados.get("uf", "SP") not in PRACAS:
            raise PedidoInvalido(f"uf não existe: {dados['uf']!r}")
        if "valor" in dados:
            dados["valor"] = _amount(dados["valor"])
        conhecida = self._fornecedores.recipient(Encomenda(destinatario=str(dados["destinatario"])))
        return replace(conhecida, **dados)

    async def register_evento(self, pedido: web.Request) -> web.Response:
        """`{"chave", "tipo"}`: 110110 or 110111 of a supplier's note, or an event of the Fisco on any note."""
        dados = await read_body(pedido)
        chave, tipo = str(dados.pop("chave", "")), str(dados.pop("tipo", ""))
        return respond_json(self._fornecedores.register_evento(chave, tipo, dados), status=201)

    async def list_cenarios(self, _pedido: web.Request) -> web.Response:
        """The scenarios of the package, and what lies ahead of those that were started."""
        cenarios = [asdict(cenario) for cenario in list_cenarios()]
        return respond_json({"cenarios": cenarios, "agenda": self._estado.agenda})

    async def start_cenario(self, pedido: web.Request) -> web.Response:
        """`{"nome"}`, or a scenario of one's own in `passos`; `autorizador`, `cnpj` and `semente` narrow it."""
        dados = await read_body(pedido)
        nome, passos = str(dados.pop("nome", "")), dados.pop("passos", None)
        if not set(dados) <= {"autorizador", "cnpj", "semente", "descricao"}:
            raise PedidoInvalido(
                "um cenário tem nome ou passos; aceitos ainda: autorizador, cnpj, semente, descricao"
            )
        descricao = dados.pop("descricao", "")
        proprio = {"passos": passos, "descricao": descricao}
        cenario = find_cenario(nome) if passos is None else read_cenario(nome or "próprio", proprio)
        faltam = start_cenario(self._estado, cenario, **dados)
        return respond_json({"nome": cenario.nome, "agenda": faltam}, status=201)

    async def show_consumo(self, _pedido: web.Request) -> web.Response:
        return respond_json(asdict(self._estado.consumo))

    async def set_consumo(self, pedido: web.Request) -> web.Response:
        """Which limits of consumo indevido are counted; what is not told stays."""
        dados = await read_body(pedido)
        if not set(dados) <= _CONSUMO or not all(isinstance(valor, bool) for valor in dados.values()):
            raise PedidoInvalido(f"envie true ou false em: {', '.join(sorted(_CONSUMO))}")
        self._estado.consumo = replace(self._estado.consumo, **dados)
        self._estado.store_settings()
        return await self.show_consumo(pedido)


def _amount(valor: Any) -> Decimal:
    try:
        quantia = Decimal(str(valor)).quantize(Decimal("0.01"))
    except InvalidOperation:
        quantia = Decimal(0)
    if not 0 < quantia < 10**10:
        raise PedidoInvalido(f"valor precisa ser maior que zero, em reais: {valor!r}")
    return quantia
