"""Events and ranges on a real database: sequences, one at a time, fencing, and numbers that are given once or never."""

from dataclasses import replace
from typing import Any

import pytest
from tests.stores.fabrica import (
    AGORA,
    companies,
    new_document,
    new_id,
    outcome,
    plan,
    protocol,
    signed,
)

from chancela.domain.erros import ConcessaoPerdida, EstadoInvalido
from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.issuing.empresa import Empresa
from chancela.issuing.modelo import Documento, Estado, Marco, TentativaEncerrada
from chancela.issuing.solicitacao import (
    AdmissaoSolicitacao,
    AlvoEvento,
    Assinada,
    ConcessaoSolicitacao,
    DesfechoSolicitacao,
    EstadoSolicitacao,
    NovaInutilizacao,
    NovoEvento,
)
from chancela.stores.conexao import Banco
from chancela.stores.documentos import DocumentosPg
from chancela.stores.linha_do_tempo import LinhaDoTempo
from chancela.stores.solicitacoes import ARQUIVO_EVENTO, SolicitacoesPg

DONO = "maquina/1/1"


class Cena:
    def __init__(self, banco: Banco) -> None:
        self.banco = banco
        self.documentos = DocumentosPg(banco)
        self.solicitacoes = SolicitacoesPg(banco)
        (self.empresa,) = companies(banco)

    def document(self, estado: Estado = Estado.AUTORIZADO, **mudancas: Any) -> Documento:
        admissao = self.documentos.admit(new_document(self.empresa, **mudancas), dono=DONO, prazo_s=60)
        assert admissao.concessao is not None
        (tentativa,) = self.documentos.begin([plan(admissao.concessao, signed())])
        fim = outcome(admissao.concessao, estado, tentativa)
        if estado is Estado.AUTORIZADO:
            fim = replace(fim, protocolo=protocol())
        return self.documentos.settle([fim])[0]

    def event(
        self, documento: Documento, tipo: str = "110110", maxima: int = 20, texto: str = "texto da carta"
    ) -> AdmissaoSolicitacao:
        novo = NovoEvento(
            new_id(), tipo, AlvoEvento.of(documento), texto, maxima, lambda n: Assinada(f"<evento>{n}</evento>".encode(), f"d{n}")
        )  # fmt: skip
        return self.solicitacoes.admit_evento(novo, dono=DONO, prazo_s=60)

    def void(self, inicio: int, fim: int, empresa: Empresa | None = None) -> AdmissaoSolicitacao:
        empresa = empresa or self.empresa
        nova = NovaInutilizacao(
            new_id(), empresa.id, Ambiente.HOMOLOGACAO, str(empresa.cnpj), Uf.SP, Modelo.NFE, 1, inicio, fim,
            "Falha no sistema", Assinada(b"<inutNFe/>", "d"),
        )  # fmt: skip
        return self.solicitacoes.admit_inutilizacao(nova, dono=DONO, prazo_s=60)

    def settle(
        self, concessao: ConcessaoSolicitacao | None, estado: EstadoSolicitacao, **mudancas: Any
    ) -> None:
        assert concessao is not None
        tentativa = self.solicitacoes.begin(concessao, "envio")
        campos: dict[str, Any] = {
            "concessao": concessao,
            "tentativas": (TentativaEncerrada(tentativa, "respondida", 135, "ok", 3),),
            "estado": estado,
            "c_stat": 135,
            "motivo": "Evento registrado",
            "marcos": (Marco("evento", "Aconteceu."),),
            "protocolo": "135260000000009" if estado is EstadoSolicitacao.REGISTRADA else None,
            "registrado_em": AGORA,
            "arquivo": b"<procEventoNFe/>" if estado is EstadoSolicitacao.REGISTRADA else None,
            "proxima_acao_s": 5.0 if estado.viva else None,
        }
        self.solicitacoes.settle(DesfechoSolicitacao(**{**campos, **mudancas}))


@pytest.fixture
def cena(banco: Banco) -> Cena:
    return Cena(banco)


