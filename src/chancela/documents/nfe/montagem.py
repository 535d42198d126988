"""Assembles a document out of a request: text, places, taxes, rules, with every violation told at once.

Pure: the moment, the tables and the look-ups come in. What comes out has no number yet; `numeracao` gives it one.
Order: values of the request -> recipient and places -> items -> taxes -> document -> rules.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from zoneinfo import ZoneInfo

from chancela.documents.comum.texto import Ajuste
from chancela.documents.nfe import montagem_grupos as grupos
from chancela.documents.nfe.coleta import Coleta
from chancela.documents.nfe.configuracao import ConfiguracaoEmissao
from chancela.documents.nfe.enumeracoes import Destino, Finalidade, FormatoDanfe, Presenca, TipoOperacao
from chancela.documents.nfe.modelo import (
    CompraGovernamental,
    Nfe,
    Pagamento,
    apply_ambiente,
)
from chancela.documents.nfe.montagem_agro import (
    check_agropecuario,
)
from chancela.documents.nfe.montagem_caminhos import path_in_pedido, to_pedido
from chancela.documents.nfe.montagem_emitente import read_emitente
from chancela.documents.nfe.montagem_especiais import fit_group
from chancela.documents.nfe.montagem_itens import ItemLido, read_itens
from chancela.documents.nfe.montagem_pagamento import read_pagamentos
from chancela.documents.nfe.montagem_partes import (
    ParteLida,
    complete_destinatario,
    read_destinatario,
)
from chancela.documents.nfe.montagem_raros import read_raros
from chancela.documents.nfe.participantes import Emitente
from chancela.documents.nfe.pedido import PedidoNfe
from chancela.documents.nfe.regras import check_nfe
from chancela.documents.nfe.textos import normalize_nfe
from chancela.documents.nfe.totais_informados import override_totais
from chancela.domain.erros import RegraViolada, Violacao
from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.domain.tabelas.lugares import Lugares
from chancela.domain.tributos.categoria import Categoria
from chancela.domain.tributos.entrada import Operacao
from chancela.domain.tributos.entrada import TipoOperacao as TipoPedido
from chancela.domain.tributos.motor import compute_tributos
from chancela.domain.tributos.resultado import Resultado
from chancela.domain.tributos.tabelas import Tabelas
from chancela.domain.valores import ZERO
from chancela.kit.frozen import frozen, replace

_COMPLETO = attrgetter("completo")
_DESTINOS = {destino.value: destino for destino in Destino}
_ENTRADAS = frozenset({TipoPedido.ENTRADA, TipoPedido.IMPORTACAO})
_COM_INDICADOR_INTERMEDIADOR = frozenset(
    {
        Presenca.PRESENCIAL,
        Presenca.INTERNET,
        Presenca.TELEATENDIMENTO,
        Presenca.ENTREGA_DOMICILIO,
        Presenca.OUTROS,
    }
)
_PELA_CATEGORIA = ("TRIB-CAT", "TRIB-CEN", "TRIB-REGIME", "TRIB-CFOP")
"""Codes of the engine that hold whatever the amounts are."""


@frozen
class NfeMontada:
    """A document known to be good, as far as can be known before SEFAZ, and what is told about it."""

    nfe: Nfe
    emissao: datetime
    """dhEmi: in the issuer's zone, whole seconds."""
    ambiente: Ambiente
    serie: int
    resultado: Resultado
    """The taxes with their reasoning (memória de cálculo)."""
    destinatario_nome: str
    """As the caller wrote it, also in homologation."""
    destinatario_documento: str
    avisos: tuple[Violacao, ...]
    ajustes: tuple[Ajuste, ...]

    @property
    def valor_total(self) -> Decimal:
        """vNF."""
        return self.nfe.totais.icms.valor_nota

    @property
    def total_tributos(self) -> Decimal:
        """What the note owes: ICMS in all its forms, IPI, II, PIS, COFINS and ISSQN.

        IBS and CBS stay out: what 2026 asks of them is taken off PIS and COFINS (LC 214/2025, art. 348).
        """
        icms, issqn = self.nfe.totais.icms, self.nfe.totais.issqn
        proprio = (
            icms.valor + icms.valor_fcp + (icms.valor_uf_destino or 0) + (icms.valor_fcp_uf_destino or 0)
        )
        retido = icms.valor_st + icms.valor_fcp_st + (icms.valor_mono or 0) + (icms.valor_mono_retencao or 0)
        federal = icms.valor_ii + icms.valor_ipi + icms.valor_pis + icms.valor_cofins
        if issqn is None:
            return proprio + retido + federal
        servicos = (issqn.valor or 0) + (issqn.valor_pis or 0) + (issqn.valor_cofins or 0)
        return proprio + retido + federal + servicos

    @property
    def natureza_operacao(self) -> str:
        """natOp."""
        return self.nfe.natureza_operacao

    @property
    def quantidade_itens(self) -> int:
        """How many items the document has."""
        return len(self.nfe.itens)


