"""No secret in any log line, in an answer that is not its owner's, in the database or in a backup: with canaries.

Every operation of the description of the API is called well, signed wrongly, with a broken body and with the secrets
in fields where they do not belong, against processes that log everything that they can.
"""

import base64
import gzip
import hashlib
import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psycopg
import pytest
from psycopg.rows import dict_row
from tests.attack.canarios import Canarios, values_of
from tests.processos.apoio import Loja, eventually
from tests.processos.casa_com_log import CasaComLog
from tests.processos.receptor import receiver
from tests.processos.test_operacao import command

from chancela.cli.cliente_tffiscal import ClienteTffiscal
from chancela.domain.assinatura.certificado import load_pkcs12
from chancela.kit.clock import SystemClock
from chancela.kit.randomness import SystemRandomness
from chancela.server.demonstracao import (
    CATEGORIA_NORMAL,
    EMPRESA_NORMAL,
    issue_test_pfx,
    pfx_data_url,
)
from chancela.stores.cofre import load_master_keys
from chancela.stores.embutido import ServidorEmbutido

pytestmark = [pytest.mark.processos, pytest.mark.xdist_group("processos-log")]
CNPJ = "45723174000110"
SENHA = "canario-da-senha-83b1"
CSC = "CANARIO-DO-CSC-5e02d7"
DO_DONO = ("token da empresa", "CSC", "token do integrador")
"""What the contract itself shows to whom it belongs: `company/get_detail`, `company/get_list`, `nfce/company/get`."""
RASTROS = ("Traceback", 'File "', "site-packages", "psycopg", "sqlalchemy", "pydantic", "Error(")


@dataclass(frozen=True)
class Cena:
    casa: CasaComLog
    canarios: Canarios
    url: str
    token: str
    """Of a company that holds every kind of secret."""
    token_integrador: str
    token_alheio: str
    uuid: str


@pytest.fixture(scope="module")
def cena(casa_com_log: CasaComLog) -> Cena:
    plataforma = casa_com_log.plataforma
    pronto, canarios = plataforma.pronto, Canarios()
    for chave in load_master_keys(plataforma.pasta / "chave-mestra", SystemRandomness()):
        canarios.add("chave-mestra", chave.material)
        canarios.add("chave dos links", chave.derive("links de arquivos"))
        canarios.add("chave das sessões", chave.derive("sessões"))
    canarios.add("CSC", CSC)
    canarios.add("token do integrador", pronto["tffiscal"]["integrador_token"])
    loja = Loja(plataforma)
    token = register(casa_com_log, canarios)
    cliente = ClienteTffiscal(pronto["tffiscal"]["url"], token)
    with receiver() as (url, recebidas):
        criado = cliente.post("/api/webhook/create", {"url": url}).dados
        segredo = criado["segredo"].removeprefix("whsec_")
        canarios.add("segredo do webhook", segredo)
        canarios.add("segredo do webhook", base64.b64decode(segredo))
        categoria = cliente.post("/api/category/create", CATEGORIA_NORMAL).dados["category_id"]
        venda = {**loja.sale(id="CANARIO"), "products": [{**p, "category_id": categoria} for p in loja.sale()["products"]]}  # fmt: skip
        emitida = cliente.post("/api/invoice/create", venda)
        assert emitida.corpo["success"], emitida.corpo
        cliente.get("/api/nfce/company/get")
        eventually(lambda: recebidas)
    bilhete = cliente.post("/api/sso/create_ticket", {"token": token})
    canarios.add("bilhete de SSO", bilhete.corpo["ticket"])
    outro = cliente.post("/api/sso/create_ticket", {"token": token, "language": "en"})
    sessao = cliente.post("/api/sso/consume_ticket", {"ticket": outro.corpo["ticket"]})
    canarios.add("bilhete de SSO", outro.corpo["ticket"])
    canarios.add("sessão", sessao.corpo["access_token"].rpartition(".")[2])
    return Cena(
        casa_com_log, canarios, pronto["tffiscal"]["url"], token, pronto["tffiscal"]["integrador_token"],
        pronto["tffiscal"]["empresa_token"], emitida.dados["uuid"],
    )  # fmt: skip