def test_sequences_count_what_sefaz_holds_and_reuse_what_it_refused(cena: Cena) -> None:
    documento = cena.document()
    vistas: list[int | None] = []
    for estado, vista in (("REGISTRADA", 0), ("REJEITADA", 0), ("REJEITADA", 4), ("REGISTRADA", 0)):
        admissao = cena.event(documento)
        vistas.append(admissao.solicitacao.sequencia)
        cena.settle(admissao.concessao, EstadoSolicitacao(estado), sequencia_vista=vista)
    assert vistas == [1, 2, 2, 5]
    assert [s.sequencia for s in cena.solicitacoes.list_of(documento.id, documento.empresa_id)] == [
        5,
        2,
        2,
        1,
    ]
    with pytest.raises(EstadoInvalido) as erro:
        cena.event(documento, maxima=5)
    assert erro.value.codigo == "EVENTO-LIMITE"


def test_a_second_request_joins_the_one_under_way(cena: Cena) -> None:
    documento = cena.document()
    primeira = cena.event(documento, "110111", 1)
    segunda = cena.event(documento, "110111", 1)
    assert (segunda.nova, segunda.concessao) == (False, None)
    assert segunda.solicitacao.id == primeira.solicitacao.id
    cena.settle(primeira.concessao, EstadoSolicitacao.INCERTA)
    terceira = cena.event(documento, "110111", 1)
    assert terceira.concessao is not None
    assert terceira.solicitacao.estado is EstadoSolicitacao.INCERTA


def test_another_letter_waits_for_the_one_under_way_and_is_never_taken_for_it(cena: Cena) -> None:
    documento = cena.document()
    primeira = cena.event(documento, texto="bairro")
    assert cena.event(documento, texto="bairro").solicitacao.id == primeira.solicitacao.id
    with pytest.raises(EstadoInvalido) as erro:
        cena.event(documento, texto="peso")
    assert erro.value.codigo == "EVENTO-EM-ANDAMENTO"
    cena.settle(primeira.concessao, EstadoSolicitacao.REGISTRADA)
    assert cena.event(documento, texto="peso").solicitacao.sequencia == 2


@pytest.mark.parametrize("tipo", ["110110", "110112", "110130"])
def test_nothing_else_is_asked_of_a_document_while_it_is_cancelled(cena: Cena, tipo: str) -> None:
    """SEFAZ would refuse it (580) or register it for nothing, whichever of the two it heard first."""
    documento = cena.document()
    cancelamento = cena.event(documento, "110111", 1)
    with pytest.raises(EstadoInvalido) as erro:
        cena.event(documento, tipo)
    assert erro.value.codigo == "EVENTO-EM-ANDAMENTO"
    cena.settle(cancelamento.concessao, EstadoSolicitacao.REJEITADA)
    assert cena.event(documento, tipo).solicitacao.sequencia == 1


def test_a_letter_under_way_does_not_hold_up_the_cancellation(cena: Cena) -> None:
    documento = cena.document()
    cena.event(documento)
    assert cena.event(documento, "110111", 1).nova


def test_cancelling_moves_document_archive_and_timeline_together(cena: Cena) -> None:
    documento = cena.document()
    admissao = cena.event(documento, "110111", 1)
    cena.settle(admissao.concessao, EstadoSolicitacao.REGISTRADA, documento_cancelado=True)
    depois = cena.documentos.get(documento.id, documento.empresa_id)
    assert depois is not None
    assert (depois.estado, depois.protocolo) == (Estado.CANCELADO, documento.protocolo)
    with cena.banco.company(documento.empresa_id) as conexao:
        arquivo = conexao.exec_driver_sql(
            "SELECT tipo, variante, conteudo FROM artefatos WHERE documento_id = %s AND tipo <> 'xml_autorizado'",
            (documento.id,),
        ).one()
    assert tuple(arquivo) == (ARQUIVO_EVENTO, "110111-1", b"<procEventoNFe/>")
    linha = LinhaDoTempo(cena.banco)
    assert [e.marco.tipo for e in linha.of(documento.id, documento.empresa_id)][-2:] == [
        "evento_assinado",
        "evento",
    ]
    assert linha.verify_chain(documento.empresa_id).quebra is None
    with pytest.raises(EstadoInvalido):
        cena.event(documento)


