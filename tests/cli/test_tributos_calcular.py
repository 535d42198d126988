"""`chancela tributos calcular`: the worked examples of the tax specification, as a person would type them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chancela.cli import tributos as comando
from chancela.cli.saida import RECUSADO
from chancela.issuing.tributos_neutros import DESCRICOES, OperacaoNeutra, schema_operacao
from chancela.stores.referencia_tributos import packaged_tabelas

Json = dict[str, Any]
NADA: Json = {"pis": {"cst": "07"}, "cofins": {"cst": "07"}}


def calculate(
    capsys: pytest.CaptureFixture[str], pasta: Path, itens: list[Json], **operacao: Any
) -> dict[str, Any]:
    entrada = {
        "uf_emitente": "SP", "uf_destinatario": "SP", "indicador_ie": "1", "consumidor_final": False,
        "data_emissao": "2026-05-04", "itens": [{**NADA, **item} for item in itens], **operacao,
    }  # fmt: skip
    arquivo = pasta / "operacao.json"
    arquivo.write_text(json.dumps({k: v for k, v in entrada.items() if v is not None}))
    comando.calculate_file(arquivo, hoje=date(2026, 5, 4), tabelas=packaged_tabelas(), em_json=True)
    return json.loads(capsys.readouterr().out)


CASOS: dict[str, tuple[list[Json], Json, dict[str, str]]] = {
    "1 internal sale, ICMS out of the base": (
        [{"valor_total": "1234.50", "desconto": "34.50", "frete": "50.00", "icms": {"cst": "00", "aliquota": 18},
          "pis": {"cst": "01", "aliquota": "1.65"}, "cofins": {"cst": "01", "aliquota": "7.60"},
          "ibs_cbs": {"cst": "000", "classificacao": "000001"}, "desconta_icms_pis_cofins": True}],
        {},
        {"ICMS/ICMS00/vBC": "1250.00", "ICMS/ICMS00/vICMS": "225.00", "PIS/PISAliq/vBC": "1025.00",
         "PIS/PISAliq/vPIS": "16.91", "COFINS/COFINSAliq/vCOFINS": "77.90", "IBSCBS/gIBSCBS/vBC": "930.19",
         "IBSCBS/gIBSCBS/gIBSUF/vIBSUF": "0.93", "IBSCBS/gIBSCBS/gIBSMun/vIBSMun": "0.00",
         "IBSCBS/gIBSCBS/gCBS/vCBS": "8.37"},
    ),
    "1b the same, ICMS in the base": (
        [{"valor_total": "1234.50", "desconto": "34.50", "frete": "50.00", "icms": {"cst": "00", "aliquota": 18},
          "pis": {"cst": "01", "aliquota": "1.65"}, "cofins": {"cst": "01", "aliquota": "7.60"}}],
        {},
        {"PIS/PISAliq/vBC": "1250.00", "PIS/PISAliq/vPIS": "20.63", "COFINS/COFINSAliq/vCOFINS": "95.00"},
    ),
    "2 substitution with adjusted MVA": (
        [{"valor_total": "2000.00", "icms": {"cst": "10", "mva": 45, "aliquota_interna_destino": "19.5", "aliquota_fcp_st": 2},
          "ipi": {"cst": "50", "aliquota": 10}}],
        {"uf_destinatario": "PR", "configuracao": {"mva_ajustada_automatica": True}},
        {"ICMS/ICMS10/pMVAST": "58.51", "IPI/IPITrib/vIPI": "200.00", "ICMS/ICMS10/vICMS": "240.00",
         "ICMS/ICMS10/vBCST": "3487.22", "ICMS/ICMS10/vICMSST": "440.01", "ICMS/ICMS10/vFCPST": "69.74",
         "total:ICMSTot/vNF": "2709.75"},
    ),
    "3 DIFAL, single base": (
        [{"valor_total": 890, "icms": {"cst": "00", "aliquota_fcp": 2}}],
        {"uf_destinatario": "PE", "tipo_pessoa": "fisica", "indicador_ie": "9", "consumidor_final": True},
        {"ICMS/ICMS00/vICMS": "62.30", "ICMSUFDest/vICMSUFDest": "120.15", "ICMSUFDest/vFCPUFDest": "17.80"},
    ),
    "3 DIFAL, double base": (
        [{"valor_total": 890, "icms": {"cst": "00", "aliquota": 7, "aliquota_interna_destino": "20.5", "aliquota_fcp": 2}}],
        {"uf_destinatario": "PE", "tipo_pessoa": "fisica", "configuracao": {"difal_metodo": "dupla"},
         "indicador_ie": "NAO_CONTRIBUINTE", "consumidor_final": None},
        {"ICMSUFDest/vBCUFDest": "1068.00", "ICMSUFDest/vICMSUFDest": "156.64", "ICMSUFDest/vFCPUFDest": "21.36"},
    ),
    "4 credit of the Simples Nacional": (
        [{"valor_total": "760.40", "icms": {"csosn": "101", "aliquota_credito": "2.56"}}],
        {"regime": "simples_nacional"},
        {"ICMS/ICMSSN101/vCredICMSSN": "19.47"},
    ),
    "5 substitution by the Simples Nacional": (
        [{"valor_total": "760.40", "icms": {"csosn": "201", "aliquota": 18, "aliquota_st": 18, "mva": 38}}],
        {"regime": "1"},
        {"ICMS/ICMSSN201/vBCST": "1049.35", "ICMS/ICMSSN201/vICMSST": "52.01"},
    ),
    "6 reduced base, relief outside the price": (
        [{"valor_total": "640.00", "icms": {"cst": "20", "aliquota": 18, "percentual_reducao": "33.33", "motivo_desoneracao": "9"}}],
        {},
        {"ICMS/ICMS20/vBC": "426.69", "ICMS/ICMS20/vICMS": "76.80", "ICMS/ICMS20/vICMSDeson": "38.40"},
    ),
    "6 reduced base, relief inside the price": (
        [{"valor_total": "640.00", "icms": {"cst": "20", "aliquota": 18, "percentual_reducao": "33.33", "motivo_desoneracao": "9"}}],
        {"configuracao": {"desoneracao_metodo": "por_dentro"}},
        {"ICMS/ICMS20/vICMSDeson": "46.82"},
    ),
    "7 exempt, relief outside": (
        [{"valor_total": "640.00", "icms": {"cst": "40", "aliquota": 18, "motivo_desoneracao": "9"}}],
        {},
        {"ICMS/ICMS40/vICMSDeson": "115.20"},
    ),
    "7 exempt, relief inside": (
        [{"valor_total": "640.00", "icms": {"cst": "40", "aliquota": 18, "motivo_desoneracao": "9"}}],
        {"configuracao": {"desoneracao_metodo": "por_dentro"}},
        {"ICMS/ICMS40/vICMSDeson": "140.49"},
    ),
    "8 deferral": (
        [{"valor_total": 750, "icms": {"cst": "51", "aliquota": 12, "percentual_diferimento": "41.67"}}],
        {},
        {"ICMS/ICMS51/vICMSOp": "90.00", "ICMS/ICMS51/vICMSDif": "37.50", "ICMS/ICMS51/vICMS": "52.50"},
    ),
    "9 single-phase, deferred": (
        [{"valor_total": 1000, "icms": {"cst": "53", "combustivel": {
            "aliquota_ad_rem": "1.12", "quantidade": "350.5", "percentual_diferimento": 30}}}],
        {},
        {"ICMS/ICMS53/vICMSMonoOp": "392.56", "ICMS/ICMS53/vICMSMonoDif": "117.77", "ICMS/ICMS53/vICMSMono": "274.79"},
    ),
    "10 single-phase, withheld before": (
        [{"valor_total": 300, "icms": {"cst": "61", "combustivel": {"aliquota_ad_rem": "1.47", "quantidade": "42.315"}}}],
        {},
        {"ICMS/ICMS61/vICMSMonoRet": "62.20", "ICMS/ICMS61/qBCMonoRet": "42.3150"},
    ),
    "11 IPI in the base of the final consumer": (
        [{"quantidade": 2, "valor_unitario": 250, "icms": {"cst": "00", "aliquota": 18}, "ipi": {"cst": "50", "aliquota": "6.5"}}],
        {"consumidor_final": True},
        {"IPI/IPITrib/vIPI": "32.50", "ICMS/ICMS00/vBC": "532.50", "ICMS/ICMS00/vICMS": "95.85"},
    ),
    "12 reduced rates of IBS and CBS": (
        [{"valor_total": 1000, "icms": {"cst": "41"}, "ibs_cbs": {"cst": "200", "classificacao": "200030"}}],
        {},
        {"IBSCBS/gIBSCBS/gIBSUF/gRed/pAliqEfet": "0.0400", "IBSCBS/gIBSCBS/gCBS/gRed/pAliqEfet": "0.3600",
         "IBSCBS/gIBSCBS/gIBSUF/vIBSUF": "0.40", "IBSCBS/gIBSCBS/gCBS/vCBS": "3.60"},
    ),
    "12 half to even": (
        [{"valor_total": "333.33", "icms": {"cst": "41"}, "ibs_cbs": {"cst": "200", "classificacao": "200030"}}],
        {},
        {"IBSCBS/gIBSCBS/gIBSUF/vIBSUF": "0.13", "IBSCBS/gIBSCBS/gCBS/vCBS": "1.20"},
    ),
    "13 deferred IBS and CBS": (
        [{"valor_total": 1000, "icms": {"cst": "41"},
          "ibs_cbs": {"cst": "515", "classificacao": "515001", "parametros": {"percentual_diferimento": 100}}}],
        {},
        {"IBSCBS/gIBSCBS/gIBSUF/gDif/vDif": "0.40", "IBSCBS/gIBSCBS/gCBS/gDif/vDif": "3.60",
         "IBSCBS/gIBSCBS/gCBS/vCBS": "0.00"},
    ),
    "14 import": (
        [{"valor_total": 5000, "origem": "1", "icms": {"cst": "00", "aliquota_importacao": 18},
          "ipi": {"cst": "00", "aliquota": 10}, "pis": {"cst": "50", "aliquota": "2.10"},
          "cofins": {"cst": "50", "aliquota": "9.65"},
          "importacao": {"base": 5000, "valor": 600, "despesas_aduaneiras": "214.50"}}],
        {"tipo": "importacao", "uf_destinatario": None, "indicador_ie": None},
        {"II/vII": "600.00", "IPI/IPITrib/vIPI": "560.00", "PIS/PISOutr/vPIS": "105.00", "COFINS/COFINSOutr/vCOFINS": "482.50",
         "ICMS/ICMS00/vBC": "8490.24", "ICMS/ICMS00/vICMS": "1528.24"},
    ),
    "16 half up": (
        [{"valor_total": "266.50", "icms": {"cst": "00", "aliquota": 1}}], {}, {"ICMS/ICMS00/vICMS": "2.67"}
    ),
    "16 half to even by choice": (
        [{"valor_total": "266.50", "icms": {"cst": "00", "aliquota": 1}}],
        {"configuracao": {"arredondamento": "abnt"}},
        {"ICMS/ICMS00/vICMS": "2.66"},
    ),
}  # fmt: skip
"""Example 15 is a service invoice, which is not an operation of this command."""


@pytest.mark.parametrize("nome", CASOS)
def test_worked_example(nome: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    itens, operacao, esperado = CASOS[nome]
    saida = calculate(capsys, tmp_path, itens, **operacao)
    for caminho, valor in esperado.items():
        atual: Any = saida["total"] if caminho.startswith("total:") else saida["itens"][0]["imposto"]
        for tag in caminho.removeprefix("total:").split("/"):
            atual = atual[tag]
        assert atual == valor, caminho


def test_the_working_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    saida = calculate(capsys, tmp_path, [{"valor_total": 100, "icms": {"cst": "00", "aliquota": 18}}])
    passo = next(p for p in saida["memoria"] if p["regra"] == "icms.valor")
    assert (passo["item"], passo["tributo"], passo["base"], passo["aliquota"], passo["valor"]) == (
        1, "ICMS", "100.00", "18.00", "18.00",
    )  # fmt: skip
    assert passo["fonte"] == "LC 87/1996, art. 13"
    assert passo["texto"].startswith("Item 1: ICMS = base × alíquota ÷ 100 = 18,00")


def test_people_read_the_working_and_the_totals(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    arquivo = tmp_path / "a.json"
    arquivo.write_text(
        '{"uf_emitente":"SP","uf_destinatario":"SP","itens":[{"valor_total":100,"icms":{"cst":"00"}}]}'
    )
    comando.calculate_file(arquivo, hoje=date(2026, 9, 1), tabelas=packaged_tabelas(), em_json=False)
    lido = capsys.readouterr()
    assert "ICMS = base × alíquota ÷ 100 = 18,00" in lido.out
    assert "vNF" in lido.out
    assert "Aviso TRIB-IBSCBS-13" in lido.err


@pytest.mark.parametrize(
    ("texto", "codigo", "caminho"),
    [
        ('{"uf_emitente":"XX","itens":[]}', "CAMPO-OPCAO", "uf_emitente"),
        ('{"uf_emitente":"SP"}', "CAMPO-AUSENTE", "itens"),
        ('{"uf_emitente":"SP","itens":[]}', "CAMPO-LISTA-VAZIA", "itens"),
        ('{"uf_emitente":"SP","itens":[{"valor_total":"1,00"}]}', "CAMPO-NUMERO", "itens[0].valor_total"),
        ('{"uf_emitente":"SP","itens":[{"valor_total":1}]}', "CAMPO-AUSENTE", "itens[0].icms"),
        ('{"uf_emitente":"SP","itens":[{"icms":{"cst":"00"}}]}', "CAMPO-AUSENTE", "itens[0].valor_total"),
        ('{"uf_emitente":"SP","itens":[{"valor_total":1,"icms":{}}]}', "CAMPO-AUSENTE", "itens[0].icms.cst"),
        ('{"uf_emitente":"SP","itens":[{"valr":1}]}', "CAMPO-DESCONHECIDO", "itens[0].valr"),
        ('{"uf_emitente":"SP","data_emissao":"2026-13-01","itens":[]}', "CAMPO-DATA", "data_emissao"),
        ('{"uf_emitente":"SP","consumidor_final":"talvez","itens":[]}', "CAMPO-LOGICO", "consumidor_final"),
        ('{"uf_emitente":"SP","itens":{}}', "CAMPO-LISTA", "itens"),
        ('{"uf_emitente":"SP","itens":[1]}', "CAMPO-OBJETO", "itens[0]"),
        ('{"uf_emitente":"SP","finalidade":true,"itens":[]}', "CAMPO-TEXTO", "finalidade"),
        ('{"uf_emitente":"SP","uf_destinatario":"SP","regime":"mei","itens":[{"valor_total":1,"icms":{"cst":"00"}}]}',
         "TRIB-REGIME-01", "itens[0].icms.situacao_tributaria"),
        ('{"uf_emitente":"SP","uf_destinatario":"PE","itens":[{"valor_total":1,'
         '"icms":{"cst":"00","aliquota":12,"aliquota_interna_destino":20}}]}', "CAMPO-OPCAO", "itens[0].icms.aliquota"),
        ("{", "ARQUIVO-JSON", ""),
    ],
)  # fmt: skip
def test_a_refusal_says_where(
    texto: str, codigo: str, caminho: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    arquivo = tmp_path / "a.json"
    arquivo.write_text(texto)
    with pytest.raises(SystemExit) as saida:
        comando.calculate_file(arquivo, hoje=date(2026, 5, 4), tabelas=packaged_tabelas(), em_json=True)
    assert saida.value.code == RECUSADO
    lido = capsys.readouterr()
    assert (codigo, caminho) in [(e["codigo"], e["caminho"]) for e in json.loads(lido.out)["erros"]]
    assert codigo in lido.err


def test_a_missing_file_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        comando.calculate_file(
            tmp_path / "nada.json", hoje=date(2026, 5, 4), tabelas=packaged_tabelas(), em_json=False
        )
    assert "ARQUIVO-JSON" in capsys.readouterr().err


def test_the_schema_describes_every_field(capsys: pytest.CaptureFixture[str]) -> None:
    comando.print_schema()
    impresso = json.loads(capsys.readouterr().out)
    assert impresso == schema_operacao()
    assert set(impresso["properties"]) == {*OperacaoNeutra.__dataclass_fields__}
    assert impresso["required"] == ["uf_emitente", "itens"]
    referencias = set(json.dumps(impresso).split('"#/$defs/')[1:])
    assert {r.split('"')[0] for r in referencias} == set(impresso["$defs"])
    nomes = {n for d in (impresso, *impresso["$defs"].values()) for n in d["properties"]}
    assert set(DESCRICOES) <= nomes
