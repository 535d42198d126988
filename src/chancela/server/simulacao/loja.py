"""A shop and its program: sells, repeats itself, races, cancels and corrects over the public API, as customers do."""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from starlette.types import ASGIApp

from chancela.kit.clock import Clock
from chancela.server.demonstracao import (
    CATEGORIA_NFCE,
    CATEGORIA_NORMAL,
    CATEGORIA_SIMPLES,
    EMPRESA_NORMAL,
    EMPRESA_SIMPLES,
    invoice,
    receipt,
)
from chancela.server.simulacao.autoridades import CSC
from chancela.server.simulacao.cliente import Cliente, Resposta, call
from chancela.server.simulacao.enredo import EMITENTES, VAREJO, Enredo, Venda
from chancela.server.simulacao.provas import Chamada, Distribuido, DocumentoVisto, Provas

EMPRESAS: tuple[Mapping[str, Any], ...] = (
    {**EMPRESA_NORMAL, "cnpj": EMITENTES[0], "name": "LOJA CANARIOAMARELO LTDA"},
    {**EMPRESA_SIMPLES, "cnpj": EMITENTES[1], "name": "PADARIA CANARIOVERDE LTDA"},
    {
        **EMPRESA_NORMAL, "cnpj": EMITENTES[2], "name": "INDUSTRIA CANARIOAZUL LTDA", "ie": "0562241549909",
        "cep": "30130010", "address": "Avenida Afonso Pena", "house_number": "1500", "town": "Centro",
        "city": "Belo Horizonte", "state": "MG",
    },
)  # fmt: skip
"""Two neighbours under one integrator and a stranger under another. Each carries its own canary word."""
CANARIOS = ("CANARIOAMARELO", "CANARIOVERDE", "CANARIOAZUL")
_ESPERAS_S = (20, 120, 600, 1_800, 3_600)
_PAUSA_DE_ERRO_S = 180
_TENTATIVAS_REJEITADA = 5
_PAGINA = 50
_MOTIVO = "Numeração pulada por falha do sistema da loja"


