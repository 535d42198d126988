"""`chancela nfe calcular`: taxes, totals and working of a note's body, in the words of either face, with no server behind it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn, cast

from chancela.cli.formato import FormatoNota
from chancela.cli.formatos_nota import Recusa, read_body, tell_refusal
from chancela.cli.leitura import read_json_file
from chancela.cli.saida import RECUSADO, say, show_rows
from chancela.documents.comum.estruturas import read_estrutura
from chancela.domain.erros import EstadoInvalido, RegraViolada, Violacao
from chancela.domain.identidade import Cnpj, Uf
from chancela.domain.tabelas.lugares import Lugares
from chancela.domain.tributos.categoria import Categoria
from chancela.domain.tributos.tabelas import Tabelas
from chancela.domain.xml.esquemas import Esquemas
from chancela.faces.tffiscal.categoria.mapping import category_of
from chancela.faces.tffiscal.categoria.schemas import CategoriaEntrada
from chancela.faces.tffiscal.erros import FaceErro
from chancela.faces.tffiscal.validacao import validate
from chancela.issuing.categorias import read_categoria, write_categoria
from chancela.issuing.configuracao_emissao import list_ajustaveis
from chancela.issuing.empresa import Empresa, EnderecoEmpresa
from chancela.issuing.servico_nfe import prepare_document
from chancela.issuing.tributos_neutros import Regime
from chancela.kit.json_exact import write_json


@dataclass(frozen=True, slots=True, kw_only=True)
class FatosEmpresa:
    """The facts of a company that its documents need, by the names of company/create."""

    cnpj: Cnpj
    invoice_type: Regime
    state: Uf
    name: str = "EMPRESA"
    ie: str = ""
    cep: str = "00000000"
    address: str = "NAO INFORMADO"
    house_number: str = "SN"
    town: str = "NAO INFORMADO"
    city: str = ""
    serie: int = 1


@dataclass(frozen=True, slots=True)
class Entorno:
    """What the calculation needs from the outside."""

    tabelas: Tabelas
    lugares: Lugares
    esquemas: Esquemas
    agora: datetime


def calculate_note(
    arquivo: Path,
    *,
    empresa: Path | None,
    fatos: Mapping[str, str],
    categorias: Path | None,
    entorno: Entorno,
    em_json: bool,
    formato: FormatoNota = FormatoNota.TFFISCAL,
) -> None:
    """Calculate the note of `arquivo`; `fatos` go before those of the file `empresa`. Refusals leave with exit code 1."""
    recusar: Callable[[Recusa], list[dict[str, str]]] = tell_refusal
    try:
        emitente = _company(empresa, fatos, entorno)
        por_codigo = {} if categorias is None else _categories(read_json_file(categorias))
        nota = read_body(formato, read_json_file(arquivo))
        recusar = nota.recusar
        preparada = prepare_document(
            emitente,
            nota.pedido,
            categorias=por_codigo,
            tabelas=entorno.tabelas,
            lugares=entorno.lugares,
            esquemas=entorno.esquemas,
            agora=entorno.agora,
        )
    except (FaceErro, RegraViolada, EstadoInvalido) as erro:
        _refuse(recusar(erro), em_json=em_json)
    _show(nota.mostrar(preparada.montada), em_json=em_json)


def _company(arquivo: Path | None, fatos: Mapping[str, str], entorno: Entorno) -> Empresa:
    dados: dict[str, Any] = {}
    if arquivo is not None:
        dados = dict(_object(read_json_file(arquivo), "A empresa"))
    configuracao = dados.pop("configuracao", None) or {}
    conhecidas = {a.chave.partition(".")[0] for a in list_ajustaveis()}
    estranhas = (
        sorted(set(configuracao) - conhecidas) if isinstance(configuracao, Mapping) else ["configuracao"]
    )  # pyright: ignore
    if estranhas:
        raise RegraViolada(
            tuple(
                Violacao("CONFIG-01", f"configuracao.{nome}", "Esta configuração não existe.", f"Existem: {', '.join(sorted(conhecidas))}.")
                for nome in estranhas
            )
        )  # fmt: skip
    proprios = {n: v for n, v in dados.items() if n in FatosEmpresa.__dataclass_fields__}
    lidos = read_estrutura(FatosEmpresa, {**proprios, **fatos}, prefixo="empresa")
    municipio, codigo = _municipality(lidos, entorno.lugares)
    return Empresa(
        id=0,
        integrador_id=0,
        cnpj=lidos.cnpj,
        razao_social=lidos.name,
        nome_fantasia="",
        inscricao_estadual=lidos.ie,
        regime=lidos.invoice_type.name.lower(),
        endereco=EnderecoEmpresa(
            cep=lidos.cep,
            logradouro=lidos.address,
            numero=lidos.house_number,
            bairro=lidos.town,
            municipio=municipio,
            municipio_ibge=codigo,
            uf=lidos.state,
        ),
        unidade="UN",
        email="",
        telefone="",
        serie_nfe=lidos.serie,
        numero_nfe=1,
        serie_nfce=lidos.serie,
        criada_em=entorno.agora,
        configuracao=cast("Mapping[str, Any]", configuracao),
    )


def _municipality(fatos: FatosEmpresa, lugares: Lugares) -> tuple[str, str]:
    """Name and IBGE code: of the city, else of the CEP."""
    achado = lugares.search_municipio(fatos.city, fatos.state) if fatos.city else None
    if achado is None and not fatos.city:
        lugar = lugares.find_cep(fatos.cep)
        achado = None if lugar is None or lugar.uf is not fatos.state else lugar.municipio
    if achado is None:
        raise EstadoInvalido(
            "EMPRESA-MUNICIPIO",
            "O município da empresa não foi encontrado nesta UF.",
            "Informe --municipio (ou city) e --uf (ou state).",
        )
    return achado.nome, achado.codigo


def _categories(lido: object) -> dict[str, Categoria]:
    """By code. A file holds one category, a list of them, or `{"categorys": [...]}`; without a code, `TF1`, `TF2`, ..."""
    if isinstance(lido, Mapping):
        unico = cast("Mapping[str, object]", lido)
        lido = unico.get("categorys", [unico])
    if not isinstance(lido, Sequence) or isinstance(lido, str):
        raise RegraViolada((Violacao("CAMPO-LISTA", "categorias", "O arquivo é uma lista de categorias.", "Envie uma lista JSON."),))  # fmt: skip
    categorias: dict[str, Categoria] = {}
    for posicao, dados in enumerate(cast("Sequence[object]", lido), 1):
        entrada = validate(CategoriaEntrada, dados)
        codigo = entrada.category_id or f"TF{posicao}"
        categorias[codigo] = read_categoria(codigo, write_categoria(category_of(entrada)))
    return categorias


def _object(lido: object, nome: str) -> Mapping[str, Any]:
    if not isinstance(lido, Mapping):
        raise RegraViolada((Violacao("CAMPO-OBJETO", "", f"{nome} é um objeto JSON.", "Envie um objeto, entre chaves."),))  # fmt: skip
    return cast("Mapping[str, Any]", lido)


def _refuse(erros: Sequence[Mapping[str, str]], *, em_json: bool) -> NoReturn:
    if em_json:
        print(json.dumps({"erros": list(erros)}, ensure_ascii=False))
    for e in erros:
        recebido = f" (recebido: {e['valor']})" if e["valor"] else ""
        say(f"{e['codigo']}  {e['campo']}: {e['mensagem']}{recebido} {e['correcao']}")
    raise SystemExit(RECUSADO)


def _show(dados: Mapping[str, Any], *, em_json: bool) -> None:
    if em_json:
        print(write_json(dados).decode())
        return
    for linha in dados["memoria"]:
        print(linha["texto"])
    linhas = [(tag, valor) for tag, valor in dados["total"]["ICMSTot"].items() if valor != "0.00"]
    show_rows("Totais", ("campo", "R$"), linhas, em_json=False)
    for aviso in dados["avisos"]:
        say(f"Aviso {aviso['codigo']}  {aviso['campo']}: {aviso['mensagem']} {aviso['correcao']}")
