"""One table: every rule with a document that breaks it; the good documents pass them all."""

import base64
import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from tests.simulator import casos, casos_documento, casos_ibscbs, casos_itens, casos_tributos
from tests.simulator.amostra import (
    A1,
    AGORA,
    CNPJ,
    CNPJ_DEST,
    IE_SP,
    consumer_document,
    document,
    node,
)
from tests.simulator.casos import CHAVE_NFCE, QR, SIMPLES

from chancela.simulator import xml
from chancela.simulator.cadastro import Cadastro, CodigoSeguranca, Contribuinte
from chancela.simulator.livro import Livro
from chancela.simulator.nota import Nota, build_nota, empty_assinatura
from chancela.simulator.regras.catalogo import REGRAS, Parametros, first_broken
from chancela.simulator.regras.modelo import Contexto
from chancela.simulator.tabelas import AUTORIZADORES

MODULOS = (casos, casos_documento, casos_itens, casos_tributos, casos_ibscbs)
NFE = {codigo: trocas for modulo in MODULOS for codigo, trocas in modulo.NFE.items()}
NFCE = {codigo: trocas for modulo in MODULOS for codigo, trocas in modulo.NFCE.items()}
PASSA = {("55", codigo): trocas for modulo in MODULOS[1:] for codigo, trocas in modulo.PASSA.items()} | {
    ("65", codigo): trocas
    for modulo in (casos_documento, casos_tributos)
    for codigo, trocas in modulo.PASSA_NFCE.items()
}
QUEBRA_ATE_A_BOA = {"ZD01-10", "ZD07-10", "ZX02-220"}
"""Options of a UF that the good documents do not follow: only a document of `PASSA` shows that they can hold."""
COM_ESTADO = {
    "B02-20",
    "B22-60",
    "B22-70",
    "C02-20",
    "1C17-10",
    "1C17-30",
    "1C17-38",
    "1C17-60",
    "2B08-10",
    "2B08-20",
    "2B08-30",
    "3B08-100",
    "5E17-46",
    "ZX02-304",
    "ZX02-308",
    "ZX02-320",
    "ZX02-338",
    "5E17-60",
    "2A-EPEC2",
    "2A-EPEC3",
    "2B08-50",
    "5E17-40",
    "5E17-43",
    "3BA02-20",
    "3BA02-30",
}
"""Rules that need a ledger, a register or another authorizer: tested below and over the wire."""
REGRA = {regra.codigo: regra for regra in REGRAS}


def change(d: dict[str, Any], trocas: dict[str, Any]) -> None:
    for caminho, valor in trocas.items():
        if caminho == "@supl":
            continue
        *passos, ultimo = caminho.split("/")
        alvo: Any = d
        for passo in passos:
            alvo = alvo[int(passo)] if isinstance(alvo, list) else alvo.setdefault(passo, {})
        alvo[ultimo] = valor


def read(d: dict[str, Any], suplemento: str = "") -> Nota:
    texto = f'<NFe xmlns="{xml.NFE}">{node("infNFe", d)}{suplemento}</NFe>'
    return build_nota(xml.read_grupo(xml.parse(texto.encode())), empty_assinatura(), b"")


def sample(modelo: str, trocas: dict[str, Any]) -> Nota:
    d, suplemento = (document(), "") if modelo == "55" else consumer_document()
    change(d, trocas)
    return read(d, trocas.get("@supl", suplemento))


CADASTRO = [
    Contribuinte("45543915000181", "SP", "110042490130", "Ficticia Um", habilitado_nfe=False),
    Contribuinte("11444777000161", "SP", "111111111111", "Ficticia Dois"),
]


@pytest.fixture
def ctx(tmp_path: Path) -> Contexto:
    return context(tmp_path)


def context(
    pasta: Path, autorizador: str = "SP", agora: datetime = AGORA, cadastro: Cadastro | None = None
) -> Contexto:
    return Contexto(
        agora, AUTORIZADORES[autorizador], 2, Livro(pasta / "livro.db"), cadastro or Cadastro(CADASTRO)
    )


@pytest.fixture
def livre(ctx: Contexto) -> Iterator[Contexto]:
    """A context whose ledger is closed afterwards."""
    yield ctx
    ctx.livro.close()