@pytest.mark.parametrize("estado", [Estado.REJEITADO, Estado.INCERTO])
def test_only_an_authorised_document_takes_events(cena: Cena, estado: Estado) -> None:
    with pytest.raises(EstadoInvalido) as erro:
        cena.event(cena.document(estado))
    assert erro.value.codigo == "EVENTO-NAO-AUTORIZADO"


def test_an_owner_that_was_superseded_writes_nothing(cena: Cena) -> None:
    admissao = cena.event(cena.document())
    assert cena.solicitacoes.lease_owners() == [DONO]
    assert cena.solicitacoes.release_leases(DONO) == 1
    assert admissao.concessao is not None
    with pytest.raises(ConcessaoPerdida):
        cena.solicitacoes.begin(admissao.concessao, "envio")
    (nova,) = cena.solicitacoes.claim(cena.empresa.id, limite=5, dono="outro", prazo_s=60)
    assert nova.token > admissao.concessao.token
    assert cena.solicitacoes.claim(cena.empresa.id, limite=5, dono="terceiro", prazo_s=60) == []


def test_an_open_send_is_remembered_and_an_open_query_is_not_a_doubt(cena: Cena) -> None:
    admissao = cena.event(cena.document())
    assert admissao.concessao is not None
    cena.solicitacoes.begin(admissao.concessao, "consulta")
    lida = cena.solicitacoes.get(admissao.solicitacao.id, cena.empresa.id)
    assert lida is not None
    assert lida.tentativa_aberta is False
    cena.solicitacoes.begin(admissao.concessao, "envio")
    lida = cena.solicitacoes.get(admissao.solicitacao.id, cena.empresa.id)
    assert lida is not None
    assert lida.tentativa_aberta is True


def test_a_reserved_range_is_stepped_over_and_comes_back_when_refused(cena: Cena) -> None:
    assert cena.document().numero == 1
    admissao = cena.void(2, 4)
    assert cena.document().numero == 5
    cena.settle(admissao.concessao, EstadoSolicitacao.REJEITADA, arquivo=None)
    assert [cena.document().numero for _ in range(4)] == [2, 3, 4, 6]


def test_a_voided_range_is_never_given_and_its_refused_documents_are_voided(cena: Cena) -> None:
    recusado = cena.document(Estado.REJEITADO, referencia="P1")
    admissao = cena.void(1, 3)
    with pytest.raises(EstadoInvalido) as erro:
        cena.document(referencia="P1")
    assert erro.value.codigo == "DOC-EM-INUTILIZACAO"
    cena.settle(admissao.concessao, EstadoSolicitacao.REGISTRADA)
    depois = cena.documentos.get(recusado.id, recusado.empresa_id)
    assert depois is not None
    assert depois.estado is Estado.INUTILIZADO
    assert cena.document().numero == 4
    repetida = cena.void(1, 3)
    assert (repetida.nova, repetida.concessao) == (False, None)
    assert repetida.solicitacao.estado is EstadoSolicitacao.REGISTRADA


@pytest.mark.parametrize("estado", [Estado.AUTORIZADO, Estado.INCERTO, Estado.DIVERGENTE])
def test_a_number_that_may_be_at_sefaz_is_not_voided(cena: Cena, estado: Estado) -> None:
    cena.document(estado)
    with pytest.raises(EstadoInvalido) as erro:
        cena.void(1, 3)
    assert erro.value.codigo == "INUT-NUMERO-USADO"


def test_overlapping_ranges_are_refused(cena: Cena) -> None:
    cena.void(10, 12)
    with pytest.raises(EstadoInvalido) as erro:
        cena.void(12, 13)
    assert erro.value.codigo == "INUT-SOBREPOSTA"


def test_nobody_sees_the_requests_of_another_company(cena: Cena, banco: Banco) -> None:
    documento = cena.document()
    admissao = cena.event(documento)
    alheia = companies(banco, 2)[1]
    assert cena.solicitacoes.get(admissao.solicitacao.id, alheia.id) is None
    assert cena.solicitacoes.list_of(documento.id, alheia.id) == []
    assert cena.solicitacoes.claim_of(documento.id, alheia.id, dono=DONO, prazo_s=60) == []
