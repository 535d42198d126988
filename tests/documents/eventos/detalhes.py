"""One good detail of every kind of event, by tpEvento."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from chancela.documents.eventos.ator_interessado import Ator, AtorInteressado
from chancela.documents.eventos.cancelamento import Cancelamento
from chancela.documents.eventos.cancelamento_substituicao import CancelamentoSubstituicao
from chancela.documents.eventos.carta_correcao import CartaCorrecao
from chancela.documents.eventos.conciliacao import (
    CancelamentoConciliacao,
    ConciliacaoFinanceira,
    PagamentoConciliado,
)
from chancela.documents.eventos.entrega import (
    CancelamentoEntrega,
    ComprovanteEntrega,
    InsucessoEntrega,
    MotivoInsucesso,
    hash_of_image,
)
from chancela.documents.eventos.epec import DestinoEpec, Epec
from chancela.documents.eventos.manifestacao import Manifestacao, ManifestacaoJustificada
from chancela.documents.eventos.modelo import TipoAutor
from chancela.documents.eventos.prorrogacao import CancelamentoProrrogacao, ItemProrrogado, PedidoProrrogacao
from chancela.documents.nfe.enumeracoes import TipoOperacao
from chancela.domain.chave import ChaveAcesso
from chancela.domain.identidade import Cnpj, Cpf, Modelo, Uf

MOMENTO = datetime(2026, 11, 20, 10, tzinfo=timezone(timedelta(hours=-3)))
OUTRO = Cnpj("99999999000191")
_PROTOCOLO = "135260000000001"
_JUSTIFICATIVA = "Sem pedido vinculado ao fornecedor."
_OFFLINE = ChaveAcesso.compose(
    uf=Uf.SP,
    emissao=MOMENTO,
    emitente=OUTRO,
    modelo=Modelo.NFCE,
    serie=1,
    numero=8,
    tp_emis=9,
    cnf="18273645",
)
_HASH = hash_of_image(_OFFLINE, b"imagem")

DETALHES: Mapping[str, Any] = {
    "110110": CartaCorrecao("Corrigir o endereço: Rua A & B, 10"),
    "110111": Cancelamento(_PROTOCOLO, "Erro no preenchimento da nota fiscal."),
    "110112": CancelamentoSubstituicao(Uf.SP, _PROTOCOLO, "Venda emitida em contingência.", _OFFLINE),
    "110130": ComprovanteEntrega(
        Uf.SP, MOMENTO, "12345678", "Maria & Filhos", _HASH, Decimal("-23.550520"), Decimal("-46.633308"), MOMENTO
    ),
    "110131": CancelamentoEntrega(Uf.SP, _PROTOCOLO),
    "110140": Epec(
        Uf.SP,
        MOMENTO,
        TipoOperacao.SAIDA,
        "110042490114",
        DestinoEpec(Uf.RJ, OUTRO, Decimal("100.00"), Decimal("12.00"), Decimal("0.00"), "12345678"),
    ),
    "110150": AtorInteressado(Uf.SP, TipoAutor.EMITENTE, Ator(Cpf("52998224725")), pode_autorizar=True),
    "110192": InsucessoEntrega(
        Uf.SP, MOMENTO, MotivoInsucesso.OUTROS, _HASH, 2, "Portaria fechada por causa de um feriado local.",
    ),
    "110193": CancelamentoEntrega(Uf.SP, _PROTOCOLO),
    "110750": ConciliacaoFinanceira(
        (
            PagamentoConciliado("17", Decimal("60.00"), date(2026, 11, 20)),
            PagamentoConciliado(
                "03", Decimal("40.00"), date(2026, 11, 21), a_prazo=False, cnpj_pagador=OUTRO, uf_pagador=Uf.SP,
                cnpj_instituicao=OUTRO, bandeira="01", autorizacao="A1", cnpj_recebedor=OUTRO, uf_recebedor=Uf.SP,
            ),
        )
    ),
    "110751": CancelamentoConciliacao(_PROTOCOLO),
    "111500": PedidoProrrogacao(_PROTOCOLO, (ItemProrrogado(1, Decimal("1.5000")), ItemProrrogado(2, Decimal("3")))),
    "111501": PedidoProrrogacao(_PROTOCOLO, (ItemProrrogado(1, Decimal("1.5000")),)),
    "111502": CancelamentoProrrogacao(f"ID111500{_OFFLINE}01", _PROTOCOLO),
    "111503": CancelamentoProrrogacao(f"ID111501{_OFFLINE}01", _PROTOCOLO),
    "210200": Manifestacao(),
    "210210": Manifestacao(),
    "210220": ManifestacaoJustificada(_JUSTIFICATIVA),
    "210240": ManifestacaoJustificada(_JUSTIFICATIVA),
}  # fmt: skip
