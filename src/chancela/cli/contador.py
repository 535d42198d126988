"""`chancela contador`: accountants, and the companies that they serve."""

from pathlib import Path
from typing import Any, cast

from chancela.cli.leitura import read_json_file
from chancela.cli.saida import RECUSADO, USO_ERRADO, refuse, say, show
from chancela.domain.erros import RegraViolada
from chancela.domain.identidade import Cnpj
from chancela.kit.ids import IdSource, is_id
from chancela.stores.contadores import Contador, ContadoresPg

_OBRIGATORIOS = ("email", "tipo_documento", "documento", "escritorio", "responsavel", "crc", "cpf")


def create_contador(contadores: ContadoresPg, ids: IdSource, arquivo: Path, *, em_json: bool) -> None:
    """Register the accountant of a JSON file and print his id."""
    contador = _read(arquivo)
    contador_id = ids.new()
    contadores.create(contador_id, contador)
    show({"id": contador_id, "email": contador.email, "escritorio": contador.escritorio}, em_json=em_json)


def link_contador(contadores: ContadoresPg, contador_id: str, empresa_id: int, *, em_json: bool) -> None:
    """Let a company see the accountant."""
    if not is_id(contador_id) or not contadores.link(contador_id, empresa_id):
        _unknown()
    show({"id": contador_id, "empresa": empresa_id, "vinculo": "sim"}, em_json=em_json)


def unlink_contador(contadores: ContadoresPg, contador_id: str, empresa_id: int, *, em_json: bool) -> None:
    """Take that back."""
    if not is_id(contador_id) or not contadores.unlink(contador_id, empresa_id):
        _unknown()
    show({"id": contador_id, "empresa": empresa_id, "vinculo": "não"}, em_json=em_json)


def _unknown() -> None:
    say("CONTADOR-NAO-EXISTE  Não há esse contador, essa empresa ou esse vínculo. Confira os números.")
    raise SystemExit(RECUSADO)


def _read(arquivo: Path) -> Contador:
    try:
        lido = read_json_file(arquivo)
    except RegraViolada as erro:
        refuse(erro, codigo=USO_ERRADO)
    conhecidos = set(Contador.__dataclass_fields__)
    campos = cast("dict[str, Any]", lido) if isinstance(lido, dict) else {}
    estranhos = sorted(set(campos) - conhecidos)
    faltam = [nome for nome in _OBRIGATORIOS if not campos.get(nome)]
    if estranhos or faltam or not all(isinstance(valor, str) for valor in campos.values()):
        say(
            f"O arquivo é um objeto de textos com: {', '.join(sorted(conhecidos))}."
            f" Faltam: {', '.join(faltam) or 'nenhum'}. A mais: {', '.join(estranhos) or 'nenhum'}."
        )
        raise SystemExit(USO_ERRADO)
    contador = Contador(**campos)
    if contador.tipo_documento not in ("CNPJ", "CPF"):
        say("tipo_documento é CNPJ ou CPF.")
        raise SystemExit(USO_ERRADO)
    if contador.tipo_documento == "CNPJ":
        try:
            Cnpj(contador.documento)
        except RegraViolada as erro:
            say(f"documento: {erro.violacoes[0].mensagem}")
            raise SystemExit(RECUSADO) from None
    return contador
