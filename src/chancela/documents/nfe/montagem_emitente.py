"""The issuer of a document: the company's registry, and what the request states in its place."""

import re
from dataclasses import replace

from chancela.documents.nfe.coleta import Coleta
from chancela.documents.nfe.enumeracoes import Crt
from chancela.documents.nfe.modelo import ResponsavelTecnico
from chancela.documents.nfe.montagem_enderecos import read_telefone
from chancela.documents.nfe.participantes import Emitente, Endereco
from chancela.documents.nfe.pedido_especiais import EmitentePedido, ResponsavelTecnicoPedido
from chancela.domain.tabelas.lugares import Lugares

_IE = re.compile(r"[0-9]{2,14}|ISENTO")
_PONTUACAO = re.compile(r"[.\-/\s]")
_TEXTOS = (
    ("nome", "nome", 60, 2),
    ("nome_fantasia", "nome fantasia", 60, 1),
    ("inscricao_municipal", "inscrição municipal", 15, 1),
)
_DO_ENDERECO = (
    ("logradouro", "logradouro", 60, 2),
    ("numero", "número", 60, 1),
    ("complemento", "complemento", 60, 1),
    ("bairro", "bairro", 60, 2),
    ("municipio", "município", 60, 2),
)


def read_emitente(
    coleta: Coleta, emitente: Emitente, pedido: EmitentePedido | None, lugares: Lugares
) -> Emitente:
    """The registry's issuer with what the request gave; who it is and its state cannot be changed by a request."""
    if pedido is None or pedido == EmitentePedido():
        return emitente
    _check_identity(coleta, emitente, pedido)
    novos: dict[str, object] = {}
    for campo, palavra, maximo, minimo in _TEXTOS:
        lido = coleta.texto(
            f"emitente.{campo}", f"Emitente, {palavra}", getattr(pedido, campo), maximo, minimo=minimo
        )
        if lido is not None:
            novos[campo] = lido
    for campo, palavra in (
        ("inscricao_estadual", "inscrição estadual"),
        ("inscricao_estadual_st", "inscrição estadual de substituto"),
    ):
        ie = _read_ie(coleta, f"emitente.{campo}", f"Emitente, {palavra}", getattr(pedido, campo))
        if ie is not None:
            novos[campo] = ie
    cnae = coleta.algarismos("emitente.cnae", "Emitente, CNAE", pedido.cnae, (7,))
    if cnae is not None:
        novos["cnae"] = cnae
    crt = coleta.codigo("emitente.regime", "Emitente, regime tributário", pedido.regime, Crt, emitente.crt)
    endereco = _address(coleta, emitente.endereco, pedido, lugares)
    return replace(emitente, crt=crt, endereco=endereco, **novos)


def _check_identity(coleta: Coleta, emitente: Emitente, pedido: EmitentePedido) -> None:
    proprio = {"cnpj": emitente.documento, "cpf": emitente.documento, "uf": emitente.endereco.uf}
    for campo, certo in proprio.items():
        bruto: str = getattr(pedido, campo)
        if bruto.strip() and _PONTUACAO.sub("", bruto).upper() != str(certo):
            coleta.refuse(
                "PEDIDO-EMITENTE-01",
                f"emitente.{campo}",
                f"Emitente, {campo.upper()}",
                f"O emitente não é o do cadastro, que tem {certo}.",
                "Use o token da empresa que emite, ou não informe o campo.",
                valor=bruto,
            )


def _address(coleta: Coleta, endereco: Endereco, pedido: EmitentePedido, lugares: Lugares) -> Endereco:
    novos: dict[str, str] = {}
    for campo, palavra, maximo, minimo in _DO_ENDERECO:
        lido = coleta.texto(
            f"emitente.{campo}", f"Emitente, {palavra}", getattr(pedido, campo), maximo, minimo=minimo
        )
        if lido is not None:
            novos[campo] = lido
    cep = coleta.algarismos("emitente.cep", "Emitente, CEP", pedido.cep, (8,))
    telefone = read_telefone(coleta, "emitente", "Emitente", pedido.telefone)
    novos |= {nome: lido for nome, lido in (("cep", cep), ("telefone", telefone)) if lido is not None}
    if pedido.codigo_municipio.strip():
        achado = lugares.find_municipio(pedido.codigo_municipio.strip())
        if achado is None or achado.uf is not endereco.uf:
            coleta.refuse(
                "PEDIDO-MUNICIPIO-03",
                "emitente.codigo_municipio",
                "Emitente, código do município",
                f"O código não é de um município de {endereco.uf}.",
                "Confira o código IBGE, ou não o informe.",
                valor=pedido.codigo_municipio,
                c_stat=272,
            )
        else:
            novos = {"municipio": achado.nome, **novos, "codigo_municipio": achado.codigo}
    elif "municipio" in novos:
        achado = lugares.search_municipio(novos["municipio"], endereco.uf) if endereco.uf != "EX" else None
        novos |= {} if achado is None else {"municipio": achado.nome, "codigo_municipio": achado.codigo}
    return replace(endereco, **novos)


def _read_ie(coleta: Coleta, caminho: str, rotulo: str, bruto: str) -> str | None:
    limpo = _PONTUACAO.sub("", bruto).upper()
    if not limpo:
        return None
    if _IE.fullmatch(limpo) is None:
        coleta.refuse(
            "PEDIDO-IE-01",
            caminho,
            rotulo,
            "A inscrição estadual tem de 2 a 14 algarismos, ou a palavra ISENTO.",
            "Confira a inscrição estadual ou deixe o campo vazio.",
            valor=bruto,
            c_stat=209,
        )
        return None
    return limpo


def read_responsavel_tecnico(
    coleta: Coleta, pedido: ResponsavelTecnicoPedido | None, da_empresa: ResponsavelTecnico | None
) -> ResponsavelTecnico | None:
    """infRespTec: the request's, else the company's."""
    if pedido is None or pedido == ResponsavelTecnicoPedido():
        return da_empresa
    base, rotulo = "responsavel_tecnico", "Responsável técnico"
    cnpj = coleta.cnpj(f"{base}.cnpj", f"{rotulo}, CNPJ", pedido.cnpj)
    if not pedido.cnpj.strip():
        coleta.miss(f"{base}.cnpj", f"{rotulo}, CNPJ")
    contato = coleta.texto(
        f"{base}.contato", f"{rotulo}, contato", pedido.contato, 60, minimo=2, obrigatorio=True
    )
    email = coleta.texto(f"{base}.email", f"{rotulo}, e-mail", pedido.email, 60, minimo=6, obrigatorio=True)
    telefone = coleta.algarismos(
        f"{base}.telefone", f"{rotulo}, telefone", pedido.telefone, range(6, 15), obrigatorio=True
    )
    id_csrt = coleta.algarismos(f"{base}.id_csrt", f"{rotulo}, identificador do CSRT", pedido.id_csrt, (2,))
    resumo = coleta.texto(f"{base}.hash_csrt", f"{rotulo}, hash do CSRT", pedido.hash_csrt, 28)
    if cnpj is None or contato is None or email is None or telefone is None:
        return da_empresa
    return ResponsavelTecnico(cnpj, contato, email, telefone, id_csrt, resumo)
