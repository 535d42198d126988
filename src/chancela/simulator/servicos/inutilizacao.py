"""NFeInutilizacao4: a range of numbers that will never be used (group INUT)."""

from chancela.simulator import xml
from chancela.simulator.assinatura import read_assinatura
from chancela.simulator.estado import Estado
from chancela.simulator.julgamento import check_holder, check_signature, next_protocol
from chancela.simulator.livro_eventos import InutilizacaoLivro
from chancela.simulator.pedido import Destino, Pedido, Resposta, number
from chancela.simulator.retornos import ret_inut
from chancela.simulator.servicos.base import Servico
from chancela.simulator.tabelas import SERIES_CNPJ, UF_DO_CODIGO, Autorizador
from chancela.simulator.xml import Grupo

FAIXA_MAXIMA = 10_000
_CAMPOS = ("ano", "CNPJ", "mod", "serie", "nNFIni", "nNFFin")


class Inutilizacao(Servico):
    """Reception of requests to inutilise."""

    nome = "NFeInutilizacao4"
    metodo = "nfeInutilizacaoNF"
    raiz = "inutNFe"
    esquema = "inutNFe_v4.00"
    esquema_retorno = "retInutNFe_v4.00"
    so_digitos = True

    def offered_by(self, autorizador: Autorizador, uf: str) -> bool:
        """Not by an SVC: a number is the home authorizer's to inutilise."""
        return not autorizador.contingencia and super().offered_by(autorizador, uf)

    def destination(self, grupo: Grupo) -> Destino:
        inf = grupo.grupo("infInut")
        return Destino(
            uf=UF_DO_CODIGO.get(inf.texto("cUF"), ""),
            modelo=inf.texto("mod") or "55",
            emitente=inf.texto("CNPJ"),
            ambiente=number(inf.texto("tpAmb")),
        )

    def answer(self, pedido: Pedido, estado: Estado) -> Resposta:
        inf = pedido.grupo.grupo("infInut")
        recusa = _check_request(inf, pedido, estado)
        if recusa is not None:
            return self.refuse(pedido, recusa[0], f"Rejeição: {recusa[1]}")
        numero = (int(inf.texto("nNFIni")), int(inf.texto("nNFFin")))
        faixa = (pedido.ambiente, inf.texto("CNPJ"), inf.texto("mod"), int(inf.texto("serie")), *numero)
        anterior = estado.livro.find_inutilizacao(*faixa)
        if anterior is not None:
            motivo = "Rejeição: Já existe pedido de Inutilização com a mesma faixa de inutilização"
            return self._answer(pedido, 563, motivo, inf, anterior.protocolo)
        if estado.livro.numbers_used(*faixa):
            return self.refuse(pedido, 241, "Rejeição: Um número da faixa já foi utilizado")
        if estado.livro.voided(*faixa):
            motivo = "Rejeição: Uma NF-e da faixa já está inutilizada na Base de dados da SEFAZ"
            return self.refuse(pedido, 256, motivo)
        protocolo = next_protocol(pedido, estado, pedido.cabecalho.c_uf)
        estado.livro.add_inutilizacao(
            InutilizacaoLivro(
                *faixa, inf.texto("ano"), protocolo, pedido.cabecalho.recebido_em, pedido.conteudo
            )
        )
        return self._answer(pedido, 102, "Inutilização de número homologado", inf, protocolo)

    def refuse(self, pedido: Pedido, c_stat: int, motivo: str) -> Resposta:
        return Resposta(ret_inut(pedido.cabecalho, c_stat, motivo), c_stat, motivo)

    def _answer(self, pedido: Pedido, c_stat: int, motivo: str, inf: Grupo, protocolo: str) -> Resposta:
        faixa = {campo: inf.texto(campo) for campo in _CAMPOS}
        return Resposta(
            ret_inut(pedido.cabecalho, c_stat, motivo, faixa, protocolo=protocolo), c_stat, motivo
        )


def _check_request(inf: Grupo, pedido: Pedido, estado: Estado) -> tuple[int, str] | None:
    """Everything that needs no ledger. The environment was checked with the message."""
    assinatura = read_assinatura(xml.parse(pedido.conteudo), "infInut")
    rejeicao = check_signature(assinatura, pedido.agora, estado)
    if rejeicao is None:
        rejeicao = check_holder(assinatura, inf.texto("CNPJ"), "")
    if rejeicao is not None:
        return rejeicao.c_stat, rejeicao.motivo.removeprefix("Rejeição: ")
    if not pedido.autorizador.serves(pedido.destino.uf, pedido.destino.modelo, pedido.ambiente):
        return 250, "UF diverge da UF autorizadora"
    inicio, fim, serie = (int(inf.texto(tag)) for tag in ("nNFIni", "nNFFin", "serie"))
    esperado = f"ID{inf.texto('cUF')}{inf.texto('ano')}{inf.texto('CNPJ')}{inf.texto('mod')}{serie:03d}{inicio:09d}{fim:09d}"
    if inf.atributos.get("Id") != esperado:
        return (
            502,
            "Erro na Chave de Acesso - Campo Id não corresponde à concatenação dos campos correspondentes",
        )
    if inicio > fim:
        return 224, "A faixa inicial é maior que a faixa final"
    if fim - inicio >= FAIXA_MAXIMA:
        return 201, "Número máximo de numeração a inutilizar ultrapassou o limite"
    ano = int(inf.texto("ano"))
    if ano > int(pedido.cabecalho.recebido_em[2:4]):
        return 453, "Ano de inutilização não pode ser superior ao Ano atual"
    if ano < 6:
        return 454, "Ano de inutilização não pode ser inferior a 2006"
    return None if serie in SERIES_CNPJ else (266, "Série utilizada não permitida no Web Service")