def issuer_zone(emitente: Emitente, lugares: Lugares) -> ZoneInfo:
    """The time zone of the issuer's municipality; that of Brasília when the municipality is unknown."""
    municipio = lugares.find_municipio(emitente.endereco.codigo_municipio)
    return ZoneInfo("America/Sao_Paulo" if municipio is None else municipio.fuso_horario)


def assemble_nfe(
    pedido: PedidoNfe,
    *,
    emitente: Emitente,
    categorias: Mapping[str, Categoria],
    tabelas: Tabelas,
    lugares: Lugares,
    agora: datetime,
    configuracao: ConfiguracaoEmissao,
) -> NfeMontada:
    """Turn a request into a document, or raise `RegraViolada` with everything that is wrong with it.

    `agora` is aware; it becomes dhEmi in the issuer's zone unless the request brings its own.
    """
    assert agora.tzinfo is not None, "the moment carries its offset"
    assert isinstance(emitente.endereco.uf, Uf), "the issuer is in Brazil"
    montagem = _Montagem(pedido, emitente, lugares, agora, configuracao)
    resultado = montagem.compute(categorias, tabelas)
    nfe = montagem.normalize(montagem.build(resultado))
    montagem.check(nfe)
    coleta = montagem.coleta
    if coleta.violacoes:
        raise RegraViolada(tuple(coleta.violacoes))
    parte = montagem.parte.destinatario
    return NfeMontada(
        nfe=apply_ambiente(nfe, pedido.ambiente),
        emissao=montagem.emissao,
        ambiente=pedido.ambiente,
        serie=montagem.serie,
        resultado=resultado,
        destinatario_nome="" if parte is None else parte.nome or "",
        destinatario_documento="" if parte is None else str(parte.documento),
        avisos=tuple(coleta.avisos),
        ajustes=tuple(coleta.normalizador.ajustes),
    )


