"""Ator interessado na NF-e (110150): issuer, recipient or carrier lets a carrier download the note (NT 2020.007)."""

from datetime import timedelta

from chancela.simulator.eventos.modelo import AMBIENTE_NACIONAL, Autor, CasoEvento, Prazo, Recusa, TipoEvento
from chancela.simulator.interessados import actor_of, person_in
from chancela.simulator.regras.contas import cnpj_ok, cpf_ok

SEIS_MESES = timedelta(days=183)


def _named(caso: CasoEvento) -> Recusa:
    ator = caso.det.grupo("autXML")
    if ator.tem("CNPJ") and not cnpj_ok(ator.texto("CNPJ")):
        return 323, "CNPJ autorizado para download inválido"
    if ator.tem("CPF") and not cpf_ok(ator.texto("CPF")):
        return 325, "CPF autorizado para download inválido"
    return None


def _conditions(caso: CasoEvento) -> Recusa:
    transportador = caso.det.texto("tpAutor") == "3"
    tipo, condicao = caso.det.texto("tpAutorizacao"), caso.det.tem("xCondUso")
    if not transportador and not tipo:
        return 827, "Obrigatório informar o tipo de autorização"
    if transportador and tipo:
        return 828, "Não permitido informar o campo tipo de autorização"
    if tipo == "1" and not condicao:
        return 829, "Condição de uso não informado para o tipo de autorização de uso"
    if tipo != "1" and condicao:
        return 830, "Não permitido preencher o campo Condição de Uso"
    return None


def _carrier_may(caso: CasoEvento) -> Recusa:
    """585 and 831: the carrier of the note, or one named with permission to name others."""
    if caso.det.texto("tpAutor") != "3" or caso.autor == person_in(
        caso.nota.inf.grupo("transp").grupo("transporta")
    ):
        return None
    nomeados = [actor_of(e) for e in caso.of_type(caso.tipo)]
    permissoes = [pode for quem, pode in nomeados if quem == caso.autor]
    if not permissoes:
        return 585, "Transportador não autorizado a emitir evento para esse documento fiscal."
    return (
        None
        if any(permissoes)
        else (831, "Transportador Contratado não autorizado a a liberar acesso a NF-e")
    )


def _freight(caso: CasoEvento) -> Recusa:
    frete = caso.nota.inf.grupo("transp").texto("modFrete")
    if caso.det.texto("tpAutor") == "2" and frete not in ("1", "4"):
        return 449, "Modalidade de Frete não é por conta do Destinatário"
    return None


def _already_entitled(caso: CasoEvento) -> Recusa:
    ator = person_in(caso.det.grupo("autXML"))
    if ator == caso.nota.emitente:
        return 421, "Informado o CNPJ/CPF do Emitente"
    if ator == caso.nota.destinatario:
        return 422, "Informado o CNPJ/CPF do Destinatário"
    autorizados = {person_in(g) for g in caso.nota.inf.grupos("autXML")}
    return (423, "CNPJ/CPF já autorizado na NF-e") if ator in autorizados else None


ATOR_INTERESSADO = TipoEvento(
    "110150",
    "Ator interessado na NF-e",
    "nfe_ator_interessado/schemas/v1_0/110150_v1.00",
    orgao=AMBIENTE_NACIONAL,
    autor=Autor.DECLARADO,
    sequencia_maxima=20,
    prazos={"55": Prazo(SEIS_MESES, 596, "6 meses da autorização da NF-e")},
    exige_autorizada=True,
    da_chave=(_named, _conditions),
    da_nota=(_carrier_may, _freight, _already_entitled),
)
