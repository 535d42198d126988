"""ECONF (110750): how a note was really paid, told after it was authorised (Ajuste SINIEF 07/05; NT 2024.002); 110751 takes it back.

About an NF-e it goes to SVRS as national organ, about an NFC-e to its UF.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chancela.documents.eventos.detalhe import APLICATIVO, PROTOCOLO_EVENTO, det_evento
from chancela.documents.eventos.modelo import Orgao, TipoEvento
from chancela.domain.identidade import Cnpj, Modelo, Uf
from chancela.domain.xml.esquemas import Esquema
from chancela.domain.xml.formatos import CNPJ, DATA, SIM_NAO, TEXTO, UF, VALOR
from chancela.domain.xml.leiaute import Tabela, campo, lista


@dataclass(frozen=True, slots=True)
class PagamentoConciliado:
    """One payment. Payer (`cnpj_pagador` and its UF) and receiver go in pairs."""

    meio: str
    valor: Decimal
    data: date
    a_prazo: bool | None = None
    descricao: str | None = None
    cnpj_pagador: Cnpj | None = None
    uf_pagador: Uf | None = None
    cnpj_instituicao: Cnpj | None = None
    bandeira: str | None = None
    autorizacao: str | None = None
    cnpj_recebedor: Cnpj | None = None
    uf_recebedor: Uf | None = None


@dataclass(frozen=True, slots=True)
class ConciliacaoFinanceira:
    """One to a hundred payments; they replace those of the note and of earlier events."""

    pagamentos: tuple[PagamentoConciliado, ...]
    versao: str = "1.00"


@dataclass(frozen=True, slots=True)
class CancelamentoConciliacao:
    """`protocolo_evento` is that of the event taken back."""

    protocolo_evento: str
    versao: str = "1.00"


_PAGAMENTO = Tabela(
    "detPag",
    PagamentoConciliado,
    campo("indPag", "a_prazo", SIM_NAO),
    campo("tPag", "meio", TEXTO),
    campo("xPag", "descricao", TEXTO),
    campo("vPag", "valor", VALOR),
    campo("dPag", "data", DATA),
    campo("CNPJPag", "cnpj_pagador", CNPJ),
    campo("UFPag", "uf_pagador", UF),
    campo("CNPJIF", "cnpj_instituicao", CNPJ),
    campo("tBand", "bandeira", TEXTO),
    campo("cAut", "autorizacao", TEXTO),
    campo("CNPJReceb", "cnpj_recebedor", CNPJ),
    campo("UFReceb", "uf_recebedor", UF),
)
_MODELOS = frozenset({Modelo.NFE, Modelo.NFCE})

ECONF = TipoEvento(
    codigo="110750",
    descricao="ECONF",
    tabela=det_evento(ConciliacaoFinanceira, "ECONF", APLICATIVO, lista("pagamentos", _PAGAMENTO)),
    esquema=Esquema.DET_ECONF,
    sequencia_maxima=99,
    modelos=_MODELOS,
    orgao=Orgao.SVRS,
    orgao_nfce=Orgao.UF,
)
CANCELA_ECONF = TipoEvento(
    codigo="110751",
    descricao="Cancelamento Conciliação Financeira",
    tabela=det_evento(
        CancelamentoConciliacao, "Cancelamento Conciliação Financeira", APLICATIVO, PROTOCOLO_EVENTO
    ),
    esquema=Esquema.DET_CANCELA_ECONF,
    sequencia_maxima=99,
    modelos=_MODELOS,
    orgao=Orgao.SVRS,
    orgao_nfce=Orgao.UF,
    desfaz="110750",
)
