"""`/api/nfce/category/*`: create, get_detail, get_list, edit, delete."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from starlette.concurrency import run_in_threadpool

from chancela.domain.erros import EstadoInvalido
from chancela.domain.identidade import Modelo, Uf
from chancela.domain.tributos import categoria as tributos
from chancela.faces.tffiscal.envelope import Resposta, succeed
from chancela.faces.tffiscal.erros import ErroCampo, FaceErro, refuse_field
from chancela.faces.tffiscal.nfce.categoria_schemas import (
    CategoriaNfceChave,
    CategoriaNfceEdicao,
    CategoriaNfceEntrada,
    CategoriaNfceLista,
    ContribuicaoPlana,
)
from chancela.faces.tffiscal.portao import Chamada
from chancela.faces.tffiscal.servicos import Servicos
from chancela.faces.tffiscal.validacao import ignored_fields, validate
from chancela.issuing.categorias import read_categoria, write_categoria
from chancela.issuing.empresa import Categoria

_PESSOAS = ("juridica", "fisica")
_PADRAO = "padrao"


class OperacoesCategoriaNfce:
    """Operations on the flat categories of the calling company."""

    def __init__(self, servicos: Servicos) -> None:
        self._categorias = servicos.categorias

    async def create(self, chamada: Chamada) -> Resposta:
        """Store a category; `data.category_id` is the caller's own or the next of the company."""
        entrada = validate(CategoriaNfceEntrada, chamada.dados)
        try:
            criada = await run_in_threadpool(
                self._categorias.create,
                chamada.empresa.id,
                codigo=entrada.category_id,
                descricao=entrada.descricao,
                conteudo=write_categoria(category_of(entrada)),
                modelo=Modelo.NFCE,
            )
        except EstadoInvalido as erro:
            raise refuse_field(
                "category_id", erro.codigo, erro.mensagem, erro.correcao, valor=entrada.category_id or "",
                rotulo="Código da categoria",
            ) from None  # fmt: skip
        return _stored(criada.codigo, ignored_fields(entrada))

    async def edit(self, chamada: Chamada) -> Resposta:
        """Replace a category whole: what is not sent is gone."""
        entrada = validate(CategoriaNfceEdicao, chamada.dados)
        nova = Categoria(
            entrada.category_id, entrada.descricao, write_categoria(category_of(entrada)), Modelo.NFCE
        )
        if not await run_in_threadpool(self._categorias.replace, chamada.empresa.id, nova):
            raise _unknown(entrada.category_id)
        return _stored(entrada.category_id, ignored_fields(entrada))

    async def get_detail(self, chamada: Chamada) -> Resposta:
        """One category as it was registered."""
        consulta = validate(CategoriaNfceChave, chamada.dados)
        guardada = await run_in_threadpool(self._categorias.get, chamada.empresa.id, consulta.category_id)
        if guardada is None or guardada.modelo is not Modelo.NFCE:
            raise _unknown(consulta.category_id)
        return succeed(describe_category(guardada))

    async def get_list(self, chamada: Chamada) -> Resposta:
        """One page of the categories, in the order they were made."""
        consulta = validate(CategoriaNfceLista, chamada.dados)
        achadas = await run_in_threadpool(
            self._categorias.list_page,
            chamada.empresa.id,
            Modelo.NFCE,
            pagina=consulta.page,
            tamanho=consulta.page_size,
        )
        return succeed(
            {
                "list": [{"category_id": c.codigo, "descricao": c.descricao} for c in achadas.categorias],
                "page": consulta.page,
                "total": achadas.total,
                "total_pages": -(-achadas.total // consulta.page_size),
            }
        )

    async def delete(self, chamada: Chamada) -> Resposta:
        """Take a category away; products that name it are refused from then on."""
        entrada = validate(CategoriaNfceChave, chamada.dados)
        apagada = await run_in_threadpool(
            self._categorias.delete, chamada.empresa.id, entrada.category_id, Modelo.NFCE
        )
        if not apagada:
            raise _unknown(entrada.category_id)
        return succeed()


def category_of(entrada: CategoriaNfceEntrada) -> tributos.Categoria:
    """The engine's value: one scenario for whatever consumer."""
    icms, ibs_cbs = entrada.icms, entrada.ibs_cbs
    return tributos.Categoria(
        codigo=entrada.category_id or "",
        icms=tuple(
            tributos.CenarioIcms(
                cenario=_PADRAO,
                tipo_pessoa=pessoa,
                codigo_cfop=entrada.codigo_cfop,
                situacao_tributaria=icms.situacao_tributaria,
                aliquota_reducao=icms.aliquota_reducao,
                motivo_desoneracao=icms.motivo_desoneracao,
                aliquota_icms={Uf(a.estado): a.aliquota for a in icms.aliquota_icms},
                aliquota_fcp={Uf(a.estado): a.aliquota for a in icms.aliquota_fcp},
                beneficio_fiscal={Uf(b.estado): b.codigo for b in icms.beneficio_fiscal},
            )
            for pessoa in _PESSOAS
        ),
        pis=_contribution(entrada.pis),
        cofins=_contribution(entrada.cofins),
        ibs_cbs=()
        if ibs_cbs is None
        else tuple(
            tributos.CenarioIbsCbs(
                _PADRAO, pessoa, ibs_cbs.situacao_tributaria, ibs_cbs.classificacao_tributaria
            )
            for pessoa in _PESSOAS
        ),
    )


def describe_category(guardada: Categoria) -> dict[str, Any]:
    """A stored category in the flat form; per-state lists are left out when empty, as the contract shows them."""
    lida = read_categoria(guardada.codigo, guardada.conteudo)
    icms = lida.icms[0]
    plano: dict[str, Any] = {"situacao_tributaria": icms.situacao_tributaria}
    if icms.aliquota_reducao is not None:
        plano["aliquota_reducao"] = icms.aliquota_reducao
    if icms.motivo_desoneracao:
        plano["motivo_desoneracao"] = icms.motivo_desoneracao
    for nome, chave, valores in (
        ("aliquota_icms", "aliquota", icms.aliquota_icms),
        ("aliquota_fcp", "aliquota", icms.aliquota_fcp),
        ("beneficio_fiscal", "codigo", icms.beneficio_fiscal),
    ):
        if valores:
            plano[nome] = _by_state(valores, chave)
    data: dict[str, Any] = {
        "category_id": guardada.codigo,
        "descricao": guardada.descricao,
        "codigo_cfop": icms.codigo_cfop,
        "icms": plano,
        "pis": _flat(lida.pis[0]),
        "cofins": _flat(lida.cofins[0]),
    }
    if lida.ibs_cbs:
        data["ibs_cbs"] = {
            "situacao_tributaria": lida.ibs_cbs[0].situacao_tributaria,
            "classificacao_tributaria": lida.ibs_cbs[0].classificacao_tributaria,
        }
    return data


def _contribution(plana: ContribuicaoPlana) -> tuple[tributos.CenarioContribuicao, ...]:
    return tuple(
        tributos.CenarioContribuicao(_PADRAO, pessoa, plana.situacao_tributaria, plana.aliquota)
        for pessoa in _PESSOAS
    )


def _flat(cenario: tributos.CenarioContribuicao) -> dict[str, str]:
    """The rate is text on this wire."""
    aliquota = cenario.aliquota or Decimal("0.00")
    return {"situacao_tributaria": cenario.situacao_tributaria, "aliquota": format(aliquota, "f")}


def _by_state(valores: Mapping[Uf, Decimal] | Mapping[Uf, str], chave: str) -> list[dict[str, Any]]:
    return [{"estado": uf.value, chave: valor} for uf, valor in valores.items()]


def _stored(codigo: str, avisos: list[ErroCampo]) -> Resposta:
    data: dict[str, Any] = {"category_id": codigo}
    if avisos:
        data["avisos"] = [aviso.as_data() for aviso in avisos]
    return succeed(data)


def _unknown(codigo: str) -> FaceErro:
    return FaceErro(
        404, "CAT-NAO-EXISTE", f"Não há categoria de NFC-e com o código {codigo}.", "Confira o category_id."
    )
