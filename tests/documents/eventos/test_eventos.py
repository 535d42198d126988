"""Every event of the registry: built, signed, valid against its schemas, and its fixed texts byte for byte."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from tests.documents.eventos.detalhes import DETALHES
from tests.documents.nfe import fabrica
from tests.documents.nfe.fabrica import CNPJ
from tests.faces.tffiscal.certificados import SENHA, make_pfx

from chancela.documents.eventos.cancelamento import CANCELAMENTO
from chancela.documents.eventos.cancelamento_substituicao import check_substituicao
from chancela.documents.eventos.carta_correcao import CARTA_CORRECAO
from chancela.documents.eventos.conferencia import validate_evento
from chancela.documents.eventos.entrega import hash_of_image
from chancela.documents.eventos.epec import check_announced, check_epec, summarise_nfe
from chancela.documents.eventos.layout import (
    build_infevento,
    compose_env_evento,
    compose_evento,
    compose_proc_evento,
)
from chancela.documents.eventos.modelo import PedidoEvento, TipoEvento
from chancela.documents.eventos.registro import EVENTOS
from chancela.documents.eventos.regras import check_modelo, clean_correcao, clean_justificativa, find_late
from chancela.documents.inutilizacao.layout import (
    Faixa,
    PedidoInutilizacao,
    build_infinut,
    compose_inut,
    compose_proc_inut,
    validate_inut,
)
from chancela.documents.nfe.enumeracoes import TipoOperacao
from chancela.documents.nfe.modelo import Contingencia, Identificacao
from chancela.domain.assinatura.certificado import Certificado, load_pkcs12
from chancela.domain.assinatura.perfil import sign, verify
from chancela.domain.chave import ChaveAcesso
from chancela.domain.erros import RegraViolada, Severidade
from chancela.domain.identidade import Ambiente, Cnpj, Modelo, Uf, dv_cnpj
from chancela.domain.xml.esquemas import Esquema, Esquemas

AGORA = datetime(2026, 11, 20, 11, tzinfo=timezone(timedelta(hours=-3)))
LETRADO = Cnpj("A1B2C3D4E5F6" + dv_cnpj("A1B2C3D4E5F6"))
ESQUEMAS = Esquemas()


@pytest.fixture(scope="module")
def certificado() -> Certificado:
    return load_pkcs12(make_pfx(str(CNPJ)), SENHA, agora=AGORA.astimezone(UTC))


def key(
    emitente: Cnpj = CNPJ, *, modelo: Modelo = Modelo.NFE, tp_emis: int = 1, numero: int = 7, uf: Uf = Uf.SP
) -> ChaveAcesso:
    return ChaveAcesso.compose(
        uf=uf,
        emissao=AGORA,
        emitente=emitente,
        modelo=modelo,
        serie=1,
        numero=numero,
        tp_emis=tp_emis,
        cnf="18273645",
    )


def request(tipo: TipoEvento, sequencia: int = 1, emitente: Cnpj = CNPJ) -> PedidoEvento:
    return PedidoEvento(
        tipo, key(emitente), Ambiente.HOMOLOGACAO, emitente, AGORA, sequencia, DETALHES[tipo.codigo]
    )


def signed(pedido: PedidoEvento, certificado: Certificado) -> bytes:
    canonico = build_infevento(pedido)
    return compose_evento(canonico, sign(canonico, pedido.identificador, certificado).xml)


@pytest.mark.parametrize("emitente", [CNPJ, LETRADO], ids=["numerico", "alfanumerico"])
@pytest.mark.parametrize("codigo", EVENTOS)
def test_every_event_is_valid_and_signed(codigo: str, emitente: Cnpj, certificado: Certificado) -> None:
    pedido = request(EVENTOS[codigo], EVENTOS[codigo].sequencia_maxima, emitente)
    evento = signed(pedido, certificado)
    assert validate_evento(pedido, evento, ESQUEMAS) == ()
    assert verify(evento, tag="infEvento")
    assert evento in compose_env_evento(evento, "1")
    assert pedido.identificador == f"ID{codigo}{pedido.chave}{pedido.sequencia:02d}"


def test_letters_in_every_cnpj_of_an_event(certificado: Certificado) -> None:
    tipo = EVENTOS["110750"]
    pagamento = replace(DETALHES["110750"].pagamentos[1], cnpj_pagador=LETRADO, cnpj_recebedor=LETRADO)
    detalhe = replace(DETALHES["110750"], pagamentos=(pagamento,))
    pedido = PedidoEvento(tipo, key(LETRADO), Ambiente.HOMOLOGACAO, LETRADO, AGORA, 1, detalhe)
    assert validate_evento(pedido, signed(pedido, certificado), ESQUEMAS) == ()


@pytest.mark.parametrize(
    ("codigo", "modelo", "orgao"),
    [
        ("110110", Modelo.NFE, "35"),
        ("110111", Modelo.NFCE, "35"),
        ("110112", Modelo.NFCE, "35"),
        ("110140", Modelo.NFE, "91"),
        ("110150", Modelo.NFE, "91"),
        ("110130", Modelo.NFE, "91"),
        ("110192", Modelo.NFE, "92"),
        ("110750", Modelo.NFE, "92"),
        ("110750", Modelo.NFCE, "35"),
        ("111500", Modelo.NFE, "35"),
        ("210210", Modelo.NFE, "91"),
    ],
)
def test_who_registers_each_kind(codigo: str, modelo: Modelo, orgao: str) -> None:
    pedido = PedidoEvento(
        EVENTOS[codigo], key(modelo=modelo), Ambiente.HOMOLOGACAO, CNPJ, AGORA, 1, DETALHES[codigo]
    )
    assert pedido.orgao == orgao


def test_the_substitute_is_an_offline_nfce_of_the_same_issuer() -> None:
    normal = key(modelo=Modelo.NFCE)
    offline = key(modelo=Modelo.NFCE, tp_emis=9, numero=8)
    check_substituicao(normal, offline)
    for substituta in (
        normal,
        key(modelo=Modelo.NFCE, numero=8),
        key(tp_emis=9),
        key(LETRADO, modelo=Modelo.NFCE, tp_emis=9),
    ):
        with pytest.raises(RegraViolada) as erro:
            check_substituicao(normal, substituta)
        assert erro.value.codigo == "SUBSTITUICAO-CHAVE"


def test_an_epec_is_for_keys_of_its_own_and_closed_in_two_states() -> None:
    check_epec(key(tp_emis=4), AGORA)
    check_epec(key(tp_emis=4, uf=Uf.PR), AGORA.replace(month=10, day=4))
    with pytest.raises(RegraViolada) as erro:
        check_epec(key(), AGORA)
    assert erro.value.violacoes[0].c_stat == 484
    with pytest.raises(RegraViolada) as erro:
        check_epec(key(tp_emis=4, uf=Uf.PR), AGORA.replace(month=10, day=5))
    assert erro.value.codigo == "EPEC-UF"


def test_the_summary_of_a_note_is_the_note(certificado: Certificado) -> None:
    nfe = fabrica.nfe()
    identificacao = Identificacao.compose(
        nfe, serie=1, numero=7, cnf="18273645", emissao=AGORA, ambiente=Ambiente.HOMOLOGACAO, tp_emis=4,
        contingencia=Contingencia(AGORA, "SEFAZ de origem fora do ar"),
    )  # fmt: skip
    epec = summarise_nfe(nfe, identificacao)
    assert (epec.destino.valor_nota, epec.destino.valor_icms) == (
        nfe.totais.icms.valor_nota,
        nfe.totais.icms.valor,
    )
    pedido = PedidoEvento(EVENTOS["110140"], identificacao.chave, Ambiente.HOMOLOGACAO, CNPJ, AGORA, 1, epec)
    assert validate_evento(pedido, signed(pedido, certificado), ESQUEMAS) == ()


def test_a_correction_repeats_what_its_epec_told() -> None:
    nfe = fabrica.nfe()
    anunciado = summarise_nfe(nfe, fabrica.identificar(nfe, tp_emis=4))
    check_announced(anunciado, replace(anunciado, inscricao_estadual="outra"))
    destino = replace(anunciado.destino, uf=Uf.RJ, valor_nota=anunciado.destino.valor_nota + 1)
    with pytest.raises(RegraViolada) as erro:
        check_announced(anunciado, replace(anunciado, destino=destino, tipo_operacao=TipoOperacao.ENTRADA))
    assert [(v.codigo, v.caminho, v.c_stat) for v in erro.value.violacoes] == [
        ("EPEC-VALOR", "tipo_operacao", 467),
        ("EPEC-VALOR", "destinatario.uf", 467),
        ("EPEC-VALOR", "itens", 467),
    ]
    assert erro.value.violacoes[1].valor == "RJ"


def test_the_hash_of_a_delivery_ties_the_image_to_the_key() -> None:
    um, outro = hash_of_image(key(), b"foto"), hash_of_image(key(numero=8), b"foto")
    assert um != outro
    assert len(base64.b64decode(um)) == 20


def test_specific_schemas_of_cancelling_and_correcting(certificado: Certificado) -> None:
    for tipo, esquema in ((CANCELAMENTO, Esquema.ENV_CANCELAMENTO), (CARTA_CORRECAO, Esquema.ENV_CCE)):
        lote = compose_env_evento(signed(request(tipo), certificado), "123456789012345")
        assert ESQUEMAS.validate(esquema, lote) == ()


def test_the_second_step_sees_what_the_envelope_skips(certificado: Certificado) -> None:
    pedido = request(CANCELAMENTO)
    evento = signed(pedido, certificado).replace(
        b"<xJust>Erro no preenchimento da nota fiscal.", b"<xJust>curta"
    )
    assert ESQUEMAS.validate(Esquema.ENV_EVENTO, compose_env_evento(evento, "1")) == ()
    assert [falta.caminho for falta in validate_evento(pedido, evento, ESQUEMAS)] != []


def test_proc_evento_keeps_both_bytes(certificado: Certificado) -> None:
    evento = signed(request(CANCELAMENTO), certificado)
    retorno = (
        b'<retEvento xmlns="http://www.portalfiscal.inf.br/nfe" versao="1.00"><infEvento><tpAmb>2</tpAmb>'
        b"<verAplic>1</verAplic><cOrgao>35</cOrgao><cStat>135</cStat><xMotivo>Evento registrado e vinculado a NF-e</xMotivo>"
        b"<dhRegEvento>2026-11-20T11:00:00-03:00</dhRegEvento><nProt>135260000000002</nProt></infEvento></retEvento>"
    )
    proc = compose_proc_evento(evento, retorno)
    assert ESQUEMAS.validate(Esquema.PROC_EVENTO, proc) == ()
    assert evento in proc
    assert retorno in proc


@pytest.mark.parametrize(("tamanho", "passa"), [(14, False), (15, True), (255, True), (256, False)])
def test_length_of_the_justification(tamanho: int, passa: bool) -> None:
    if passa:
        assert clean_justificativa("motivo", f"  {'x' * tamanho}\n") == "x" * tamanho
        return
    with pytest.raises(RegraViolada) as erro:
        clean_justificativa("motivo", "x" * tamanho)
    assert (erro.value.codigo, erro.value.violacoes[0].caminho) == ("EVENTO-JUSTIFICATIVA", "motivo")


def test_letter_of_correction_has_up_to_a_thousand_characters_and_no_nfce() -> None:
    assert len(clean_correcao("correcao", "x" * 1000)) == 1000
    with pytest.raises(RegraViolada):
        clean_correcao("correcao", "x" * 1001)
    with pytest.raises(RegraViolada) as erro:
        check_modelo(CARTA_CORRECAO, Modelo.NFCE)
    assert erro.value.violacoes[0].c_stat == 784
    check_modelo(CARTA_CORRECAO, Modelo.NFE)


@pytest.mark.parametrize(
    ("tipo", "modelo", "depois", "tarde"),
    [
        (CANCELAMENTO, Modelo.NFE, timedelta(hours=24), False),
        (CANCELAMENTO, Modelo.NFE, timedelta(hours=24, seconds=1), True),
        (CANCELAMENTO, Modelo.NFCE, timedelta(minutes=31), True),
        (CARTA_CORRECAO, Modelo.NFE, timedelta(hours=720), False),
        (CARTA_CORRECAO, Modelo.NFE, timedelta(hours=721), True),
    ],
)
def test_a_deadline_warns_and_never_refuses(
    tipo: TipoEvento, modelo: Modelo, depois: timedelta, tarde: bool
) -> None:
    aviso = find_late(tipo, modelo, AGORA, AGORA + depois)
    assert (aviso is not None) is tarde
    if aviso is not None:
        assert (aviso.codigo, aviso.c_stat, aviso.severidade) == ("EVENTO-PRAZO", 501, Severidade.AVISO)


def span(**mudancas: Any) -> Faixa:
    campos: dict[str, Any] = {
        "ambiente": Ambiente.HOMOLOGACAO, "emitente": CNPJ, "uf": Uf.SP, "modelo": Modelo.NFE, "serie": 1,
        "inicio": 100, "fim": 105,
    }  # fmt: skip
    return Faixa(**{**campos, **mudancas})


@pytest.mark.parametrize("emitente", [CNPJ, LETRADO], ids=["numerico", "alfanumerico"])
def test_inutilizacao_is_valid_and_signed(emitente: Cnpj, certificado: Certificado) -> None:
    pedido = PedidoInutilizacao(span(emitente=emitente), 26, "Falha no sistema <emissor> & lote")
    canonico = build_infinut(pedido)
    inut = compose_inut(canonico, sign(canonico, pedido.identificador, certificado).xml)
    assert len(pedido.identificador) == 43
    assert validate_inut(pedido, inut, ESQUEMAS) == ()
    assert verify(inut, tag="infInut")
    retorno = b'<retInutNFe xmlns="http://www.portalfiscal.inf.br/nfe" versao="4.00"><infInut/></retInutNFe>'
    abre = b'<?xml version="1.0" encoding="UTF-8"?><procInutNFe xmlns="http://www.portalfiscal.inf.br/nfe" versao="4.00">'
    assert compose_proc_inut(inut, retorno) == abre + inut + retorno + b"</procInutNFe>"


@pytest.mark.parametrize(
    ("mudanca", "codigos"),
    [
        ({}, []),
        ({"inicio": 1, "fim": 10_000}, []),
        ({"inicio": 1, "fim": 10_001}, ["INUT-TAMANHO"]),
        ({"inicio": 106}, ["INUT-FAIXA"]),
        ({"serie": 890}, ["INUT-SERIE"]),
        ({"modelo": Modelo.MDFE, "inicio": 0}, ["INUT-MODELO", "INUT-NUMERO"]),
    ],
)
def test_range_rules(mudanca: dict[str, Any], codigos: list[str]) -> None:
    if not codigos:
        span(**mudanca).check()
        return
    with pytest.raises(RegraViolada) as erro:
        span(**mudanca).check()
    assert [falta.codigo for falta in erro.value.violacoes] == codigos


def test_the_page_of_events_names_every_kind() -> None:
    pagina = (Path(__file__).parents[3] / "docs" / "eventos.md").read_text(encoding="utf-8")
    assert [codigo for codigo in EVENTOS if codigo not in pagina] == []
