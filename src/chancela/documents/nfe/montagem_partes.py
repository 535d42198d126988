"""People and places of a request: recipient, pickup, delivery, carrier, with addresses resolved from CEP and name."""

import re

from chancela.documents.nfe.coleta import Coleta
from chancela.documents.nfe.enumeracoes import IndicadorIe
from chancela.documents.nfe.montagem_enderecos import (
    EXTERIOR,
    is_exterior,
    read_endereco,
    read_endereco_exterior,
)
from chancela.documents.nfe.participantes import (
    Destinatario,
    Endereco,
    IdEstrangeiro,
    Local,
    Transportador,
    UfOuExterior,
)
from chancela.documents.nfe.pedido import PartePedido, TransportadorPedido
from chancela.domain.identidade import Cnpj, Cpf, Modelo, Uf
from chancela.domain.tabelas.lugares import (
    LugarCep,
    Lugares,
)
from chancela.domain.tributos.entrada import TipoOperacao, TipoPessoa
from chancela.kit.frozen import frozen, replace

_ID_ESTRANGEIRO = re.compile(r"[!-~¡-ÿ]{5,20}")
_IE = re.compile(r"[0-9]{2,14}|ISENTO")
NAO_CONTRIBUINTE = IndicadorIe.NAO_CONTRIBUINTE.value
_INDICADORES = {membro.value: membro for membro in IndicadorIe}
_PONTUACAO = re.compile(r"[.\-/\s]")
_ENTRE_EMAILS = re.compile(r"[,;\s]+")
_ISENTOS = frozenset({"ISENTO", "ISENTA"})


@frozen
class ParteLida:
    """The recipient as the tax engine needs it, beside the recipient of the document. `uf` None: abroad."""

    destinatario: Destinatario | None
    uf: Uf | None
    tipo_pessoa: TipoPessoa
    inscricao_estadual: str
    indicador_ie: str | None
    """indIEDest; None: to be derived from person and IE by the engine, which then completes the recipient."""
    incompleta: bool
    """Its state is unknown: what was derived from it must not be told to the caller."""


def read_destinatario(
    coleta: Coleta,
    parte: PartePedido | None,
    *,
    tipo: TipoOperacao,
    modelo: Modelo,
    uf_emitente: Uf,
    lugares: Lugares,
) -> ParteLida:
    """The recipient. Abroad for imports, exports, UF EX, or a country other than Brazil without CEP."""
    if parte is None:
        if modelo is Modelo.NFE:
            coleta.miss("destinatario", "Destinatário", "Informe o destinatário.", c_stat=719)
        return ParteLida(
            None, uf_emitente, TipoPessoa.FISICA, "", NAO_CONTRIBUINTE, incompleta=modelo is Modelo.NFE
        )
    antes = len(coleta.violacoes)
    exterior = is_exterior(parte, tipo)
    documento = _identify(coleta, parte, exterior=exterior, opcional=modelo is Modelo.NFCE)
    nome = coleta.texto(
        "destinatario.nome", "Destinatário, nome", parte.nome, 60, minimo=2, obrigatorio=modelo is Modelo.NFE
    )
    endereco: Endereco | None = None
    if exterior:
        endereco = read_endereco_exterior(coleta, "destinatario", "Destinatário", parte, lugares)
    elif modelo is Modelo.NFE or parte.logradouro or parte.cep:
        endereco = read_endereco(coleta, "destinatario", "Destinatário", parte, lugares)
    uf = None if exterior else _state_of(endereco, uf_emitente)
    pessoa = TipoPessoa.FISICA if isinstance(documento, Cpf) or parte.cpf.strip() else TipoPessoa.JURIDICA
    if isinstance(documento, IdEstrangeiro) and not exterior:
        pessoa = TipoPessoa.FISICA
    ie = (
        ""
        if exterior or modelo is Modelo.NFCE or not parte.inscricao_estadual
        else _read_ie(coleta, "destinatario", "Destinatário", parte.inscricao_estadual)
    )
    fora = exterior or modelo is Modelo.NFCE
    informado = parte.indicador_ie.strip()
    indicador = _read_indicador(coleta, informado) if informado else None
    if indicador is None and fora:
        indicador = NAO_CONTRIBUINTE
    destinatario = Destinatario(
        documento=documento if documento is not None else _stand_in(parte),
        indicador_ie=_INDICADORES[indicador or NAO_CONTRIBUINTE],
        nome=nome,
        endereco=endereco,
        inscricao_estadual=None if ie == "ISENTO" else ie or None,
        inscricao_suframa=coleta.algarismos(
            "destinatario.inscricao_suframa", "Destinatário, SUFRAMA", parte.inscricao_suframa, (8, 9)
        )
        if parte.inscricao_suframa
        else None,
        inscricao_municipal=coleta.texto(
            "destinatario.inscricao_municipal",
            "Destinatário, inscrição municipal",
            parte.inscricao_municipal,
            15,
        )
        if parte.inscricao_municipal
        else None,
        email=read_email(coleta, "destinatario", "Destinatário", parte.email) if parte.email else None,
    )
    sem_identidade = documento is None and modelo is Modelo.NFCE and len(coleta.violacoes) == antes
    return ParteLida(
        destinatario=None if sem_identidade else destinatario,
        uf=uf if exterior or uf is not None else uf_emitente,
        tipo_pessoa=pessoa,
        inscricao_estadual=ie,
        indicador_ie=indicador,
        incompleta=not exterior and endereco is None and modelo is Modelo.NFE,
    )


