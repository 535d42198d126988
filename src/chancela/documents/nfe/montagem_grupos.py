"""Transport, references, additional information and the other groups that stand once in a document."""

import re
from operator import attrgetter

from chancela.documents.nfe.coleta import Coleta
from chancela.documents.nfe.enumeracoes import ModalidadeFrete
from chancela.documents.nfe.itens import Observacao
from chancela.documents.nfe.modelo import (
    SEM_TRANSPORTE,
    Compra,
    InformacoesAdicionais,
    Intermediador,
    LocalExportacao,
    ProcessoReferenciado,
    Referencia,
    ReferenciaEcf,
    ReferenciaNf,
    ReferenciaProdutor,
    Transporte,
    Veiculo,
    Volume,
)
from chancela.documents.nfe.montagem_partes import read_transportador
from chancela.documents.nfe.participantes import UfOuExterior
from chancela.documents.nfe.pedido import (
    ObservacaoPedido,
    PedidoNfe,
    ReferenciaPedido,
    RetencaoFretePedido,
    TransportePedido,
    VeiculoPedido,
    VolumePedido,
)
from chancela.domain.chave import ChaveAcesso
from chancela.domain.identidade import Cnpj, Cpf, Uf
from chancela.domain.tabelas.lugares import Lugares
from chancela.domain.tributos.entrada import FreteRetido, TipoOperacao
from chancela.domain.tributos.resultado import RetencaoTransporte

_PLACA = re.compile(r"[A-Z]{2,3}[0-9]{4}|[A-Z]{3,4}[0-9]{3}|[A-Z0-9]{7}")
_AAMM = re.compile(r"[0-9]{2}(0[1-9]|1[0-2])")
_CTE = frozenset({"57", "67"})
MAXIMO_INFORMACOES = 5000
_informacoes_of = attrgetter(
    "informacoes_fisco",
    "informacoes_complementares",
    "observacoes_contribuinte",
    "observacoes_fisco",
    "processos",
)
MAXIMO_REBOQUES = 5


# -- transport -------------------------------------------------------------------------------------------


def read_transporte(
    coleta: Coleta, pedido: PedidoNfe, retencao: RetencaoTransporte | None, lugares: Lugares
) -> Transporte:
    """How the goods travel; without the group, no freight (9)."""
    t = pedido.transporte
    if t is None:
        return SEM_TRANSPORTE if retencao is None else Transporte(retencao=retencao)
    _check_means(coleta, t)
    modalidade = coleta.codigo(
        "transporte.modalidade",
        "Modalidade do frete",
        t.modalidade,
        ModalidadeFrete,
        ModalidadeFrete.SEM_FRETE,
    )
    return Transporte(
        modalidade=modalidade,
        transportador=read_transportador(coleta, t.transportador, lugares),
        retencao=retencao,
        veiculo=_vehicle(coleta, "transporte.veiculo", "Veículo", t.veiculo),
        reboques=tuple(
            v
            for i, r in enumerate(t.reboques)
            if (v := _vehicle(coleta, f"transporte.reboques[{i}]", f"Reboque {i + 1}", r)) is not None
        ),
        vagao=coleta.texto("transporte.vagao", "Vagão", t.vagao, 20),
        balsa=coleta.texto("transporte.balsa", "Balsa", t.balsa, 20),
        volumes=tuple(v for i, p in enumerate(t.volumes) if (v := _volume(coleta, i, p)) is not None),
    )


def _check_means(coleta: Coleta, t: TransportePedido) -> None:
    """The layout holds vehicle and trailers, or a wagon, or a barge."""
    rodoviario = t.veiculo not in (None, VeiculoPedido()) or bool(t.reboques)
    meios = {"vagao": bool(t.vagao.strip()), "balsa": bool(t.balsa.strip()), "veiculo": rodoviario}
    usados = [meio for meio, usado in meios.items() if usado]
    for meio in usados[:-1]:
        coleta.refuse(
            "PEDIDO-TRANSPORTE-01",
            f"transporte.{meio}",
            "Meio de transporte",
            "O documento leva veículo e reboques, ou vagão, ou balsa, e não mais de um deles.",
            "Deixe somente um dos meios de transporte.",
        )
    if len(t.reboques) > MAXIMO_REBOQUES:
        coleta.refuse(
            "PEDIDO-TRANSPORTE-02",
            "transporte.reboques",
            "Reboques",
            f"O documento leva no máximo {MAXIMO_REBOQUES} reboques.",
            "Retire os que passam.",
            valor=len(t.reboques),
        )


