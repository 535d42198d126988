"""Ranges of numbers on their way to be inutilised: reserved before the request leaves, kept or given back afterwards.

While a range is reserved no number of it is given (`chancela_proximo_numero` steps over it) and no refused document of
it may be issued again.
"""

from typing import Any

from sqlalchemy import Connection, text

from chancela.domain.erros import EstadoInvalido
from chancela.issuing.solicitacao import EstadoSolicitacao, NovaInutilizacao, Solicitacao
from chancela.stores import consultas_documento


def reserve_range(conexao: Connection, nova: NovaInutilizacao) -> str | None:
    """Lock the series and look at the range; the id of the request that already holds exactly it, or None when free.

    Raises `EstadoInvalido` when another range overlaps it or a document that is not refused has one of its numbers.
    """
    faixa = {
        "ambiente": int(nova.ambiente), "cnpj": nova.emitente, "modelo": nova.modelo.value, "serie": nova.serie,
        "inicio": nova.inicio, "fim": nova.fim,
    }  # fmt: skip
    conexao.execute(consultas_documento.TRAVA_SERIE, faixa)
    for outra in conexao.execute(_SOBREPOSTAS, faixa).mappings():
        if (outra["inicio"], outra["fim"]) == (nova.inicio, nova.fim):
            return str(outra["solicitacao_id"])
        raise EstadoInvalido(
            "INUT-SOBREPOSTA",
            f"Os números {outra['inicio']} a {outra['fim']} desta série já foram inutilizados ou estão sendo.",
            "Peça só os números que faltam.",
        )
    usado = conexao.execute(_USADO, faixa).mappings().one_or_none()
    if usado is not None:
        raise EstadoInvalido(
            "INUT-NUMERO-USADO",
            f"O número {usado['numero']} tem um documento {usado['estado']}: não pode ser inutilizado.",
            "Aguarde os que estão em andamento, cancele os autorizados e peça só números sem uso.",
        )
    return None


def settle_range(conexao: Connection, solicitacao: Solicitacao, estado: EstadoSolicitacao) -> None:
    """Homologated: its refused documents are INUTILIZADO. Refused: numbers skipped meanwhile go back to the series."""
    if estado.viva:
        return
    faixa: dict[str, Any] = {
        "id": solicitacao.id, "ambiente": int(solicitacao.ambiente), "cnpj": solicitacao.emitente,
        "modelo": solicitacao.modelo.value, "serie": solicitacao.serie, "inicio": solicitacao.inicio,
        "fim": solicitacao.fim,
    }  # fmt: skip
    conexao.execute(consultas_documento.TRAVA_SERIE, faixa)
    if estado is EstadoSolicitacao.REGISTRADA:
        conexao.execute(_INUTILIZA_DOCUMENTOS, faixa)
        conexao.execute(_HOMOLOGA, faixa)
        conexao.execute(_ESQUECE_DEVOLVIDOS, faixa)
    else:
        conexao.execute(_DEVOLVE_PULADOS, faixa)
        conexao.execute(_SOLTA, faixa)


def number_reserved(conexao: Connection, serie: dict[str, Any], numero: int) -> bool:
    """Whether a number is inutilised or about to be; ask with its document's row locked."""
    return conexao.execute(_RESERVADO, {**serie, "inicio": numero, "fim": numero}).first() is not None


_DA_SERIE = "(ambiente, cnpj, modelo, serie) = (:ambiente, :cnpj, :modelo, :serie)"
_SOBREPOSTAS = text(
    f"SELECT inicio, fim, solicitacao_id FROM numeros_inutilizados WHERE {_DA_SERIE}"  # noqa: S608 - constants
    " AND inicio <= :fim AND fim >= :inicio ORDER BY inicio"
)
_RESERVADO = text(
    f"SELECT 1 FROM numeros_inutilizados WHERE {_DA_SERIE} AND inicio <= :fim AND fim >= :inicio LIMIT 1"  # noqa: S608 - constants
)
_USADO = text(
    f"""
    SELECT numero, estado FROM (
        SELECT numero, estado FROM documentos WHERE {_DA_SERIE} AND numero BETWEEN :inicio AND :fim
        ORDER BY id FOR UPDATE) d
    WHERE estado NOT IN ('REJEITADO', 'INUTILIZADO') ORDER BY numero LIMIT 1
    """  # noqa: S608 - constants
)
_INUTILIZA_DOCUMENTOS = text(
    f"""
    UPDATE documentos SET estado = 'INUTILIZADO', atualizado_em = chancela_agora()
    WHERE {_DA_SERIE} AND numero BETWEEN :inicio AND :fim AND estado = 'REJEITADO'
    """  # noqa: S608 - constants
)
_HOMOLOGA = text("UPDATE numeros_inutilizados SET homologada = true WHERE solicitacao_id = :id")
_SOLTA = text("DELETE FROM numeros_inutilizados WHERE solicitacao_id = :id")
_ESQUECE_DEVOLVIDOS = text(
    f"DELETE FROM numeros_devolvidos WHERE {_DA_SERIE} AND numero BETWEEN :inicio AND :fim"  # noqa: S608 - constants
)
_DEVOLVE_PULADOS = text(
    """
    INSERT INTO numeros_devolvidos (ambiente, cnpj, modelo, serie, numero)
    SELECT i.ambiente, i.cnpj, i.modelo, i.serie, n.numero
    FROM numeros_inutilizados i
    JOIN series r ON (r.ambiente, r.cnpj, r.modelo, r.serie) = (i.ambiente, i.cnpj, i.modelo, i.serie)
    CROSS JOIN LATERAL generate_series(greatest(i.inicio, i.ultimo_na_reserva + 1), least(i.fim, r.ultimo_numero)) AS n (numero)
    WHERE i.solicitacao_id = :id
    ON CONFLICT DO NOTHING
    """
)
