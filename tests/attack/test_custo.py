"""What refusing each attack costs, measured in a process of its own: CPU time and the peak of its memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

_MEDE = """
import json, re, time, sys
from tests.attack.corpo_xml import HOSTIS, SO_ASSINADO
from chancela.domain.erros import XmlInvalido
from chancela.domain.xml.leitura import parse_xml

def now_and_peak():
    texto = open("/proc/self/status").read()
    return [int(re.search(campo + r":\\s+(\\d+)", texto)[1]) for campo in ("VmRSS", "VmHWM")]

parse_xml(b"<a/>")
medidas = []
for nome, conteudo, _ in HOSTIS + SO_ASSINADO:
    open("/proc/self/clear_refs", "w").write("5")
    antes, _ = now_and_peak()
    inicio = time.process_time()
    try:
        parse_xml(conteudo, assinado=True)
    except XmlInvalido:
        pass
    cpu_ms = (time.process_time() - inicio) * 1000
    medidas.append([nome, round(cpu_ms, 2), round((now_and_peak()[1] - antes) / 1024, 1)])
print(json.dumps(medidas))
"""


@pytest.mark.longo
@pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="peaks of memory are read as Linux tells them"
)
def test_refusing_costs_less_than_50_ms_and_64_mib(capsys: pytest.CaptureFixture[str]) -> None:
    raiz = Path(__file__).parents[2]
    saida = subprocess.run(
        [sys.executable, "-c", _MEDE],
        cwd=raiz,
        env={"PYTHONPATH": f"{raiz / 'src'}:{raiz}"},
        check=True,
        stdout=subprocess.PIPE,
    ).stdout
    medidas: list[tuple[str, float, float]] = json.loads(saida)
    with capsys.disabled():
        for nome, cpu_ms, mib in sorted(medidas, key=lambda medida: -medida[1])[:5]:
            print(f"\n{nome}: {cpu_ms} ms, {mib} MiB", end="")
    assert not [medida for medida in medidas if medida[1] > 50 or medida[2] > 64]
