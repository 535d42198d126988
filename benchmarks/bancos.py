"""The suite: named benchmarks, each a function from the open sides to lines. A new one is a function and an entry here."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.empresa_cheia import seeded
from benchmarks.listas import list_questions
from benchmarks.medida import Linha, Plano, PorItem, Raia, compare, missing
from benchmarks.partida import Partida
from benchmarks.perguntas import ask
from benchmarks.processo import Lado
from benchmarks.provas import ensure_pynfe
from benchmarks.relatorios import report_questions
from chancela.stores.conexao import Banco

RSA, CHANCELA, DA_VENDA, SEM_IBS, NFELIB, PYNFE = (
    "RSA-2048", "chancela", "chancela, da venda", "chancela, da venda, sem IBS/CBS", "nfelib + xsdata + signxml", "PyNFe",
)  # fmt: skip
NAO_INSTALADO = "não instalado"
DIRETO, MINIMO, PYTHON = "brazilfiscalreport direto", "FastAPI, o mínimo", "Python vazio"
PAPEIS = {
    "DANFE": "danfe", "DANFE simplificado": "simplificado", "etiqueta": "etiqueta", "cupom da NFC-e": "cupom", "carta de correção": "carta",
}  # fmt: skip
ETAPAS_DO_PEDIDO = {
    "ler e mapear o JSON": "etapa_ler", "montar (textos, lugares, tributos, regras)": "etapa_montar", "escrever o XML": "etapa_escrever",
    "julgar no XSD": "etapa_julgar", "numerar, assinar e provar": "etapa_assinar",
}  # fmt: skip
PARTIDAS = {
    PYTHON: "python", "chancela --help": "ajuda", "importar a API": "api", "importar o worker": "worker",
    "importar o simulador": "simulador",
}  # fmt: skip


@dataclass
class Lados:
    """The sides of a run, each started when first asked for and ended with `pilha`."""

    ambiente: Mapping[str, str]
    pilha: ExitStack
    _abertos: dict[str, Lado] = field(default_factory=dict[str, Lado])
    _cheias: dict[int, tuple[Banco, int]] = field(default_factory=dict[int, tuple[Banco, int]])

    def open(self, modulo: str, python: Path | None = None) -> Lado:
        """The process of that side."""
        if modulo not in self._abertos:
            self._abertos[modulo] = self.pilha.enter_context(Lado(modulo, self.ambiente, python))
        return self._abertos[modulo]

    def open_company(self, documentos: int) -> tuple[Banco, int]:
        """A database with a company of that many documents, and which it is."""
        if documentos not in self._cheias:
            self._cheias[documentos] = self.pilha.enter_context(seeded(documentos))
        return self._cheias[documentos]

    def open_pynfe(self) -> Lado | None:
        """PyNFe's, in its own environment; None when that cannot be installed."""
        python = ensure_pynfe()
        return None if python is None else self.open("pynfe_a1", python)


def case_name(itens: int) -> str:
    """`1 item`, `50 itens`."""
    return "1 item" if itens == 1 else f"{itens} itens"


def run_nucleo(lados: Lados, plano: Plano) -> list[Linha]:
    """Core pipeline without tax calculation, beside RSA alone, the bindings and PyNFe."""
    nosso, bindings, pynfe = lados.open("nosso"), lados.open("nfelib_signxml"), lados.open_pynfe()
    linhas: list[Linha] = []
    for itens in (1, 50) if plano.rapido else (1, 10, 50, 200, 990):
        raias = [
            Raia(RSA, nosso, "rsa", itens),
            Raia(CHANCELA, nosso, "pronta", itens),
            Raia(DA_VENDA, nosso, "da_venda", itens),
            Raia(NFELIB, bindings, "da_venda", itens),
        ]
        sobre = [RSA, NFELIB]
        if itens in (1, 50) and pynfe is not None:
            raias.append(Raia(SEM_IBS, nosso, "da_venda_sem_ibs", itens))
            raias.append(Raia(PYNFE, pynfe, "da_venda", itens))
            sobre.append(PYNFE)
        linhas += compare("nucleo", case_name(itens), raias, plano, sobre)
        if itens in (1, 50) and pynfe is None:
            linhas.append(missing("nucleo", case_name(itens), PYNFE, NAO_INSTALADO))
    return linhas


def run_etapas(lados: Lados, plano: Plano) -> list[Linha]:
    """Where the core pipeline's time goes: each stage by itself, warm, so they add up to a little less than the whole."""
    nosso = lados.open("nosso")
    linhas: list[Linha] = []
    for itens in (1, 50):
        raias = [
            Raia(RSA, nosso, "rsa", itens),
            Raia("montar o XML canônico", nosso, "etapa_montar", itens),
            Raia("assinar e compor", nosso, "etapa_assinar", itens),
            Raia("ler o texto próprio", nosso, "etapa_ler", itens),
            Raia("validar no XSD", nosso, "etapa_validar", itens),
        ]
        linhas += compare("etapas", case_name(itens), raias, plano, [RSA])
    return linhas