def _vehicle(coleta: Coleta, base: str, rotulo: str, v: VeiculoPedido | None) -> Veiculo | None:
    if v is None or v == VeiculoPedido():
        return None
    placa = re.sub(r"[\s\-.]", "", v.placa).upper()
    if not placa:
        coleta.miss(f"{base}.placa", f"{rotulo}, placa")
    elif _PLACA.fullmatch(placa) is None:
        coleta.refuse(
            "PEDIDO-PLACA-01",
            f"{base}.placa",
            f"{rotulo}, placa",
            "A placa não tem a forma brasileira nem a do Mercosul.",
            "Confira a placa, como ABC1234 ou ABC1D23.",
            valor=v.placa,
        )
    uf: UfOuExterior | None = (
        "EX" if v.uf.strip().upper() == "EX" else coleta.uf(f"{base}.uf", f"{rotulo}, UF", v.uf)
    )
    return Veiculo(placa=placa, uf=uf, rntc=coleta.texto(f"{base}.rntc", f"{rotulo}, RNTC", v.rntc, 20))


def _volume(coleta: Coleta, posicao: int, v: VolumePedido) -> Volume | None:
    if v == VolumePedido():
        return None
    base, rotulo = f"transporte.volumes[{posicao}]", f"Volume {posicao + 1}"
    quantidade = v.quantidade
    if quantidade is not None and not 0 <= quantidade < 10**15:
        coleta.refuse(
            "PEDIDO-VOLUME-01",
            f"{base}.quantidade",
            f"{rotulo}, quantidade",
            "A quantidade de volumes vai de 0 a 15 algarismos.",
            "Confira a quantidade.",
            valor=quantidade,
        )
        quantidade = None

    def texto(campo: str, palavra: str, bruto: str) -> str | None:
        return coleta.texto(f"{base}.{campo}", f"{rotulo}, {palavra}", bruto, 60)

    lido = Volume(
        quantidade=quantidade,
        especie=texto("especie", "espécie", v.especie),
        marca=texto("marca", "marca", v.marca),
        numeracao=texto("numeracao", "numeração", v.numeracao),
        peso_liquido=coleta.quantia(
            f"{base}.peso_liquido", f"{rotulo}, peso líquido", v.peso_liquido, inteiros=12, casas=3
        ),
        peso_bruto=coleta.quantia(
            f"{base}.peso_bruto", f"{rotulo}, peso bruto", v.peso_bruto, inteiros=12, casas=3
        ),
        lacres=tuple(
            numero
            for i, lacre in enumerate(v.lacres)
            if (numero := texto(f"lacres[{i}]", f"lacre {i + 1}", lacre)) is not None
        ),
    )
    return None if lido == Volume() else lido


def read_frete_retido(coleta: Coleta, pedido: PedidoNfe, lugares: Lugares) -> FreteRetido | None:
    """ICMS withheld on the freight; its municipality comes from the code or from the CEP."""
    r = None if pedido.transporte is None else pedido.transporte.retencao
    if r is None or r == RetencaoFretePedido():
        return None
    base, rotulo = "transporte.retencao", "Retenção do frete"
    servico = coleta.quantia(
        f"{base}.valor_servico", f"{rotulo}, valor do serviço", r.valor_servico, obrigatorio=True
    )
    base_calculo = coleta.quantia(f"{base}.base", f"{rotulo}, base", r.base, obrigatorio=True)
    aliquota = coleta.quantia(
        f"{base}.aliquota", f"{rotulo}, alíquota", r.aliquota, inteiros=3, casas=4, obrigatorio=True
    )
    cfop = coleta.algarismos(f"{base}.cfop", f"{rotulo}, CFOP", r.cfop, (4,), obrigatorio=True)
    municipio = _withholding_place(coleta, base, rotulo, r, lugares)
    if servico is None or base_calculo is None or aliquota is None or cfop is None or municipio is None:
        return None
    valor = coleta.quantia(f"{base}.valor", f"{rotulo}, valor", r.valor)
    return FreteRetido(servico, base_calculo, aliquota, cfop, municipio, valor)