def register(casa: CasaComLog, canarios: Canarios) -> str:
    """A company with a certificate, a password and a CSC that are watched from the first byte; its token."""
    plataforma = casa.plataforma
    pfx = issue_test_pfx(plataforma.pasta, CNPJ, "LOJA DOS CANARIOS LTDA", senha=SENHA)
    canarios.add("senha do certificado", SENHA)
    for inicio in range(200, len(pfx) - 64, 400):
        canarios.add("arquivo do certificado", pfx[inicio : inicio + 32])
    numeros = load_pkcs12(pfx, SENHA, agora=SystemClock().now()).chave.private_numbers()
    canarios.add("chave privada", numeros.p.to_bytes(128))
    canarios.add("chave privada", numeros.d.to_bytes(256)[:64])
    integrador = ClienteTffiscal(
        plataforma.pronto["tffiscal"]["url"], plataforma.pronto["tffiscal"]["integrador_token"]
    )
    controle = ClienteTffiscal(plataforma.pronto["simulador"]["controle_url"], "")
    posto = controle.post("/_simulador/csc", {"documento": CNPJ, "id": "1", "codigo": CSC})
    assert posto.status == 201, posto.corpo
    corpo = {**EMPRESA_NORMAL, "cnpj": CNPJ, "cert_file": pfx_data_url(pfx), "cert_pwd": SENHA}
    criada = integrador.post("/api/company/create", corpo)
    assert criada.corpo["success"], criada.corpo
    com_csc = {
        "cnpj": CNPJ, "cert_file": pfx_data_url(pfx), "cert_pwd": SENHA, "csc_id": "000001",
        "csc": CSC, "serie_nfce": 1, "number_nfce": 1,
    }  # fmt: skip
    acrescentada = integrador.post("/api/nfce/company/create", com_csc)
    assert acrescentada.corpo["success"], acrescentada.corpo
    token: str = criada.dados["token"]
    canarios.add("token da empresa", token)
    return token


def send(
    cena: Cena, metodo: str, caminho: str, corpo: bytes, token: str, *, chave: str | None = None
) -> tuple[int, bytes]:
    """One call with these very bytes, signed with `chave` (the token, when none is given)."""
    partes = urlsplit(cena.url)
    hora = str(int(SystemClock().now().timestamp()))
    assinado = ((chave or token) + caminho).encode() + corpo + hora.encode()
    conexao = http.client.HTTPConnection(str(partes.hostname), partes.port, timeout=60)
    try:
        cabecalhos = {
            "token": token, "timestamp": hora, "sign": hashlib.md5(assinado).hexdigest(),
            "Content-Type": "application/json;charset=utf-8",
        }  # fmt: skip
        conexao.request(metodo, caminho, corpo or None, cabecalhos)
        resposta = conexao.getresponse()
        return resposta.status, resposta.read()
    finally:
        conexao.close()


def calls(
    cena: Cena, metodo: str, caminho: str, operacao: dict[str, Any]
) -> Iterator[tuple[str, str, bytes]]:
    """Query and body of the good and of the bad calls of an operation.

    A value that is no secret by its field (`uuid`) may be shown back to whoever sent it; one that is may not.
    """
    segredos = {
        "cert_pwd": SENHA, "csc": CSC, "csc_id": "000001", "token": cena.token, "ticket": cena.token_integrador,
        "cert_file": f"https://usuario:{SENHA}@exemplo.com/", "senha": SENHA, "cnpj": CNPJ,
    }  # fmt: skip
    if metodo == "GET":
        nomes = [p["name"] for p in operacao.get("parameters", []) if p["in"] == "query"]
        yield "boa", urlencode({nome: cena.uuid for nome in nomes if nome == "uuid"}), b""
        yield "segredos", urlencode({**dict.fromkeys(nomes, "1"), "senha": SENHA, "token": cena.token}), b""
        return
    exemplos = operacao["requestBody"]["content"]["application/json"].get("examples", {})
    for exemplo in list(exemplos.values())[:1]:
        yield "boa", "", json.dumps({**exemplo["value"], "uuid": cena.uuid}).encode()
    yield "segredos", "", json.dumps(segredos).encode()
    yield "quebrada", "", json.dumps(segredos).encode()[:-3]


