"""NFeDistribuicaoDFe of the Ambiente Nacional: pages by NSU, one NSU, or one note by its key (NT 2014.002 v1.21)."""

import base64
import gzip
from dataclasses import replace
from datetime import datetime, timedelta

from chancela.simulator import xml
from chancela.simulator.consumo import judge_pace
from chancela.simulator.estado import Estado
from chancela.simulator.interessados import CIENTES, event_group, parties_of
from chancela.simulator.livro_distribuicao import Distribuido, TipoDistribuido
from chancela.simulator.livro_eventos import EventoLivro
from chancela.simulator.nota import read_nota
from chancela.simulator.pedido import Destino, Pedido, Resposta, number
from chancela.simulator.regras.contas import MENSAGENS_CHAVE, cnpj_ok, cpf_ok, key_fault
from chancela.simulator.regras.mensagem import refusal
from chancela.simulator.retornos import proc_nfe, res_evento, res_nfe, ret_distribuicao
from chancela.simulator.servicos.base import Servico
from chancela.simulator.tabelas import UF_DO_CODIGO, Autorizador
from chancela.simulator.xml import Grupo

POR_PAGINA = 50
GUARDA = timedelta(days=90)
Recusa = tuple[int, str] | None


class DistribuicaoDFe(Servico):
    """Distribution of documents to those who have an interest in them."""

    nome = "NFeDistribuicaoDFe"
    metodo = "nfeDistDFeInteresse"
    raiz = "distDFeInt"
    esquema = "nfe_dist_dfe/schemas/v1_0/distDFeInt_v1.01"
    esquema_retorno = "nfe_dist_dfe/schemas/v1_0/retDistDFeInt_v1.01"
    versao = "1.01"
    limite_bytes = 10 * 1024
    so_digitos = True
    sem_titular = refusal("A07d")
    resultado = ("nfeDistDFeInteresseResponse", "nfeDistDFeInteresseResult")

    def offered_by(self, autorizador: Autorizador, uf: str) -> bool:
        """By the Ambiente Nacional alone."""
        del uf
        return autorizador.nome == "AN"

    def destination(self, grupo: Grupo) -> Destino:
        return Destino(
            uf=UF_DO_CODIGO.get(grupo.texto("cUFAutor"), ""),
            emitente=grupo.texto("CNPJ") or grupo.texto("CPF"),
            chave=grupo.grupo("consChNFe").texto("chNFe"),
            ambiente=number(grupo.texto("tpAmb")),
            autorizador="AN",
        )

    def answer(self, pedido: Pedido, estado: Estado) -> Resposta:
        grupo, documento = pedido.grupo, pedido.destino.emitente
        recusa = _check_asker(pedido)
        if recusa is not None:
            return self.refuse(pedido, recusa[0], f"Rejeição: {recusa[1]}")
        ult_nsu = int(grupo.grupo("distNSU").texto("ultNSU")) if grupo.tem("distNSU") else None
        abuso = self._check_pace(pedido, estado, documento, ult_nsu)
        if abuso is not None:
            return abuso
        if ult_nsu is not None:
            return self._page(pedido, estado, documento, ult_nsu)
        if grupo.tem("consNSU"):
            return self._one(pedido, estado, documento, int(grupo.grupo("consNSU").texto("NSU")))
        return self._by_key(pedido, estado, documento, pedido.destino.chave)

    def refuse(self, pedido: Pedido, c_stat: int, motivo: str) -> Resposta:
        pedida = pedido.grupo.grupo("distNSU").texto("ultNSU")
        return self._answer(
            pedido, c_stat, motivo, int(pedida) if pedida.isdigit() and len(pedida) <= 15 else 0
        )

    def _answer(
        self, pedido: Pedido, c_stat: int, motivo: str, ult_nsu: int, max_nsu: int = 0, documentos: str = ""
    ) -> Resposta:
        texto = ret_distribuicao(pedido.cabecalho, c_stat, motivo, ult_nsu, max_nsu, documentos)
        return Resposta(texto, c_stat, motivo, pedido.destino.chave)

    def _check_pace(
        self, pedido: Pedido, estado: Estado, documento: str, ult_nsu: int | None
    ) -> Resposta | None:
        """656, with the ultNSU to go on from."""
        if not estado.consumo.distribuicao:
            return None
        ritmo = estado.livro.pace(pedido.ambiente, documento)
        motivo, depois = judge_pace(ritmo, pedido.agora, ult_nsu)
        if depois != ritmo:
            estado.livro.store_pace(pedido.ambiente, documento, depois)
        if motivo is None:
            return None
        maximo = estado.livro.max_nsu(pedido.ambiente, documento)
        return self._answer(pedido, 656, motivo, ritmo.servido_nsu, maximo)

    def _page(self, pedido: Pedido, estado: Estado, documento: str, ult_nsu: int) -> Resposta:
        livro, ambiente = estado.livro, pedido.ambiente
        maximo = livro.max_nsu(ambiente, documento)
        if ult_nsu > maximo:
            motivo = "Rejeição: Número do NSU informado superior ao maior NSU do Ambiente Nacional"
            return self._answer(pedido, 589, motivo, ult_nsu, maximo)
        ritmo = livro.pace(ambiente, documento)
        desde = (pedido.agora - GUARDA).isoformat()
        if estado.consumo.primeiro_contato:
            desde = max(desde, ritmo.contato_em or pedido.agora.isoformat())
        achados = livro.page(ambiente, documento, ult_nsu, desde, POR_PAGINA)
        fim = achados[-1].nsu if achados else ult_nsu
        agora = pedido.agora.isoformat()
        esgotado = not achados or fim == maximo
        depois = replace(
            ritmo, contato_em=ritmo.contato_em or agora, pedido_nsu=ult_nsu, servido_nsu=fim, esgotado_em=agora if esgotado else ""
        )  # fmt: skip
        livro.store_pace(ambiente, documento, depois)
        if not achados:
            return self._answer(pedido, 137, "Nenhum documento localizado", fim, maximo)
        documentos = "".join(_zip(d, pedido, estado) for d in achados)
        return self._answer(pedido, 138, "Documento(s) localizado(s)", fim, maximo, documentos)

    def _one(self, pedido: Pedido, estado: Estado, documento: str, nsu: int) -> Resposta:
        maximo = estado.livro.max_nsu(pedido.ambiente, documento)
        if nsu > maximo:
            motivo = "Rejeição: Número do NSU informado superior ao maior NSU do Ambiente Nacional"
            return self._answer(pedido, 589, motivo, nsu, maximo)
        achado = estado.livro.at_nsu(pedido.ambiente, documento, nsu)
        if achado is None or _expired(achado.em, pedido.agora):
            return self._answer(pedido, 137, "Nenhum documento localizado", nsu, maximo)
        zipado = _zip(achado, pedido, estado)
        return self._answer(pedido, 138, "Documento(s) localizado(s)", nsu, maximo, zipado)

    def _by_key(self, pedido: Pedido, estado: Estado, documento: str, chave: str) -> Resposta:
        """The note alone, without events; its summary for a recipient that has not told of it yet."""
        falha = key_fault(chave, pedido.agora.year)
        if falha is not None:
            return self.refuse(pedido, falha, f"Rejeição: {MENSAGENS_CHAVE[falha]}")
        registrada = estado.livro.find_nota(pedido.ambiente, chave)
        if registrada is None or registrada.modelo != "55":
            return self.refuse(pedido, 217, "Rejeição: NF-e não consta na base de dados da SEFAZ")
        eventos = estado.livro.eventos_of(pedido.ambiente, chave)
        partes = parties_of(read_nota(registrada.xml), eventos)
        recusa: Recusa = None
        if documento == partes.emitente:
            recusa = 641, "NF-e indisponível para o emitente"
        elif documento != partes.destinatario and documento not in partes.portadores:
            recusa = 640, "CNPJ/CPF do interessado não possui permissão para consultar esta NF-e"
        elif registrada.situacao != "autorizada":
            recusa = 653, "NF-e Cancelada, arquivo indisponível para download"
        elif _expired(registrada.recebida_em, pedido.agora):
            recusa = 632, "Solicitação fora de prazo, a NF-e não está mais disponível para download"
        if recusa is not None:
            return self.refuse(pedido, recusa[0], f"Rejeição: {recusa[1]}")
        ciente = documento in partes.portadores or any(e.tp_evento in CIENTES for e in eventos)
        tipo = TipoDistribuido.NOTA if ciente else TipoDistribuido.RESUMO_NOTA
        nsus = [d.nsu for d in estado.livro.of_key(pedido.ambiente, documento, chave) if d.tipo is tipo]
        achado = Distribuido(nsus[0] if nsus else 0, tipo, chave, "", registrada.recebida_em)
        maximo = estado.livro.max_nsu(pedido.ambiente, documento)
        return self._answer(
            pedido, 138, "Documento(s) localizado(s)", achado.nsu, maximo, _zip(achado, pedido, estado)
        )


