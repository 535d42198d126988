"""The demonstration company, and the documents that `make demo` issues through the public API like any customer."""

import base64
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from chancela.cli.cliente_tffiscal import ClienteTffiscal, Resposta
from chancela.cli.saida import say, show_rows
from chancela.domain.xml.leitura import parse_xml, text_of
from chancela.kit.clock import Clock, SystemClock, wait
from chancela.kit.portas import free_port

SENHA = "demonstracao"
_PRAZO_PRONTO_S = 90.0
_PRAZO_AUTORIZACAO_S = 60.0

EMPRESA_NORMAL: Mapping[str, Any] = {
    "cnpj": "11222333000181",
    "name": "LOJA DE DEMONSTRACAO LTDA",
    "ie": "110042490114",
    "invoice_type": "normal",
    "unit": "UN",
    "email": "loja@exemplo.com.br",
    "cep": "01001000",
    "address": "Praça da Sé",
    "house_number": "100",
    "town": "Sé",
    "city": "São Paulo",
    "state": "SP",
    "serie": 1,
    "number": 1,
}
EMPRESA_SIMPLES: Mapping[str, Any] = {
    **EMPRESA_NORMAL,
    "cnpj": "12ABC34501DE35",
    "name": "PADARIA DE DEMONSTRACAO LTDA",
    "invoice_type": "simples_nacional",
    "email": "padaria@exemplo.com.br",
}

CATEGORIA_NORMAL: Mapping[str, Any] = {
    "descricao": "Venda de mercadoria padrão",
    "icms": [
        {
            "tipo_tributacao": "normal",
            "cenario": "padrao",
            "tipo_pessoa": "juridica",
            "codigo_cfop": "5102",
            "situacao_tributaria": "00",
        }
    ],
    "ipi": [
        {
            "cenario": "padrao",
            "tipo_pessoa": "juridica",
            "situacao_tributaria": "99",
            "codigo_enquadramento": "999",
            "aliquota": "0",
        }
    ],
    "pis": [
        {"cenario": "padrao", "tipo_pessoa": "juridica", "situacao_tributaria": "01", "aliquota": "0.65"}
    ],
    "cofins": [
        {"cenario": "padrao", "tipo_pessoa": "juridica", "situacao_tributaria": "01", "aliquota": "3"}
    ],
    "ibs_cbs": [
        {
            "cenario": "padrao",
            "tipo_pessoa": "juridica",
            "situacao_tributaria": "000",
            "classificacao_tributaria": "000001",
        }
    ],
}
CATEGORIA_SIMPLES: Mapping[str, Any] = {
    **CATEGORIA_NORMAL,
    "descricao": "Venda no Simples Nacional",
    "icms": [
        {
            "tipo_tributacao": "simples",
            "cenario": "padrao",
            "tipo_pessoa": "juridica",
            "codigo_cfop": "5102",
            "situacao_tributaria": "102",
        }
    ],
    "pis": [{"cenario": "padrao", "tipo_pessoa": "juridica", "situacao_tributaria": "49", "aliquota": "0"}],
    "cofins": [
        {"cenario": "padrao", "tipo_pessoa": "juridica", "situacao_tributaria": "49", "aliquota": "0"}
    ],
}

CSC_DEMONSTRACAO = "CSC-DE-DEMONSTRACAO-SEM-VALOR"
CATEGORIA_NFCE: Mapping[str, Any] = {
    "descricao": "Bebidas",
    "codigo_cfop": "5102",
    "icms": {"situacao_tributaria": "102"},
    "pis": {"situacao_tributaria": "49", "aliquota": "0.00"},
    "cofins": {"situacao_tributaria": "49", "aliquota": "0.00"},
    "ibs_cbs": {"situacao_tributaria": "000", "classificacao_tributaria": "000001"},
}

CLIENTE_CPF: Mapping[str, Any] = {
    "cpf": "12345678909",
    "name": "Cliente Exemplo",
    "endereco": "Rua Exemplo",
    "numero": "100",
    "bairro": "Centro",
    "city": "São Paulo",
    "uf": "SP",
    "cep": "01001000",
    "email": "cliente@exemplo.com",
}


