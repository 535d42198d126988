"""The judgement of one note, in the official order: signing certificate, signature, identity, business rules, ledger."""

from dataclasses import dataclass
from datetime import datetime

from chancela.simulator import xml
from chancela.simulator.assinatura import AssinaturaLida, read_assinatura
from chancela.simulator.estado import Estado
from chancela.simulator.interessados import publish_nota
from chancela.simulator.livro import NotaLivro, Recepcao
from chancela.simulator.nota import Nota, NotaRecebida, build_nota
from chancela.simulator.pedido import Pedido
from chancela.simulator.regras.catalogo import first_broken
from chancela.simulator.regras.mensagem import refusal
from chancela.simulator.regras.modelo import Contexto, Rejeicao
from chancela.simulator.retornos import prot_nfe
from chancela.simulator.tabelas import CODIGO_DA_UF, SERIES_AVULSA

ATRASO_NORMAL_DIAS = 7
_SO_O_PADRAO = {None: xml.NFE}


@dataclass(frozen=True, slots=True)
class VereditoNota:
    """What became of a note, and the protNFe that says so."""

    chave: str
    c_stat: int
    motivo: str
    prot_nfe: str


def read_notas(conteudo: bytes, raiz: xml.Elemento, grupo: xml.Grupo) -> list[NotaRecebida]:
    """The notes of a lot with their literal bytes."""
    fatias = xml.slices(conteudo, "NFe")
    grupos = grupo.grupos("NFe")
    elementos = [filho for filho in raiz if xml.local_name(filho) == "NFe"]
    if len(fatias) != len(grupos):
        fatias = [xml.serialize(elemento) for elemento in elementos]
    return [
        NotaRecebida(fatia, nfe, elemento if elemento.nsmap == _SO_O_PADRAO else _own_root(fatia))
        for fatia, nfe, elemento in zip(fatias, grupos, elementos, strict=True)
    ]


def judge_nota(
    recebida: NotaRecebida, pedido: Pedido, estado: Estado, *, recibo: str = "", primeira: Nota | None = None
) -> VereditoNota:
    """Judge one note and write the outcome; when this returns, the ledger has it."""
    assinatura = read_assinatura(recebida.elemento, "infNFe")
    nota = build_nota(recebida.grupo, assinatura, recebida.conteudo)
    ctx = Contexto(
        agora=pedido.agora,
        autorizador=pedido.autorizador,
        ambiente=pedido.ambiente,
        livro=estado.livro,
        cadastro=estado.cadastro,
        transmissor=pedido.transmissor,
        primeira=primeira,
        reenvio_devolve_protocolo=estado.reenvio_devolve_protocolo,
    )
    with estado.livro.transaction():
        rejeicao = _check_signer(nota, assinatura, ctx, estado) or first_broken(nota, ctx, estado.parametros)
        if rejeicao is None:
            return _authorise(nota, ctx, pedido, estado, recibo)
        pedido.note("regras", f"{rejeicao.regra}: {rejeicao.c_stat}")
        estado.livro.add_recepcao(
            _recepcao(nota, pedido, rejeicao.c_stat, rejeicao.motivo, rejeicao.regra, nota.conteudo)
        )
        existente = estado.livro.find_nota(pedido.ambiente, nota.chave) if rejeicao.c_stat == 204 else None
        if (
            existente is not None
            and estado.reenvio_devolve_protocolo
            and existente.digest == nota.assinatura.digest
        ):
            return VereditoNota(nota.chave, existente.c_stat, existente.motivo, existente.prot_nfe)
    protocolo = prot_nfe(pedido.cabecalho, nota.chave, rejeicao.c_stat, rejeicao.motivo)
    return VereditoNota(nota.chave, rejeicao.c_stat, rejeicao.motivo, protocolo)


def _own_root(fatia: bytes) -> xml.Elemento:
    """The note as a document of its own; a note that leans on the lot's namespace gets it as the lot gave it."""
    if b"xmlns" not in fatia[: fatia.index(b">")]:
        fatia = b'<NFe xmlns="' + xml.NFE.encode() + b'"' + fatia[4:]
    return xml.parse(fatia)


def _signer_refused(codigo: str) -> Rejeicao:
    return Rejeicao(*refusal(codigo), codigo)