def _check_asker(pedido: Pedido) -> Recusa:
    """The person exists and is the one of the certificate, any establishment of it."""
    grupo, transmissor = pedido.grupo, pedido.transmissor
    assert transmissor is not None, "the transmitter was checked"
    cnpj, cpf = grupo.texto("CNPJ"), grupo.texto("CPF")
    if cnpj and not cnpj_ok(cnpj):
        return 489, "CNPJ informado inválido (DV ou zeros)"
    if cpf and not cpf_ok(cpf):
        return 490, "CPF informado inválido (DV ou zeros)"
    if cnpj and cnpj[:8] != transmissor.cnpj[:8]:
        return 593, "CNPJ-Base consultado difere do CNPJ-Base do Certificado Digital"
    if cpf and cpf != transmissor.cpf:
        return 472, "CPF consultado difere do CPF do Certificado Digital"
    return None


def _expired(em: str, agora: datetime) -> bool:
    return agora - datetime.fromisoformat(em) > GUARDA


def _zip(achado: Distribuido, pedido: Pedido, estado: Estado) -> str:
    """docZip of one row. The gzip header carries no time, so that the same document is the same bytes."""
    conteudo = gzip.compress(_write(achado, pedido.ambiente, estado), mtime=0)
    nsu = f' NSU="{achado.nsu:015d}"' if achado.nsu else ""
    return f'<docZip{nsu} schema="{achado.tipo.value}">{base64.b64encode(conteudo).decode()}</docZip>'


def _write(achado: Distribuido, ambiente: int, estado: Estado) -> bytes:
    """The document itself, as it stands in the ledger."""
    if achado.tipo in (TipoDistribuido.EVENTO, TipoDistribuido.RESUMO_EVENTO):
        evento = _event_of(estado, ambiente, achado)
        if achado.tipo is TipoDistribuido.EVENTO:
            return evento.proc_evento.encode()
        return res_evento(event_group(evento), evento).encode()
    registrada = estado.livro.find_nota(ambiente, achado.chave)
    assert registrada is not None, "the queue names registered notes"
    if achado.tipo is TipoDistribuido.NOTA:
        return proc_nfe(registrada.xml, registrada.prot_nfe)
    inf = xml.read_grupo(xml.parse(registrada.xml)).grupo("infNFe")
    return res_nfe(inf, registrada).encode()


def _event_of(estado: Estado, ambiente: int, achado: Distribuido) -> EventoLivro:
    eventos = estado.livro.eventos_of(ambiente, achado.chave)
    return next(evento for evento in eventos if evento.protocolo == achado.protocolo)