def invoice(categoria: str, **mudancas: Any) -> dict[str, Any]:
    """A one-item sale; `mudancas` replaces or adds top-level fields."""
    return {
        "nature_of_operation": "Venda de mercadoria",
        "transaction_type": "1",
        "model": "55",
        "issuance_type": "1",
        "ambiente": "2",
        "cliente": dict(CLIENTE_CPF),
        "products": [
            {
                "codigo": "PROD001",
                "name": "Produto Exemplo",
                "ncm": "85176277",
                "count": 2,
                "unit": "UN",
                "unit_price": 150.00,
                "total_price": 300.00,
                "category_id": categoria,
                "origem": 0,
                "indicador_total": 1,
            }
        ],
        "pag_info": [{"payment_method": "01", "payment_indicator": "0", "payment_value": 300.00}],
        **mudancas,
    }


def receipt(categoria: str, **mudancas: Any) -> dict[str, Any]:
    """A one-item NFC-e paid by PIX; `mudancas` replaces or adds top-level fields."""
    return {
        "nature_of_operation": "Venda de mercadoria",
        "issuance_type": "1",
        "ambiente": "2",
        "ind_pres": "1",
        "products": [
            {
                "codigo": "001",
                "name": "Refrigerante 350ml",
                "ncm": "22021000",
                "count": 3,
                "unit": "UN",
                "unit_price": 5.50,
                "total_price": 16.50,
                "category_id": categoria,
                "origem": 0,
                "indicador_total": 1,
            }
        ],
        "pag_info": [{"payment_indicator": "0", "payment_method": "17", "amount": 16.50}],
        **mudancas,
    }


def pfx_data_url(pfx: bytes) -> str:
    """The `cert_file` form that needs no web server."""
    return "data:application/x-pkcs12;base64," + base64.b64encode(pfx).decode()


@dataclass(frozen=True, slots=True)
class Plataforma:
    """A running `chancela up`: its ready file and its process."""

    pronto: Mapping[str, Any]
    processo: subprocess.Popen[bytes]
    pasta: Path


@contextmanager
def running_platform(
    pasta: Path, ambiente: Mapping[str, str] | None = None, *, log: IO[bytes] | None = None
) -> Generator[Plataforma]:
    """Start `chancela up` on free ports with its data under `pasta`; stop it in order at the end.

    Its log goes to `log`, or where ours goes.
    """
    arquivo = pasta / "pronto.json"
    arquivo.unlink(missing_ok=True)
    variaveis = {
        **os.environ,
        "CHANCELA_HOME": str(pasta),
        "CHANCELA_PORT": str(free_port()),
        "CHANCELA_SIMULATOR_PORT": str(free_port()),
        "CHANCELA_SIMULATOR_CONTROL_PORT": str(free_port()),
        **(ambiente or {}),
    }
    processo = subprocess.Popen(
        [sys.executable, "-m", "chancela", "up", "--ready-file", str(arquivo), "--quieto"],
        env=variaveis,
        stderr=log,
    )
    try:
        relogio = SystemClock()
        limite = relogio.monotonic() + _PRAZO_PRONTO_S
        while not arquivo.exists():
            if processo.poll() is not None:
                raise RuntimeError(
                    f"a plataforma terminou com código {processo.returncode} antes de ficar pronta"
                )
            if relogio.monotonic() > limite:
                raise RuntimeError("a plataforma não ficou pronta a tempo")
            wait(0.05)
        yield Plataforma(json.loads(arquivo.read_text()), processo, pasta)
    finally:
        processo.terminate()
        try:
            processo.wait(40)
        except subprocess.TimeoutExpired:
            processo.kill()
            processo.wait()


def wait_settled(
    cliente: ClienteTffiscal, uuid: str, clock: Clock, prazo_s: float = _PRAZO_AUTORIZACAO_S
) -> Resposta:
    """Ask `get_detail` until the document is no longer in processing."""
    limite = clock.monotonic() + prazo_s
    while True:
        detalhe = cliente.get("/api/invoice/get_detail", uuid=uuid)
        if detalhe.dados.get("status") != "Processing" or clock.monotonic() > limite:
            return detalhe
        wait(0.1)