def _identify(
    coleta: Coleta, parte: PartePedido, *, exterior: bool, opcional: bool
) -> Cnpj | Cpf | IdEstrangeiro | None:
    rotulo = "Destinatário"
    if parte.id_estrangeiro.strip():
        texto = coleta.normalizador.limpa("destinatario.id_estrangeiro", parte.id_estrangeiro, 60)
        if _ID_ESTRANGEIRO.fullmatch(texto) is None:
            coleta.refuse(
                "PEDIDO-ESTRANGEIRO-01",
                "destinatario.id_estrangeiro",
                f"{rotulo}, documento estrangeiro",
                "O documento estrangeiro tem de 5 a 20 caracteres, sem espaços.",
                "Confira o número do passaporte ou documento, ou deixe o campo vazio.",
                valor=parte.id_estrangeiro,
                c_stat=372,
            )
            return None
        return IdEstrangeiro(texto)
    if exterior:
        return IdEstrangeiro("")
    documento = coleta.documento(
        "destinatario", rotulo, parte.cpf, parte.cnpj, c_stat_cnpj=208, c_stat_cpf=237
    )
    if documento is None and not (parte.cpf.strip() or parte.cnpj.strip() or opcional):
        coleta.miss("destinatario.cnpj", f"{rotulo}, CNPJ ou CPF", "Informe o CNPJ ou o CPF do destinatário.")
    return documento


def _stand_in(parte: PartePedido) -> Cnpj | Cpf | IdEstrangeiro:
    """A person of the kind that was meant, in the place of a document that does not hold."""
    if parte.cnpj.strip():
        return Cnpj("99999999000191")
    return Cpf("00000000191") if parte.cpf.strip() else IdEstrangeiro("")


def _read_ie(coleta: Coleta, base: str, rotulo: str, bruto: str) -> str:
    limpo = _PONTUACAO.sub("", bruto).upper()
    if not limpo:
        return ""
    if limpo in _ISENTOS:
        return "ISENTO"
    if _IE.fullmatch(limpo) is None:
        coleta.refuse(
            "PEDIDO-IE-01",
            f"{base}.inscricao_estadual",
            f"{rotulo}, inscrição estadual",
            "A inscrição estadual tem de 2 a 14 algarismos, ou a palavra ISENTO.",
            "Confira a inscrição estadual ou deixe o campo vazio.",
            valor=bruto,
            c_stat=210,
        )
    return limpo


def _read_indicador(coleta: Coleta, informado: str) -> str | None:
    if informado not in _INDICADORES:
        coleta.unknown_code(
            "destinatario.indicador_ie", "Destinatário, indicador da IE", informado, _INDICADORES
        )
        return None
    return informado


def complete_destinatario(destinatario: Destinatario | None, indicador: str) -> Destinatario | None:
    """The recipient with the indicator that the operation was read with; an exempt one has no IE."""
    if destinatario is None:
        return None
    lido = _INDICADORES[indicador]
    ie = None if lido is IndicadorIe.ISENTO else destinatario.inscricao_estadual
    if lido is destinatario.indicador_ie and ie == destinatario.inscricao_estadual:
        return destinatario
    return replace(destinatario, indicador_ie=lido, inscricao_estadual=ie)


