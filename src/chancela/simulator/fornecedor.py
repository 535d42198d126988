"""Fictitious suppliers and the Fisco: they issue notes and register events by the same judgement as everybody else.

This is how the received side is tried without a second company: the control API asks, the notes are real and signed.
"""

from dataclasses import dataclass, field, replace
from typing import Any
from xml.sax.saxutils import escape

from chancela.simulator import xml
from chancela.simulator.assinador import Assinador
from chancela.simulator.estado import Estado
from chancela.simulator.eventos.julgamento import judge_evento
from chancela.simulator.interessados import publish_evento
from chancela.simulator.julgamento import judge_nota, next_protocol
from chancela.simulator.livro import NotaLivro
from chancela.simulator.livro_eventos import EventoLivro
from chancela.simulator.nota import NotaRecebida, read_nota
from chancela.simulator.nota_ficticia import Encomenda, write_nota
from chancela.simulator.pedido import Destino, Pedido, destination_of_key
from chancela.simulator.retornos import proc_evento, ret_evento
from chancela.simulator.tabelas import AUTORIZADORES, CODIGO_DA_UF, home_authorizer, local_text

_NS = f'xmlns="{xml.NFE}"'
_FISCO = "00394460000141"
EVENTOS_DO_FISCO = {
    "610500": "Registro de Passagem",
    "610501": "Cancelamento do Registro de Passagem",
    "610600": "CT-e Autorizado para NF-e",
    "610601": "CT-e Cancelado",
    "610610": "MDF-e Autorizado para NF-e",
    "610611": "MDF-e Cancelado",
    "610614": "MDF-e Autorizado com CT-e",
    "610615": "Cancelamento de MDF-e Autorizado com CT-e",
    "790700": "Averbacao para Exportacao",
    "990900": "Vistoria SUFRAMA",
    "990910": "Confirmacao de Internalizacao da Mercadoria na SUFRAMA",
}
_CONDICAO = (
    "A Carta de Correcao e disciplinada pelo paragrafo 1o-A do art. 7o do Convenio S/N, de 15 de dezembro de 1970 e pode "
    "ser utilizada para regularizacao de erro ocorrido na emissao de documento fiscal, desde que o erro nao esteja "
    "relacionado com: I - as variaveis que determinam o valor do imposto tais como: base de calculo, aliquota, diferenca "
    "de preco, quantidade, valor da operacao ou da prestacao; II - a correcao de dados cadastrais que implique mudanca do "
    "remetente ou do destinatario; III - a data de emissao ou de saida."
)


