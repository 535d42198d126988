"""What refusing each attack costs, measured in a process of its own: CPU time and the peak of its memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.attack.corpo_pkcs12 import CUSTO_MIB, CUSTO_MS

_MEDE = """
import json, re, time, warnings
warnings.simplefilter("ignore")

def now_and_peak():
    texto = open("/proc/self/status").read()
    return [int(re.search(campo + r":\\s+(\\d+)", texto)[1]) for campo in ("VmRSS", "VmHWM")]

def measure(casos, refuse):
    medidas = []
    for nome, *caso in casos:
        open("/proc/self/clear_refs", "w").write("5")
        antes, _ = now_and_peak()
        inicio = time.process_time()
        refuse(*caso)
        cpu_ms = (time.process_time() - inicio) * 1000
        medidas.append([nome, round(cpu_ms, 2), round((now_and_peak()[1] - antes) / 1024, 1)])
    print(json.dumps(medidas))
"""
_XML = """
from tests.attack.corpo_xml import HOSTIS, SO_ASSINADO
from chancela.domain.erros import XmlInvalido
from chancela.domain.xml.leitura import parse_xml

def refuse(conteudo, _):
    try:
        parse_xml(conteudo, assinado=True)
    except XmlInvalido:
        pass

parse_xml(b"<a/>")
measure(HOSTIS + SO_ASSINADO, refuse)
"""
_PKCS12 = """
from tests.attack.corpo_pkcs12 import corpus
from tests.fixtures.notas import AGORA
from chancela.domain.assinatura.certificado import load_pkcs12
from chancela.domain.erros import CertificadoInvalido

def refuse(conteudo, senha, _):
    try:
        load_pkcs12(conteudo, senha, agora=AGORA)
    except CertificadoInvalido:
        pass

refuse(*corpus()[0][1:])
measure(corpus(), refuse)
"""


@pytest.mark.longo
@pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="peaks of memory are read as Linux tells them"
)
@pytest.mark.parametrize(
    ("corpo", "limite_ms", "limite_mib"),
    [(_XML, 50, 64), (_PKCS12, CUSTO_MS, CUSTO_MIB)],
    ids=["xml", "pkcs12"],
)
def test_refusing_is_cheap(
    corpo: str, limite_ms: int, limite_mib: int, capsys: pytest.CaptureFixture[str]
) -> None:
    raiz = Path(__file__).parents[2]
    saida = subprocess.run(
        [sys.executable, "-c", _MEDE + corpo],
        cwd=raiz,
        env={"PYTHONPATH": f"{raiz / 'src'}:{raiz}"},
        check=True,
        stdout=subprocess.PIPE,
    ).stdout
    medidas: list[tuple[str, float, float]] = json.loads(saida)
    assert len(medidas) >= 70
    with capsys.disabled():
        for nome, cpu_ms, mib in sorted(medidas, key=lambda medida: -medida[1])[:5]:
            print(f"\n{nome}: {cpu_ms} ms, {mib} MiB", end="")
    assert not [medida for medida in medidas if medida[1] > limite_ms or medida[2] > limite_mib]
