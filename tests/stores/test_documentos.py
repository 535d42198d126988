"""Admission, leases, attempts and outcomes, on a clock that moves when told to."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy.exc import DBAPIError
from tests.stores.fabrica import AGORA, companies, new_document, outcome, plan, protocol, signed

from chancela.domain.erros import ConcessaoPerdida, EstadoInvalido
from chancela.domain.identidade import Ambiente, Modelo
from chancela.issuing.empresa import Empresa
from chancela.issuing.modelo import Assinado, Concessao, Estado, Operacao, TentativaEncerrada, VersaoAssinada
from chancela.kit.clock import VirtualClock
from chancela.stores.conexao import Banco, Limites
from chancela.stores.documentos import DocumentosPg
from chancela.stores.linha_do_tempo import LinhaDoTempo

Sql = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def relogio() -> VirtualClock:
    return VirtualClock(AGORA)


@pytest.fixture
def banco(url_banco: str, relogio: VirtualClock) -> Iterator[Banco]:
    banco = Banco(url_banco, limites=Limites(conexoes=32), relogio=relogio)
    yield banco
    banco.close()


@pytest.fixture
def documentos(banco: Banco) -> DocumentosPg:
    return DocumentosPg(banco)


@pytest.fixture
def empresa(banco: Banco) -> Empresa:
    return companies(banco)[0]


def admit_leased(documentos: DocumentosPg, empresa: Empresa, **mudancas: object) -> Concessao:
    admissao = documentos.admit(new_document(empresa, **mudancas), dono="api", prazo_s=60)
    assert admissao.concessao is not None
    return admissao.concessao


def reject(documentos: DocumentosPg, empresa: Empresa, referencia: str, conteudo: str = "a") -> None:
    concessao = admit_leased(documentos, empresa, referencia=referencia, conteudo=conteudo)
    (tentativa,) = documentos.begin([plan(concessao, signed(conteudo))])
    documentos.settle([outcome(concessao, Estado.REJEITADO, tentativa, c_stat=539)])


# -- admission ----------------------------------------------------------------------------------------------


def test_admitted_document_reads_back_whole(documentos: DocumentosPg, empresa: Empresa) -> None:
    novo = new_document(empresa, referencia="PEDIDO-1")
    admissao = documentos.admit(novo, dono=None, prazo_s=0)
    assert admissao.nova
    assert admissao.concessao is None
    lido = documentos.get(novo.id, empresa.id)
    assert lido == admissao.documento
    assert lido is not None
    assert (lido.numero, lido.estado, lido.resumo) == (1, Estado.PENDENTE, novo.resumo)
    assert lido.xml_sem_assinatura == b"<infNFe>a 1</infNFe>"
    assert lido.avisos == novo.avisos
    assert documentos.find_by_chave(lido.chave, empresa.id) == lido
    assert documentos.find_by_referencia("PEDIDO-1", empresa.id, Ambiente.HOMOLOGACAO, Modelo.NFE) == lido
    assert documentos.get("f" * 24, empresa.id) is None


def test_a_repeated_reference_returns_the_first_document(documentos: DocumentosPg, empresa: Empresa) -> None:
    primeira = documentos.admit(new_document(empresa, referencia="R"), dono="api", prazo_s=60)
    segunda = documentos.admit(new_document(empresa, referencia="R", conteudo="b"), dono="outro", prazo_s=60)
    assert not segunda.nova
    assert segunda.documento.id == primeira.documento.id
    assert segunda.concessao is None, "it belongs to the first owner"


def test_a_repeat_takes_a_free_document_that_is_due(documentos: DocumentosPg, empresa: Empresa) -> None:
    documentos.admit(new_document(empresa, referencia="R"), dono=None, prazo_s=0)
    segunda = documentos.admit(new_document(empresa, referencia="R"), dono="api", prazo_s=60)
    assert not segunda.nova
    assert segunda.concessao is not None


def test_the_scope_of_a_reference_is_company_environment_and_model(
    documentos: DocumentosPg, banco: Banco
) -> None:
    uma, outra = companies(banco, 2)
    novos = [
        new_document(uma, referencia="R"),
        new_document(outra, referencia="R"),
        new_document(uma, referencia="R", ambiente=Ambiente.PRODUCAO),
    ]
    assert all(documentos.admit(novo, dono=None, prazo_s=0).nova for novo in novos)


def test_one_reference_in_many_threads_is_one_document_and_one_number(
    documentos: DocumentosPg, empresa: Empresa
) -> None:
    barreira = threading.Barrier(16)

    def post(indice: int) -> str:
        novo = new_document(empresa, referencia="R", serie=1 + indice % 2)
        barreira.wait()
        return documentos.admit(novo, dono=None, prazo_s=0).documento.id

    with ThreadPoolExecutor(16) as executor:
        assert len(set(executor.map(post, range(16)))) == 1
    proximos = [documentos.admit(new_document(empresa, serie=s), dono=None, prazo_s=0) for s in (1, 2)]
    assert sorted(a.documento.numero for a in proximos) == [1, 2], "only one number was used"


def test_a_failing_numbering_stores_nothing(
    documentos: DocumentosPg, empresa: Empresa, superusuario: Sql
) -> None:
    def explode(numero: int) -> object:
        raise RuntimeError(str(numero))

    with pytest.raises(RuntimeError):
        documentos.admit(replace(new_document(empresa), numerar=explode), dono=None, prazo_s=0)  # type: ignore[arg-type]
    assert superusuario("SELECT count(*) FROM documentos") == [(0,)]
    assert superusuario("SELECT count(*) FROM procrastinate_jobs") == [(0,)]
    assert documentos.admit(new_document(empresa), dono=None, prazo_s=0).documento.numero == 1


# -- reissue ------------------------------------------------------------------------------------------------


def test_a_rejected_reference_takes_new_content_on_its_number(
    documentos: DocumentosPg, empresa: Empresa
) -> None:
    reject(documentos, empresa, "R", "a")
    de_novo = documentos.admit(new_document(empresa, referencia="R", conteudo="b"), dono="api", prazo_s=60)
    assert de_novo.nova
    documento = de_novo.documento
    assert (documento.numero, documento.estado, documento.tentativas) == (1, Estado.PENDENTE, 0)
    assert documento.xml_sem_assinatura == b"<infNFe>b 1</infNFe>"
    assert (documento.xml_assinado, documento.c_stat, documento.motivo) == (None, None, "")
    assert [v.digest_value for v in documentos.versions(documento.id, empresa.id)] == ["digest-a"]


def test_a_reissue_keeps_its_series(documentos: DocumentosPg, empresa: Empresa) -> None:
    reject(documentos, empresa, "R")
    with pytest.raises(EstadoInvalido) as erro:
        documentos.admit(new_document(empresa, referencia="R", serie=2), dono=None, prazo_s=0)
    assert erro.value.codigo == "DOC-OUTRA-SERIE"


def test_reopening_replaces_what_never_left(documentos: DocumentosPg, empresa: Empresa) -> None:
    documentos.admit(new_document(empresa, referencia="R"), dono=None, prazo_s=0)
    sem = documentos.admit(new_document(empresa, referencia="R", conteudo="b"), dono=None, prazo_s=0)
    assert not sem.nova
    com = documentos.admit(
        new_document(empresa, referencia="R", conteudo="b", reabrir=True), dono=None, prazo_s=0
    )
    assert com.nova
    assert com.documento.xml_sem_assinatura == b"<infNFe>b 1</infNFe>"


def test_reopening_never_replaces_a_live_lease(documentos: DocumentosPg, empresa: Empresa) -> None:
    admit_leased(documentos, empresa, referencia="R")
    novo = new_document(empresa, referencia="R", conteudo="b", reabrir=True)
    assert not documentos.admit(novo, dono=None, prazo_s=0).nova


@pytest.mark.parametrize("estado", [Estado.INCERTO, Estado.AUTORIZADO, Estado.DENEGADO, Estado.DIVERGENTE])
def test_reopening_never_replaces_what_sefaz_may_hold(
    documentos: DocumentosPg, empresa: Empresa, estado: Estado
) -> None:
    concessao = admit_leased(documentos, empresa, referencia="R")
    (tentativa,) = documentos.begin([plan(concessao, signed())])
    documentos.settle([outcome(concessao, estado, tentativa)])
    novo = new_document(empresa, referencia="R", conteudo="b", reabrir=True)
    assert not documentos.admit(novo, dono=None, prazo_s=0).nova


def test_reopening_never_replaces_an_open_attempt(
    documentos: DocumentosPg, empresa: Empresa, relogio: VirtualClock
) -> None:
    concessao = admit_leased(documentos, empresa, referencia="R")
    documentos.begin([plan(concessao, signed())])
    relogio.advance(61)  # the owner died after the attempt row
    novo = new_document(empresa, referencia="R", conteudo="b", reabrir=True)
    admissao = documentos.admit(novo, dono="api", prazo_s=60)
    assert not admissao.nova
    assert admissao.concessao is not None
    assert admissao.concessao.documento.tentativa_aberta


# -- leases -------------------------------------------------------------------------------------------------


def test_claim_gives_each_document_to_one_owner(documentos: DocumentosPg, empresa: Empresa) -> None:
    for _ in range(40):
        documentos.admit(new_document(empresa), dono=None, prazo_s=0)

    def claim(indice: int) -> list[str]:
        tomadas = documentos.claim(empresa.id, limite=7, dono=f"w{indice}", prazo_s=60)
        return [c.documento.id for c in tomadas]

    with ThreadPoolExecutor(8) as executor:
        todas = [i for lote in executor.map(claim, range(8)) for i in lote]
    assert len(todas) == len(set(todas))
    resto = [c.documento.id for c in documentos.claim(empresa.id, limite=100, dono="w", prazo_s=60)]
    assert len(todas) + len(resto) == 40
    assert not documentos.claim(empresa.id, limite=100, dono="w", prazo_s=60)


def test_an_expired_lease_passes_on_and_fences_the_old_owner(
    documentos: DocumentosPg, empresa: Empresa, relogio: VirtualClock
) -> None:
    velha = admit_leased(documentos, empresa)
    assert documentos.claim_one(velha.documento.id, empresa.id, dono="w", prazo_s=60) is None
    relogio.advance(61)
    (nova,) = documentos.claim(empresa.id, limite=10, dono="w", prazo_s=60)
    assert nova.token > velha.token
    with pytest.raises(ConcessaoPerdida):
        documentos.begin([plan(velha, signed())])
    with pytest.raises(ConcessaoPerdida):
        documentos.settle([outcome(velha, Estado.REJEITADO)])
    with pytest.raises(ConcessaoPerdida):
        documentos.discard(velha, "desistiu")
    (tentativa,) = documentos.begin([plan(nova, signed())])
    (feito,) = documentos.settle([outcome(nova, Estado.AUTORIZADO, tentativa, protocolo=protocol())])
    assert feito.estado is Estado.AUTORIZADO


def test_an_owner_past_its_term_may_not_open_a_socket_but_may_tell_its_outcome(
    documentos: DocumentosPg, empresa: Empresa, relogio: VirtualClock
) -> None:
    concessao = admit_leased(documentos, empresa)
    (tentativa,) = documentos.begin([plan(concessao, signed())])
    relogio.advance(61)
    with pytest.raises(ConcessaoPerdida):
        documentos.begin([plan(concessao, None, Operacao.CONSULTA)])
    (feito,) = documentos.settle([outcome(concessao, Estado.AUTORIZADO, tentativa, protocolo=protocol())])
    assert feito.estado is Estado.AUTORIZADO


def test_a_lease_is_over_once_settled(documentos: DocumentosPg, empresa: Empresa) -> None:
    concessao = admit_leased(documentos, empresa)
    documentos.settle([outcome(concessao, Estado.PENDENTE)])
    with pytest.raises(ConcessaoPerdida):
        documentos.settle([outcome(concessao, Estado.REJEITADO)])


def test_claim_one_takes_what_is_not_due_yet(documentos: DocumentosPg, empresa: Empresa) -> None:
    concessao = admit_leased(documentos, empresa)
    documentos.settle([outcome(concessao, Estado.INCERTO, proxima_acao_s=3600)])
    assert not documentos.claim(empresa.id, limite=10, dono="w", prazo_s=60)
    de_novo = documentos.claim_one(concessao.documento.id, empresa.id, dono="w", prazo_s=60)
    assert de_novo is not None
    documentos.settle([outcome(de_novo, Estado.REJEITADO)])
    assert documentos.claim_one(concessao.documento.id, empresa.id, dono="w", prazo_s=60) is None


def test_dead_owners_leases_are_freed_and_their_companies_woken(
    documentos: DocumentosPg, banco: Banco, superusuario: Sql
) -> None:
    uma, outra = companies(banco, 2)
    morta = documentos.admit(new_document(uma), dono="morto", prazo_s=600).concessao
    viva = documentos.admit(new_document(outra), dono="vivo", prazo_s=600).concessao
    assert morta is not None
    assert viva is not None
    assert documentos.lease_owners() == ["morto", "vivo"]
    assert documentos.due_companies(10) == []
    assert documentos.release_leases("morto") == 1
    assert documentos.due_companies(10) == [uma.id]
    with pytest.raises(ConcessaoPerdida):
        documentos.begin([plan(morta, signed())])
    documentos.begin([plan(viva, signed())])
    assert (f"emissao:{uma.id}",) in superusuario("SELECT queueing_lock FROM procrastinate_jobs")


def test_due_companies_are_sorted_by_need(
    documentos: DocumentosPg, banco: Banco, relogio: VirtualClock
) -> None:
    uma, outra, terceira = companies(banco, 3)
    for empresa in (outra, uma):
        documentos.admit(new_document(empresa), dono=None, prazo_s=0)
        relogio.advance(1)
    documentos.admit(new_document(terceira), dono="api", prazo_s=60)
    assert documentos.due_companies(10) == [outra.id, uma.id]
    assert documentos.due_companies(1) == [outra.id]


# -- attempts and outcomes ----------------------------------------------------------------------------------


def test_begin_stores_the_bytes_and_an_open_attempt(documentos: DocumentosPg, empresa: Empresa) -> None:
    concessao = admit_leased(documentos, empresa)
    (primeira,) = documentos.begin([plan(concessao, Assinado(b"<NFe/>", "digest", b"<supl/>"))])
    lido = documentos.get(concessao.documento.id, empresa.id)
    assert lido is not None
    assert (lido.estado, lido.xml_assinado, lido.digest_value, lido.suplemento) == (
        Estado.ASSINADO,
        b"<NFe/>",
        "digest",
        b"<supl/>",
    )
    assert (lido.tentativas, lido.tentativa_aberta) == (1, True)
    (segunda,) = documentos.begin([plan(concessao, None, Operacao.CONSULTA)])
    assert segunda > primeira
    lido = documentos.get(concessao.documento.id, empresa.id)
    assert lido is not None
    assert lido.tentativas == 2


def test_signed_bytes_are_written_once(documentos: DocumentosPg, empresa: Empresa) -> None:
    concessao = admit_leased(documentos, empresa)
    documentos.begin([plan(concessao, signed("a"))])
    with pytest.raises(ConcessaoPerdida):
        documentos.begin([plan(concessao, signed("b"))])
    lido = documentos.get(concessao.documento.id, empresa.id)
    assert lido is not None
    assert lido.digest_value == "digest-a"


def test_begin_answers_in_order_and_all_or_nothing(
    documentos: DocumentosPg, empresa: Empresa, superusuario: Sql
) -> None:
    um, dois, perdido = (admit_leased(documentos, empresa) for _ in range(3))
    with pytest.raises(ConcessaoPerdida):
        documentos.begin([plan(um, signed()), plan(replace(perdido, token=99), signed())])
    assert superusuario("SELECT count(*) FROM tentativas") == [(0,)]
    ids = documentos.begin([plan(dois, signed()), plan(um, signed())])
    achados = dict(superusuario("SELECT id, documento_id FROM tentativas"))
    assert [achados[i] for i in ids] == [dois.documento.id, um.documento.id]


def test_an_authorisation_is_stored_with_protocol_and_archive(
    documentos: DocumentosPg, empresa: Empresa, superusuario: Sql
) -> None:
    concessao = admit_leased(documentos, empresa)
    (tentativa,) = documentos.begin([plan(concessao, signed())])
    (feito,) = documentos.settle(
        [outcome(concessao, Estado.AUTORIZADO, tentativa, protocolo=protocol(), xml_autorizado=b"<nfeProc/>")]
    )
    assert feito.protocolo == protocol()
    assert (feito.estado, feito.c_stat, feito.tentativa_aberta) == (Estado.AUTORIZADO, 100, False)
    assert superusuario("SELECT resultado, c_stat, duracao_ms FROM tentativas") == [("respondida", 100, 12)]
    assert superusuario("SELECT tipo, conteudo FROM artefatos") == [("xml_autorizado", b"<nfeProc/>")]
    assert superusuario("SELECT proxima_acao, dono FROM documentos") == [(None, None)]


def test_forgotten_attempts_are_closed_as_abandoned(
    documentos: DocumentosPg, empresa: Empresa, superusuario: Sql
) -> None:
    concessao = admit_leased(documentos, empresa)
    documentos.begin([plan(concessao, signed())])
    (consulta,) = documentos.begin([plan(concessao, None, Operacao.CONSULTA)])
    encerrada = TentativaEncerrada(consulta, "sem_resposta", None, "silêncio", 30_000)
    documentos.settle([outcome(concessao, Estado.INCERTO, tentativas=(encerrada,), recibo="123")])
    assert superusuario("SELECT resultado FROM tentativas ORDER BY id") == [
        ("abandonada",),
        ("sem_resposta",),
    ]
    lido = documentos.get(concessao.documento.id, empresa.id)
    assert lido is not None
    assert (lido.recibo, lido.tentativa_aberta) == ("123", False)


def test_each_attempt_ends_as_it_is_told_and_only_those_of_the_document(
    documentos: DocumentosPg, empresa: Empresa, superusuario: Sql
) -> None:
    concessao, outra = (admit_leased(documentos, empresa) for _ in range(2))
    envio, alheia = documentos.begin([plan(concessao, signed()), plan(outra, signed())])
    (consulta,) = documentos.begin([plan(concessao, None, Operacao.CONSULTA)])
    encerradas = (
        TentativaEncerrada(consulta, "respondida", 100, "autorizada", 7),
        TentativaEncerrada(envio, "sem_resposta", None, "silêncio", 30_000),
    )
    with pytest.raises(DBAPIError, match="an attempt ends once"):
        documentos.settle(
            [outcome(concessao, Estado.INCERTO, tentativas=(*encerradas, replace(encerradas[0], id=alheia)))]
        )
    documentos.settle([outcome(concessao, Estado.INCERTO, tentativas=encerradas)])
    linhas = superusuario("SELECT id, resultado, c_stat, motivo, duracao_ms FROM tentativas ORDER BY id")
    assert linhas == [
        (envio, "sem_resposta", None, "silêncio", 30_000),
        (alheia, None, None, "", None),
        (consulta, "respondida", 100, "autorizada", 7),
    ]


def test_a_lost_lease_in_a_batch_undoes_the_batch(documentos: DocumentosPg, empresa: Empresa) -> None:
    um, dois = (admit_leased(documentos, empresa) for _ in range(2))
    with pytest.raises(ConcessaoPerdida):
        documentos.settle([outcome(um, Estado.REJEITADO), outcome(replace(dois, token=7), Estado.REJEITADO)])
    lido = documentos.get(um.documento.id, empresa.id)
    assert lido is not None
    assert lido.estado is Estado.PENDENTE
    assert [
        d.id for d in documentos.settle([outcome(dois, Estado.REJEITADO), outcome(um, Estado.REJEITADO)])
    ] == [
        dois.documento.id,
        um.documento.id,
    ]


def test_an_earlier_version_that_sefaz_holds_is_adopted(documentos: DocumentosPg, empresa: Empresa) -> None:
    reject(documentos, empresa, "R", "a")
    admissao = documentos.admit(new_document(empresa, referencia="R", conteudo="b"), dono="api", prazo_s=60)
    concessao = admissao.concessao
    assert concessao is not None
    (tentativa,) = documentos.begin([plan(concessao, signed("b"))])
    versoes: list[VersaoAssinada] = list(documentos.versions(concessao.documento.id, empresa.id))
    assert [v.digest_value for v in versoes] == ["digest-a", "digest-b"]
    (feito,) = documentos.settle(
        [outcome(concessao, Estado.AUTORIZADO, tentativa, adotar=versoes[0], protocolo=protocol())]
    )
    assert (feito.chave, feito.digest_value, feito.xml_assinado) == (
        versoes[0].chave,
        "digest-a",
        b"<NFe>a</NFe>",
    )
    assert feito.protocolo == protocol()


def test_a_discarded_number_is_the_next_one_given(
    documentos: DocumentosPg, empresa: Empresa, banco: Banco
) -> None:
    concessao = admit_leased(documentos, empresa)
    admit_leased(documentos, empresa)
    documentos.discard(concessao, "Desistência do emitente.")
    assert documentos.get(concessao.documento.id, empresa.id) is None
    assert admit_leased(documentos, empresa).documento.numero == 1
    linha = LinhaDoTempo(banco).of(concessao.documento.id, empresa.id)
    assert [evento.marco.tipo for evento in linha] == ["numerado", "descartado"]


def test_what_may_have_left_is_not_discarded(documentos: DocumentosPg, empresa: Empresa) -> None:
    concessao = admit_leased(documentos, empresa)
    documentos.begin([plan(concessao, signed())])
    with pytest.raises(EstadoInvalido) as erro:
        documentos.discard(concessao, "Desistência.")
    assert erro.value.codigo == "DOC-JA-TRANSMITIDO"


# -- tenants ------------------------------------------------------------------------------------------------


def test_another_company_sees_and_takes_nothing(documentos: DocumentosPg, banco: Banco) -> None:
    uma, outra = companies(banco, 2)
    concessao = admit_leased(documentos, uma, referencia="R")
    documento = concessao.documento
    assert documentos.get(documento.id, outra.id) is None
    assert documentos.find_by_chave(documento.chave, outra.id) is None
    assert documentos.find_by_referencia("R", outra.id, Ambiente.HOMOLOGACAO, Modelo.NFE) is None
    assert documentos.versions(documento.id, outra.id) == []
    assert documentos.claim_one(documento.id, outra.id, dono="w", prazo_s=1) is None
    alheia = replace(concessao, documento=replace(documento, empresa_id=outra.id))
    with pytest.raises(ConcessaoPerdida):
        documentos.begin([plan(alheia, signed())])


def test_the_working_stays_with_the_version_that_it_explains(banco: Banco) -> None:
    (empresa,) = companies(banco)
    documentos = DocumentosPg(banco)
    novo = new_document(empresa, memoria=b"passos", referencia="M-1")
    documento = documentos.admit(novo, dono=None, prazo_s=0).documento
    assert documentos.memoria(documento.id, empresa.id) == b"passos"
    outro = new_document(empresa, memoria=b"outros", referencia="M-1", reabrir=True)
    assert documentos.admit(outro, dono=None, prazo_s=0).documento.id == documento.id
    assert documentos.memoria(documento.id, empresa.id) == b"outros"
    assert documentos.memoria(documento.id, empresa.id + 1) is None
    sem = documentos.admit(new_document(empresa), dono=None, prazo_s=0).documento
    assert documentos.memoria(sem.id, empresa.id) is None


def test_the_fourth_equal_refusal_is_not_sent(
    documentos: DocumentosPg, empresa: Empresa, relogio: VirtualClock
) -> None:
    for _ in range(3):
        reject(documentos, empresa, "VENDA-9")
        relogio.advance(60)
    with pytest.raises(EstadoInvalido) as erro:
        reject(documentos, empresa, "VENDA-9")
    assert erro.value.codigo == "RECUSA-REPETIDA"
    assert admit_leased(documentos, empresa, referencia="VENDA-9", conteudo="a", insistir=True)


def test_an_hour_later_the_refusals_are_forgotten(
    documentos: DocumentosPg, empresa: Empresa, relogio: VirtualClock
) -> None:
    for _ in range(3):
        reject(documentos, empresa, "VENDA-10")
    relogio.advance(3_601)
    reject(documentos, empresa, "VENDA-10")
