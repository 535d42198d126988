"""Texts of a whole document: every free text is reached, and nothing else moves."""

from dataclasses import replace

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
