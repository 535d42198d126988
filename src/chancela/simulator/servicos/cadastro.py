"""CadConsultaCadastro4: the register of taxpayers of a UF, offered by the UFs that have it and by SVRS for five others."""

from xml.sax.saxutils import escape

from chancela.simulator.cadastro import Contribuinte
from chancela.simulator.consulta_cnpj import registrations
from chancela.simulator.estado import Estado
from chancela.simulator.pedido import Destino, Pedido, Resposta
from chancela.simulator.regras.contas import cnpj_ok, cpf_ok
from chancela.simulator.regras.emitente import ie_ok
from chancela.simulator.retornos import ret_cadastro
from chancela.simulator.servicos.base import Servico
from chancela.simulator.tabelas import CADASTRO_NA_SVRS, CODIGO_DA_UF, Autorizador
from chancela.simulator.xml import Grupo

_ARGUMENTOS = ("IE", "CNPJ", "CPF")
_REGIMES = {"1": "SIMPLES NACIONAL", "2": "SIMPLES NACIONAL - EXCESSO DE SUBLIMITE", "4": "MEI"}
_ENDERECO = (
    ("xLgr", "logradouro"),
    ("nro", "numero"),
    ("xCpl", "complemento"),
    ("xBairro", "bairro"),
    ("xMun", "municipio"),
    ("CEP", "cep"),
)
Recusa = tuple[int, str] | None


class ConsultaCadastro(Servico):
    """Query of a taxpayer by IE, CNPJ or CPF."""

    nome = "CadConsultaCadastro4"
    metodo = "consultaCadastro"
    raiz = "ConsCad"
    esquema = "@nfe/consCad_v2.00"
    esquema_retorno = "@nfe/retConsCad_v2.00"
    versao = "2.00"
    so_digitos = True

    def offered_by(self, autorizador: Autorizador, uf: str) -> bool:
        """The UFs with an authorizer of their own, and SVRS for AC, ES, PB, RN and SC."""
        if autorizador.nome == "SVRS":
            return uf in CADASTRO_NA_SVRS or uf not in CODIGO_DA_UF
        return autorizador.c_uf is not None

    def destination(self, grupo: Grupo) -> Destino:
        return Destino(uf=grupo.grupo("infCons").texto("UF"))

    def answer(self, pedido: Pedido, estado: Estado) -> Resposta:
        inf = pedido.grupo.grupo("infCons")
        uf, tag = inf.texto("UF"), next(tag for tag in _ARGUMENTOS if inf.tem(tag))
        if uf not in CODIGO_DA_UF or not self._serves(pedido.autorizador, uf):
            return self.refuse(pedido, 265, "Rejeição: Sigla da UF da consulta difere da UF do Web Service")
        recusa = _check_argument(uf, tag, inf.texto(tag)) or _check_requester(pedido, estado)
        if recusa is not None:
            return self.refuse(pedido, recusa[0], f"Rejeição: {recusa[1]}")
        achados = _find(estado, uf, tag, inf.texto(tag))
        if not achados:
            texto = f"Rejeição: {tag} da consulta {'não cadastrada' if tag == 'IE' else 'não cadastrado'} como contribuinte na UF"
            return self.refuse(pedido, {"CNPJ": 259, "IE": 261, "CPF": 264}[tag], texto)
        if not any(c.ie for c in achados):
            return self.refuse(pedido, 257, "Rejeição: Solicitante não habilitado para emissão da NF-e")
        com_ie = [c for c in achados if c.ie]
        c_stat = 111 if len(com_ie) == 1 else 112
        motivo = f"Consulta cadastro com {'uma ocorrência' if c_stat == 111 else 'mais de uma ocorrência'}"
        return self._answer(pedido, c_stat, motivo, "".join(_describe(c) for c in com_ie))

    def refuse(self, pedido: Pedido, c_stat: int, motivo: str) -> Resposta:
        return self._answer(pedido, c_stat, motivo)

    def _serves(self, autorizador: Autorizador, uf: str) -> bool:
        return uf in CADASTRO_NA_SVRS if autorizador.nome == "SVRS" else autorizador.nome == uf

    def _answer(self, pedido: Pedido, c_stat: int, motivo: str, achados: str = "") -> Resposta:
        inf = pedido.grupo.grupo("infCons")
        tag = next((tag for tag in _ARGUMENTOS if inf.tem(tag)), "CNPJ")
        valor = "0" * 14 if c_stat == self.erro_esquema[0] else inf.texto(tag) or "0" * 14
        uf = inf.texto("UF") if inf.texto("UF") in CODIGO_DA_UF else "SP"
        return Resposta(
            ret_cadastro(pedido.cabecalho, c_stat, motivo, uf, (tag, valor), achados), c_stat, motivo
        )


def _check_argument(uf: str, tag: str, valor: str) -> Recusa:
    if tag == "CNPJ" and not cnpj_ok(valor):
        return 258, "CNPJ da consulta inválido"
    if tag == "CPF" and not cpf_ok(valor):
        return 263, "CPF da consulta inválido"
    return (260, "IE da consulta inválida") if tag == "IE" and not ie_ok(uf, valor) else None


def _check_requester(pedido: Pedido, estado: Estado) -> Recusa:
    """257: whoever asks is a taxpayer enabled for NF-e somewhere; a stranger is, unless the register is strict."""
    assert pedido.transmissor is not None, "the transmitter was checked"
    registros = estado.cadastro.of_root(pedido.transmissor.cnpj[:8] or pedido.transmissor.cpf)
    if not registros and not estado.cadastro.estrito:
        return None
    if any(r.ie and r.habilitado_nfe for r in registros):
        return None
    return 257, "Solicitante não habilitado para emissão da NF-e"


def _find(estado: Estado, uf: str, tag: str, valor: str) -> list[Contribuinte]:
    if tag == "IE":
        achado = estado.cadastro.by_ie(uf, valor)
        return [achado] if achado is not None else []
    return [c for c in registrations(estado.cadastro, valor) if c.uf == uf]


def _describe(c: Contribuinte) -> str:
    """infCad of one registration."""
    tag = "CPF" if len(c.documento) == 11 else "CNPJ"
    ender = "".join(
        f"<{nome}>{escape(getattr(c, campo))}</{nome}>" for nome, campo in _ENDERECO if getattr(c, campo)
    )
    fantasia = f"<xFant>{escape(c.fantasia[:60])}</xFant>" if c.fantasia else ""
    return (
        f"<infCad><IE>{c.ie}</IE><{tag}>{c.documento}</{tag}><UF>{c.uf}</UF><cSit>{int(c.ativa)}</cSit>"
        f"<indCredNFe>{int(c.habilitado_nfe)}</indCredNFe><indCredCTe>4</indCredCTe><xNome>{escape(c.nome[:60])}</xNome>{fantasia}"
        f"<xRegApur>{_REGIMES.get(c.crt, 'NORMAL - REGIME PERIODICO DE APURACAO')}</xRegApur>"
        f"{f'<ender>{ender}</ender>' if ender else ''}</infCad>"
    )
