"""Ator interessado na NF-e (110150): who else may download it, the carrier above all (NT 2020.007)."""

from dataclasses import dataclass
from datetime import timedelta

from chancela.documents.eventos.detalhe import APLICATIVO, ORGAO_AUTOR, det_evento
from chancela.documents.eventos.modelo import Orgao, TipoAutor, TipoEvento
from chancela.domain.identidade import Cnpj, Cpf, Modelo, Uf
from chancela.domain.xml.esquemas import Esquema
from chancela.domain.xml.formatos import CNPJ, CPF, SIM_NAO, TEXTO, enumerado_inteiro
from chancela.domain.xml.leiaute import Tabela, campo, documento_de, grupo

CONDICAO_USO = (
    "O emitente ou destinatário da NF-e, declara que permite o transportador declarado no campo CNPJ/CPF deste evento a "
    "autorizar os transportadores subcontratados ou redespachados a terem acesso ao download da NF-e"
)
"""xCondUso, the text that the schema fixes."""


@dataclass(frozen=True, slots=True)
class Ator:
    """Who gets access."""

    documento: Cnpj | Cpf


@dataclass(frozen=True, slots=True)
class AtorInteressado:
    """`pode_autorizar`: the actor may let others in; then the condition of use goes along."""

    uf_autor: Uf
    tipo_autor: TipoAutor
    ator: Ator
    pode_autorizar: bool = False
    versao: str = "1.00"

    @property
    def condicao_uso(self) -> str | None:
        """xCondUso, only with tpAutorizacao 1."""
        return CONDICAO_USO if self.pode_autorizar else None


ATOR_INTERESSADO = TipoEvento(
    codigo="110150",
    descricao="Ator interessado na NF-e",
    tabela=det_evento(
        AtorInteressado,
        "Ator interessado na NF-e",
        ORGAO_AUTOR,
        campo("tpAutor", "tipo_autor", enumerado_inteiro(TipoAutor)),
        APLICATIVO,
        grupo(
            "ator",
            Tabela("autXML", Ator, documento_de("documento", ("CNPJ", Cnpj, CNPJ), ("CPF", Cpf, CPF))),
        ),
        campo("tpAutorizacao", "pode_autorizar", SIM_NAO),
        campo("xCondUso", "condicao_uso", TEXTO),
    ),
    esquema=Esquema.DET_ATOR_INTERESSADO,
    sequencia_maxima=20,
    modelos=frozenset({Modelo.NFE}),
    prazos={Modelo.NFE: timedelta(days=180)},
    orgao=Orgao.NACIONAL,
    autores=frozenset(TipoAutor),
)