@pytest.fixture(scope="module")
def mesa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Contexto]:
    """One context for the tables of cases: they only read."""
    ctx = context(tmp_path_factory.mktemp("mesa"))
    yield ctx
    ctx.livro.close()


@pytest.mark.parametrize(("modelo", "codigo"), [("55", c) for c in NFE] + [("65", c) for c in NFCE])
def test_each_rule_is_broken_by_its_document_and_holds_in_the_good_one(
    mesa: Contexto, modelo: str, codigo: str
) -> None:
    regra = REGRA[codigo]
    assert modelo in regra.modelos
    if codigo not in QUEBRA_ATE_A_BOA:
        assert regra.judge(sample(modelo, {}), mesa) is None
    ruim = sample(modelo, (NFE if modelo == "55" else NFCE)[codigo])
    detalhe = regra.judge(ruim, mesa)
    assert detalhe is not None
    assert not regra.so_com or not regra.so_com.isdisjoint(ruim.marcas)
    assert regra.alvo == "nota" or detalhe.startswith(" [nItem")


@pytest.mark.parametrize(("modelo", "codigo"), PASSA)
def test_a_document_that_comes_close_passes(mesa: Contexto, modelo: str, codigo: str) -> None:
    assert modelo in REGRA[codigo].modelos
    assert REGRA[codigo].judge(sample(modelo, PASSA[modelo, codigo]), mesa) is None


def test_every_rule_has_a_failing_and_a_passing_document() -> None:
    assert {r.codigo for r in REGRAS} - NFE.keys() - NFCE.keys() == COM_ESTADO
    assert {codigo for _, codigo in PASSA} >= QUEBRA_ATE_A_BOA


def test_a_note_is_asked_only_what_its_elements_allow(mesa: Contexto) -> None:
    parametros = Parametros()
    simples = {r.codigo for r in parametros.concerning(sample("55", {}), 2, AGORA.date())}
    com_frota = {
        r.codigo for r in parametros.concerning(sample("55", {"transp/reboque": {}}), 2, AGORA.date())
    }
    assert com_frota - simples == {"X02-20"}
    assert parametros.switch("X02-20", False)
    assert "X02-20" not in {
        r.codigo for r in parametros.concerning(sample("55", {"transp/reboque": {}}), 2, AGORA.date())
    }


def test_codes_are_unique() -> None:
    assert len({r.codigo for r in REGRAS}) == len(REGRAS)


@pytest.mark.parametrize("modelo", ["55", "65"])
def test_good_documents_break_nothing(livre: Contexto, modelo: str) -> None:
    assert first_broken(sample(modelo, {}), livre, Parametros()) is None


@pytest.mark.parametrize(
    ("trocas", "c_stat"),
    [
        ({"dest/CNPJ": "45543915000181", "dest/indIEDest": "1"}, 232),
        ({"det/0/imposto/IBSCBS": None}, 1115),
        ({"total/ICMSTot/vNF": "100.50"}, None),
        (
            {
                "det/0/prod/vProd": "100.01",
                "det/0/prod/vUnCom": "50.0000000000",
                "total/ICMSTot/vProd": "100.01",
            },
            None,
        ),
        (
            SIMPLES
            | {
                "det/0/imposto/IBSCBS": None,
                "total/IBSCBSTot": None,
                "total/ICMSTot/vBC": "0",
                "total/ICMSTot/vICMS": "0",
            },
            None,
        ),
        ({"det/0/prod/NCM": "85171210"}, None),
        ({"pag/detPag/vPag": "110.00", "pag/vTroco": "10.00"}, None),
    ],
)
def test_first_rule_of_the_official_order(
    livre: Contexto, trocas: dict[str, Any], c_stat: int | None
) -> None:
    rejeicao = first_broken(sample("55", trocas), livre, Parametros())
    assert (rejeicao.c_stat if rejeicao else None) == c_stat