def _withholding_place(
    coleta: Coleta, base: str, rotulo: str, r: RetencaoFretePedido, lugares: Lugares
) -> str | None:
    if r.codigo_municipio.strip():
        achado = lugares.find_municipio(r.codigo_municipio.strip())
        if achado is not None:
            return achado.codigo
        coleta.refuse(
            "PEDIDO-MUNICIPIO-03",
            f"{base}.codigo_municipio",
            f"{rotulo}, município",
            "O código IBGE do município não existe.",
            "Confira o código.",
            valor=r.codigo_municipio,
            c_stat=288,
        )
        return None
    cep = coleta.algarismos(f"{base}.cep", f"{rotulo}, CEP", r.cep, (8,), obrigatorio=True)
    if cep is None:
        return None
    lugar = lugares.find_cep(cep)
    if lugar is None or lugar.municipio is None:
        coleta.refuse(
            "PEDIDO-CEP-03",
            f"{base}.cep",
            f"{rotulo}, CEP",
            "Não se sabe de que município é o CEP.",
            "Informe o CEP do município onde o frete começou.",
            valor=r.cep,
        )
        return None
    return lugar.municipio.codigo


# -- references ------------------------------------------------------------------------------------------


def read_referencias(coleta: Coleta, pedido: PedidoNfe) -> tuple[Referencia, ...]:
    """Referenced documents, keys and paper ones."""
    lidas = [_reference(coleta, i, r) for i, r in enumerate(pedido.referencias)]
    return tuple(r for r in lidas if r is not None)


def _reference(coleta: Coleta, posicao: int, r: ReferenciaPedido) -> Referencia | None:
    base, rotulo = f"referencias[{posicao}]", f"Documento referenciado {posicao + 1}"
    if r.tipo == "chave":
        chave = coleta.chave(f"{base}.chave", rotulo, r.chave, 547)
        if chave is None:
            return None
        return Referencia(chave_cte=chave) if chave.modelo in _CTE else Referencia(chave_nfe=chave)
    if r.tipo == "ecf":
        numero = coleta.algarismos(
            f"{base}.numero_ecf", f"{rotulo}, ECF", r.numero_ecf, range(1, 4), obrigatorio=True
        )
        coo = coleta.algarismos(f"{base}.coo", f"{rotulo}, COO", r.coo, range(1, 7), obrigatorio=True)
        if r.modelo.strip() not in ("2B", "2C", "2D"):
            coleta.unknown_code(f"{base}.modelo", f"{rotulo}, modelo", r.modelo, ("2B", "2C", "2D"))
            return None
        if numero is None or coo is None:
            return None
        return Referencia(ecf=ReferenciaEcf(r.modelo.strip(), numero.zfill(3), coo.zfill(6)))
    if r.tipo in ("nf", "produtor"):
        return _paper(coleta, base, rotulo, r)
    coleta.unknown_code(f"{base}.tipo", f"{rotulo}, tipo", r.tipo, ("chave", "nf", "produtor", "ecf"))
    return None