@dataclass(slots=True)
class Fornecedores:
    """The hands that sign, one per CNPJ, made when first needed."""

    estado: Estado
    assinadores: dict[str, Assinador] = field(default_factory=dict[str, Assinador])

    def issue_nota(self, encomenda: Encomenda) -> str:
        """Issue one note and return its key. ValueError with the official text when a rule refuses it."""
        agora = self.estado.relogio.now().replace(microsecond=0)
        autorizador = home_authorizer(encomenda.uf, "55")
        destino = Destino(encomenda.uf, emitente=encomenda.emitente, ambiente=encomenda.ambiente)
        pedido = Pedido(b"", agora, autorizador, encomenda.ambiente, destino=destino)
        livro = self.estado.livro
        with livro.transaction():
            numero = livro.next_number(
                f"fornecedor-{encomenda.emitente}-{encomenda.serie}-{encomenda.ambiente}"
            )
            inf, identidade = write_nota(encomenda, numero, agora)
            assinatura = self._signer(encomenda.emitente).sign(inf, identidade)
            texto = f"<NFe {_NS}>{inf.replace(f' {_NS}', '', 1)}{assinatura}</NFe>".encode()
            raiz = xml.parse(texto)
            recebida = NotaRecebida(texto, xml.read_grupo(raiz), raiz)
            veredito = judge_nota(recebida, pedido, self.estado)
            if veredito.c_stat not in (100, 150):
                raise ValueError(f"a nota do fornecedor foi recusada: {veredito.c_stat} {veredito.motivo}")
        return veredito.chave

    def recipient(self, encomenda: Encomenda) -> Encomenda:
        """The order with what the register knows of its recipient: UF, IE and name."""
        registros = self.estado.cadastro.of(encomenda.destinatario)
        if not registros:
            return encomenda
        melhor = next((r for r in registros if r.ie and r.ativa), registros[0])
        ie = melhor.ie if melhor.ativa and melhor.ie.isdigit() else ""
        return replace(encomenda, uf=melhor.uf, ie=ie, nome_destinatario=melhor.nome)

    def register_evento(self, chave: str, tipo: str, dados: dict[str, Any]) -> dict[str, Any]:
        """110110 or 110111 by the issuer of a supplier's note; any of `EVENTOS_DO_FISCO` by the Fisco."""
        nota = next((n for a in (2, 1) if (n := self.estado.livro.find_nota(a, chave)) is not None), None)
        if nota is None:
            raise ValueError(f"não há nota autorizada com a chave {chave}")
        if tipo in EVENTOS_DO_FISCO:
            return self._by_fisco(nota, tipo)
        if tipo not in ("110110", "110111"):
            aceitos = ", ".join(("110110", "110111", *EVENTOS_DO_FISCO))
            raise ValueError(f"tipo {tipo!r} não é dos que esta chamada registra: {aceitos}")
        if nota.emitente not in self.assinadores:
            raise ValueError(f"{nota.emitente} não é um fornecedor fictício deste simulador")
        return self._by_issuer(nota, tipo, dados)

    def _signer(self, cnpj: str) -> Assinador:
        agora = self.estado.relogio.now()
        atual = self.assinadores.get(cnpj)
        if atual is None or not atual.valid_at(agora):
            atual = Assinador.issue(self.estado.autoridade, "Empresa Ficticia", cnpj, agora)
            self.assinadores[cnpj] = atual
        return atual

    def _event(self, nota: NotaLivro, tipo: str, autor: str, orgao: str, detalhe: str) -> bytes:
        agora = self.estado.relogio.now()
        sequencia = 1
        while self.estado.livro.find_evento(nota.ambiente, nota.chave, tipo, sequencia) is not None:
            sequencia += 1
        identidade = f"ID{tipo}{nota.chave}{sequencia:02d}"
        inf = (
            f'<infEvento {_NS} Id="{identidade}"><cOrgao>{orgao}</cOrgao><tpAmb>{nota.ambiente}</tpAmb><CNPJ>{autor}</CNPJ>'
            f"<chNFe>{nota.chave}</chNFe><dhEvento>{local_text(agora, 'SP')}</dhEvento><tpEvento>{tipo}</tpEvento>"
            f"<nSeqEvento>{sequencia}</nSeqEvento><verEvento>1.00</verEvento>"
            f'<detEvento versao="1.00">{detalhe}</detEvento></infEvento>'
        )
        assinatura = self._signer(autor).sign(inf, identidade)
        return f'<evento {_NS} versao="1.00">{inf.replace(f" {_NS}", "", 1)}{assinatura}</evento>'.encode()

    def _by_issuer(self, nota: NotaLivro, tipo: str, dados: dict[str, Any]) -> dict[str, Any]:
        destino = destination_of_key(nota.chave, str(nota.ambiente))
        if tipo == "110111":
            motivo = escape(str(dados.get("justificativa") or "Cancelada pelo fornecedor ficticio"))
            detalhe = (
                f"<descEvento>Cancelamento</descEvento><nProt>{nota.protocolo}</nProt><xJust>{motivo}</xJust>"
            )
        else:
            texto = escape(str(dados.get("correcao") or "Corrige a descricao da mercadoria ficticia"))
            detalhe = f"<descEvento>Carta de Correcao</descEvento><xCorrecao>{texto}</xCorrecao><xCondUso>{_CONDICAO}</xCondUso>"
        orgao = CODIGO_DA_UF[destino.uf]
        fatia = self._event(nota, tipo, nota.emitente, orgao, detalhe)
        agora = self.estado.relogio.now().replace(microsecond=0)
        pedido = Pedido(fatia, agora, AUTORIZADORES[nota.autorizador], nota.ambiente, destino=destino)
        veredito = judge_evento(fatia, xml.read_grupo(xml.parse(fatia)), pedido, self.estado, orgao)
        return {"c_stat": veredito.c_stat, "motivo": veredito.motivo}

    def _by_fisco(self, nota: NotaLivro, tipo: str) -> dict[str, Any]:
        """Registered as it is: the Fisco is not judged by these tables."""
        livro, agora = self.estado.livro, self.estado.relogio.now().replace(microsecond=0)
        detalhe = f"<descEvento>{EVENTOS_DO_FISCO[tipo]}</descEvento>"
        fatia = self._event(nota, tipo, _FISCO, "91", detalhe)
        grupo = xml.read_grupo(xml.parse(fatia)).grupo("infEvento")
        pedido = Pedido(fatia, agora, AUTORIZADORES["AN"], nota.ambiente)
        anteriores = livro.eventos_of(nota.ambiente, nota.chave)
        motivo = "Evento registrado e vinculado a NF-e"
        with livro.transaction():
            protocolo = next_protocol(pedido, self.estado, "91")
            identidade = (nota.chave, tipo, EVENTOS_DO_FISCO[tipo], grupo.texto("nSeqEvento"))
            retorno = ret_evento(pedido.cabecalho, "91", 135, motivo, identidade, protocolo=protocolo)
            registrado = EventoLivro(
                nota.ambiente, nota.chave, tipo, int(grupo.texto("nSeqEvento")), _FISCO, "AN", protocolo, 135,
                pedido.cabecalho.recebido_em, proc_evento(fatia.decode(), retorno),
            )  # fmt: skip
            livro.add_evento(registrado)
            publish_evento(livro, registrado, read_nota(nota.xml), anteriores, agora.isoformat())
        return {"c_stat": 135, "motivo": motivo}
