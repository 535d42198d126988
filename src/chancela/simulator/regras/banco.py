"""Database rules: register of the issuer, duplicates, referenced documents, recipient. They look at the ledger."""

from collections.abc import Iterator

from chancela.simulator import xml
from chancela.simulator.cadastro import Contribuinte
from chancela.simulator.livro import NotaLivro
from chancela.simulator.nota import Nota
from chancela.simulator.regras.modelo import AMBOS, SO_NFCE, SO_NFE, Contexto, GrupoRegras, Veredito, nota
from chancela.simulator.regras.referencias import reference_keys


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
    return bool(registros) and all(not r.habilitado_nfe for r in registros)


def _irregular(n: Nota, c: Contexto) -> Veredito:
    """Irregular, or without the permission for NFC-e; that for NF-e has a rule of its own (203)."""
    registros = c.cadastro.of(n.emitente, n.uf)
    return bool(registros) and all(not r.ativa or (n.nfce and not r.habilitado_nfce) for r in registros)


def _dest_ie_of_another(n: Nota, c: Contexto) -> Veredito:
    dono = c.cadastro.by_ie(n.uf_dest, n.dest.texto("IE")) if n.dest.tem("IE") else None
    return n.dest.tem("CNPJ") and dono is not None and dono.documento != n.dest.texto("CNPJ")


def _dest_ie_unknown(n: Nota, c: Contexto) -> Veredito:
    if not n.dest.tem("IE") or not c.cadastro.of(n.destinatario, n.uf_dest):
        return False
    return c.cadastro.by_ie(n.uf_dest, n.dest.texto("IE")) is None


def _referred(n: Nota, c: Contexto) -> Iterator[tuple[int, str, NotaLivro | None]]:
    """Occurrence, key and ledger row of each referred NF-e or NFC-e that this authority may know."""
    for ocorrencia, chave in reference_keys(n):
        if chave[20:22] in ("55", "65"):
            yield ocorrencia, chave, c.livro.find_nota(c.ambiente, chave)


def _unknown_reference(n: Nota, c: Contexto) -> Veredito:
    for ocorrencia, chave, conhecida in _referred(n, c):
        if conhecida is None and chave[:2] == n.ide.texto("cUF") and chave[34] in "167":
            return f"nRef: {ocorrencia}"
    return False


def _complements(n: Nota, c: Contexto, *, cancelada: bool) -> Veredito:
    if n.fin_nfe != "2":
        return False
    for _, _, conhecida in _referred(n, c):
        if conhecida is None:
            continue
        if cancelada and conhecida.situacao == "cancelada":
            return True
        if not cancelada and xml.find_grupo(conhecida.xml.decode(), "ide").texto("finNFe") == "2":
            return True
    return False


def _credit_of_nothing(n: Nota, c: Contexto) -> Veredito:
    if n.ide.texto("tpNFCredito") not in ("01", "03"):
        return False
    for ocorrencia, _, conhecida in _referred(n, c):
        if conhecida is None or conhecida.situacao != "autorizada":
            return f"nRef: {ocorrencia}"
    return False


def _advance_unknown(n: Nota, c: Contexto) -> Veredito:
    pagas = [g.texto_proprio for g in n.ide.grupo("gPagAntecipado").grupos("refNFe")]
    return any(c.livro.find_nota(c.ambiente, chave) is None for chave in pagas)


def _registered(n: Nota, c: Contexto) -> Contribuinte | None:
    """The registration of the issuer's IE, when the register has it."""
    dono = c.cadastro.by_ie(n.uf, n.emit.texto("IE"))
    return dono if dono is not None and dono.documento == n.emitente else None


def _other_name(n: Nota, c: Contexto) -> Veredito:
    dono = _registered(n, c)
    return dono is not None and dono.nome.strip().upper() != n.emit.texto("xNome").strip().upper()


def _other_regime(n: Nota, c: Contexto) -> Veredito:
    dono = _registered(n, c)
    return dono is not None and dono.crt != n.crt


def _dest_ie_of_another_person(n: Nota, c: Contexto) -> Veredito:
    dono = c.cadastro.by_ie(n.uf_dest, n.dest.texto("IE")) if n.dest.tem("IE") else None
    return n.dest.tem("CPF") and dono is not None and dono.documento != n.dest.texto("CPF")