@pytest.fixture(scope="module")
def percorrida(cena: Cena) -> Cena:
    """The scene after every operation was called, well and badly; no answer held a secret."""
    call_everything(cena)
    return cena


def call_everything(cena: Cena) -> None:
    descricao = json.loads(send(cena, "GET", "/openapi.json", b"", cena.token)[1])
    feitas = 0
    for caminho, metodos in descricao["paths"].items():
        for nome, operacao in metodos.items():
            metodo, alvo = nome.upper(), caminho.replace("{report_id}", "rpt_" + "0" * 24)
            for qual, consulta, corpo in calls(cena, metodo, caminho, operacao):
                completo = f"{alvo}?{consulta}" if consulta else alvo
                for token, chave in (
                    (cena.token, None),
                    (cena.token_integrador, None),
                    (cena.token_alheio, None),
                    (cena.token, "outra-chave"),
                ):
                    status, texto = send(cena, metodo, completo, corpo, token, chave=chave)
                    feitas += 1
                    assert status < 500, (completo, qual, texto)
                    proprios = (
                        DO_DONO if token in (cena.token, cena.token_integrador) and chave is None else ()
                    )
                    achados = cena.canarios.found_in(texto, menos=proprios)
                    assert not achados, (completo, qual, achados)
                    assert not [r for r in RASTROS if r in texto.decode("utf-8", "replace")], (
                        completo,
                        texto,
                    )
    assert feitas > 500
    for caminho in (
        f"/{cena.token}",
        f"/api/{cena.token}?{urlencode({'cert_pwd': SENHA})}",
        f"/arquivos/{cena.token}",
    ):
        status, texto = send(cena, "GET", caminho.replace(" ", "%20"), b"", cena.token)
        assert (status < 500, cena.canarios.found_in(texto)) == (True, [])


def test_every_operation_keeps_its_secrets(percorrida: Cena) -> None:
    assert len(percorrida.casa.lines("chamada")) > 500


def test_no_log_line_holds_one(percorrida: Cena) -> None:
    """The whole log of API, worker, simulator and supervisor, and that of the database server."""
    assert len(percorrida.canarios) >= 11
    processos = {linha.get("processo") for linha in percorrida.casa.lines()}
    assert {"api", "worker"} <= processos
    assert len(percorrida.casa.lines("chamada")) > 500
    assert percorrida.canarios.found_in(percorrida.casa.text().encode()) == []
    assert not percorrida.casa.lines("falha_interna")
    for arquivo in percorrida.casa.plataforma.pasta.rglob("*.log"):
        assert percorrida.canarios.found_in(arquivo.read_bytes()) == [], arquivo.name


def test_a_dump_of_the_database_holds_none(percorrida: Cena) -> None:
    url = ServidorEmbutido(percorrida.casa.plataforma.pasta).url
    lidas = 0
    with psycopg.connect(url, autocommit=True, row_factory=dict_row) as conexao:
        tabelas = conexao.execute(
            "SELECT format('%I.%I', schemaname, tablename) AS nome FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for tabela in tabelas:
            for linha in conexao.execute(f"SELECT * FROM {tabela['nome']}"):  # type: ignore[arg-type]
                lidas += 1
                texto = b"\n".join(values_of(linha))
                assert percorrida.canarios.found_in(texto) == [], tabela["nome"]
    assert len(tabelas) > 30
    assert lidas > 100


def test_a_backup_holds_none(percorrida: Cena, tmp_path: Path) -> None:
    copia = command(percorrida.casa.plataforma.pasta, "backup", str(tmp_path / "copia"))
    assert copia["linhas"] > 100
    for arquivo in (tmp_path / "copia").iterdir():
        bruto = arquivo.read_bytes()
        texto = gzip.decompress(bruto) if arquivo.suffix == ".gz" else bruto
        assert percorrida.canarios.found_in(texto) == [], arquivo.name
