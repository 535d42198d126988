"""Export of everything that was said to the authority since its ledger was empty, and its replay in a ledger of its own.

Answers depend on the clock, the ledger, the switches and the seed of the fault plan, and on nothing else: told again at the same
hours, with the switches as they were, the same requests get the same bytes.
"""

import base64
import json
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from chancela.kit.clock import Clock
from chancela.simulator.livro import Livro
from chancela.simulator.relogio import RelogioSimulador
from chancela.simulator.sefaz import Sefaz

VERSAO = 1


class ExportacaoInvalida(ValueError):
    """Not an export, or one that cannot be told again."""


def export_exchanges(sefaz: Sefaz) -> dict[str, Any]:
    """Exchanges, switches and authorities as one JSON value. Refused when bodies were dropped or suppliers took part."""
    livro = sefaz.livro
    trocas = livro.exchanges()
    if any(troca["pedido"] is None for troca in trocas):
        raise ExportacaoInvalida(
            "o diário já largou os corpos mais antigos; exporte antes, ou aumente corpos_guardados"
        )
    if livro.used_sequences("fornecedor-"):
        raise ExportacaoInvalida(
            "notas de fornecedor fictício não se repetem: a assinatura delas é de outra chave"
        )
    return {
        "versao": VERSAO,
        "autoridades": [_pem(sefaz.autoridade.certificado), _pem(sefaz.estranha.certificado)],
        "retratos": livro.snapshots(),
        "trocas": [
            {
                "id": troca["id"],
                "quando": troca["quando"],
                "caminho": troca["caminho"],
                **{campo: _encode(troca[campo]) for campo in ("transmissor", "pedido", "resposta")},
            }
            for troca in trocas
        ],
    }


def replay_exchanges(sefaz: Sefaz, dados: dict[str, Any], clock: Clock) -> dict[str, Any]:
    """Tell an export again, apart from the ledger of `sefaz`; which answers differ, by the id of the exchange."""
    if dados.get("versao") != VERSAO or not isinstance(dados.get("trocas"), list):
        raise ExportacaoInvalida("isto não é uma exportação do simulador")
    diferentes: list[int] = []
    with tempfile.TemporaryDirectory() as pasta:
        outra = _apart(sefaz, dados, clock, Path(pasta))
        retratos = {int(r["apos_troca"]): r["ajustes"] for r in dados["retratos"]}
        feitos = sorted(retratos)
        for troca in dados["trocas"]:
            while feitos and feitos[0] < int(troca["id"]):
                _restore(outra, retratos[feitos.pop(0)])
            outra.relogio.freeze(datetime.fromisoformat(troca["quando"]))
            pedido, der, esperada = (_decode(troca[campo]) for campo in ("pedido", "transmissor", "resposta"))
            if outra.handle(troca["caminho"], pedido, der).corpo != esperada:
                diferentes.append(int(troca["id"]))
        outra.close()
    total = len(dados["trocas"])
    return {"trocas": total, "iguais": total - len(diferentes), "diferentes": diferentes}


def _apart(sefaz: Sefaz, dados: dict[str, Any], clock: Clock, pasta: Path) -> Sefaz:
    """An authority of the same certificates over an empty ledger."""
    autoridade, estranha = (
        replace(casa, certificado=x509.load_pem_x509_certificate(pem.encode()))
        for casa, pem in zip((sefaz.autoridade, sefaz.estranha), dados["autoridades"], strict=True)
    )
    livro = Livro(pasta / "livro.db", len(dados["trocas"]) + 1)
    return Sefaz(
        sefaz.config,
        livro,
        RelogioSimulador(clock),
        autoridade,
        estranha,
        reenvio_devolve_protocolo=sefaz.reenvio_devolve_protocolo,
    )


def _restore(sefaz: Sefaz, ajustes: dict[str, Any]) -> None:
    for nome, valor in ajustes.items():
        sefaz.livro.store_setting(nome, valor)
    sefaz.load_settings()


def _pem(certificado: x509.Certificate) -> str:
    return certificado.public_bytes(Encoding.PEM).decode()


def _encode(conteudo: bytes | None) -> str:
    return base64.b64encode(conteudo or b"").decode()


def _decode(texto: str) -> bytes:
    return base64.b64decode(texto)


def dump_export(dados: dict[str, Any]) -> str:
    """The export as text, the same for the same content."""
    return json.dumps(dados, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