class _Montagem:
    """The working state of one assembly."""

    def __init__(
        self,
        pedido: PedidoNfe,
        emitente: Emitente,
        lugares: Lugares,
        agora: datetime,
        configuracao: ConfiguracaoEmissao,
    ) -> None:
        self.pedido = pedido
        self.lugares = lugares
        self.configuracao = configuracao
        self.coleta = Coleta()
        self.emitente = read_emitente(self.coleta, emitente, pedido.emitente, lugares)
        self.fuso = issuer_zone(emitente, lugares)
        self.serie = configuracao.serie if pedido.serie is None else pedido.serie
        self.itens: tuple[ItemLido, ...] = ()
        assert isinstance(emitente.endereco.uf, Uf)
        self.uf = emitente.endereco.uf
        self._read_identification(agora)
        self.parte: ParteLida = read_destinatario(
            self.coleta,
            pedido.destinatario,
            tipo=pedido.tipo_operacao,
            modelo=pedido.modelo,
            uf_emitente=self.uf,
            lugares=lugares,
        )

    def _read_identification(self, agora: datetime) -> None:
        pedido, coleta = self.pedido, self.coleta
        lida = None
        if pedido.emissao:
            lida = coleta.momento("emissao", "Data de emissão", pedido.emissao, agora=agora, fuso=self.fuso)
        self.emissao = lida or agora.astimezone(self.fuso).replace(microsecond=0)
        self.natureza = coleta.texto(
            "natureza_operacao", "Natureza da operação", pedido.natureza_operacao, 60, obrigatorio=True
        )
        self.finalidade = coleta.codigo(
            "finalidade", "Finalidade", pedido.finalidade, Finalidade, Finalidade.NORMAL
        )
        sem_presenca = self.finalidade in (Finalidade.COMPLEMENTAR, Finalidade.AJUSTE)
        padrao = Presenca.NAO_SE_APLICA if sem_presenca else Presenca.OUTROS
        if pedido.modelo is Modelo.NFCE:
            padrao = Presenca.PRESENCIAL
        self.presenca = coleta.codigo("presenca", "Indicador de presença", pedido.presenca, Presenca, padrao)
        self.consumidor_final = None
        if pedido.consumidor_final:
            self.consumidor_final = coleta.sim_nao(
                "consumidor_final", "Consumidor final", pedido.consumidor_final
            )
        if pedido.modelo not in (Modelo.NFE, Modelo.NFCE):
            coleta.unknown_code(
                "modelo", "Modelo", pedido.modelo.value, (Modelo.NFE.value, Modelo.NFCE.value)
            )
        if pedido.tipo_emissao.strip() not in ("", "1"):
            coleta.refuse(
                "PEDIDO-TPEMIS-01",
                "tipo_emissao",
                "Tipo de emissão",
                "A contingência é iniciada pela plataforma, e não pelo pedido.",
                "Use 1 (normal): havendo contingência, ela é aplicada automaticamente.",
                valor=pedido.tipo_emissao,
            )

    # -- taxes --------------------------------------------------------------------------------------------

    def compute(self, categorias: Mapping[str, Categoria], tabelas: Tabelas) -> Resultado:
        """The taxes of the operation; what is wrong with them joins the rest, unless it follows from a gap."""
        pedido, coleta, parte = self.pedido, self.coleta, self.parte
        self.itens = read_itens(coleta, pedido, categorias)
        antes = len(coleta.violacoes)
        self.governo = pedido.compra_governamental
        if self.governo is not None:
            self.governo = fit_group(coleta, self.governo, "compra_governamental", "Compra governamental")
        desconto, frete, seguro, outras = self._amounts()
        operacao = Operacao(
            tipo=pedido.tipo_operacao,
            uf_emitente=self.uf,
            uf_destinatario=parte.uf,
            crt=int(self.emitente.crt),
            data_emissao=self.emissao.date(),
            itens=tuple([i.tributavel for i in self.itens]),
            modelo=pedido.modelo,
            finalidade=str(self.finalidade),
            tipo_pessoa=parte.tipo_pessoa,
            inscricao_estadual=parte.inscricao_estadual,
            ind_ie_dest=parte.indicador_ie,
            ind_final=self.consumidor_final,
            ind_presenca=str(self.presenca),
            desconto=desconto,
            frete=frete,
            seguro=seguro,
            outras_despesas=outras,
            compra_gov=self.governo,
            frete_retido=None
            if pedido.transporte is None
            else grupos.read_frete_retido(coleta, pedido, self.lugares),
            retencao=None
            if pedido.retencao_tributos is None
            else fit_group(coleta, pedido.retencao_tributos, "retencao_tributos", "Retenção de tributos"),
            regime_issqn=pedido.regime_issqn.strip() or None,
            data_servico=coleta.data("data_servico", "Data do serviço", pedido.data_servico)
            if pedido.data_servico
            else None,
            configuracao=self.configuracao.tributaria,
        )
        self.completa = (
            len(coleta.violacoes) == antes
            and bool(self.itens)
            and not parte.incompleta
            and all(map(_COMPLETO, self.itens))
        )
        resultado = compute_tributos(operacao, tabelas)
        if pedido.totais:
            informados = {
                caminho: lido
                for caminho, valor in pedido.totais.items()
                if (lido := coleta.quantia(f"totais.{caminho}", "Total informado", valor)) is not None
            }
            resultado = replace(resultado, totais=override_totais(resultado.totais, informados))
        self.calculada = self.completa and not resultado.violacoes
        for achadas in (resultado.violacoes, resultado.avisos):
            if achadas:
                coleta.merge(to_pedido(self._kept(achadas), pedido))
        return resultado

    def _amounts(self) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        """Discount, freight, insurance and other expenses of the document; zero where absent or wrong."""
        pedido, quantia = self.pedido, self.coleta.quantia
        frete = None if pedido.transporte is None else pedido.transporte.frete
        if pedido.desconto is frete is pedido.seguro is pedido.outras_despesas is None:
            return ZERO, ZERO, ZERO, ZERO
        return (
            quantia("desconto", "Desconto total", pedido.desconto) or ZERO,
            quantia("transporte.frete", "Frete", frete) or ZERO,
            quantia("seguro", "Seguro", pedido.seguro) or ZERO,
            quantia("outras_despesas", "Outras despesas", pedido.outras_despesas) or ZERO,
        )

    def _kept(self, violacoes: Iterable[Violacao]) -> tuple[Violacao, ...]:
        """Drop what the engine says because of stand-ins; keep what holds whatever the missing values are."""
        if self.completa:
            return tuple(violacoes)
        pelo_destino = ("TRIB-CEN", "TRIB-CFOP")
        aceitas = tuple(c for c in _PELA_CATEGORIA if not (self.parte.incompleta and c in pelo_destino))
        return tuple(v for v in violacoes if v.codigo.startswith(aceitas)) if self.itens else ()

    # -- document -----------------------------------------------------------------------------------------

    def build(self, resultado: Resultado) -> Nfe:
        """The document. Where the request failed it holds stand-ins, and is only good to be judged further."""
        pedido, coleta = self.pedido, self.coleta
        enquadramento = resultado.enquadramento
        if pedido.defensivos:
            check_agropecuario(coleta, pedido)
        pagamentos, troco = self._payments(resultado)
        intermediador = None
        if pedido.intermediador is not None:
            intermediador = grupos.read_intermediador(coleta, pedido)
        governo = self.governo
        nfce = pedido.modelo is Modelo.NFCE
        tributos = {t.numero: t for t in resultado.itens}
        destinatario = complete_destinatario(self.parte.destinatario, enquadramento.ind_ie_dest)
        return Nfe(
            modelo=pedido.modelo,
            natureza_operacao=self.natureza or "",
            tipo_operacao=TipoOperacao.ENTRADA if pedido.tipo_operacao in _ENTRADAS else TipoOperacao.SAIDA,
            destino=self._destination(_DESTINOS[enquadramento.destino]),
            municipio_fato_gerador=self._taxed_at() or self.emitente.endereco.codigo_municipio,
            emitente=self.emitente,
            itens=tuple([i.join(tributos[n]) for n, i in enumerate(self.itens, 1) if n in tributos]),
            totais=resultado.totais,
            pagamentos=pagamentos,
            finalidade=self.finalidade,
            consumidor_final=enquadramento.consumidor_final,
            presenca=self.presenca,
            formato_danfe=FormatoDanfe.NFCE if nfce else FormatoDanfe.RETRATO,
            saida_entrada=self._departure(),
            previsao_entrega=coleta.data("previsao_entrega", "Previsão de entrega", pedido.previsao_entrega)
            if pedido.previsao_entrega
            else None,
            municipio_fato_gerador_ibs=coleta.algarismos(
                "codigo_municipio_ibs", "Município do IBS", pedido.codigo_municipio_ibs, (7,)
            )
            if pedido.codigo_municipio_ibs
            else None,
            tipo_nota_debito=pedido.tipo_nota_debito.strip() or None,
            tipo_nota_credito=pedido.tipo_nota_credito.strip() or None,
            com_intermediador=self._has_intermediador(informado=intermediador is not None),
            versao_aplicativo=self.configuracao.versao_aplicativo,
            compra_governamental=None
            if governo is None
            else CompraGovernamental(governo.ente, governo.redutor, governo.operacao),
            destinatario=destinatario,
            troco=troco,
            intermediador=intermediador,
            **read_raros(
                coleta,
                pedido,
                resultado,
                self.configuracao,
                destinatario,
                emitente=self.emitente,
                lugares=self.lugares,
            ),
        )

    def normalize(self, nfe: Nfe) -> Nfe:
        """The texts that came in already typed (registry of the company, special products) made to fit as well."""
        limpa, ajustes = normalize_nfe(nfe, lidos=True)
        if not ajustes:
            return limpa
        self.coleta.normalizador.ajustes.extend(
            replace(a, caminho=path_in_pedido(a.caminho, self.pedido)) for a in ajustes
        )
        return limpa

    def _payments(self, resultado: Resultado) -> tuple[tuple[Pagamento, ...], Decimal | None]:
        total = resultado.totais.icms.valor_nota if self.calculada else None
        return read_pagamentos(self.coleta, self.pedido, self.finalidade, total)

    def _taxed_at(self) -> str | None:
        """cMunFG as the request states it."""
        if not self.pedido.codigo_municipio_fato_gerador:
            return None
        return self.coleta.algarismos(
            "codigo_municipio_fato_gerador",
            "Município do fato gerador",
            self.pedido.codigo_municipio_fato_gerador,
            (7,),
        )

    def _destination(self, derivado: Destino) -> Destino:
        """idDest. Where the caller states every tax, nothing was computed from the destination and theirs stands."""
        if self.pedido.informs_tributos:
            return self.coleta.codigo(
                "destino", "Destino da operação", self.pedido.destino, Destino, derivado
            )
        informado = self.pedido.destino.strip()
        if informado and informado != derivado.value and not self.parte.incompleta:
            self.coleta.refuse(
                "PEDIDO-DESTINO-01",
                "destino",
                "Destino da operação",
                f"O destino informado não é o da operação, que é {derivado.value}.",
                "Não informe o destino, ou corrija o endereço do destinatário.",
                valor=informado,
            )
        return derivado

    def _departure(self) -> datetime | None:
        """dhSaiEnt: as asked, else the moment of issue; a NFC-e has none unless asked (and is then refused)."""
        lida = None
        if self.pedido.saida_entrada:
            lida = self.coleta.momento(
                "saida_entrada",
                "Data de saída ou entrada",
                self.pedido.saida_entrada,
                agora=self.emissao,
                fuso=self.fuso,
            )
        if lida is None and self.pedido.modelo is Modelo.NFE:
            return self.emissao
        return lida

    def _has_intermediador(self, *, informado: bool) -> bool | None:
        if self.pedido.com_intermediador:
            pedido = self.coleta.sim_nao(
                "com_intermediador", "Indicador de intermediador", self.pedido.com_intermediador
            )
            if pedido is not None:
                return pedido
        if informado:
            return True
        return False if self.presenca in _COM_INDICADOR_INTERMEDIADOR else None

    # -- rules --------------------------------------------------------------------------------------------

    def check(self, nfe: Nfe) -> None:
        """The rules over the whole document. Where the reading failed, the stand-ins are not judged: no rule on the
        same field, and none on taxes, totals and payments when those could not be reached."""
        emissao, ambiente = self.emissao, self.pedido.ambiente
        violacoes = check_nfe(nfe, ambiente=ambiente, emissao=emissao, serie=self.serie)
        if not violacoes:
            return
        achadas = to_pedido(violacoes, self.pedido)
        tocados = [v.caminho for v in self.coleta.violacoes]
        self.coleta.merge(
            v
            for v in achadas
            if (self.calculada or _holds_without_taxes(v))
            and not any(_overlap(v.caminho, t) for t in tocados)
        )


def _holds_without_taxes(violacao: Violacao) -> bool:
    """Whether a rule says something about the request even though its taxes could not be computed."""
    raiz = violacao.caminho.partition(".")[0].partition("[")[0]
    if raiz == "itens":
        return violacao.codigo.startswith("NFE-ITEM") and violacao.caminho != "itens"
    return raiz not in ("pagamentos", "troco", "cobranca", "destino", "consumidor_final", "destinatario")


def _overlap(um: str, outro: str) -> bool:
    """Whether two paths are the same field, or one lies inside the other."""
    menor, maior = sorted((um, outro), key=len)
    return maior.startswith(menor) and maior[len(menor) : len(menor) + 1] in ("", ".", "[")