def test_1115_starts_on_its_date(tmp_path: Path) -> None:
    nota = sample(
        "55",
        {
            "emit/CRT": "1",
            "det/0/imposto": SIMPLES_IMPOSTO,
            "total/IBSCBSTot": None,
            "total/ICMSTot/vBC": "0",
            "total/ICMSTot/vICMS": "0",
        },
    )
    parametros = Parametros()
    regra = next(r for r in REGRAS if r.codigo == "UB12-10/SN")
    assert regra not in parametros.active("55", 2, datetime(2027, 1, 3).date())
    assert regra in parametros.active("55", 2, datetime(2027, 1, 4).date())
    normal = next(r for r in REGRAS if r.codigo == "UB12-10")
    assert normal in parametros.active("55", 2, datetime(2026, 7, 1).date())
    assert normal not in parametros.active("55", 1, datetime(2026, 8, 2).date())
    assert nota.crt == "1"


SIMPLES_IMPOSTO = {
    "ICMS": {"ICMSSN102": {"orig": "0", "CSOSN": "102"}},
    "PIS": {"PISOutr": {"CST": "49"}},
    "COFINS": {"COFINSOutr": {"CST": "49"}},
}


def test_rules_of_the_authorizer(tmp_path: Path) -> None:
    svc = context(tmp_path, "SVC-AN")
    assert first_broken(sample("55", {}), svc, Parametros()).c_stat == 713  # type: ignore[union-attr]
    assert first_broken(sample("65", {}), svc, Parametros()).c_stat == 783  # type: ignore[union-attr]
    svc.livro.close()
    svrs = context(tmp_path, "SVRS")
    assert first_broken(sample("55", {}), svrs, Parametros()).c_stat == 226  # type: ignore[union-attr]
    svrs.livro.close()


@pytest.mark.parametrize(
    ("contribuinte", "trocas", "c_stat"),
    [
        (Contribuinte(CNPJ, "SP", IE_SP, "X", ativa=False), {}, 781),
        (Contribuinte(CNPJ, "SP", IE_SP, "X", habilitado_nfe=False), {}, 203),
        (
            Contribuinte(CNPJ_DEST, "SP", IE_SP, "X", vedado=True),
            {"emit/IE": "110042490122", "dest/IE": IE_SP},
            303,
        ),
        (Contribuinte(CNPJ_DEST, "SP", "111111111111", "X", ativa=False), {"dest/IE": "111111111111"}, 306),
        (None, {}, 230),
    ],
)
def test_register_rules(
    tmp_path: Path, contribuinte: Contribuinte | None, trocas: dict[str, Any], c_stat: int
) -> None:
    cadastro = Cadastro([contribuinte] if contribuinte else [], estrito=contribuinte is None)
    ctx = context(tmp_path, cadastro=cadastro)
    nota = sample("55", trocas)
    quebradas = {r.c_stat for r in REGRAS if "55" in r.modelos and r.judge(nota, ctx) is not None}
    ctx.livro.close()
    assert c_stat in quebradas


def test_issuer_of_another_company_in_the_same_lot(tmp_path: Path) -> None:
    primeira = sample("55", {"emit/CNPJ": CNPJ_DEST, "ide/cUF": "43"})
    base = context(tmp_path)
    ctx = Contexto(base.agora, base.autorizador, 2, base.livro, base.cadastro, primeira=primeira)
    quebradas = {r.codigo for r in REGRAS if "55" in r.modelos and r.judge(sample("55", {}), ctx) is not None}
    base.livro.close()
    assert {"B02-20", "C02-20"} <= quebradas


def test_offline_consumer_note_may_be_late(livre: Contexto) -> None:
    d, _ = consumer_document(tp_emis="9", emissao=AGORA - timedelta(hours=20))
    chave = d["@Id"][3:]
    suplemento = QR % f"{chave}|3|2|20|100.00|||QUJD"
    assert first_broken(read(d, suplemento), livre, Parametros()) is None


