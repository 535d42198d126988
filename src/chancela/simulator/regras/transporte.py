"""Group X and the groups ZA and ZD: transport, foreign trade, technical responsible."""

from chancela.simulator.nota import Nota
from chancela.simulator.regras.contas import cnpj_ok, cpf_ok
from chancela.simulator.regras.emitente import ie_ok
from chancela.simulator.regras.modelo import AMBOS, SO_NFCE, SO_NFE, GrupoRegras, nota
from chancela.simulator.xml import Grupo


def _carrier(n: Nota) -> Grupo:
    return n.inf.grupo("transp").grupo("transporta")


def _carrier_ie_wrong(n: Nota) -> bool:
    ie, uf = _carrier(n).texto("IE"), _carrier(n).texto("UF")
    return bool(ie) and ie != "ISENTO" and uf not in ("", "EX") and not ie_ok(uf, ie)


GRUPO = GrupoRegras(
    "X",
    (
        nota("X02-10", 753, "NFC-e com Frete", SO_NFCE, lambda n, _c: n.inf.grupo("transp").texto("modFrete") != "9" and n.ide.texto("indPres") != "4"),
        nota("X03-10", 754, "NFC-e com dados do Transportador", SO_NFCE, lambda n, _c: bool(_carrier(n)) and n.ide.texto("indPres") != "4", prioridade=2),
        nota("X04-20", 542, "CNPJ do Transportador inválido", AMBOS, lambda n, _c: _carrier(n).tem("CNPJ") and not cnpj_ok(_carrier(n).texto("CNPJ"))),
        nota("X05-10", 543, "CPF do Transportador inválido", AMBOS, lambda n, _c: _carrier(n).tem("CPF") and not cpf_ok(_carrier(n).texto("CPF"))),
        nota("X07-10", 559, "UF do Transportador não informada", AMBOS, lambda n, _c: bool(_carrier(n).texto("IE")) and not _carrier(n).texto("UF")),
        nota("X07-20", 544, "IE do Transportador inválida", AMBOS, lambda n, _c: _carrier_ie_wrong(n)),
    ),
)  # fmt: skip
COMERCIO = GrupoRegras(
    "ZA-ZD",
    (
        nota("ZA01-10", 355, "Informar o local de saída do Pais no caso da exportação", SO_NFE, lambda n, _c: n.tp_nf == "1" and n.id_dest == "3" and not n.inf.tem("exporta")),
        nota("ZA01-20", 356, "Informar o local de saída do Pais somente no caso da exportação", SO_NFE, lambda n, _c: n.inf.tem("exporta") and not (n.tp_nf == "1" and n.id_dest == "3")),
        nota("ZA01-30", 814, "Nota Fiscal com grupo de comércio exterior", SO_NFCE, lambda n, _c: n.inf.tem("exporta"), prioridade=2),
        nota("ZB01-10", 762, "NFC-e com dados de compras (Empenho, Pedido, Contrato)", SO_NFCE, lambda n, _c: n.inf.tem("compra"), prioridade=2),
        nota("ZC01-10", 763, "NFC-e com dados de aquisição de Cana", SO_NFCE, lambda n, _c: n.inf.tem("cana"), prioridade=2),
        nota("ZD01-10", 972, "Obrigatória as informações do responsável técnico", AMBOS, lambda n, _c: not n.inf.tem("infRespTec"), prioridade=2, ativa=False),
        nota("ZD02-10", 973, "CNPJ do responsável técnico inválido", AMBOS, lambda n, _c: n.inf.tem("infRespTec") and not cnpj_ok(n.inf.grupo("infRespTec").texto("CNPJ"))),
    ),
)  # fmt: skip