class Loja:
    """One company's program. `open` it first."""

    def __init__(
        self,
        indice: int,
        app: ASGIApp,
        enredo: Enredo,
        relogio: Clock,
        provas: Provas,
        ao_pedir: Callable[[], object],
    ) -> None:
        self.indice = indice
        self.dados = EMPRESAS[indice]
        self.cnpj = str(self.dados["cnpj"])
        self.canario = CANARIOS[indice]
        self._app = app
        self._enredo = enredo
        self._relogio = relogio
        self._provas = provas
        self._ao_pedir = ao_pedir
        self._cliente = Cliente(app, relogio, "")
        self._categoria = ""
        self._do_cupom = ""
        self.empresa_id = ""

    async def open(self, token_integrador: str, pfx_url: str, senha: str) -> None:
        """Register company, category and webhook."""
        integrador = Cliente(self._app, self._relogio, token_integrador)
        criada = await integrador.post(
            "/api/company/create", {**self.dados, "cert_file": pfx_url, "cert_pwd": senha}
        )
        assert criada.status == 200, criada.conteudo
        self._cliente = Cliente(self._app, self._relogio, criada.data["token"])
        self.empresa_id = str(criada.data["company_id"])
        simples = self.dados["invoice_type"] == "simples_nacional"
        conteudo = CATEGORIA_SIMPLES if simples else CATEGORIA_NORMAL
        categoria = await self._cliente.post("/api/category/create", conteudo)
        assert categoria.status == 200, categoria.conteudo
        self._categoria = categoria.data["category_id"]
        if self.indice == VAREJO:
            await self._open_counter(integrador, pfx_url, senha)
        webhook = await self._cliente.post(
            "/api/webhook/create", {"url": f"https://{self.cnpj}.exemplo.com.br/"}
        )
        assert webhook.status == 200, webhook.conteudo

    async def _open_counter(self, integrador: Cliente, pfx_url: str, senha: str) -> None:
        """The same company sells over the counter too."""
        _, numero_csc, csc = CSC
        criada = await integrador.post(
            "/api/nfce/company/create",
            {
                "cnpj": self.cnpj, "cert_file": pfx_url, "cert_pwd": senha, "csc_id": numero_csc, "csc": csc,
                "serie_nfce": 1, "number_nfce": 1,
            },
        )  # fmt: skip
        assert criada.status == 200, criada.conteudo
        categoria = await self._cliente.post("/api/nfce/category/create", CATEGORIA_NFCE)
        assert categoria.status == 200, categoria.conteudo
        self._do_cupom = categoria.data["category_id"]

    async def replace_certificate(self, pfx_url: str, senha: str) -> None:
        """A new certificate, until the API takes it."""
        corpo = {"company_id": self.empresa_id, "cert_file": pfx_url, "cert_pwd": senha}
        while (await self._post("/api/company/edit", corpo, "certificado")).status != 200:
            await asyncio.sleep(_PAUSA_DE_ERRO_S)

    # -- a sale -------------------------------------------------------------------------------------------

    async def sell(self, venda: Venda) -> None:
        """One sale from the till to its end."""
        await self._until(venda.quando)
        corpo = self._body(venda)
        primeiras = [self._create(venda, corpo)]
        primeiras += [self._later(n, venda, corpo) for n in range(venda.repete)]
        if venda.disputa:
            outro = self._body(venda, preco_centavos=venda.preco_centavos + 100)
            primeiras.append(self._create(venda, outro))
        respostas = await asyncio.gather(*primeiras)
        if venda.ruim:
            return
        uuid = await self._obtain(respostas[0], venda, corpo)
        if uuid is None:
            return
        situacao = str(respostas[0].fatos.get("status", ""))
        if situacao != "Success" or venda.confere:
            situacao = await self._settled(uuid, venda)
        for _ in range(_TENTATIVAS_REJEITADA):
            if situacao != "Rejected" or self._over():
                break
            await asyncio.sleep(_PAUSA_DE_ERRO_S)
            await self._create(venda, corpo)
            situacao = await self._settled(uuid, venda)
        if situacao in ("Success", "Authorized"):
            await asyncio.gather(self._correct(venda, uuid), self._cancel(venda, uuid))

    async def _later(self, n: int, venda: Venda, corpo: Mapping[str, Any]) -> Resposta:
        await asyncio.sleep(1 + n * 2)
        return await self._create(venda, corpo)

    async def _obtain(self, resposta: Resposta, venda: Venda, corpo: Mapping[str, Any]) -> str | None:
        """The uuid, asking again while the API itself is down."""
        while resposta.status != 200 or "uuid" not in resposta.data:
            if self._over() or resposta.status == 400:
                return None
            await asyncio.sleep(_PAUSA_DE_ERRO_S)
            resposta = await self._create(venda, corpo)
        return str(resposta.data["uuid"])

    async def _settled(self, uuid: str, venda: Venda) -> str:
        situacao = ""
        for espera_s in _ESPERAS_S:
            await asyncio.sleep(espera_s)
            resposta = await self._get(f"/api/{_face(venda)}/get_detail", f"uuid={uuid}", venda.referencia)
            if resposta.status == 200:
                situacao = str(resposta.data["status"])
                if situacao != "Processing":
                    break
        return situacao

    async def _cancel(self, venda: Venda, uuid: str) -> None:
        if venda.cancela_apos_s is not None and await self._rest(venda.cancela_apos_s):
            await self._post("/api/invoice/cancel", {"uuid": uuid}, venda.referencia)

    async def _correct(self, venda: Venda, uuid: str) -> None:
        if venda.corrige_apos_s is not None and await self._rest(venda.corrige_apos_s):
            corpo = {"uuid": uuid, "correcao": "Corrige-se a descrição do volume transportado."}
            await self._post("/api/invoice/cce/send", corpo, venda.referencia)

    async def void_ahead(self, quando: datetime) -> None:
        """Declare two numbers as never used that the counter has not reached yet."""
        await self._until(quando)
        lista = await self._get("/api/invoice/get_list", "page=1&page_size=1", "")
        if lista.status != 200:
            return
        ultimo = max((int(item["number"]) for item in lista.data["list"]), default=0)
        await self._post(
            "/api/invoice/invalid",
            {
                "modelo": "55", "ambiente": "2", "serie": 1, "start_number": ultimo + 3, "end_number": ultimo + 4,
                "motivo": _MOTIVO,
            },
            "inutilizacao",
        )  # fmt: skip

    def _body(self, venda: Venda, *, preco_centavos: int | None = None) -> dict[str, Any]:
        unitario = Decimal(preco_centavos or venda.preco_centavos).scaleb(-2)
        total = unitario * venda.quantidade
        if venda.cupom:
            return self._receipt(venda, unitario, total)
        corpo = invoice(self._categoria, id=venda.referencia)
        corpo["cliente"] = {**corpo["cliente"], "name": f"Cliente {self.canario}"}
        corpo["products"][0] |= {
            "count": venda.quantidade, "unit_price": unitario, "total_price": total,
            "ncm": "1" if venda.ruim else "85176277",
        }  # fmt: skip
        corpo["pag_info"][0] |= {"payment_value": total}
        return corpo

    def _receipt(self, venda: Venda, unitario: Decimal, total: Decimal) -> dict[str, Any]:
        corpo = receipt(self._do_cupom, id=venda.referencia, issuance_type="9" if venda.offline else "1")
        corpo["products"][0] |= {
            "count": venda.quantidade, "unit_price": unitario, "total_price": total,
            "ncm": "1" if venda.ruim else "22021000",
        }  # fmt: skip
        corpo["pag_info"][0] |= {"amount": total}
        return corpo

    # -- what it buys -------------------------------------------------------------------------------------

    async def look_for_received(self) -> None:
        """Ask for what suppliers sent, as the shop's program does by itself."""
        await self._post("/api/invoice/received/sync", {"cnpj": self.cnpj, "max_iterations": 5}, "")

    # -- at the end ---------------------------------------------------------------------------------------

    async def show_received(self) -> list[tuple[Distribuido, bytes | None]]:
        """Everything that it received, as the API lists it, with the file behind each link."""
        recebidos: list[tuple[Distribuido, bytes | None]] = []
        while True:
            corpo = {"cnpj": self.cnpj, "page": len(recebidos) // _PAGINA + 1, "page_size": _PAGINA}
            resposta = await self._post("/api/invoice/received/list", corpo, "")
            assert resposta.status == 200, resposta.conteudo
            for item in resposta.data["list"]:
                visto = Distribuido(self.cnpj, item["nsu"], item["schema"], item["chave"])
                recebidos.append((visto, await self._file(str(item["xml_url"]))))
            if len(resposta.data["list"]) < _PAGINA:
                return recebidos

    async def show_all(self) -> list[DocumentoVisto]:
        """Every document of the company as the API shows it, with the XML behind its link."""
        vistos: list[DocumentoVisto] = []
        pagina = 1
        while True:
            resposta = await self._get("/api/invoice/get_list", f"page={pagina}&page_size={_PAGINA}", "")
            assert resposta.status == 200, resposta.conteudo
            lista = resposta.data["list"]
            vistos += [await self._show("invoice", str(item["uuid"])) for item in lista]
            if len(lista) < _PAGINA:
                return vistos + await self._show_counter()
            pagina += 1

    async def _show_counter(self) -> list[DocumentoVisto]:
        """The NFC-e: those that an answer named, and those that only the report of what was issued lists."""
        uuids = dict.fromkeys(
            str(chamada.fatos["uuid"])
            for chamada in self._provas.chamadas
            if (chamada.empresa, chamada.operacao) == (self.cnpj, "nfce/create") and "uuid" in chamada.fatos
        )
        pagina = 1
        while self.indice == VAREJO:
            dias = (
                f"start_date={self._enredo.inicio - timedelta(days=1):%Y-%m-%d}"
                f"&end_date={self._enredo.fim + timedelta(days=1):%Y-%m-%d}"
            )
            consulta = f"company_id={self.empresa_id}&{dias}&model=nfce&per_page={_PAGINA}&page={pagina}"
            resposta = await self._get("/api/invoice/report", consulta, "")
            assert resposta.status == 200, resposta.conteudo
            lista = resposta.data["invoices"]
            uuids |= dict.fromkeys(str(item["invoice_id"]) for item in lista)
            if len(lista) < _PAGINA:
                break
            pagina += 1
        return [await self._show("nfce", uuid) for uuid in uuids]

    async def _show(self, face: str, uuid: str) -> DocumentoVisto:
        dados = (await self._get(f"/api/{face}/get_detail", f"uuid={uuid}", "")).data
        xml = await self._file(str(dados["xml"])) if dados["xml"] else None
        return DocumentoVisto(
            self.cnpj, uuid, dados["id"], dados["chave"], dados["serie"], dados["number"], dados["status"],
            Decimal(str(dados["total_price"])), xml, dados,
        )  # fmt: skip

    async def _file(self, url: str) -> bytes | None:
        caminho, _, consulta = url.partition("nota.exemplo.com.br")[2].partition("?")
        resposta = await call(self._app, "GET", caminho, consulta)
        return resposta.conteudo if resposta.status == 200 else None

    # -- calls --------------------------------------------------------------------------------------------

    async def _create(self, venda: Venda, corpo: Mapping[str, Any]) -> Resposta:
        return await self._post(f"/api/{_face(venda)}/create", corpo, venda.referencia)

    async def _post(self, caminho: str, corpo: Mapping[str, Any], referencia: str) -> Resposta:
        resposta = self._note(caminho, referencia, await self._cliente.post(caminho, corpo))
        self._ao_pedir()
        return resposta

    async def _get(self, caminho: str, consulta: str, referencia: str) -> Resposta:
        return self._note(caminho, referencia, await self._cliente.get(caminho, consulta))

    def _note(self, caminho: str, referencia: str, resposta: Resposta) -> Resposta:
        conteudo: dict[str, Any] = json.loads(resposta.conteudo)
        agora, operacao = self._relogio.now(), caminho.removeprefix("/api/")
        chamada = Chamada(agora, self.cnpj, operacao, referencia, resposta.status, conteudo)
        self._provas.chamadas.append(chamada)
        fatos = chamada.fatos
        self._provas.trace(
            agora, self.cnpj, operacao, referencia, resposta.status, fatos.get("status", ""), fatos.get("cstat", ""),
            fatos.get("chave", ""),
        )  # fmt: skip
        return resposta

    # -- time ---------------------------------------------------------------------------------------------

    def _over(self) -> bool:
        return self._relogio.now() >= self._enredo.fim

    async def _until(self, quando: datetime) -> None:
        await asyncio.sleep(max(0.0, (quando - self._relogio.now()).total_seconds()))

    async def _rest(self, segundos: int) -> bool:
        """Wait; False when the day is over by then."""
        if self._relogio.now() + timedelta(seconds=segundos) >= self._enredo.fim:
            return False
        await asyncio.sleep(segundos)
        return True


def _face(venda: Venda) -> str:
    return "nfce" if venda.cupom else "invoice"