def _paper(coleta: Coleta, base: str, rotulo: str, r: ReferenciaPedido) -> Referencia | None:
    antes = len(coleta.violacoes)
    produtor = r.tipo == "produtor"
    uf = coleta.uf(f"{base}.uf", f"{rotulo}, UF", r.uf, obrigatorio=True)
    if _AAMM.fullmatch(r.ano_mes.strip()) is None:
        coleta.refuse(
            "PEDIDO-AAMM-01", f"{base}.ano_mes", f"{rotulo}, ano e mês", "Ano e mês têm a forma AAMM.",
            "Informe 2 algarismos do ano e 2 do mês.", valor=r.ano_mes,
        )  # fmt: skip
    modelos = ("01", "04") if produtor else ("01", "02")
    modelo = r.modelo.strip().zfill(2)
    if modelo not in modelos:
        coleta.unknown_code(f"{base}.modelo", f"{rotulo}, modelo", r.modelo, modelos)
    serie = coleta.algarismos(f"{base}.serie", f"{rotulo}, série", r.serie, range(1, 4)) or "0"
    numero = coleta.algarismos(
        f"{base}.numero", f"{rotulo}, número", r.numero, range(1, 10), obrigatorio=True
    )
    documento = coleta.documento(
        base, rotulo, r.cpf, r.cnpj, c_stat_cnpj=549 if produtor else 548, c_stat_cpf=550
    )
    if documento is None and not (r.cpf.strip() or r.cnpj.strip()):
        coleta.miss(f"{base}.cnpj", f"{rotulo}, CNPJ")
    ie = re.sub(r"[.\-/\s]", "", r.inscricao_estadual).upper() or "ISENTO"
    if len(coleta.violacoes) > antes or uf is None or numero is None or documento is None:
        return None
    if produtor:
        return Referencia(
            produtor=ReferenciaProdutor(uf, r.ano_mes.strip(), documento, ie, modelo, int(serie), int(numero))
        )
    if not isinstance(documento, Cnpj):
        coleta.miss(f"{base}.cnpj", f"{rotulo}, CNPJ")
        return None
    return Referencia(nf=ReferenciaNf(uf, r.ano_mes.strip(), documento, modelo, int(serie), int(numero)))


def read_chaves_antecipadas(coleta: Coleta, pedido: PedidoNfe) -> tuple[ChaveAcesso, ...]:
    """Keys of the advance payments."""
    lidas = [
        coleta.chave(f"pagamentos_antecipados[{i}]", f"Pagamento antecipado {i + 1}", chave, 547)
        for i, chave in enumerate(pedido.pagamentos_antecipados)
    ]
    return tuple(chave for chave in lidas if chave is not None)


# -- the rest --------------------------------------------------------------------------------------------


def read_informacoes(
    coleta: Coleta, pedido: PedidoNfe, sentencas: tuple[str, ...]
) -> InformacoesAdicionais | None:
    """Texts of the caller, followed by the legal sentences that the taxes ask for."""
    if not sentencas and not any(_informacoes_of(pedido)):
        return None
    proprio = pedido.informacoes_complementares.strip()
    bruto = " ".join((proprio, *sentencas)).strip() if sentencas else proprio
    informacoes = InformacoesAdicionais(
        fisco=coleta.texto("informacoes_fisco", "Informações ao fisco", pedido.informacoes_fisco, 2000),
        complementares=coleta.texto(
            "informacoes_complementares", "Informações complementares", bruto, MAXIMO_INFORMACOES
        ),
        observacoes_contribuinte=_notes(coleta, "observacoes_contribuinte", pedido.observacoes_contribuinte),
        observacoes_fisco=_notes(coleta, "observacoes_fisco", pedido.observacoes_fisco),
        processos=_processes(coleta, pedido),
    )
    return None if informacoes == InformacoesAdicionais() else informacoes


def _notes(coleta: Coleta, base: str, observacoes: tuple[ObservacaoPedido, ...]) -> tuple[Observacao, ...]:
    lidas: list[Observacao] = []
    for i, o in enumerate(observacoes):
        campo = coleta.texto(
            f"{base}[{i}].campo", f"Observação {i + 1}, campo", o.campo, 20, obrigatorio=True
        )
        texto = coleta.texto(
            f"{base}[{i}].texto", f"Observação {i + 1}, texto", o.texto, 60, obrigatorio=True
        )
        if campo is not None and texto is not None:
            lidas.append(Observacao(campo, texto))
    return tuple(lidas)


