"""`chancela evento`: events that no route of the contract names, out of a JSON file."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chancela.server.configuracao import load_configuracao

if TYPE_CHECKING:
    from datetime import datetime

    from chancela.domain.identidade import Ambiente
    from chancela.issuing.solicitacao import Solicitacao
    from chancela.server.configuracao import Configuracao

EmJson = Annotated[bool, typer.Option("--json", help="Saída em JSON.")]
evento = typer.Typer(help="Eventos de NF-e e NFC-e, inclusive os que a API não tem.", no_args_is_help=True)


@evento.command("tipos")
def kinds(em_json: EmJson = False) -> None:
    """Lista os eventos, quem assina cada um e o prazo."""
    from chancela.cli.evento import show_kinds

    show_kinds(em_json=em_json)


@evento.command("enviar")
def send(
    empresa_id: Annotated[int, typer.Option("--empresa", help="Id da empresa que assina.")],
    tipo: Annotated[str, typer.Option(help="tpEvento, como 110150 (chancela evento tipos).")],
    chave: Annotated[str, typer.Option(help="Chave de acesso da nota.")],
    dados: Annotated[Path | None, typer.Option(help="JSON com os campos do evento; - lê da entrada.")] = None,
    imagem: Annotated[
        Path | None, typer.Option(help="Imagem do comprovante, para o hash da entrega.")
    ] = None,
    producao: Annotated[
        bool, typer.Option("--producao", help="Para chave de terceiro: registra em produção.")
    ] = False,
    em_json: EmJson = False,
) -> None:
    """Assina, confere, envia e guarda um evento; mostra antes o prazo dele."""
    from chancela.cli.evento import read_fields, say_deadline, show_event
    from chancela.cli.saida import refuse
    from chancela.domain.erros import FiscalError
    from chancela.domain.identidade import Ambiente
    from chancela.server.pecas import database_of

    corpo = {} if dados is None else read_fields(dados)
    conteudo = None if imagem is None else imagem.read_bytes()
    ambiente = Ambiente.PRODUCAO if producao else Ambiente.HOMOLOGACAO
    configuracao = load_configuracao()
    with database_of(configuracao) as url:
        try:
            solicitacao, ate = asyncio.run(
                _send(configuracao, url, empresa_id, tipo, chave, corpo, conteudo, ambiente, say_deadline)
            )
        except FiscalError as erro:
            refuse(erro)
    show_event(solicitacao, ate, em_json=em_json)


async def _send(
    configuracao: "Configuracao",
    url: str,
    empresa_id: int,
    codigo: str,
    texto_chave: str,
    dados: dict[str, Any],
    imagem: bytes | None,
    ambiente: "Ambiente",
    dizer_prazo: Any,
) -> "tuple[Solicitacao, datetime | None]":
    from chancela.domain.chave import ChaveAcesso
    from chancela.domain.erros import NaoEncontrado
    from chancela.issuing.evento_avulso import check_author, compose_detalhe, deadline_of, kind_of
    from chancela.issuing.solicitacao import AlvoEvento
    from chancela.server.pecas import open_pecas
    from chancela.server.recebidos import open_servico_eventos
    from chancela.stores.solicitacoes import SolicitacoesPg

    tipo, chave = kind_of(codigo), ChaveAcesso.parse(texto_chave)
    with open_pecas(configuracao, url, threads=4, nome="chancela-evento") as pecas:
        empresa = pecas.empresas.get(empresa_id)
        if empresa is None:
            raise NaoEncontrado("EMPRESA-NAO-EXISTE", f"Não há empresa com o id {empresa_id}.")
        documento = pecas.documentos.find_by_chave(chave.texto, empresa.id)
        alvo = (
            AlvoEvento(empresa.id, empresa.cnpj, ambiente, chave)
            if documento is None
            else AlvoEvento.of(documento)
        )
        detalhe = compose_detalhe(
            tipo, empresa, chave, dados, autor=check_author(tipo, empresa, chave), documento=documento,
            anteriores=SolicitacoesPg(pecas.banco).list_of_key(chave.texto, alvo.ambiente, empresa.id), imagem=imagem,
        )  # fmt: skip
        protocolo = None if documento is None else documento.protocolo
        autorizado_em = None if protocolo is None else protocolo.recebido_em
        ate = deadline_of(tipo, chave, autorizado_em)
        dizer_prazo(ate)
        texto = str(getattr(detalhe, "justificativa", None) or getattr(detalhe, "correcao", None) or "")
        async with open_servico_eventos(configuracao, pecas) as servico:
            solicitacao, _ = await servico.register(
                tipo, empresa, alvo, texto, detalhe, autorizado_em=autorizado_em
            )
        return solicitacao, ate