def run_etapas_pedido(lados: Lados, plano: Plano) -> list[Linha]:
    """Where the time of a request goes: each stage by itself, warm, so they add up to less than the whole."""
    nosso, pedido = lados.open("nosso"), lados.open("pedido")
    linhas: list[Linha] = []
    for itens in (1, 50):
        etapas = [Raia(nome, pedido, operacao, itens) for nome, operacao in ETAPAS_DO_PEDIDO.items()]
        raias = [Raia(RSA, nosso, "rsa", itens), *etapas, Raia("tudo", pedido, "pedido", itens)]
        linhas += compare("etapas-pedido", case_name(itens), raias, plano, [RSA])
    return linhas


def run_tributos(lados: Lados, plano: Plano) -> list[Linha]:
    """The tax engine alone, per item: no reasoning text, no XML."""
    nosso = lados.open("pedido")
    linhas: list[Linha] = []
    for itens in (1, 50) if plano.rapido else (1, 10, 50, 990):
        raias = [Raia("motor, por item", PorItem(nosso), "tributos", itens)]
        linhas += compare("tributos", case_name(itens), raias, plano)
    return linhas


def run_pedido(lados: Lados, plano: Plano) -> list[Linha]:
    """Bytes of a request to the signed XML: reading, mapping, taxes, rules, both schema checks, signature."""
    nosso, pedido = lados.open("nosso"), lados.open("pedido")
    linhas: list[Linha] = []
    for itens in (1, 50) if plano.rapido else (1, 10, 50, 200, 990):
        raias = [Raia(RSA, nosso, "rsa", itens), Raia("JSON até assinada", pedido, "pedido", itens)]
        linhas += compare("pedido", case_name(itens), raias, plano, [RSA])
    por_item = PorItem(pedido)
    raias = [Raia(case_name(itens), por_item, "pedido", itens) for itens in (50, 990)]
    return linhas + compare("pedido", "por item", raias, plano, [case_name(50)])


def run_pdf(lados: Lados, plano: Plano) -> list[Linha]:
    """Each paper, beside brazilfiscalreport called directly on the same bytes."""
    papel = lados.open("papel")
    linhas: list[Linha] = []
    for itens in (1, 50):
        for nome, operacao in PAPEIS.items():
            raias = [Raia(DIRETO, papel, f"{operacao}_direto", itens), Raia(nome, papel, operacao, itens)]
            linhas += compare("pdf", case_name(itens), raias, plano, [DIRETO])
    return linhas


def run_http(lados: Lados, plano: Plano) -> list[Linha]:
    """`invoice/create` through the ASGI application up to the ports, beside the least that FastAPI does with such a body."""
    nosso, aceite = lados.open("nosso"), lados.open("aceite")
    linhas: list[Linha] = []
    for itens in (1, 50):
        raias = [
            Raia(RSA, nosso, "rsa", itens),
            Raia(MINIMO, aceite, "minimo", itens),
            Raia("aceitar o pedido", aceite, "aceite", itens),
        ]
        linhas += compare("http", case_name(itens), raias, plano, [RSA, MINIMO])
    return linhas


def run_partida(lados: Lados, plano: Plano) -> list[Linha]:
    """Processes from nothing: the help page, and the imports of each server, beside an empty Python."""
    partida = Partida(lados.ambiente)
    raias = [Raia(nome, partida, operacao, 1) for nome, operacao in PARTIDAS.items()]
    return compare("partida", "um processo", raias, plano, [PYTHON])


def run_listas(lados: Lados, plano: Plano) -> list[Linha]:
    """Pages of invoice/get_list in a company with very many documents, read from the database."""
    documentos, vezes = _crowd(plano)
    banco, empresa_id = lados.open_company(documentos)
    return ask(banco, "listas", crowd_name(documentos), list_questions(banco, empresa_id, documentos), vezes)


def run_relatorios(lados: Lados, plano: Plano) -> list[Linha]:
    """The reads behind invoice/report and its summary, in the same company."""
    documentos, vezes = _crowd(plano)
    banco, empresa_id = lados.open_company(documentos)
    return ask(banco, "relatorios", crowd_name(documentos), report_questions(banco, empresa_id), vezes)


def crowd_name(documentos: int) -> str:
    """`1.000.000 de documentos`."""
    return f"{documentos:,} de documentos".replace(",", ".")


def _crowd(plano: Plano) -> tuple[int, int]:
    """How many documents, and how often each question is asked."""
    return (20_000, 50) if plano.rapido else (1_000_000, 200)


BANCOS: dict[str, Callable[[Lados, Plano], list[Linha]]] = {
    "nucleo": run_nucleo,
    "etapas": run_etapas,
    "etapas-pedido": run_etapas_pedido,
    "tributos": run_tributos,
    "pedido": run_pedido,
    "pdf": run_pdf,
    "http": run_http,
    "partida": run_partida,
    "listas": run_listas,
    "relatorios": run_relatorios,
}