def check_signature(assinatura: AssinaturaLida, agora: datetime, estado: Estado) -> Rejeicao | None:
    """Groups E and F up to the signature itself: 290 to 296, 298 and 297. The same for notes, events and ranges."""
    certificado = assinatura.certificado
    if certificado is None or certificado.ac or not certificado.assina:
        return _signer_refused("E01")
    if not certificado.valid_at(agora):
        return _signer_refused("E02")
    if not certificado.cnpj and not certificado.cpf:
        return _signer_refused("E03")
    if not estado.trusts(certificado):
        if estado.knows(certificado):
            return _signer_refused("E07")
        return _signer_refused("E04")
    if estado.revoked(certificado):
        return _signer_refused("E06")
    if not assinatura.perfil:
        return _signer_refused("F01")
    if not assinatura.confere:
        return _signer_refused("F02")
    return None


def check_holder(assinatura: AssinaturaLida, cnpj: str, cpf: str) -> Rejeicao | None:
    """213 and 227: the certificate is of the company (any establishment of it) or person that signs."""
    certificado = assinatura.certificado
    assert certificado is not None, "the signature was checked"
    if cnpj and cnpj[:8] != certificado.cnpj[:8]:
        return _signer_refused("F03")
    if cpf and cpf != certificado.cpf:
        return _signer_refused("F03A")
    return None


def _check_signer(nota: Nota, assinatura: AssinaturaLida, ctx: Contexto, estado: Estado) -> Rejeicao | None:
    recusa = check_signature(assinatura, ctx.agora, estado)
    if recusa is not None or nota.serie in SERIES_AVULSA:
        return recusa
    return check_holder(assinatura, nota.emit.texto("CNPJ"), nota.emit.texto("CPF"))


def next_protocol(pedido: Pedido, estado: Estado, c_uf: str) -> str:
    """Authorizer's digit, UF, year, ten digits of sequence."""
    ano = pedido.cabecalho.recebido_em[2:4]
    sequencia = estado.livro.next_number(f"protocolo-{pedido.autorizador.tipo}{c_uf}{ano}")
    return f"{pedido.autorizador.tipo}{c_uf}{ano}{sequencia:010d}"


def _authorise(nota: Nota, ctx: Contexto, pedido: Pedido, estado: Estado, recibo: str) -> VereditoNota:
    cab = pedido.cabecalho
    c_uf = CODIGO_DA_UF[nota.uf]
    protocolo = next_protocol(pedido, estado, c_uf)
    if (ctx.agora - nota.emissao).days >= ATRASO_NORMAL_DIAS and not nota.nfce:
        c_stat, motivo = 150, "Autorizado o uso da NF-e, autorização fora de prazo"
    else:
        c_stat, motivo = 100, "Autorizado o uso da NF-e"
    prot = prot_nfe(cab, nota.chave, c_stat, motivo, protocolo=protocolo, digest=nota.assinatura.digest)
    estado.livro.add_nota(
        NotaLivro(
            ambiente=pedido.ambiente, chave=nota.chave, natural=nota.natural, modelo=nota.modelo, emitente=nota.emitente,
            serie=nota.serie, numero=nota.numero, autorizador=pedido.autorizador.nome, protocolo=protocolo, recibo=recibo,
            c_stat=c_stat, motivo=motivo, recebida_em=cab.recebido_em, digest=nota.assinatura.digest, situacao="autorizada",
            xml=nota.conteudo, prot_nfe=prot,
        )
    )  # fmt: skip
    if nota.tp_emis == "4":
        estado.livro.settle_epec(pedido.ambiente, nota.natural)
    publish_nota(estado.livro, pedido.ambiente, nota, ctx.agora.isoformat())
    estado.livro.add_recepcao(_recepcao(nota, pedido, c_stat, motivo, "", None))
    pedido.note("regras", "nenhuma violada")
    return VereditoNota(nota.chave, c_stat, motivo, prot)


def _recepcao(
    nota: Nota, pedido: Pedido, c_stat: int, motivo: str, regra: str, conteudo: bytes | None
) -> Recepcao:
    return Recepcao(
        pedido.agora.isoformat(), pedido.ambiente, nota.chave, nota.modelo, nota.emitente, nota.serie, nota.numero,
        nota.assinatura.digest, c_stat, motivo, regra, conteudo,
    )  # fmt: skip
