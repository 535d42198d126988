"""Addresses of a request: in Brazil, resolved from CEP, code and name; abroad, made to fit."""

import re

from chancela.documents.nfe.coleta import Coleta
from chancela.documents.nfe.participantes import Endereco
from chancela.documents.nfe.pedido import PartePedido
from chancela.domain.identidade import Uf
from chancela.domain.tabelas.lugares import (
    MUNICIPIO_EXTERIOR,
    NOME_EXTERIOR,
    PAIS_BRASIL,
    LugarCep,
    Lugares,
    Municipio,
    Pais,
)
from chancela.domain.tributos.entrada import TipoOperacao

EXTERIOR = "EX"
SEM_NUMERO = "S/N"
_NAO_DIGITO = re.compile(r"\D")
_NAO_ALGARISMO = re.compile(r"[^0-9]")
_BRASIL = Pais(PAIS_BRASIL, "BRASIL")


def is_exterior(parte: PartePedido, tipo: TipoOperacao) -> bool:
    """Whether the party is abroad."""
    if tipo in (TipoOperacao.IMPORTACAO, TipoOperacao.EXPORTACAO) or parte.uf.strip().upper() == EXTERIOR:
        return True
    pais = parte.codigo_pais.strip().lstrip("0")
    return (
        pais not in ("", PAIS_BRASIL)
        and not parte.cep.strip()
        and not parte.cpf.strip()
        and not parte.cnpj.strip()
    )


def read_endereco(
    coleta: Coleta, base: str, rotulo: str, parte: PartePedido, lugares: Lugares
) -> Endereco | None:
    """An address in Brazil. The UF of the CEP overrides the caller's; None when the municipality stays unknown."""
    texto = coleta.texto
    logradouro = texto(
        f"{base}.logradouro", f"{rotulo}, logradouro", parte.logradouro, 60, minimo=2, obrigatorio=True
    )
    bairro = texto(f"{base}.bairro", f"{rotulo}, bairro", parte.bairro, 60, minimo=2, obrigatorio=True)
    numero = complemento = None
    if parte.numero:
        numero = texto(f"{base}.numero", f"{rotulo}, número", parte.numero, 60)
    if parte.complemento:
        complemento = texto(f"{base}.complemento", f"{rotulo}, complemento", parte.complemento, 60)
    municipio = _resolve_municipio(coleta, base, rotulo, parte, lugares)
    telefone = read_telefone(coleta, base, rotulo, parte.telefone) if parte.telefone else None
    if municipio is None:
        return None
    pais = _read_pais(coleta, base, rotulo, parte, lugares) if parte.codigo_pais else _BRASIL
    return Endereco(
        logradouro=logradouro or "",
        numero=numero or SEM_NUMERO,
        bairro=bairro or "",
        codigo_municipio=municipio.codigo,
        municipio=municipio.nome,
        uf=municipio.uf,
        cep=_NAO_DIGITO.sub("", parte.cep) or None,
        complemento=complemento,
        codigo_pais=pais.codigo,
        pais=pais.nome,
        telefone=telefone,
    )


def _resolve_municipio(
    coleta: Coleta, base: str, rotulo: str, parte: PartePedido, lugares: Lugares
) -> Municipio | None:
    # Without a CEP the municipality is that of the code, or of name and UF.
    dispensa = bool(parte.codigo_municipio.strip() or (parte.municipio.strip() and parte.uf.strip()))
    lugar = _resolve_cep(coleta, base, rotulo, parte.cep, lugares, obrigatorio=not dispensa)
    uf = coleta.uf(f"{base}.uf", f"{rotulo}, UF", parte.uf, obrigatorio=lugar is None)
    nome = coleta.texto(
        f"{base}.municipio",
        f"{rotulo}, município",
        parte.municipio,
        60,
        minimo=2,
        obrigatorio=not parte.codigo_municipio,
    )
    if lugar is not None:
        if uf is not None and uf is not lugar.uf:
            coleta.warn(
                "PEDIDO-CEP-02",
                f"{base}.uf",
                f"{rotulo}, UF",
                f"A UF foi trocada por {lugar.uf.value}, que é a do CEP.",
                "Confira o CEP e a UF.",
                valor=uf.value,
            )
        uf = lugar.uf
    if parte.codigo_municipio.strip():
        return _municipio_by_codigo(coleta, base, rotulo, parte.codigo_municipio, uf, lugares)
    if uf is None or nome is None:
        return None
    achado = lugares.search_municipio(nome, uf)
    if achado is not None:
        return achado
    if lugar is not None and lugar.municipio is not None:
        coleta.warn(
            "PEDIDO-MUNICIPIO-02",
            f"{base}.municipio",
            f"{rotulo}, município",
            f"Não há município com este nome em {uf.value}; foi usado {lugar.municipio.nome}, que é o do CEP.",
            "Confira o nome do município e o CEP.",
            valor=parte.municipio,
        )
        return lugar.municipio
    coleta.refuse(
        "PEDIDO-MUNICIPIO-01",
        f"{base}.municipio",
        f"{rotulo}, município",
        f"Não há município com este nome em {uf.value}.",
        "Escreva o nome como no IBGE, ou confira o CEP.",
        valor=parte.municipio,
        c_stat=274,
    )
    return None