def register_company(
    pronto: Mapping[str, Any], dados: Mapping[str, Any], pfx: bytes, clock: Clock | None = None
) -> ClienteTffiscal:
    """Create a company by the API and return a client with its token."""
    url = pronto["tffiscal"]["url"]
    integrador = ClienteTffiscal(url, pronto["tffiscal"]["integrador_token"], clock=clock)
    resposta = integrador.post(
        "/api/company/create", {**dados, "cert_file": pfx_data_url(pfx), "cert_pwd": SENHA}
    )
    if not resposta.corpo.get("success"):
        raise RuntimeError(f"company/create: {resposta.corpo}")
    return ClienteTffiscal(url, resposta.dados["token"], clock=clock)


def issue_test_pfx(pasta: Path, cnpj: str, nome: str, *, senha: str = SENHA) -> bytes:
    """Ask the command for a test certificate, as a person would."""
    destino = pasta / f"{cnpj}.pfx"
    subprocess.run(
        [
            sys.executable, "-m", "chancela", "cert", "teste", "--cnpj", cnpj, "--nome", nome,
            "--senha", senha, "--saida", str(destino),
        ],
        check=True, env={**os.environ, "CHANCELA_HOME": str(pasta)}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return destino.read_bytes()


def _category(cliente: ClienteTffiscal, conteudo: Mapping[str, Any]) -> str:
    resposta = cliente.post("/api/category/create", conteudo)
    if not resposta.corpo.get("success"):
        raise RuntimeError(f"category/create: {resposta.corpo}")
    return resposta.dados["category_id"]


def run_demo(saida: Path) -> int:
    """Issue documents on a throw-away platform, keep XML and PDF under `saida`, print a table; 0 when all authorised."""
    saida.mkdir(parents=True, exist_ok=True)
    clock = SystemClock()
    with tempfile.TemporaryDirectory(prefix="chancela-demo-", ignore_cleanup_errors=True) as temporaria:
        pasta = Path(temporaria)
        pasta.chmod(0o755)
        say("Subindo a plataforma: PostgreSQL, API, worker e o simulador da SEFAZ...")
        with running_platform(pasta, {"CHANCELA_LOG_LEVEL": "WARNING"}) as plataforma:
            linhas = list(_issue_all(plataforma, saida, clock))
    show_rows(
        "Documentos emitidos",
        ["documento", "chave", "protocolo", "situação", "arquivos"],
        linhas,
        em_json=False,
    )
    falhas = [linha for linha in linhas if linha[3] != "Authorized"]
    if falhas:
        say(f"{len(falhas)} documento(s) não foram autorizados.")
        return 1
    say(f"XML e PDF em {saida}/")
    return 0


def _issue_all(plataforma: Plataforma, saida: Path, clock: Clock) -> Iterator[list[str]]:
    pronto = plataforma.pronto
    normal = register_company(
        pronto, {**EMPRESA_NORMAL, "cnpj": "11444777000161"},
        issue_test_pfx(plataforma.pasta, "11444777000161", "LOJA DE DEMONSTRACAO LTDA"),
    )  # fmt: skip
    simples = register_company(
        pronto,
        EMPRESA_SIMPLES,
        issue_test_pfx(plataforma.pasta, EMPRESA_SIMPLES["cnpj"], EMPRESA_SIMPLES["name"]),
    )
    categoria_normal = _category(normal, CATEGORIA_NORMAL)
    categoria_simples = _category(simples, CATEGORIA_SIMPLES)
    venda = invoice(categoria_normal, id="DEMO-0001")
    tres = invoice(
        categoria_normal,
        id="DEMO-0002",
        products=[
            dict(venda["products"][0], codigo=f"PROD00{n}", name=f"Produto Exemplo {n}") for n in (1, 2, 3)
        ],
        pag_info=[{"payment_method": "17", "payment_indicator": "0", "payment_value": 900.00}],
    )
    yield _issue(normal, "NF-e, regime normal, 1 item", venda, saida, clock)
    yield _issue(normal, "NF-e, regime normal, 3 itens, PIX", tres, saida, clock)
    yield _issue(
        simples, "NF-e, Simples, CNPJ com letras", invoice(categoria_simples, id="DEMO-0003"), saida, clock
    )
    yield _issue_receipt(pronto, plataforma.pasta, simples, saida)
    lose_next_answer(pronto)
    perdida = invoice(categoria_normal, id="DEMO-0004")
    yield _issue(normal, "NF-e, resposta da SEFAZ perdida no caminho", perdida, saida, clock)


def _issue_receipt(
    pronto: Mapping[str, Any], pasta: Path, cliente: ClienteTffiscal, saida: Path
) -> list[str]:
    """An NFC-e of the company that already issues NF-e: the same token, a series and a CSC more."""
    nome, url = "NFC-e, Simples, PIX, sem consumidor", pronto["tffiscal"]["url"]
    cnpj = EMPRESA_SIMPLES["cnpj"]
    ClienteTffiscal(pronto["simulador"]["controle_url"], "").post(
        "/_simulador/csc", {"documento": cnpj, "id": "1", "codigo": CSC_DEMONSTRACAO}
    )
    ClienteTffiscal(url, pronto["tffiscal"]["integrador_token"]).post(
        "/api/nfce/company/create",
        {
            "cnpj": cnpj, "cert_file": pfx_data_url(issue_test_pfx(pasta, cnpj, EMPRESA_SIMPLES["name"])),
            "cert_pwd": SENHA, "csc_id": "000001", "csc": CSC_DEMONSTRACAO, "serie_nfce": 1, "number_nfce": 1,
        },
    )  # fmt: skip
    categoria = cliente.post("/api/nfce/category/create", CATEGORIA_NFCE).dados["category_id"]
    criada = cliente.post("/api/nfce/create", receipt(categoria, id="DEMO-CUPOM-1"))
    if criada.dados.get("status") != "Success":
        return [nome, "", "", json.dumps(criada.corpo, ensure_ascii=False), ""]
    uuid, chave = criada.dados["uuid"], criada.dados["chave"]
    detalhe = cliente.get("/api/nfce/get_detail", uuid=uuid).dados
    (saida / f"{chave}-procNFe.xml").write_bytes(cliente.download(detalhe["xml"]))
    links = cliente.post("/api/nfce/get_danfe", {"uuid": uuid})
    (saida / f"{chave}.pdf").write_bytes(cliente.download(links.dados["danfe"]))
    return [nome, chave, detalhe["nprot"], detalhe["status"], "procNFe.xml, pdf"]


def lose_next_answer(pronto: Mapping[str, Any]) -> None:
    """Ask the simulator to authorise the next note and drop the connection instead of answering."""
    controle = ClienteTffiscal(pronto["simulador"]["controle_url"], "")
    resposta = controle.post(
        "/_simulador/falhas", {"tipo": "drop_after", "servico": "NFeAutorizacao4", "vezes": 1}
    )
    if resposta.status >= 300:
        raise RuntimeError(f"controle do simulador: {resposta.corpo}")


def _issue(
    cliente: ClienteTffiscal, nome: str, corpo: Mapping[str, Any], saida: Path, clock: Clock
) -> list[str]:
    criada = cliente.post("/api/invoice/create", corpo)
    if "uuid" not in criada.dados:
        return [nome, "", "", json.dumps(criada.corpo, ensure_ascii=False), ""]
    uuid = criada.dados["uuid"]
    detalhe = wait_settled(cliente, uuid, clock).dados
    if detalhe["status"] != "Authorized":
        return [nome, detalhe["chave"], "", detalhe["status"], ""]
    chave = detalhe["chave"]
    xml = cliente.download(detalhe["xml"])
    (saida / f"{chave}-procNFe.xml").write_bytes(xml)
    links = cliente.post("/api/invoice/get_danfe", {"uuid": uuid})
    (saida / f"{chave}.pdf").write_bytes(cliente.download(links.dados["danfe"]))
    protocolo = text_of(parse_xml(xml), "protNFe/infProt/nProt")
    return [nome, chave, protocolo, detalhe["status"], "procNFe.xml, pdf"]
