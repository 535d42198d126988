"""Sugar cane, pesticides and transit permits of a request (groups ZC and ZF)."""

import re
from decimal import Decimal

from chancela.documents.nfe.coleta import Coleta
from chancela.documents.nfe.modelo import Cana, Deducao, Defensivo, FornecimentoDiario, GuiaTransito
from chancela.documents.nfe.pedido import PedidoNfe
from chancela.documents.nfe.pedido_especiais import (
    CanaPedido,
    DefensivoPedido,
    FornecimentoPedido,
    GuiaTransitoPedido,
)

_SAFRA = re.compile(r"[0-9]{4}(/[0-9]{4})?")
_REFERENCIA = re.compile(r"(0[1-9]|1[0-2])/20[0-9]{2}")
_TIPOS_GUIA = tuple("1234567")
MAXIMO_DEFENSIVOS = 20
MAXIMO_FORNECIMENTOS = 31
MAXIMO_DEDUCOES = 10


def read_cana(coleta: Coleta, pedido: CanaPedido | None) -> Cana | None:
    """The group, or None when something of it is missing or wrong (and was collected)."""
    if pedido is None or pedido == CanaPedido():
        return None
    antes = len(coleta.violacoes)
    _check_form(coleta, "safra", "safra", pedido.safra, _SAFRA, "AAAA ou AAAA/AAAA")
    _check_form(coleta, "referencia", "mês de referência", pedido.referencia, _REFERENCIA, "MM/AAAA")
    _check_count(
        coleta, "cana.fornecimentos", "Cana, fornecimentos", len(pedido.fornecimentos), MAXIMO_FORNECIMENTOS
    )
    _check_count(coleta, "cana.deducoes", "Cana, deduções", len(pedido.deducoes), MAXIMO_DEDUCOES)
    if not pedido.fornecimentos:
        coleta.miss("cana.fornecimentos", "Cana, fornecimentos", "Informe ao menos um dia de fornecimento.")
    fornecimentos = tuple(_supply(coleta, i, f) for i, f in enumerate(pedido.fornecimentos))
    deducoes = tuple(
        Deducao(
            coleta.texto(f"cana.deducoes[{i}].descricao", "Cana, dedução", d.descricao, 60, obrigatorio=True)
            or "",
            _amount(coleta, f"deducoes[{i}].valor", "dedução, valor", d.valor),
        )
        for i, d in enumerate(pedido.deducoes)
    )
    cana = Cana(
        safra=pedido.safra.strip(),
        referencia=pedido.referencia.strip(),
        fornecimentos=fornecimentos,
        deducoes=deducoes,
        total_mes=_quantity(coleta, "total_mes", "total do mês", pedido.total_mes),
        total_anterior=_quantity(coleta, "total_anterior", "total anterior", pedido.total_anterior),
        total_geral=_quantity(coleta, "total_geral", "total geral", pedido.total_geral),
        valor_fornecimento=_amount(
            coleta, "valor_fornecimento", "valor do fornecimento", pedido.valor_fornecimento
        ),
        valor_deducoes=_amount(coleta, "valor_deducoes", "valor das deduções", pedido.valor_deducoes),
        valor_liquido=_amount(coleta, "valor_liquido", "valor líquido", pedido.valor_liquido),
    )
    return cana if len(coleta.violacoes) == antes else None


def _check_form(
    coleta: Coleta, campo: str, palavra: str, bruto: str, forma: re.Pattern[str], explicacao: str
) -> None:
    if not bruto.strip():
        coleta.miss(f"cana.{campo}", f"Cana, {palavra}")
    elif forma.fullmatch(bruto.strip()) is None:
        coleta.refuse(
            "PEDIDO-FORMA-01",
            f"cana.{campo}",
            f"Cana, {palavra}",
            f"O campo não tem a forma esperada: {explicacao}.",
            "Confira o valor.",
            valor=bruto,
        )


def _check_count(coleta: Coleta, caminho: str, rotulo: str, quantos: int, maximo: int) -> None:
    if quantos > maximo:
        coleta.refuse(
            "PEDIDO-LISTA-01",
            caminho,
            rotulo,
            f"O documento leva no máximo {maximo}.",
            "Retire os que passam.",
            valor=quantos,
        )