def _municipio_by_codigo(
    coleta: Coleta, base: str, rotulo: str, bruto: str, uf: Uf | None, lugares: Lugares
) -> Municipio | None:
    achado = lugares.find_municipio(bruto.strip())
    if achado is None or (uf is not None and achado.uf is not uf):
        coleta.refuse(
            "PEDIDO-MUNICIPIO-03",
            f"{base}.codigo_municipio",
            f"{rotulo}, código do município",
            "O código IBGE do município não existe." if achado is None else "O município não é da UF do CEP.",
            "Confira o código, ou deixe-o vazio para que seja achado pelo CEP e pelo nome.",
            valor=bruto,
            c_stat=274 if achado is None else 275,
        )
        return None
    return achado


def _resolve_cep(
    coleta: Coleta, base: str, rotulo: str, bruto: str, lugares: Lugares, *, obrigatorio: bool
) -> LugarCep | None:
    cep = coleta.algarismos(f"{base}.cep", f"{rotulo}, CEP", bruto, (8,), obrigatorio=obrigatorio)
    if cep is None:
        return None
    lugar = lugares.find_cep(cep)
    if lugar is None:
        coleta.refuse(
            "PEDIDO-CEP-01",
            f"{base}.cep",
            f"{rotulo}, CEP",
            "O CEP não é de nenhuma UF.",
            "Confira o CEP.",
            valor=bruto,
        )
    return lugar


def _read_pais(coleta: Coleta, base: str, rotulo: str, parte: PartePedido, lugares: Lugares) -> Pais:
    """The country of the table; Brazil when absent. Unknown code: violation."""
    codigo = parte.codigo_pais.strip()
    if not codigo or codigo.lstrip("0") == PAIS_BRASIL:
        return _BRASIL
    pais = lugares.find_pais(codigo)
    if pais is None:
        coleta.refuse(
            "PEDIDO-PAIS-01",
            f"{base}.codigo_pais",
            f"{rotulo}, código do país",
            "O código não existe na tabela de países do Banco Central.",
            "Confira o código do país, como 1600 para a China.",
            valor=codigo,
            c_stat=377,
        )
        return _BRASIL
    nome = coleta.texto(f"{base}.pais", f"{rotulo}, país", parte.pais, 60) or pais.nome
    return Pais(pais.codigo, nome[:60])


def read_endereco_exterior(
    coleta: Coleta, base: str, rotulo: str, parte: PartePedido, lugares: Lugares
) -> Endereco | None:
    """An address abroad: only the name is asked of the caller, so the city moves to where there is room for it."""

    def campo(nome: str, palavra: str, minimo: int) -> str | None:
        return coleta.texto(f"{base}.{nome}", f"{rotulo}, {palavra}", getattr(parte, nome), 60, minimo=minimo)

    cidade = campo("municipio", "cidade", 1)
    bairro = campo("bairro", "bairro", 2)
    complemento = campo("complemento", "complemento", 1)
    if cidade and not bairro and len(cidade) > 1:
        bairro = cidade
    elif cidade and not complemento:
        complemento = cidade
    if parte.codigo_pais.strip().lstrip("0") in ("", PAIS_BRASIL):
        coleta.refuse(
            "PEDIDO-PAIS-02",
            f"{base}.codigo_pais",
            f"{rotulo}, código do país",
            "Em operação com o exterior o país não pode ser o Brasil.",
            "Informe o código do país na tabela do Banco Central, como 1600 para a China.",
            valor=parte.codigo_pais,
            c_stat=510,
        )
    pais = _read_pais(coleta, base, rotulo, parte, lugares)
    return Endereco(
        logradouro=campo("logradouro", "logradouro", 2) or NOME_EXTERIOR,
        numero=campo("numero", "número", 1) or SEM_NUMERO,
        bairro=bairro or NOME_EXTERIOR,
        codigo_municipio=MUNICIPIO_EXTERIOR,
        municipio=NOME_EXTERIOR,
        uf=EXTERIOR,
        complemento=complemento,
        codigo_pais=pais.codigo,
        pais=pais.nome,
        telefone=read_telefone(coleta, base, rotulo, parte.telefone),
    )


def read_telefone(coleta: Coleta, base: str, rotulo: str, bruto: str) -> str | None:
    """6 to 14 digits; anything else is left out with a warning, since no document depends on a phone."""
    digitos = _NAO_ALGARISMO.sub("", bruto) if bruto else ""
    if 6 <= len(digitos) <= 14:
        return digitos
    if bruto.strip():
        coleta.warn(
            "PEDIDO-TELEFONE-01",
            f"{base}.telefone",
            f"{rotulo}, telefone",
            "O telefone não tem de 6 a 14 algarismos e não consta do XML.",
            "Informe DDD e número.",
            valor=bruto,
        )
    return None