def test_signature_inside_the_offline_code(livre: Contexto, a1: A1) -> None:
    from chancela.simulator.assinatura import AssinaturaLida
    from chancela.simulator.certificado import read_certificado

    d, _ = consumer_document(tp_emis="9")
    parametros = f"{d['@Id'][3:]}|3|2|21|100.00||"
    certa = base64.b64encode(a1.chave.sign(parametros.encode(), PKCS1v15(), hashes.SHA1())).decode()
    regra = next(r for r in REGRAS if r.codigo == "ZX02-338")
    for assinatura, quebrada in ((certa, False), ("QUJD", True), ("!", True)):
        texto = f'<NFe xmlns="{xml.NFE}">{node("infNFe", d)}{QR % f"{parametros}|{assinatura}"}</NFe>'
        lida = AssinaturaLida(read_certificado(a1.der), "", perfil=True, confere=True)
        nota = build_nota(xml.read_grupo(xml.parse(texto.encode())), lida, b"")
        assert (regra.judge(nota, livre) is not None) is quebrada


CSC = "CODIGO-DE-TESTE"


def csc_code(sem_hash: str, codigo: str = CSC) -> str:
    return f"{sem_hash}|{hashlib.sha1((sem_hash + codigo).encode()).hexdigest().upper()}"


@pytest.mark.parametrize(
    ("codigos", "parametros", "c_stat"),
    [
        ([], csc_code(f"{CHAVE_NFCE}|2|2|7", "outro"), None),
        ([CodigoSeguranca(CNPJ, "000001", CSC)], csc_code(f"{CHAVE_NFCE}|2|2|1"), None),
        ([CodigoSeguranca(CNPJ, "000001", CSC)], csc_code(f"{CHAVE_NFCE}|2|2|2"), 462),
        ([CodigoSeguranca(CNPJ, "1", CSC)], csc_code(f"{CHAVE_NFCE}|2|2|1", "outro"), 464),
        (
            [CodigoSeguranca(CNPJ, "1", CSC, "2026-01-01T00:00:00-03:00")],
            csc_code(f"{CHAVE_NFCE}|2|2|1"),
            463,
        ),
        (
            [CodigoSeguranca(CNPJ, "1", CSC, "2027-01-01T00:00:00-03:00")],
            csc_code(f"{CHAVE_NFCE}|2|2|1"),
            None,
        ),
        ([CodigoSeguranca(CNPJ, "1", CSC)], f"{CHAVE_NFCE}|3|2", None),
    ],
)
def test_security_codes_are_judged_once_registered(
    tmp_path: Path, codigos: list[CodigoSeguranca], parametros: str, c_stat: int | None
) -> None:
    cadastro = Cadastro(codigos=codigos)
    assert Cadastro.restore([], estrito=False, codigos=cadastro.dump_csc()).dump_csc() == cadastro.dump_csc()
    ctx = context(tmp_path, cadastro=cadastro)
    rejeicao = first_broken(sample("65", {"@supl": QR % parametros}), ctx, Parametros())
    ctx.livro.close()
    assert (rejeicao.c_stat if rejeicao else None) == c_stat


@pytest.mark.parametrize(
    ("cauda", "detalhe"),
    [
        ("21|100.00|||QUJD", None),
        ("21|100.00|2|12345678909|QUJD", "tpIdDest"),
    ],
)
def test_the_offline_code_names_the_recipient(livre: Contexto, cauda: str, detalhe: str | None) -> None:
    d, _ = consumer_document(tp_emis="9")
    regra = next(r for r in REGRAS if r.codigo == "ZX02-228")
    achado = regra.judge(read(d, QR % f"{d['@Id'][3:]}|3|2|{cauda}"), livre)
    assert achado == (None if detalhe is None else f" [Param: {detalhe}]")


@pytest.mark.parametrize(("digest", "detalhe"), [("QUJD", None), ("QUJE", " [Param: digVal]")])
def test_the_offline_code_holds_the_digest(livre: Contexto, digest: str, detalhe: str | None) -> None:
    from chancela.simulator.assinatura import AssinaturaLida

    d, _ = consumer_document(tp_emis="9")
    codigo = csc_code(f"{d['@Id'][3:]}|2|2|21|100.00|{b'QUJD'.hex()}|1")
    texto = f'<NFe xmlns="{xml.NFE}">{node("infNFe", d)}{QR % codigo}</NFe>'
    lida = AssinaturaLida(None, digest, perfil=True, confere=True)
    nota = build_nota(xml.read_grupo(xml.parse(texto.encode())), lida, b"")
    regra = next(r for r in REGRAS if r.codigo == "ZX02-228")
    assert regra.judge(nota, livre) == detalhe