def _processes(coleta: Coleta, pedido: PedidoNfe) -> tuple[ProcessoReferenciado, ...]:
    lidos: list[ProcessoReferenciado] = []
    origens = ("0", "1", "2", "3", "4", "9")
    atos = ("", "08", "10", "12", "14", "15")
    for i, p in enumerate(pedido.processos):
        base, rotulo = f"processos[{i}]", f"Processo {i + 1}"
        numero = coleta.texto(f"{base}.numero", f"{rotulo}, número", p.numero, 60, obrigatorio=True)
        if p.origem.strip() not in origens:
            coleta.unknown_code(f"{base}.origem", f"{rotulo}, origem", p.origem, origens)
        if p.tipo_ato.strip() not in atos:
            coleta.unknown_code(f"{base}.tipo_ato", f"{rotulo}, ato", p.tipo_ato, atos[1:])
        if numero is not None:
            lidos.append(ProcessoReferenciado(numero, p.origem.strip(), p.tipo_ato.strip() or None))
    return tuple(lidos)


def read_exportacao(
    coleta: Coleta, pedido: PedidoNfe, uf_emitente: Uf, municipio_emitente: str
) -> LocalExportacao | None:
    """Place of exit; an export that does not say leaves through the issuer's state and municipality."""
    e = pedido.exportacao
    if e is None:
        if pedido.tipo_operacao is not TipoOperacao.EXPORTACAO:
            return None
        return LocalExportacao(uf_emitente, municipio_emitente)
    uf = coleta.uf("exportacao.uf_saida", "Exportação, UF de saída", e.uf_saida) or uf_emitente
    embarque = coleta.texto(
        "exportacao.local_embarque", "Exportação, local de embarque", e.local_embarque, 60
    )
    despacho = coleta.texto(
        "exportacao.local_despacho", "Exportação, local de despacho", e.local_despacho, 60
    )
    return LocalExportacao(uf, embarque or municipio_emitente, despacho)


def read_compra(coleta: Coleta, pedido: PedidoNfe) -> Compra | None:
    """Public purchase, order, contract."""
    c = pedido.compra
    if c is None:
        return None
    lida = Compra(
        nota_empenho=coleta.texto("compra.nota_empenho", "Nota de empenho", c.nota_empenho, 22),
        pedido=coleta.texto("compra.pedido", "Pedido de compra", c.pedido, 60),
        contrato=coleta.texto("compra.contrato", "Contrato", c.contrato, 60),
    )
    return None if lida == Compra() else lida


def read_intermediador(coleta: Coleta, pedido: PedidoNfe) -> Intermediador | None:
    """The marketplace."""
    i = pedido.intermediador
    if i is None or not (i.cnpj.strip() or i.identificador.strip()):
        return None
    cnpj = coleta.cnpj("intermediador.cnpj", "Intermediador, CNPJ", i.cnpj, 440)
    identificador = coleta.texto(
        "intermediador.identificador",
        "Intermediador, identificador",
        i.identificador,
        60,
        minimo=2,
        obrigatorio=True,
    )
    if not i.cnpj.strip():
        coleta.miss("intermediador.cnpj", "Intermediador, CNPJ")
    return None if cnpj is None or identificador is None else Intermediador(cnpj, identificador)


def read_autorizados(coleta: Coleta, pedido: PedidoNfe) -> tuple[Cnpj | Cpf, ...]:
    """CNPJ and CPF of who may download the XML, as the request names them."""
    lidos: list[Cnpj | Cpf] = []
    for i, bruto in enumerate(pedido.autorizados):
        caminho, rotulo = f"autorizados[{i}]", f"Autorizado {i + 1}"
        curto = len(re.sub(r"[.\-/\s]", "", bruto)) == 11
        lido = coleta.cpf(caminho, rotulo, bruto, 325) if curto else coleta.cnpj(caminho, rotulo, bruto, 323)
        if lido is not None:
            lidos.append(lido)
    return tuple(lidos)
