"""Database rules: register of the issuer, duplicates, referenced documents, recipient. They look at the ledger."""

from chancela.simulator.livro import NotaLivro
from chancela.simulator.nota import Nota
from chancela.simulator.regras.modelo import AMBOS, SO_NFE, Contexto, GrupoRegras, Veredito, nota


def _protocol_of(existente: NotaLivro) -> str:
    if existente.recibo:
        return f"nRec: {existente.recibo}"
    return f"nProt: {existente.protocolo}][dhAut: {existente.recebida_em}"


def _same_key(n: Nota, c: Contexto) -> Veredito:
    existente = c.livro.find_nota(c.ambiente, n.chave)
    return _protocol_of(existente) if existente is not None and existente.situacao == "autorizada" else False


def _other_key(n: Nota, c: Contexto) -> Veredito:
    existente = c.livro.find_natural(c.ambiente, n.natural)
    if existente is None or existente.chave == n.chave or existente.situacao != "autorizada":
        return False
    return f"chNFe: {existente.chave}][{_protocol_of(existente)}"


def _cancelled(n: Nota, c: Contexto) -> Veredito:
    existente = c.livro.find_natural(c.ambiente, n.natural)
    return (
        f"nProt: {existente.protocolo}"
        if existente is not None and existente.situacao == "cancelada"
        else False
    )


def _voided(n: Nota, c: Contexto) -> Veredito:
    """Only documents that were numbered as usual: offline and EPEC ones were printed before the range was declared."""
    return n.tp_emis in ("1", "6", "7") and c.livro.voided(
        c.ambiente, n.emitente, n.modelo, n.serie, n.numero, n.numero
    )


def _unknown_issuer(n: Nota, c: Contexto) -> Veredito:
    return c.cadastro.estrito and n.emit.tem("CNPJ") and not c.cadastro.of(n.emitente)


def _unknown_ie(n: Nota, c: Contexto) -> Veredito:
    return c.cadastro.estrito and c.cadastro.by_ie(n.uf, n.emit.texto("IE")) is None


def _ie_of_another(n: Nota, c: Contexto, tag: str) -> Veredito:
    dono = c.cadastro.by_ie(n.uf, n.emit.texto("IE"))
    return n.emit.tem(tag) and dono is not None and dono.documento != n.emitente


def _not_enabled(n: Nota, c: Contexto) -> Veredito:
    registros = c.cadastro.of(n.emitente, n.uf)
    return bool(registros) and all(not (r.habilitado_nfce if n.nfce else r.habilitado_nfe) for r in registros)


def _irregular(n: Nota, c: Contexto) -> Veredito:
    registros = c.cadastro.of(n.emitente, n.uf)
    return bool(registros) and all(not r.ativa for r in registros)


def _dest_ie_of_another(n: Nota, c: Contexto) -> Veredito:
    dono = c.cadastro.by_ie(n.uf_dest, n.dest.texto("IE")) if n.dest.tem("IE") else None
    return n.dest.tem("CNPJ") and dono is not None and dono.documento != n.dest.texto("CNPJ")


def _dest_ie_unknown(n: Nota, c: Contexto) -> Veredito:
    if not n.dest.tem("IE") or not c.cadastro.of(n.destinatario, n.uf_dest):
        return False
    return c.cadastro.by_ie(n.uf_dest, n.dest.texto("IE")) is None


def _dest(n: Nota, c: Contexto, *, vedado: bool) -> Veredito:
    registros = c.cadastro.of(n.destinatario, n.uf_dest) if n.destinatario else []
    if vedado:
        return any(r.vedado for r in registros)
    return n.dest.tem("IE") and any(
        not r.ativa and r.ie.lstrip("0") == n.dest.texto("IE").lstrip("0") for r in registros
    )


GRUPO = GrupoRegras(
    "Database",
    (
        nota("1C17-10", 230, "IE do emitente não cadastrada", AMBOS, _unknown_ie),
        nota("1C17-20", 231, "IE do emitente não vinculada ao CNPJ", AMBOS, lambda n, c: _ie_of_another(n, c, "CNPJ")),
        nota("1C17-30", 622, "IE emitente não vinculada ao CPF", AMBOS, lambda n, c: _ie_of_another(n, c, "CPF")),
        nota("1C17-38", 781, "Emissor não habilitado para emissão da NF-e/NFC-e", AMBOS, _irregular),
        nota("1C17-34", 203, "Emissor não habilitado para emissão da NF-e", AMBOS, _not_enabled),
        nota("1C17-60", 245, "CNPJ Emitente não cadastrado", AMBOS, _unknown_issuer, prioridade=3),
        nota("2B08-30", 218, "NF-e já está cancelada na base de dados da SEFAZ", AMBOS, _cancelled),
        nota("2B08-20", 204, "Duplicidade de NF-e", AMBOS, _same_key),
        nota("2B08-10", 539, "Duplicidade de NF-e com diferença na Chave de Acesso", AMBOS, _other_key),
        nota("3B08-100", 206, "NF-e já está inutilizada na Base de Dados da SEFAZ", AMBOS, _voided),
        nota("5E17-10", 233, "IE do destinatário não cadastrada", SO_NFE, _dest_ie_unknown),
        nota("5E17-20", 234, "IE do destinatário não vinculada ao CNPJ", SO_NFE, _dest_ie_of_another),
        nota("5E17-46", 306, "IE do destinatário não está ativa na UF", SO_NFE, lambda n, c: _dest(n, c, vedado=False), prioridade=2),
        nota("5E17-60", 303, "Destinatário não habilitado a operar na UF", SO_NFE, lambda n, c: _dest(n, c, vedado=True), prioridade=2),
    ),
)  # fmt: skip