def _supply(coleta: Coleta, posicao: int, pedido: FornecimentoPedido) -> FornecimentoDiario:
    base = f"cana.fornecimentos[{posicao}]"
    dia = coleta.algarismos(f"{base}.dia", "Cana, dia", pedido.dia, (1, 2), obrigatorio=True)
    if dia is not None and not 1 <= int(dia) <= 31:
        coleta.refuse(
            "PEDIDO-FORMA-01", f"{base}.dia", "Cana, dia", "O dia vai de 1 a 31.", "Confira o dia.", valor=dia
        )
    quantidade = _quantity(coleta, f"fornecimentos[{posicao}].quantidade", "quantidade", pedido.quantidade)
    return FornecimentoDiario(int(dia or 1), quantidade)


def _quantity(coleta: Coleta, campo: str, palavra: str, valor: Decimal | None) -> Decimal:
    lido = coleta.quantia(f"cana.{campo}", f"Cana, {palavra}", valor, inteiros=11, casas=10, obrigatorio=True)
    return Decimal(0) if lido is None else lido.normalize() if lido else Decimal(0)


def _amount(coleta: Coleta, campo: str, palavra: str, valor: Decimal | None) -> Decimal:
    lido = coleta.quantia(f"cana.{campo}", f"Cana, {palavra}", valor, obrigatorio=True)
    return Decimal("0.00") if lido is None else lido


def check_agropecuario(coleta: Coleta, pedido: PedidoNfe) -> None:
    """The layout holds prescriptions, which the request has, or a transit permit, and not both."""
    if pedido.guia_transito not in (None, GuiaTransitoPedido()):
        coleta.refuse(
            "PEDIDO-AGRO-01",
            "guia_transito",
            "Guia de trânsito",
            "O documento leva receituários de defensivos ou guia de trânsito, e não os dois.",
            "Emita a guia em outro documento, ou retire os receituários.",
        )


def read_defensivos(coleta: Coleta, pedidos: tuple[DefensivoPedido, ...]) -> tuple[Defensivo, ...]:
    """Agronomic prescriptions."""
    _check_count(coleta, "defensivos", "Defensivos", len(pedidos), MAXIMO_DEFENSIVOS)
    lidos: list[Defensivo] = []
    for i, pedido in enumerate(pedidos):
        base, rotulo = f"defensivos[{i}]", f"Defensivo {i + 1}"
        receituario = coleta.texto(
            f"{base}.receituario", f"{rotulo}, receituário", pedido.receituario, 30, obrigatorio=True
        )
        cpf = coleta.cpf(f"{base}.cpf_responsavel", f"{rotulo}, CPF do responsável", pedido.cpf_responsavel)
        if not pedido.cpf_responsavel.strip():
            coleta.miss(f"{base}.cpf_responsavel", f"{rotulo}, CPF do responsável")
        if receituario is not None and cpf is not None:
            lidos.append(Defensivo(receituario, cpf))
    return tuple(lidos)


def read_guia_transito(coleta: Coleta, pedido: GuiaTransitoPedido | None) -> GuiaTransito | None:
    """The transit permit."""
    if pedido is None or pedido == GuiaTransitoPedido():
        return None
    base, rotulo = "guia_transito", "Guia de trânsito"
    tipo = pedido.tipo.strip()
    if tipo not in _TIPOS_GUIA:
        coleta.unknown_code(f"{base}.tipo", f"{rotulo}, tipo", tipo, _TIPOS_GUIA)
    uf = coleta.uf(f"{base}.uf", f"{rotulo}, UF", pedido.uf, obrigatorio=True)
    numero = coleta.algarismos(
        f"{base}.numero", f"{rotulo}, número", pedido.numero, range(1, 10), obrigatorio=True
    )
    serie = coleta.texto(f"{base}.serie", f"{rotulo}, série", pedido.serie, 9)
    if tipo not in _TIPOS_GUIA or uf is None or numero is None:
        return None
    return GuiaTransito(tipo, uf, numero, serie)
