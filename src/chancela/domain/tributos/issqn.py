"""ISSQN of a service item inside the document (section 7; LC 116/2003)."""

from chancela.domain.tributos.calculo import Calculo, Linha
from chancela.domain.tributos.entrada import CargaTributaria, Servico
from chancela.domain.tributos.numeros import ZERO, round_taxa
from chancela.domain.tributos.resultado import Issqn


def compute_issqn(c: Calculo, linha: Linha, servico: Servico) -> Issqn | None:
    """The ISSQN group; the deduction may not pass the price."""
    deducao = c.centavos(servico.valor_deducao)
    base = linha.oper - deducao
    if base < 0:
        c.refuse(
            "TRIB-ISS-01",
            linha,
            "servico.valor_deducao",
            f"base de calculo negativa no item {linha.numero}",
            "A dedução não pode passar do valor do serviço.",
            rotulo="dedução do ISSQN",
            valor=deducao,
        )
        return None
    taxa = round_taxa(servico.aliquota)
    valor = c.percent(base, taxa)
    c.explain(linha, "iss.base", (linha.oper, deducao), base)
    c.explain(linha, "iss.valor", (base, taxa), valor)
    outras, condicionado = (
        c.centavos(servico.valor_outras_retencoes),
        c.centavos(servico.desconto_condicionado),
    )
    return Issqn(
        base_calculo=base,
        aliquota=taxa,
        valor=valor,
        municipio_fato_gerador=servico.municipio_fato_gerador,
        item_lista_servico=servico.item_lista_servico,
        valor_deducao=deducao or None,
        valor_outras_retencoes=outras or None,
        desconto_incondicionado=linha.desconto or None,
        desconto_condicionado=condicionado or None,
        valor_retido=(valor or None) if servico.retido else None,
        exigibilidade=servico.exigibilidade,
        codigo_servico=servico.codigo_servico,
        codigo_municipio=servico.codigo_municipio,
        codigo_pais=servico.codigo_pais,
        numero_processo=servico.numero_processo,
        incentivo="1" if servico.incentivo else "2",
    )


def approximate_tributos(c: Calculo, linha: Linha, carga: CargaTributaria) -> None:
    """vTotTrib of the item (Lei 12.741/2012), from the rates informed, when the buyer is final consumer."""
    if not c.enquadramento.consumidor_final:
        return
    nacional = linha.item.origem in {"0", "3", "4", "5", "8"}
    federal = carga.federal_nacional if nacional else carga.federal_importado
    total = ZERO
    for taxa in (federal, carga.estadual, carga.municipal):
        total += c.percent(linha.oper, taxa)
    linha.total_tributos = c.explain(
        linha, "aproximado", (linha.oper, federal, carga.estadual, carga.municipal), total
    )
