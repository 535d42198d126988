"""Issues an NF-e or NFC-e for a company from a neutral request: everything that must be known good before a number is taken.

One road for every face: assemble (text, places, taxes, rules) -> canonical text -> schema -> admit -> send.
"""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from chancela.documents.comum.texto import Ajuste
from chancela.documents.nfe.enumeracoes import Crt
from chancela.documents.nfe.modelo import Contingencia
from chancela.documents.nfe.montagem import NfeMontada, assemble_nfe
from chancela.documents.nfe.numeracao import build_checked, number_infnfe
from chancela.documents.nfe.participantes import Emitente, Endereco
from chancela.documents.nfe.pedido import PedidoNfe
from chancela.documents.nfe.reemissao import change_emission
from chancela.domain.chave import ChaveAcesso, choose_cnf
from chancela.domain.erros import EstadoInvalido, Severidade, Violacao
from chancela.domain.identidade import Modelo
from chancela.domain.tabelas.lugares import Lugares
from chancela.domain.tributos.categoria import Categoria
from chancela.domain.tributos.tabelas import Tabelas
from chancela.domain.xml.esquemas import Esquemas
from chancela.issuing.categorias_juntas import CategoriasJuntas
from chancela.issuing.configuracao_emissao import read_configuracao, read_contingencia
from chancela.issuing.contingencia import TipoEmissao, justification, legal_deadline
from chancela.issuing.emissao import Emissor
from chancela.issuing.empresa import Cadastro, Categorias, Empresa
from chancela.issuing.julgados import Julgados
from chancela.issuing.memoria import pack_passos
from chancela.issuing.modelo import Documento, NotaDevolvida, NovoDocumento, Numerado, Resumo
from chancela.kit.clock import Clock
from chancela.kit.frozen import replace
from chancela.kit.ids import IdSource
from chancela.kit.randomness import Randomness

_TEXTO_MOSTRADO = 120
_ITENS_DE_PASSAGEM = 20
"""Up to so many items a document is prepared where it is: a millisecond or two, less than handing it to a thread and back
costs when many do it. A larger one would hold up everybody else's."""
_CRT_DO_REGIME = {
    "simples_nacional": Crt.SIMPLES,
    "simples_excesso": Crt.SIMPLES_EXCESSO,
    "normal": Crt.NORMAL,
    "mei": Crt.MEI,
}


@dataclass(frozen=True, slots=True)
class Preparada:
    """A document known to be good, and its text with a number of its own kind still to be replaced."""

    montada: NfeMontada
    texto: bytes


class ServicoNfe:
    """The application service behind `invoice/create` and its like."""

    def __init__(
        self,
        *,
        emissor: Emissor,
        categorias: Categorias,
        lugares: Lugares,
        tabelas: Tabelas,
        esquemas: Esquemas,
        julgados: Julgados | None = None,
        clock: Clock,
        ids: IdSource,
        randomness: Randomness,
        executor: ThreadPoolExecutor,
    ) -> None:
        self._emissor = emissor
        self._categorias = CategoriasJuntas(categorias, executor)
        self._lugares = lugares
        self._tabelas = tabelas
        self._esquemas = esquemas
        self._julgados = julgados if julgados is not None else Julgados()
        self._clock = clock
        self._ids = ids
        self._randomness = randomness
        self._executor = executor

    async def issue(
        self,
        empresa: Empresa,
        pedido: PedidoNfe,
        *,
        referencia: str | None,
        reabrir: bool,
        corpo: bytes,
        offline: bool = False,
        insistir: bool = False,
        devolve: NotaDevolvida | None = None,
        cadastro: Cadastro | None = None,
    ) -> Documento:
        """Check, number, sign and send; waits for SEFAZ up to the deadline of the emissor.

        `offline` issues an NFC-e as the caller asked, with tpEmis 9; it travels as soon as SEFAZ answers. `cadastro` is what
        else was read with `empresa`: it is not asked for again.
        `insistir` lets a content through that was refused time and again. Raises `RegraViolada` with everything that is wrong; then nothing was stored and no number used.
        """
        preparada = await self.prepare(empresa, pedido, cadastro)
        novo = self._novo(
            empresa, preparada, referencia=referencia, reabrir=reabrir, corpo=corpo, offline=offline
        )
        novo = replace(novo, insistir=insistir, devolve=devolve, cadastro=cadastro)
        return await self._emissor.issue(novo)

    async def calculate(self, empresa: Empresa, pedido: PedidoNfe) -> NfeMontada:
        """The document that `issue` would number, with its taxes; nothing is stored, numbered or sent.

        Raises `RegraViolada` as `issue` does.
        """
        return (await self.prepare(empresa, pedido)).montada

    async def prepare(
        self, empresa: Empresa, pedido: PedidoNfe, cadastro: Cadastro | None = None
    ) -> Preparada:
        """Everything up to the number, without storing anything."""
        preparar = partial(
            prepare_document,
            empresa,
            pedido,
            categorias=await self._categorias.read(empresa.id, pedido, cadastro),
            tabelas=self._tabelas,
            lugares=self._lugares,
            esquemas=self._esquemas,
            agora=self._clock.now(),
        )
        if len(pedido.itens) <= _ITENS_DE_PASSAGEM:
            return preparar()
        return await asyncio.get_running_loop().run_in_executor(self._executor, preparar)

    def _novo(
        self,
        empresa: Empresa,
        preparada: Preparada,
        *,
        referencia: str | None,
        reabrir: bool,
        corpo: bytes,
        offline: bool,
    ) -> NovoDocumento:
        montada, texto = preparada.montada, preparada.texto
        tp_emis, ajustes = TipoEmissao.NORMAL, read_contingencia(empresa.configuracao)
        if offline:
            tp_emis = TipoEmissao.OFFLINE
            texto = change_emission(texto, tp_emis, Contingencia(montada.emissao, justification(ajustes)))
        modelo = montada.nfe.modelo
        serie_padrao, numero_inicial = numbering_of(empresa, modelo)
        sorteio = self._randomness.randbelow(100_000_000)

        def give_number(numero: int) -> Numerado:
            chave = ChaveAcesso.compose(
                uf=empresa.endereco.uf,
                emissao=montada.emissao,
                emitente=empresa.cnpj,
                modelo=modelo,
                serie=montada.serie,
                numero=numero,
                tp_emis=tp_emis,
                cnf=choose_cnf(sorteio, numero),
            )
            numerado = number_infnfe(texto, chave)
            self._julgados.remember(texto, numerado)
            return Numerado(chave.texto, numerado)

        return NovoDocumento(
            id=self._ids.new(),
            empresa_id=empresa.id,
            modelo=modelo,
            ambiente=montada.ambiente,
            emitente=empresa.cnpj,
            uf=empresa.endereco.uf,
            serie=montada.serie,
            tp_emis=tp_emis,
            contingencia_em=montada.emissao if offline else None,
            transmitir_ate=legal_deadline(tp_emis, montada.emissao, ajustes),
            referencia=referencia,
            emitido_em=montada.emissao,
            resumo=Resumo(
                valor_total=montada.valor_total,
                natureza_operacao=montada.natureza_operacao,
                destinatario_nome=montada.destinatario_nome,
                destinatario_documento=montada.destinatario_documento,
                quantidade_itens=montada.quantidade_itens,
                total_tributos=montada.total_tributos,
            ),
            numerar=give_number,
            pedido=corpo,
            reabrir=reabrir,
            numero_inicial=numero_inicial if montada.serie == serie_padrao else 1,
            avisos=warnings_of(montada),
            memoria=pack_passos(montada.resultado.passos),
        )


