"""Every event of the registry: built, signed, valid against its schemas, and its fixed texts byte for byte."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from tests.documents.nfe.fabrica import CNPJ
from tests.faces.tffiscal.certificados import SENHA, make_pfx

from chancela.documents.eventos.cancelamento import CANCELAMENTO, Cancelamento
from chancela.documents.eventos.carta_correcao import CARTA_CORRECAO, CartaCorrecao
from chancela.documents.eventos.conferencia import validate_evento
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
    validate_inut,
)
from chancela.domain.assinatura.certificado import Certificado, load_pkcs12
from chancela.domain.assinatura.perfil import sign, verify
from chancela.domain.chave import ChaveAcesso
from chancela.domain.erros import RegraViolada, Severidade
from chancela.domain.identidade import Ambiente, Cnpj, Modelo, Uf, dv_cnpj
from chancela.domain.xml.esquemas import Esquema, Esquemas

AGORA = datetime(2026, 11, 20, 11, tzinfo=timezone(timedelta(hours=-3)))
LETRADO = Cnpj("A1B2C3D4E5F6" + dv_cnpj("A1B2C3D4E5F6"))
DETALHES: dict[str, Any] = {
    "110111": Cancelamento("135260000000001", "Erro no preenchimento da nota fiscal."),
    "110110": CartaCorrecao("Corrigir o endereço: Rua A & B, 10"),
}
ESQUEMAS = Esquemas()


@pytest.fixture(scope="module")
def certificado() -> Certificado:
    return load_pkcs12(make_pfx(str(CNPJ)), SENHA, agora=AGORA.astimezone(UTC))


def key(emitente: Cnpj = CNPJ) -> ChaveAcesso:
    return ChaveAcesso.compose(
        uf=Uf.SP,
        emissao=AGORA,
        emitente=emitente,
        modelo=Modelo.NFE,
        serie=1,
        numero=7,
        tp_emis=1,
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
