"""A platform to be measured: `chancela up` in a throw-away home, and the companies that issue on it."""

import tempfile
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chancela.cli.cliente_tffiscal import ClienteTffiscal
from chancela.domain.identidade import dv_cnpj
from chancela.kit.clock import SystemClock
from chancela.server.demonstracao import (
    CATEGORIA_NFCE,
    CATEGORIA_SIMPLES,
    CSC_DEMONSTRACAO,
    EMPRESA_SIMPLES,
    SENHA,
    Plataforma,
    pfx_data_url,
    running_platform,
)
from chancela.simulator.ca import AutoridadeTeste

CATEGORIA = "PROVA"
ESTABELECIMENTOS_POR_RAIZ = 20
"""Companies of one CNPJ root share their certificate, as branches do: a thousand companies are fifty certificates."""
_RAIZ_INICIAL = 31_000_000


@dataclass(frozen=True, slots=True)
class Emitente:
    """One company that issues: its number, token and id, and its category of NFC-e, when it has one."""

    cnpj: str
    token: str
    company_id: str
    categoria_nfce: str = ""


@dataclass(frozen=True, slots=True)
class Cena:
    """A running platform and its issuers."""

    plataforma: Plataforma
    emitentes: Sequence[Emitente]

    @property
    def url(self) -> str:
        """Where the TFFiscal API answers."""
        return str(self.plataforma.pronto["tffiscal"]["url"])

    @property
    def livro(self) -> Path:
        """The simulator's ledger, whose journal has the time of every exchange."""
        return self.plataforma.pasta / "simulador" / "livro.db"


@contextmanager
def open_cena(empresas: int) -> Generator[Cena]:
    """Start the platform and register so many companies; the first ten at most also for NFC-e."""
    with tempfile.TemporaryDirectory(prefix="chancela-ponta-", ignore_cleanup_errors=True) as temporaria:
        pasta = Path(temporaria)
        pasta.chmod(0o755)
        with running_platform(pasta, {"CHANCELA_LOG_LEVEL": "ERROR"}) as plataforma:
            yield Cena(plataforma, _register_all(plataforma, empresas))


def _register_all(plataforma: Plataforma, quantas: int) -> Sequence[Emitente]:
    autoridade = AutoridadeTeste.open(plataforma.pasta / "simulador")
    pfx: dict[int, bytes] = {}

    def register(indice: int) -> Emitente:
        raiz, filial = divmod(indice, ESTABELECIMENTOS_POR_RAIZ) if quantas > 10 else (indice, 0)
        return _register(plataforma, pfx[raiz], raiz, filial, com_nfce=indice < 10)

    for raiz in range(quantas if quantas <= 10 else -(-quantas // ESTABELECIMENTOS_POR_RAIZ)):
        pfx[raiz] = autoridade.issue_test_certificate(
            nome=f"LOJA {raiz} LTDA", senha=SENHA, agora=SystemClock().now(), cnpj=_cnpj(raiz, 0)
        )
    with ThreadPoolExecutor(4) as executor:
        return list(executor.map(register, range(quantas)))


def _cnpj(raiz: int, filial: int) -> str:
    base = f"{_RAIZ_INICIAL + raiz:08d}{filial + 1:04d}"
    return base + dv_cnpj(base)


def _register(plataforma: Plataforma, pfx: bytes, raiz: int, filial: int, *, com_nfce: bool) -> Emitente:
    pronto, cnpj = plataforma.pronto, _cnpj(raiz, filial)
    url = pronto["tffiscal"]["url"]
    certificado = {"cert_file": pfx_data_url(pfx), "cert_pwd": SENHA}
    integrador = ClienteTffiscal(url, pronto["tffiscal"]["integrador_token"])
    empresa = {**EMPRESA_SIMPLES, "cnpj": cnpj, "name": f"LOJA {raiz} LTDA", **certificado}
    criada = _dados(integrador, "/api/company/create", empresa)
    token, company_id = criada["token"], criada["company_id"]
    cliente = ClienteTffiscal(url, token)
    _dados(cliente, "/api/category/create", {**CATEGORIA_SIMPLES, "category_id": CATEGORIA})
    if not com_nfce:
        return Emitente(cnpj, token, company_id)
    controle = ClienteTffiscal(pronto["simulador"]["controle_url"], "")
    controle.post("/_simulador/csc", {"documento": cnpj, "id": "1", "codigo": CSC_DEMONSTRACAO})
    nfce = {
        "cnpj": cnpj,
        **certificado,
        "csc_id": "000001",
        "csc": CSC_DEMONSTRACAO,
        "serie_nfce": 1,
        "number_nfce": 1,
    }
    _dados(integrador, "/api/nfce/company/create", nfce)
    categoria = _dados(cliente, "/api/nfce/category/create", CATEGORIA_NFCE)["category_id"]
    return Emitente(cnpj, token, company_id, categoria)


def _dados(cliente: ClienteTffiscal, rota: str, corpo: Mapping[str, object]) -> dict[str, str]:
    resposta = cliente.post(rota, corpo)
    if not resposta.corpo.get("success"):
        raise RuntimeError(f"{rota}: {resposta.corpo}")
    return resposta.dados
