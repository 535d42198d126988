"""Groups X and ZA to ZD: transport, foreign trade, purchase, technical responsible (MOC 7.0, Anexo I)."""

from chancela.simulator.nota import Nota
from chancela.simulator.regras.contas import cnpj_ok, cpf_ok
from chancela.simulator.regras.emitente import ie_ok
from chancela.simulator.regras.modelo import AMBOS, SO_NFCE, SO_NFE, Contexto, GrupoRegras, Veredito, nota
from chancela.simulator.tabelas import cfops, municipios
from chancela.simulator.xml import Grupo

_ORGAO_PUBLICO = "8"


def _carrier(n: Nota) -> Grupo:
    return n.inf.grupo("transp").grupo("transporta")


def _carrier_ie_wrong(n: Nota) -> bool:
    ie, uf = _carrier(n).texto("IE"), _carrier(n).texto("UF")
    return bool(ie) and ie != "ISENTO" and uf not in ("", "EX") and not ie_ok(uf, ie)


def _transport(n: Nota) -> Grupo:
    return n.inf.grupo("transp")


def _fuel_without_carrier(n: Nota, _c: Contexto) -> Veredito:
    vende = any((linha := cfops().get(i.cfop)) is not None and linha.combustivel for i in n.itens)
    return n.fin_nfe == "1" and vende and not _carrier(n).tem("CNPJ") and not _carrier(n).tem("CPF")


def _withheld(n: Nota) -> Grupo:
    return _transport(n).grupo("retTransp")


def _not_of_transport(n: Nota, _c: Contexto) -> Veredito:
    linha = cfops().get(_withheld(n).texto("CFOP"))
    return bool(_withheld(n)) and (linha is None or not linha.transporte)


def _public_sale_without_commitment(n: Nota, _c: Contexto) -> Veredito:
    orgao = any(i.icms.texto("motDesICMS") == _ORGAO_PUBLICO for i in n.itens)
    return orgao and not n.inf.grupo("compra").tem("xNEmp")


GRUPO = GrupoRegras(
    "X",
    (
        nota("X02-10", 753, "NFC-e com Frete", SO_NFCE, lambda n, _c: n.inf.grupo("transp").texto("modFrete") != "9" and n.ide.texto("indPres") != "4"),
        nota("X02-20", 868, "Grupos Veiculo Transporte e Reboque não devem ser informados", SO_NFE, lambda n, _c: n.id_dest == "2" and (_transport(n).tem("veicTransp") or _transport(n).tem("reboque")), prioridade=2, so_com="veicTransp reboque"),
        nota("X03-10", 754, "NFC-e com dados do Transportador", SO_NFCE, lambda n, _c: bool(_carrier(n)) and n.ide.texto("indPres") != "4", prioridade=2, so_com="transporta"),
        nota("X03-20", 786, "NFC-e de entrega a domicílio sem dados do Transportador", SO_NFCE, lambda n, _c: n.ide.texto("indPres") == "4" and not _carrier(n), prioridade=2),
        nota("X04-10", 362, "Venda de combustível sem informação do Transportador", SO_NFE, _fuel_without_carrier, prioridade=3, ativa=False),
        nota("X04-20", 542, "CNPJ do Transportador inválido", AMBOS, lambda n, _c: _carrier(n).tem("CNPJ") and not cnpj_ok(_carrier(n).texto("CNPJ")), so_com="transporta"),
        nota("X05-10", 543, "CPF do Transportador inválido", AMBOS, lambda n, _c: _carrier(n).tem("CPF") and not cpf_ok(_carrier(n).texto("CPF")), so_com="transporta"),
        nota("X07-10", 559, "UF do Transportador não informada", AMBOS, lambda n, _c: bool(_carrier(n).texto("IE")) and not _carrier(n).texto("UF"), so_com="transporta"),
        nota("X07-20", 544, "IE do Transportador inválida", AMBOS, lambda n, _c: _carrier_ie_wrong(n), so_com="transporta"),
        nota("X11-10", 755, "NFC-e com dados de Retenção do ICMS no Transporte", SO_NFCE, lambda n, _c: bool(_withheld(n)), prioridade=2, so_com="retTransp"),
        nota("X16-10", 722, "CFOP de Transporte Inexistente", SO_NFE, _not_of_transport, prioridade=3, so_com="retTransp"),
        nota("X17-10", 288, "Código Município do Fato Gerador do Transporte inexistente", SO_NFE, lambda n, _c: bool(_withheld(n)) and _withheld(n).texto("cMunFG") not in municipios(), prioridade=3, so_com="retTransp"),
        nota("X18-10", 756, "NFC-e com dados do veículo de Transporte", SO_NFCE, lambda n, _c: _transport(n).tem("veicTransp"), prioridade=2, so_com="veicTransp"),
        nota("X22-10", 757, "NFC-e com dados de Reboque do veículo de Transporte", SO_NFCE, lambda n, _c: _transport(n).tem("reboque"), prioridade=2, so_com="reboque"),
        nota("X25a-10", 758, "NFC-e com dados do Vagão de Transporte", SO_NFCE, lambda n, _c: _transport(n).tem("vagao"), prioridade=2, so_com="vagao"),
        nota("X25b-10", 759, "NFC-e com dados da Balsa de Transporte", SO_NFCE, lambda n, _c: _transport(n).tem("balsa"), prioridade=2, so_com="balsa"),
    ),
)  # fmt: skip
COMERCIO = GrupoRegras(
    "ZA-ZD",
    (
        nota("ZA01-10", 355, "Informar o local de saída do Pais no caso da exportação", SO_NFE, lambda n, _c: n.tp_nf == "1" and n.id_dest == "3" and not n.inf.tem("exporta"), so_com="idDest=3"),
        nota("ZA01-20", 356, "Informar o local de saída do Pais somente no caso da exportação", SO_NFE, lambda n, _c: n.inf.tem("exporta") and not (n.tp_nf == "1" and n.id_dest == "3"), so_com="exporta"),
        nota("ZA01-30", 814, "Nota Fiscal com grupo de comércio exterior", SO_NFCE, lambda n, _c: n.inf.tem("exporta"), prioridade=2, so_com="exporta"),
        nota("ZB01-10", 762, "NFC-e com dados de compras (Empenho, Pedido, Contrato)", SO_NFCE, lambda n, _c: n.inf.tem("compra"), prioridade=2, so_com="compra"),
        nota("ZB02-10", 359, "NF-e de venda a Órgão Público sem informar a Nota de Empenho", SO_NFE, _public_sale_without_commitment, prioridade=3, ativa=False, so_com="motDesICMS"),
        nota("ZC01-10", 763, "NFC-e com dados de aquisição de Cana", SO_NFCE, lambda n, _c: n.inf.tem("cana"), prioridade=2, so_com="cana"),
        nota("ZD01-10", 972, "Obrigatória as informações do responsável técnico", AMBOS, lambda n, _c: not n.inf.tem("infRespTec"), prioridade=2, ativa=False),
        nota("ZD02-10", 973, "CNPJ do responsável técnico inválido", AMBOS, lambda n, _c: n.inf.tem("infRespTec") and not cnpj_ok(n.inf.grupo("infRespTec").texto("CNPJ")), so_com="infRespTec"),
        nota("ZD07-10", 975, "Obrigatória a informação do identificador do CSRT e do Hash do CSRT", AMBOS, lambda n, _c: not n.inf.grupo("infRespTec").tem("hashCSRT"), prioridade=3, ativa=False),
    ),
)  # fmt: skip