def prepare_document(
    empresa: Empresa,
    pedido: PedidoNfe,
    *,
    categorias: Mapping[str, Categoria],
    tabelas: Tabelas,
    lugares: Lugares,
    esquemas: Esquemas,
    agora: datetime,
) -> Preparada:
    """The document of a request with all that must hold before it gets a number. Pure.

    Raises `RegraViolada` with everything that is wrong with it.
    """
    montada = assemble_nfe(
        pedido,
        emitente=issuer_of(empresa),
        categorias=categorias,
        tabelas=tabelas,
        lugares=lugares,
        agora=agora,
        configuracao=read_configuracao(empresa.configuracao, serie=numbering_of(empresa, pedido.modelo)[0]),
    )
    return Preparada(montada, build_checked(montada, pedido, esquemas=esquemas))


def numbering_of(empresa: Empresa, modelo: Modelo) -> tuple[int, int]:
    """Series of a company's documents of a model, and the first number of that series when it was never used.

    Raises `EstadoInvalido` for an NFC-e of a company that was not registered for it.
    """
    if modelo is Modelo.NFE:
        return empresa.serie_nfe, empresa.numero_nfe
    if empresa.serie_nfce is None:
        raise EstadoInvalido(
            "EMPRESA-SEM-NFCE",
            "A empresa não está cadastrada para emitir NFC-e.",
            "Cadastre o CSC e a série em nfce/company/create.",
        )
    return empresa.serie_nfce, empresa.numero_nfce or 1


def issuer_of(empresa: Empresa) -> Emitente:
    """The issuer group of every document of a company."""
    endereco = empresa.endereco
    return Emitente(
        documento=empresa.cnpj,
        nome=empresa.razao_social,
        nome_fantasia=empresa.nome_fantasia or None,
        inscricao_estadual=empresa.inscricao_estadual or None,
        crt=_CRT_DO_REGIME[empresa.regime],
        endereco=Endereco(
            logradouro=endereco.logradouro,
            numero=endereco.numero,
            bairro=endereco.bairro,
            codigo_municipio=endereco.municipio_ibge,
            municipio=endereco.municipio,
            uf=endereco.uf,
            cep=endereco.cep,
            complemento=endereco.complemento or None,
            telefone=empresa.telefone or None,
        ),
    )


def warnings_of(montada: NfeMontada) -> tuple[Mapping[str, str], ...]:
    """What the answer tells besides the result: warnings of the rules, and texts that could not travel as they came."""
    return (
        *(_warning(aviso) for aviso in montada.avisos),
        *(_warning(_adjusted(ajuste)) for ajuste in montada.ajustes),
    )


def _adjusted(ajuste: Ajuste) -> Violacao:
    return Violacao(
        codigo="TEXTO-AJUSTADO",
        caminho=ajuste.caminho,
        mensagem=f"O texto foi escrito no documento como “{_short(ajuste.depois)}”.",
        correcao="Envie o texto sem espaços a mais, quebras de linha e caracteres fora do conjunto oficial, e no tamanho do campo.",
        valor=_short(ajuste.antes),
        severidade=Severidade.AVISO,
    )


def _short(texto: str) -> str:
    return texto if len(texto) <= _TEXTO_MOSTRADO else texto[: _TEXTO_MOSTRADO - 1] + "…"


def _warning(violacao: Violacao) -> Mapping[str, str]:
    return {
        "codigo": violacao.codigo,
        "caminho": violacao.caminho,
        "rotulo": violacao.rotulo,
        "valor": violacao.valor,
        "mensagem": violacao.mensagem,
        "correcao": violacao.correcao,
    }
