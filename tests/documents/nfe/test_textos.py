"""Texts of a whole document: every free text is reached, and nothing else moves."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from chancela.documents.nfe import modelo as m
from chancela.documents.nfe.textos import normalize_nfe

from . import fabrica as f
from .casos import documentos


def test_a_clean_document_comes_back_itself() -> None:
    nfe = f.nfe()
    limpa, ajustes = normalize_nfe(nfe)
    assert limpa is nfe
    assert ajustes == ()


@pytest.mark.parametrize(("nome", "nfe"), list(documentos()), ids=lambda x: x if isinstance(x, str) else "")
def test_valid_documents_need_no_change(nome: str, nfe: m.Nfe) -> None:
    assert normalize_nfe(nfe)[1] == ()


def test_changes_carry_their_path() -> None:
    sujo = m.Item(f.produto(descricao="Notebook 电脑"), f.tributos(2), informacoes="\n")
    informacoes = m.InformacoesAdicionais(complementares="linha 1\nlinha 2", fisco=" x ")
    destinatario = replace(f.DESTINATARIO, nome="José — Ltda", email=" ")
    nfe, ajustes = normalize_nfe(
        f.nfe(itens=(f.item(1), sujo), informacoes=informacoes, destinatario=destinatario)
    )
    assert nfe.itens[0] is not None
    assert nfe.itens[1].produto.descricao == "Notebook"
    assert nfe.itens[1].informacoes is None
    assert nfe.informacoes == m.InformacoesAdicionais(complementares="linha 1 linha 2", fisco="x")
    assert nfe.destinatario is not None
    assert (nfe.destinatario.nome, nfe.destinatario.email) == ("José - Ltda", None)
    assert [a.caminho for a in ajustes] == [
        "destinatario.nome",
        "destinatario.email",
        "itens[1].informacoes",
        "itens[1].produto.descricao",
        "informacoes.fisco",
        "informacoes.complementares",
    ]


def test_a_required_text_that_vanishes_stays_empty_for_the_rules() -> None:
    nfe, _ = normalize_nfe(f.nfe(itens=(f.item(1, descricao="茶"),)))
    assert nfe.itens[0].produto.descricao == ""


def test_long_texts_are_cut() -> None:
    nfe, ajustes = normalize_nfe(f.nfe(natureza_operacao="Venda " * 20))
    assert len(nfe.natureza_operacao) <= 60
    assert not nfe.natureza_operacao.endswith(" ")
    assert len(ajustes) == 1


@pytest.mark.parametrize(
    ("muda", "caminho"),
    [
        ({"emitente": replace(f.EMITENTE, nome="Loja\u2013Um")}, "emitente.nome"),
        ({"destinatario": replace(f.DESTINATARIO, endereco=replace(f.DESTINATARIO.endereco, municipio="São  Paulo"))}, "destinatario.endereco.municipio"),
        ({"destinatario": replace(f.DESTINATARIO, endereco=replace(f.DESTINATARIO.endereco, pais=" BRASIL"))}, "destinatario.endereco.pais"),
        ({"responsavel_tecnico": m.ResponsavelTecnico(f.CNPJ, "Ana\tLima", "a@example.com", "1130000000")}, "responsavel_tecnico.contato"),
        ({"pagamentos": (m.Pagamento("99", D("300.00"), descricao="vale  troca"),)}, "pagamentos[0].descricao"),
        ({"informacoes": m.InformacoesAdicionais(fisco="x ")}, "informacoes.fisco"),
        ({"itens": (m.Item(f.produto(), f.tributos(1), observacao_fisco=m.Observacao("a", "b ")),)}, "itens[0].observacao_fisco.texto"),
    ],
)  # fmt: skip
def test_texts_that_no_request_states_are_still_made_to_fit(muda: dict[str, object], caminho: str) -> None:
    for _ in range(2):  # what is kept of an issuer is no licence
        nfe, ajustes = normalize_nfe(replace(f.nfe(), **muda), lidos=True)
        assert [a.caminho for a in ajustes] == [caminho]
        assert normalize_nfe(nfe, lidos=True) == (nfe, ())


def test_a_note_without_recipient_or_address_may_have_nothing_to_look_at() -> None:
    sem_endereco = replace(f.DESTINATARIO, endereco=None)
    for nfe in (replace(f.nfe(), destinatario=None), replace(f.nfe(), destinatario=sem_endereco)):
        assert normalize_nfe(nfe, lidos=True)[0] is nfe