def _dest_registration(n: Nota, c: Contexto) -> Contribuinte | None:
    """The registration that the note itself names by IE."""
    dono = c.cadastro.by_ie(n.uf_dest, n.dest.texto("IE")) if n.dest.tem("IE") else None
    return dono if dono is not None and dono.documento == n.destinatario else None


def _dest_forbidden(n: Nota, c: Contexto) -> Veredito:
    registro = _dest_registration(n, c)
    return registro is not None and registro.vedado and registro.ativa


def _dest_blocked(n: Nota, c: Contexto) -> Veredito:
    registro = _dest_registration(n, c)
    return registro is not None and registro.bloqueado


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
        nota("1C17-30", 622, "IE emitente não vinculada ao CPF", AMBOS, lambda n, c: _ie_of_another(n, c, "CPF"), so_com="CPF"),
        nota("1C17-38", 781, "Emissor não habilitado para emissão da NF-e/NFC-e", AMBOS, _irregular),
        nota("1C17-34", 203, "Emissor não habilitado para emissão da NF-e", SO_NFE, _not_enabled),
        nota("1C17-60", 245, "CNPJ Emitente não cadastrado", AMBOS, _unknown_issuer, prioridade=3),
        nota("1C03-10", 935, "Razão Social do emitente diverge do informado no cadastro da SEFAZ", AMBOS, _other_name, prioridade=3, ativa=False),
        nota("7C21-10", 481, "Código Regime Tributário do emitente diverge do cadastro na SEFAZ", AMBOS, _other_regime, prioridade=3, ativa=False),
        nota("2B08-30", 218, "NF-e já está cancelada na base de dados da SEFAZ", AMBOS, _cancelled),
        nota("2B08-20", 204, "Duplicidade de NF-e", AMBOS, _same_key),
        nota("2B08-10", 539, "Duplicidade de NF-e com diferença na Chave de Acesso", AMBOS, _other_key),
        nota("3B08-100", 206, "NF-e já está inutilizada na Base de Dados da SEFAZ", AMBOS, _voided),
        nota("3BA02-10", 267, "Chave de Acesso referenciada inexistente", SO_NFE, _unknown_reference, prioridade=2, ativa=False, so_com="NFref"),
        nota("3BA02-20", 268, "NF Complementar referencia uma outra NF-e Complementar", SO_NFE, lambda n, c: _complements(n, c, cancelada=False), prioridade=2, so_com="NFref"),
        nota("3BA02-30", 686, "NF Complementar referencia uma NF-e cancelada", SO_NFE, lambda n, c: _complements(n, c, cancelada=True), prioridade=2, so_com="NFref"),
        nota("3BA02-70", 1095, "Chave de acesso referenciada deve existir e não estar cancelada", SO_NFE, _credit_of_nothing, prioridade=2, ativa=False, so_com="NFref"),
        nota("11BB01-10", 1146, "NF-e referenciada de pagamento antecipado informada indevidamente", SO_NFCE, lambda n, _c: n.ide.tem("gPagAntecipado"), prioridade=3, so_com="gPagAntecipado"),
        nota("11BB01-20", 1147, "NF-e referenciada de pagamento antecipado inexistente", SO_NFE, _advance_unknown, prioridade=3, ativa=False, so_com="gPagAntecipado"),
        nota("5E17-10", 233, "IE do destinatário não cadastrada", SO_NFE, _dest_ie_unknown),
        nota("5E17-20", 234, "IE do destinatário não vinculada ao CNPJ", SO_NFE, _dest_ie_of_another),
        nota("5E17-30", 624, "IE Destinatário não vinculada ao CPF", SO_NFE, _dest_ie_of_another_person, prioridade=2, so_com="CPF"),
        nota("5E17-40", 302, "Irregularidade fiscal do destinatário", SO_NFE, _dest_forbidden, prioridade=2),
        nota("5E17-43", 305, "Destinatário bloqueado na UF", SO_NFE, _dest_blocked, prioridade=2),
        nota("5E17-46", 306, "IE do destinatário não está ativa na UF", SO_NFE, lambda n, c: _dest(n, c, vedado=False), prioridade=2),
        nota("5E17-60", 303, "Destinatário não habilitado a operar na UF", SO_NFE, lambda n, c: _dest(n, c, vedado=True), prioridade=2),
    ),
)  # fmt: skip
