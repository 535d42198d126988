"""EPEC (110140): a summary of an NF-e registered at the Ambiente Nacional while its UF is down (NT 2014.001).

The goods may travel with it; the NF-e of the same key goes to its UF within 168 hours, with these values (467).
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from chancela.documents.eventos.detalhe import APLICATIVO, DO_EMITENTE, ORGAO_AUTOR, det_evento
from chancela.documents.eventos.modelo import Orgao, TipoEvento
from chancela.documents.nfe.enumeracoes import TipoOperacao
from chancela.documents.nfe.formatos import ID_ESTRANGEIRO, UF_OU_EX
from chancela.documents.nfe.modelo import Identificacao, Nfe
from chancela.documents.nfe.participantes import IdEstrangeiro, UfOuExterior
from chancela.domain.chave import ChaveAcesso
from chancela.domain.erros import RegraViolada, Violacao
from chancela.domain.identidade import Cnpj, Cpf, Modelo, Uf
from chancela.domain.xml.esquemas import Esquema
from chancela.domain.xml.formatos import CNPJ, CPF, DATA_HORA, TEXTO, VALOR, enumerado
from chancela.domain.xml.leiaute import Tabela, campo, documento_de, grupo

TP_EMIS_EPEC = 4
FECHADO_DESDE = {Uf.PR: date(2026, 10, 5), Uf.PB: date(2026, 10, 5)}
"""UFs whose issuers have no EPEC any more, and since when."""


@dataclass(frozen=True, slots=True)
class DestinoEpec:
    """The recipient and the three values that the later NF-e has to repeat."""

    uf: UfOuExterior
    documento: Cnpj | Cpf | IdEstrangeiro
    valor_nota: Decimal
    valor_icms: Decimal
    valor_st: Decimal
    inscricao_estadual: str | None = None


@dataclass(frozen=True, slots=True)
class Epec:
    """The summary. `emissao` is the dhEmi that the NF-e will carry, to the second."""

    uf_autor: Uf
    emissao: datetime
    tipo_operacao: TipoOperacao
    inscricao_estadual: str
    destino: DestinoEpec
    versao: str = "1.00"


_DESTINO = Tabela(
    "dest",
    DestinoEpec,
    campo("UF", "uf", UF_OU_EX),
    documento_de(
        "documento", ("CNPJ", Cnpj, CNPJ), ("CPF", Cpf, CPF), ("idEstrangeiro", IdEstrangeiro, ID_ESTRANGEIRO)
    ),
    campo("IE", "inscricao_estadual", TEXTO),
    campo("vNF", "valor_nota", VALOR),
    campo("vICMS", "valor_icms", VALOR),
    campo("vST", "valor_st", VALOR),
)

EPEC = TipoEvento(
    codigo="110140",
    descricao="EPEC",
    tabela=det_evento(
        Epec,
        "EPEC",
        ORGAO_AUTOR,
        DO_EMITENTE,
        APLICATIVO,
        campo("dhEmi", "emissao", DATA_HORA),
        campo("tpNF", "tipo_operacao", enumerado(TipoOperacao)),
        campo("IE", "inscricao_estadual", TEXTO),
        grupo("destino", _DESTINO),
    ),
    esquema=Esquema.DET_EPEC,
    sequencia_maxima=1,
    modelos=frozenset({Modelo.NFE}),
    orgao=Orgao.NACIONAL,
)


def summarise_nfe(nfe: Nfe, identificacao: Identificacao) -> Epec:
    """The EPEC of a note about to be issued, out of the note itself: its values cannot differ later (467)."""
    assert nfe.destinatario is not None, "an NF-e has a recipient"
    destinatario, icms = nfe.destinatario, nfe.totais.icms
    endereco = destinatario.endereco
    return Epec(
        uf_autor=identificacao.chave.uf,
        emissao=identificacao.emissao,
        tipo_operacao=nfe.tipo_operacao,
        inscricao_estadual=nfe.emitente.inscricao_estadual or "",
        destino=DestinoEpec(
            uf="EX" if endereco is None else endereco.uf,
            documento=destinatario.documento,
            valor_nota=icms.valor_nota,
            valor_icms=icms.valor,
            valor_st=icms.valor_st,
            inscricao_estadual=destinatario.inscricao_estadual,
        ),
    )


def check_announced(anunciado: Epec, corrigido: Epec) -> None:
    """A corrected note repeats what its EPEC told (467). Raises `RegraViolada` with every value that does not."""
    antes, depois = anunciado.destino, corrigido.destino
    pares = (
        ("tipo_operacao", "Tipo da operação", anunciado.tipo_operacao.value, corrigido.tipo_operacao.value),
        ("destinatario.documento", "Documento do destinatário", antes.documento, depois.documento),
        ("destinatario.uf", "UF do destinatário", antes.uf, depois.uf),
        ("itens", "Valor total da nota", antes.valor_nota, depois.valor_nota),
        ("itens", "Valor total do ICMS", antes.valor_icms, depois.valor_icms),
        ("itens", "Valor total do ICMS-ST", antes.valor_st, depois.valor_st),
    )
    trocados = tuple(
        Violacao(
            "EPEC-VALOR",
            caminho,
            f"O EPEC desta nota anunciou {_shown(valor)}, e a correção não pode mudar isto.",
            f"Reenvie com {_shown(valor)}; o resto da nota pode ser corrigido.",
            rotulo=rotulo,
            valor=_shown(novo),
            c_stat=467,
        )
        for caminho, rotulo, valor, novo in pares
        if valor != novo
    )
    if trocados:
        raise RegraViolada(trocados)


def _shown(valor: object) -> str:
    return valor.value if isinstance(valor, Uf) else str(valor)


def has_epec(uf: Uf, dia: date) -> bool:
    """Whether issuers of a UF have an EPEC on a day."""
    fechado = FECHADO_DESDE.get(uf)
    return fechado is None or dia < fechado


def check_epec(chave: ChaveAcesso, emissao: datetime) -> None:
    """The key is of an EPEC (484) and the issuer's UF still has one. Raises `RegraViolada`."""
    if chave.tp_emis != TP_EMIS_EPEC:
        raise _refuse("EPEC-TPEMIS", "A chave de um EPEC tem tpEmis 4.", "Emita a nota em EPEC.", chave, 484)
    if not has_epec(chave.uf, emissao.date()):
        mensagem = f"Emitentes de {chave.uf.value} não têm EPEC desde {FECHADO_DESDE[chave.uf]:%d/%m/%Y}."
        raise _refuse("EPEC-UF", mensagem, "Use a SVC da UF ou aguarde a SEFAZ voltar.", chave, None)


def _refuse(
    codigo: str, mensagem: str, correcao: str, chave: ChaveAcesso, c_stat: int | None
) -> RegraViolada:
    return RegraViolada(
        (
            Violacao(
                codigo,
                "chave",
                mensagem,
                correcao,
                rotulo="Chave de acesso",
                valor=chave.texto,
                c_stat=c_stat,
            ),
        )
    )
