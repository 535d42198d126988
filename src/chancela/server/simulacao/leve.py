"""The light authority: of a request it reads key, numbers and digest, and answers as the law of the ledger says.

No schema, signature or business rule: what is left is what makes documents get lost or doubled (204, 539, 217, 573,
563, 241, receipts), at a cost that allows months.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chancela.kit.clock import Clock
from chancela.server.simulacao.autoridades import FORCADAS, SEGUNDOS_105, digest_of, is_svc, subject_of
from chancela.server.simulacao.provas import FaixaNoLivro, Livro, NotaNoLivro
from chancela.simulator import retornos
from chancela.simulator.falhas import TipoFalha
from chancela.simulator.sefaz import Desfecho
from chancela.simulator.servicos.catalogo import find_servico
from chancela.simulator.soap import content_type, wrap

_BRASILIA = ZoneInfo("America/Sao_Paulo")
_HTML = b"<html><body><h1>503</h1></body></html>"
_ANTES = {
    TipoFalha.QUEDA_ANTES: Desfecho(b"", "text/plain", corta_apos=0),
    TipoFalha.HTML: Desfecho(_HTML, "text/html"),
    TipoFalha.HTTP_500: Desfecho(_HTML, "text/html", 500),
}
_CANCELAMENTOS, _AUTORIZADO = ("110111", "110112"), (100, "Autorizado o uso da NF-e")

_SVC_FORA = (114, "SVC desabilitada pela SEFAZ de Origem")


@dataclass(frozen=True, slots=True)
class _Nota:
    no_livro: NotaNoLivro
    prot_nfe: str
    eventos: tuple[str, ...] = ()


class AutoridadeLeve:
    """One ledger in memory."""

    def __init__(self, relogio: Clock) -> None:
        self._relogio = relogio
        self._notas: dict[str, _Nota] = {}
        self._naturais: dict[str, str] = {}
        self._eventos: dict[tuple[str, str, str], str] = {}
        self._faixas: dict[FaixaNoLivro, str] = {}
        self._recepcoes: list[tuple[str, int]] = []
        self._lotes: dict[str, tuple[datetime, str, str]] = {}
        self._protocolos = 0
        self._svc = False

    def switch_svc(self, *, ligada: bool) -> None:
        self._svc = ligada

    # -- the wire -----------------------------------------------------------------------------------------

    def handle(self, caminho: str, corpo: bytes, der: bytes, falha: TipoFalha | None) -> Desfecho:
        """See `Autoridade`; whose certificate `der` is does not matter here."""
        del der
        servico = find_servico(caminho)
        assert servico is not None, caminho
        if falha is not None and falha in _ANTES:
            return _ANTES[falha]
        texto = self._answer(servico.nome, caminho, corpo, falha)
        if falha is TipoFalha.DUPLICADA:
            texto = self._answer(servico.nome, caminho, corpo, falha)
        if falha is TipoFalha.SEM_DIGVAL:
            texto = re.sub(r"<digVal>[^<]*</digVal>", "", texto)
        resposta = wrap(texto, servico.nome, servico.resultado, soap11=False)
        desfecho = Desfecho(resposta, content_type(soap11=False))
        if falha is TipoFalha.QUEDA_APOS:
            return replace(desfecho, corta_apos=0)
        return replace(desfecho, corta_apos=len(resposta) // 2) if falha is TipoFalha.TRUNCADA else desfecho

    def _answer(self, servico: str, caminho: str, corpo: bytes, falha: TipoFalha | None) -> str:
        assunto = subject_of(corpo)
        cab = self._header()
        if is_svc(caminho) and not self._svc and servico == "NFeAutorizacao4":
            return retornos.ret_envi(cab, *_SVC_FORA)
        if servico == "NFeAutorizacao4":
            return self._authorise(cab, assunto, digest_of(corpo), falha)
        if servico == "NFeRetAutorizacao4":
            return self._receipt(cab, assunto)
        if servico == "NFeConsultaProtocolo4":
            forcada = FORCADAS.get(falha) if falha is not None and falha is not TipoFalha.C_STAT else None
            return self._query(cab, assunto, forcada)
        if servico == "NFeRecepcaoEvento4":
            return self._event(cab, assunto, corpo, falha)
        if servico == "NFeInutilizacao4":
            return self._void(cab, assunto)
        if servico == "NFeStatusServico4":
            return self._status(cab, caminho, falha)
        raise AssertionError(f"{servico} is not played in light mode")

    def _status(self, cab: retornos.Cabecalho, caminho: str, falha: TipoFalha | None) -> str:
        if falha is not None and falha in FORCADAS and falha is not TipoFalha.C_STAT:
            return retornos.ret_status(cab, *FORCADAS[falha])
        if is_svc(caminho) and not self._svc:
            return retornos.ret_status(cab, *_SVC_FORA)
        return retornos.ret_status(cab, 107, "Serviço em Operação", tempo_medio_s=1)

    def _header(self) -> retornos.Cabecalho:
        agora = self._relogio.now().astimezone(_BRASILIA).replace(microsecond=0)
        return retornos.Cabecalho(2, "LEVE", "35", agora.isoformat())

    def _next_protocol(self) -> str:
        self._protocolos += 1
        return f"135{self._relogio.now():%y}{self._protocolos:010d}"

    # -- services -----------------------------------------------------------------------------------------

    def _authorise(self, cab: retornos.Cabecalho, chave: str, digest: str, falha: TipoFalha | None) -> str:
        if falha is not None and falha in FORCADAS and falha is not TipoFalha.C_STAT:
            return retornos.ret_envi(cab, *FORCADAS[falha])
        if falha is TipoFalha.LOTE_EM_PROCESSAMENTO:
            recibo = f"351{len(self._lotes) + 1:012d}"
            self._lotes[recibo] = (self._relogio.now() + timedelta(seconds=SEGUNDOS_105), chave, digest)
            return retornos.ret_envi(cab, 105, "Lote em processamento", recibo=recibo)
        forcado = FORCADAS[TipoFalha.C_STAT] if falha is TipoFalha.C_STAT else None
        return retornos.ret_envi(
            cab, 104, "Lote processado", protocolo=self._judge(cab, chave, digest, forcado)
        )

    def _judge(
        self, cab: retornos.Cabecalho, chave: str, digest: str, forcado: tuple[int, str] | None
    ) -> str:
        natural = _natural(chave)
        ocupante = self._naturais.get(natural)
        if forcado is not None:
            veredito = forcado
        elif chave in self._notas:
            veredito = (204, f"Rejeição: Duplicidade de NF-e [nRec:000000000000000][chNFe:{chave}]")
        elif ocupante is not None:
            veredito = (
                539,
                f"Rejeição: Duplicidade de NF-e, com diferença na Chave de Acesso [chNFe: {ocupante}]",
            )
        elif self._voided(chave):
            veredito = (206, "Rejeição: NF-e já está inutilizada na Base de dados da SEFAZ")
        else:
            veredito = _AUTORIZADO
        self._recepcoes.append((chave, veredito[0]))
        if veredito is not _AUTORIZADO:
            return retornos.prot_nfe(cab, chave, *veredito)
        protocolo = self._next_protocol()
        prot = retornos.prot_nfe(cab, chave, *veredito, protocolo=protocolo, digest=digest)
        nota = NotaNoLivro(
            chave, chave[6:20], chave[20:22], int(chave[22:25]), int(chave[25:34]), digest, protocolo, False
        )
        self._notas[chave] = _Nota(nota, prot)
        self._naturais[natural] = chave
        return prot

    def _receipt(self, cab: retornos.Cabecalho, recibo: str) -> str:
        lote = self._lotes.get(recibo)
        if lote is None:
            return retornos.ret_recibo(cab, recibo, 106, "Lote não localizado")
        self._judge_due()
        if self._relogio.now() < lote[0]:
            return retornos.ret_recibo(cab, recibo, 105, "Lote em processamento")
        chave = lote[1]
        nota = self._notas.get(chave)
        prot = (
            nota.prot_nfe
            if nota is not None
            else retornos.prot_nfe(cab, chave, 999, "Rejeição: Erro não catalogado")
        )
        return retornos.ret_recibo(cab, recibo, 104, "Lote processado", prot)

    def _judge_due(self) -> None:
        """Lots whose time has come enter the ledger, in their order."""
        for pronto, chave, digest in self._lotes.values():
            if pronto <= self._relogio.now() and chave not in self._notas:
                self._judge(self._header(), chave, digest, None)

    def _query(self, cab: retornos.Cabecalho, chave: str, forcada: tuple[int, str] | None) -> str:
        self._judge_due()
        nota = self._notas.get(chave)
        if forcada is not None:
            return retornos.ret_consulta(cab, chave, *forcada)
        if nota is not None:
            situacao = (101, "Cancelamento de NF-e homologado") if nota.no_livro.cancelada else _AUTORIZADO
            return retornos.ret_consulta(cab, chave, *situacao, nota.prot_nfe + "".join(nota.eventos))
        outra = self._naturais.get(_natural(chave))
        if outra is not None:
            return retornos.ret_consulta(
                cab, chave, 613, f"Rejeição: Chave de Acesso difera da existente em BD [chNFe: {outra}]"
            )
        return retornos.ret_consulta(cab, chave, 217, "Rejeição: NF-e não consta na base de dados da SEFAZ")

    def _event(self, cab: retornos.Cabecalho, chave: str, corpo: bytes, falha: TipoFalha | None) -> str:
        texto = corpo.decode()
        tipo = _text(texto, "tpEvento")
        sequencia, descricao = _text(texto, "nSeqEvento"), _text(texto, "descEvento")
        lote = _text(texto, "idLote")
        if falha is not None and falha in FORCADAS:
            return retornos.ret_env_evento(cab, lote, "35", *FORCADAS[falha])
        identidade = (chave, tipo, descricao, sequencia)
        nota = self._notas.get(chave)
        if nota is None:
            veredito = (494, "Rejeição: Chave de Acesso inexistente")
        elif (chave, tipo, sequencia) in self._eventos:
            veredito = (573, "Rejeição: Duplicidade de Evento")
        elif nota.no_livro.cancelada:
            veredito = (580, "Rejeição: O evento exige uma NF-e autorizada")
        else:
            veredito = (135, "Evento registrado e vinculado a NF-e")
        protocolo = self._next_protocol() if veredito[0] == 135 else ""
        retorno = retornos.ret_evento(cab, "35", *veredito, identidade, protocolo=protocolo)
        if nota is not None and veredito[0] == 135:
            evento = texto[texto.index("<evento ") : texto.index("</evento>") + len("</evento>")]
            self._eventos[chave, tipo, sequencia] = retorno
            no_livro = replace(nota.no_livro, cancelada=True) if tipo in _CANCELAMENTOS else nota.no_livro
            eventos = (*nota.eventos, retornos.proc_evento(evento, retorno))
            self._notas[chave] = replace(nota, no_livro=no_livro, eventos=eventos)
        return retornos.ret_env_evento(cab, lote, "35", 128, "Lote de Evento Processado", retorno)

    def _void(self, cab: retornos.Cabecalho, identidade: str) -> str:
        """`identidade`: ID, cUF(2), ano(2), CNPJ(14), mod(2), serie(3), first(9), last(9)."""
        ano, cnpj, modelo = identidade[4:6], identidade[6:20], identidade[20:22]
        serie, inicio, fim = identidade[22:25], identidade[25:34], identidade[34:43]
        campos = {
            "ano": ano, "CNPJ": cnpj, "mod": modelo, "serie": str(int(serie)), "nNFIni": str(int(inicio)),
            "nNFFin": str(int(fim)),
        }  # fmt: skip
        faixa = FaixaNoLivro(cnpj, modelo, int(serie), int(inicio), int(fim))
        if faixa in self._faixas:
            return retornos.ret_inut(
                cab, 563, "Rejeição: Já existe pedido de Inutilização com a mesma faixa", campos,
                protocolo=self._faixas[faixa],
            )  # fmt: skip
        usados = (
            self._naturais.get(f"{cnpj}{modelo}{serie}{n:09d}") for n in range(faixa.inicio, faixa.fim + 1)
        )
        if any(usados):
            return retornos.ret_inut(cab, 241, "Rejeição: Um número da faixa já foi utilizado")
        self._faixas[faixa] = self._next_protocol()
        return retornos.ret_inut(
            cab, 102, "Inutilização de número homologado", campos, protocolo=self._faixas[faixa]
        )

    def _voided(self, chave: str) -> bool:
        emitente, modelo, serie, numero = chave[6:20], chave[20:22], int(chave[22:25]), int(chave[25:34])
        return any(
            (f.emitente, f.modelo, f.serie) == (emitente, modelo, serie) and f.inicio <= numero <= f.fim
            for f in self._faixas
        )

    # -- the ledger ---------------------------------------------------------------------------------------

    def read_ledger(self) -> Livro:
        self._judge_due()
        return Livro(
            [nota.no_livro for nota in self._notas.values()], list(self._faixas), list(self._recepcoes)
        )

    def close(self) -> None:
        """Nothing to let go."""


def _natural(chave: str) -> str:
    """Issuer, model, series and number of a key."""
    return chave[6:34]


def _text(corpo: str, tag: str) -> str:
    return corpo.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]
