"""`/api/invoice/get_list`: the NF-e of a company by page, period and status."""

from starlette.concurrency import run_in_threadpool

from chancela.domain.identidade import Modelo
from chancela.faces.tffiscal.envelope import Resposta, succeed
from chancela.faces.tffiscal.erros import refuse_field
from chancela.faces.tffiscal.nota.respostas import STATUS, instant, own_reference
from chancela.faces.tffiscal.nota.saidas import NotaLinhaSaida, NotasSaida
from chancela.faces.tffiscal.nota.schemas import NotaLista
from chancela.faces.tffiscal.nota.situacoes import SITUACOES
from chancela.faces.tffiscal.paginas import place_of
from chancela.faces.tffiscal.portao import Chamada
from chancela.faces.tffiscal.servicos import Servicos
from chancela.faces.tffiscal.validacao import validate
from chancela.issuing.lista import DocumentoListado, FiltroDocumentos


class OperacoesListaNota:
    """Lists of NF-e."""

    def __init__(self, servicos: Servicos) -> None:
        self._lista = servicos.lista

    async def get_list(self, chamada: Chamada) -> Resposta:
        """One page, newest first."""
        consulta = validate(NotaLista, chamada.dados)
        _check_period(consulta)
        achados = await run_in_threadpool(
            self._lista.list_page,
            chamada.empresa.id,
            FiltroDocumentos(
                Modelo.NFE,
                SITUACOES[consulta.status] if consulta.status else (),
                consulta.start_create_time,
                consulta.end_create_time,
            ),
            pagina=consulta.page,
            tamanho=consulta.page_size,
        )
        itens = [_line(documento) for documento in achados.documentos]
        data: NotasSaida = {"list": itens, **place_of(consulta.page, consulta.page_size, achados.total)}
        return succeed(data)


def _check_period(consulta: NotaLista) -> None:
    inicio, fim = consulta.start_create_time, consulta.end_create_time
    if (inicio is None) != (fim is None):
        campo = "start_create_time" if inicio is None else "end_create_time"
        raise refuse_field(
            campo, "CAMPO-PERIODO", "O período precisa de início e fim.",
            "Envie start_create_time e end_create_time, ou nenhum dos dois.",
        )  # fmt: skip
    if inicio is not None and fim is not None and fim < inicio:
        raise refuse_field(
            "end_create_time", "CAMPO-PERIODO", "O período termina antes de começar.",
            "Troque start_create_time e end_create_time.",
        )  # fmt: skip


def _line(documento: DocumentoListado) -> NotaLinhaSaida:
    """The documented fields first; number, series, value and the caller's id are additions."""
    return {
        "uuid": documento.id,
        "chave": documento.chave,
        "status": STATUS[documento.estado],
        "create": instant(documento.criado_em),
        "issue_time": "" if documento.autorizado_em is None else instant(documento.autorizado_em),
        "id": own_reference(documento.referencia),
        "serie": documento.serie,
        "number": documento.numero,
        "total_price": documento.valor_total,
        "ambiente": str(documento.ambiente.value),
    }
