"""The benchmarks' shape, never their speed: the sides make the same document, and the arithmetic of rounds holds."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack

import pytest
from benchmarks.__main__ import main
from benchmarks.bancos import BANCOS, ETAPAS_DO_PEDIDO, PAPEIS, PARTIDAS, Lados, crowd_name
from benchmarks.lados.chave import access_key
from benchmarks.lados.protocolo import Medida
from benchmarks.listas import list_questions
from benchmarks.medida import Linha, Plano, PorItem, Raia, Razao, compare, missing
from benchmarks.metas import METAS, MILHAO, judge
from benchmarks.partida import COMANDOS, Partida
from benchmarks.perguntas import ask
from benchmarks.processo import Lado
from benchmarks.provas import PINOS_PYNFE, surroundings
from benchmarks.relatorio import as_json, print_tables
from benchmarks.relatorios import report_questions

from benchmarks import venda
from chancela.domain.assinatura.perfil import verify
from chancela.domain.chave import ChaveAcesso
from chancela.domain.xml.esquemas import Esquema, Esquemas

PLANO = Plano(rodadas=2, rodada_s=0.001, rapido=True)


class LadoDeTeste:
    """A side whose operations take as long as they are told to."""

    def __init__(self, **segundos: float) -> None:
        self.segundos = segundos
        self.ordem: list[str] = []

    def measure(self, operacao: str, itens: int, quantas: int) -> Medida:
        self.ordem.append(operacao)
        total = self.segundos[operacao] * quantas * itens
        return Medida(quantas, 2 * total, 0.75 * total, 0.25 * total)


@pytest.fixture(scope="module")
def ambiente() -> Iterator[Mapping[str, str]]:
    with surroundings() as variaveis:
        yield variaveis


def test_ratios_are_taken_inside_rounds() -> None:
    lado = LadoDeTeste(rapida=0.001, lenta=0.004)
    linhas = compare("x", "1 item", [Raia("r", lado, "rapida", 1), Raia("l", lado, "lenta", 1)], PLANO, ["r"])
    assert [round(linha.por_s_cpu) for linha in linhas] == [1000, 250]
    assert [round(linha.por_s_parede) for linha in linhas] == [500, 125]
    assert linhas[0].razoes == ()
    assert linhas[1].razoes == (Razao("r", *[pytest.approx(0.25)] * 4),)
    assert lado.ordem[-4:] == ["rapida", "lenta", "lenta", "rapida"]


def test_a_side_can_be_measured_by_the_item() -> None:
    lado = PorItem(LadoDeTeste(op=0.001))
    linhas = compare("x", "por item", [Raia("1", lado, "op", 1), Raia("50", lado, "op", 50)], PLANO, ["1"])
    assert [round(linha.por_s_cpu) for linha in linhas] == [1000, 1000]
    assert round(linhas[1].razoes[0].cpu, 6) == 1


def test_targets_are_judged_on_the_lines_that_ran() -> None:
    linha = Linha(
        "nucleo", "1 item", "chancela", 1, 1, 1, 1, 1, 3, 1, (Razao("RSA-2048", 0.6, 0.5, 0.7, 0.6),)
    )
    vereditos = judge([linha, missing("nucleo", "1 item", "PyNFe", "não instalado")], ["nucleo"])
    assert [v.cumprida for v in vereditos] == [True, *[None] * 5]
    assert {meta.banco for meta in METAS} <= set(BANCOS)
    texto = json.dumps(as_json([linha], vereditos, PLANO))
    assert json.loads(texto)["metas"][0]["medido"] == 0.6
    print_tables([linha, missing("nucleo", "1 item", "PyNFe", "não instalado")], vereditos)


def test_questions_to_a_full_company_are_timed_and_judged_by_the_worst() -> None:
    with ExitStack() as pilha:
        lados = Lados({}, pilha)
        banco, empresa_id = lados.open_company(3_000)
        perguntas = list_questions(banco, empresa_id, 3_000) | report_questions(banco, empresa_id)
        linhas = ask(banco, "listas", MILHAO, perguntas, 2)
    assert len(linhas) == 13
    assert all(linha.p95_ms for linha in linhas)
    (veredito,) = judge(linhas, ["listas"])
    assert veredito.medido == max(linha.p95_ms or 0 for linha in linhas)
    assert veredito.cumprida is (veredito.medido <= 50)
    assert crowd_name(1_000_000) == MILHAO


def test_key_is_the_products() -> None:
    assert ChaveAcesso(access_key(17)).texto == access_key(17)


def test_totals_of_the_sale_are_sums() -> None:
    muitas = venda.venda(990)
    assert muitas.valor == sum(i.valor for i in muitas.itens)
    assert muitas.cbs == sum(i.cbs for i in muitas.itens)


def test_both_sides_sign_the_same_document(ambiente: Mapping[str, str]) -> None:
    with Lado("nosso", ambiente) as nosso, Lado("nfelib_signxml", ambiente) as bindings:
        pronta = nosso.sample("pronta", 2)
        assert nosso.sample("da_venda", 2) == pronta
        deles = bindings.sample("da_venda", 2)
        assert nosso.measure("rsa", 1, 2).quantas == 2
        assert b"IBSCBS" not in nosso.sample("da_venda_sem_ibs", 2)
        for operacao in ("etapa_montar", "etapa_assinar", "etapa_ler", "etapa_validar"):
            assert nosso.sample(operacao, 2)
    assert verify(deles, tag="infNFe").digest_value == verify(pronta, tag="infNFe").digest_value
    assert not Esquemas().validate(Esquema.NFE, deles)


def test_request_and_taxes_run(ambiente: Mapping[str, str]) -> None:
    with Lado("pedido", ambiente) as lado:
        assert lado.sample("tributos", 2) == b"2"
        assinada = lado.sample("pedido", 2)
        for operacao in ETAPAS_DO_PEDIDO.values():
            assert lado.sample(operacao, 2).startswith(b"<infNFe ")
    verify(assinada, tag="infNFe")
    assert str(venda.venda(2).valor).encode() in assinada


def test_papers_are_drawn_by_both(ambiente: Mapping[str, str]) -> None:
    with Lado("papel", ambiente) as lado:
        for operacao in PAPEIS.values():
            assert lado.sample(operacao, 1).startswith(b"%PDF")
            assert lado.sample(f"{operacao}_direto", 1).startswith(b"%PDF")


def test_accept_answers_as_the_face_does(ambiente: Mapping[str, str]) -> None:
    with Lado("aceite", ambiente) as lado:
        assert json.loads(lado.sample("aceite", 2))["success"] is True
        assert lado.measure("aceite", 2, 2).quantas == 2
        assert json.loads(lado.sample("minimo", 2))["data"]["itens"] == 2


def test_processes_are_started_anew(ambiente: Mapping[str, str]) -> None:
    assert set(PARTIDAS.values()) == set(COMANDOS)
    medida = Partida(ambiente).measure("python", 1, 2)
    assert medida.quantas == 2
    assert medida.usuario_s + medida.sistema_s > 0


def test_unknown_benchmark_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--só", "inexistente"])
    assert "inexistente" in capsys.readouterr().err


def test_pins_of_pynfe_name_no_host() -> None:
    texto = PINOS_PYNFE.read_text()
    assert "pynfe==" in texto
    assert "://" not in texto
    assert texto.count("--hash=") > texto.count("==")