def read_email(coleta: Coleta, base: str, rotulo: str, bruto: str) -> str | None:
    """The first address of a list; it goes to the XML with at most 60 characters, and a longer one is left out."""
    primeiro = _ENTRE_EMAILS.split(bruto.strip(), maxsplit=1)[0]
    if not primeiro:
        return None
    limpo = coleta.normalizador.limpa(f"{base}.email", primeiro, 1000)
    if len(limpo) <= 60:
        return limpo or None
    coleta.warn(
        "PEDIDO-EMAIL-01",
        f"{base}.email",
        f"{rotulo}, e-mail",
        "O e-mail passa de 60 caracteres e não consta do XML.",
        "Informe um endereço mais curto para que ele conste do documento.",
        valor=limpo,
    )
    return None


def _state_of(endereco: Endereco | None, padrao: Uf) -> Uf | None:
    if endereco is None:
        return padrao
    return endereco.uf if isinstance(endereco.uf, Uf) else None


# -- places and carrier ------------------------------------------------------------------------------------


def read_local(
    coleta: Coleta, base: str, rotulo: str, parte: PartePedido | None, lugares: Lugares
) -> Local | None:
    """Place of pickup or delivery, in Brazil or abroad."""
    if parte is None:
        return None
    exterior = is_exterior(parte, TipoOperacao.SAIDA)
    documento = coleta.documento(base, rotulo, parte.cpf, parte.cnpj, c_stat_cnpj=208, c_stat_cpf=237)
    if documento is None and not (parte.cpf.strip() or parte.cnpj.strip() or exterior):
        coleta.miss(f"{base}.cnpj", f"{rotulo}, CNPJ ou CPF")
    nome = coleta.texto(f"{base}.nome", f"{rotulo}, nome", parte.nome, 60, minimo=2, obrigatorio=True)
    if exterior:
        endereco = read_endereco_exterior(coleta, base, rotulo, parte, lugares)
    else:
        endereco = read_endereco(coleta, base, rotulo, parte, lugares)
    ie = _read_ie(coleta, base, rotulo, parte.inscricao_estadual)
    email = read_email(coleta, base, rotulo, parte.email)
    if endereco is None:
        return None
    return Local(
        endereco=endereco, documento=documento, nome=nome, email=email, inscricao_estadual=ie or None
    )


def read_transportador(
    coleta: Coleta, parte: TransportadorPedido | None, lugares: Lugares
) -> Transportador | None:
    """The carrier; None when nothing of it was given. Municipality and UF fall back on the CEP."""
    if parte is None or parte == TransportadorPedido():
        return None
    base, rotulo = "transporte.transportador", "Transportador"
    lugar: LugarCep | None = None
    if parte.cep.strip():
        cep = coleta.algarismos(f"{base}.cep", f"{rotulo}, CEP", parte.cep, (8,))
        lugar = None if cep is None else lugares.find_cep(cep)
    uf: UfOuExterior | None
    if parte.uf.strip().upper() == EXTERIOR:
        uf = EXTERIOR
    else:
        uf = coleta.uf(f"{base}.uf", f"{rotulo}, UF", parte.uf) or (None if lugar is None else lugar.uf)
    municipio = coleta.texto(f"{base}.municipio", f"{rotulo}, município", parte.municipio, 60)
    if municipio is None and lugar is not None and lugar.municipio is not None:
        municipio = lugar.municipio.nome
    lido = Transportador(
        documento=coleta.documento(base, rotulo, parte.cpf, parte.cnpj, c_stat_cnpj=542, c_stat_cpf=543),
        nome=coleta.texto(f"{base}.nome", f"{rotulo}, nome", parte.nome, 60, minimo=2),
        inscricao_estadual=_read_ie(coleta, base, rotulo, parte.inscricao_estadual) or None,
        endereco=coleta.texto(f"{base}.endereco", f"{rotulo}, endereço", parte.endereco, 60),
        municipio=municipio,
        uf=uf,
    )
    return None if lido == Transportador() else lido
