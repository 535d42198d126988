"""What the NFC-e adds to a company: fields, secrets, numbering and categories of its own."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.stores.fabrica import AGORA, CHAVE_MESTRA, companies, new_company, new_document, some_cnpj, vault

from chancela.documents.nfce.qrcode import Csc
from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.issuing.empresa import Cadastro, Categoria, MudancaEmpresa, NovoCertificado
from chancela.kit.randomness import SeededRandomness, SystemRandomness
from chancela.stores.categorias import CategoriasPg
from chancela.stores.cofre import ChaveMestra, Cofre, CofreInvalido
from chancela.stores.conexao import Banco
from chancela.stores.documentos import DocumentosPg
from chancela.stores.empresas import EmpresasPg
from chancela.stores.segredos import Segredos

Sql = Callable[..., list[tuple[object, ...]]]
CSC = Csc("000001", "ABCDEF0123456789")


@pytest.fixture
def empresas(banco: Banco) -> EmpresasPg:
    return EmpresasPg(banco, vault(), SystemRandomness())


def test_a_company_may_start_with_the_nfce(empresas: EmpresasPg) -> None:
    integrador, _ = empresas.create_integrador("ERP")
    criada, token = empresas.create(new_company(integrador.id, serie_nfce=3, numero_nfce=10, csc=CSC))
    assert (criada.serie_nfce, criada.numero_nfce, criada.csc_id) == (3, 10, "000001")
    assert empresas.csc(criada.id) == CSC
    assert empresas.find(integrador.id, criada.cnpj) == (criada, token)


def test_a_company_is_found_under_its_own_integrator_alone(empresas: EmpresasPg) -> None:
    um, _ = empresas.create_integrador("Um")
    outro, _ = empresas.create_integrador("Outro")
    criada, _ = empresas.create(new_company(um.id))
    assert empresas.find(outro.id, criada.cnpj) is None
    assert empresas.find(um.id, some_cnpj(99)) is None


def test_an_update_changes_what_it_names(empresas: EmpresasPg, superusuario: Sql) -> None:
    integrador, _ = empresas.create_integrador("ERP")
    criada, token = empresas.create(new_company(integrador.id))
    assert empresas.csc(criada.id) is None
    endereco = replace(
        criada.endereco, cep="20040002", municipio="Rio de Janeiro", municipio_ibge="3304557", uf=Uf.RJ
    )
    certificado = NovoCertificado(b"novo", "s", "cd" * 32, AGORA, AGORA, "https://exemplo.com.br/novo.pfx")
    mudada = empresas.update(
        criada.id,
        MudancaEmpresa(
            nome_fantasia="Filial",
            endereco=endereco,
            serie_nfce=2,
            numero_nfce=5,
            csc=CSC,
            certificado=certificado,
        ),
    )
    assert mudada == replace(
        criada, nome_fantasia="Filial", endereco=endereco, serie_nfce=2, numero_nfce=5, csc_id="000001",
        certificado_url="https://exemplo.com.br/novo.pfx",
    )  # fmt: skip
    assert empresas.get(criada.id) == mudada
    assert empresas.csc(criada.id) == CSC
    assert superusuario("SELECT impressao FROM certificados WHERE atual") == [("cd" * 32,)]
    assert superusuario("SELECT count(*) FROM certificados") == [(2,)]
    assert empresas.find(integrador.id, criada.cnpj) == (mudada, token)
    assert empresas.update(criada.id, MudancaEmpresa()) == mudada


def test_the_csc_is_unreadable_in_the_database(empresas: EmpresasPg, superusuario: Sql) -> None:
    integrador, _ = empresas.create_integrador("ERP")
    empresas.create(new_company(integrador.id, serie_nfce=1, numero_nfce=1, csc=CSC))
    (linha,) = superusuario("SELECT finalidade, envelope FROM segredos")
    assert linha[0] == "csc"
    assert CSC.codigo.encode() not in bytes(linha[1])  # type: ignore[arg-type]


def test_the_csc_survives_a_change_of_master_key(empresas: EmpresasPg, banco: Banco) -> None:
    integrador, _ = empresas.create_integrador("ERP")
    criada, _ = empresas.create(new_company(integrador.id, csc=CSC))
    novo = Cofre([ChaveMestra(b"n" * 32), CHAVE_MESTRA], SeededRandomness(5))
    assert Segredos(banco, novo).rotate() > 0
    so_o_novo = Cofre([ChaveMestra(b"n" * 32)], SeededRandomness(6))
    assert EmpresasPg(banco, so_o_novo, SystemRandomness()).csc(criada.id) == CSC


def test_a_company_never_sees_the_csc_of_another(empresas: EmpresasPg) -> None:
    integrador, _ = empresas.create_integrador("ERP")
    empresas.create(new_company(integrador.id, 0, csc=CSC))
    outra, _ = empresas.create(new_company(integrador.id, 1))
    assert empresas.csc(outra.id) is None


def test_a_receipt_reads_its_company_its_categories_and_its_sealed_csc_at_once(
    empresas: EmpresasPg, banco: Banco
) -> None:
    integrador, _ = empresas.create_integrador("ERP")
    criada, _ = empresas.create(new_company(integrador.id, 0, csc=CSC))
    outra, _ = empresas.create(new_company(integrador.id, 1))
    categorias = CategoriasPg(banco)
    for dona, codigo in ((criada, "A"), (criada, "B"), (outra, "C")):
        categorias.create(dona.id, codigo=codigo, descricao="", conteudo={"aliquota": codigo})

    lido = empresas.read_cadastro(criada.id, ["A", "C", "NAO-EXISTE"])
    assert lido is not None
    assert lido.empresa == criada
    assert lido.categorias == {"A": {"aliquota": "A"}}
    assert lido.csc_selado is not None
    assert CSC.codigo.encode() not in lido.csc_selado
    assert "selado" not in repr(lido)
    assert empresas.open_csc(criada.id, lido.csc_selado) == CSC
    with pytest.raises(CofreInvalido):
        empresas.open_csc(outra.id, lido.csc_selado)
    assert empresas.read_cadastro(outra.id, []) == Cadastro(outra, {}, None)
    assert empresas.read_cadastro(outra.id + 1, ["A"]) is None


def test_each_model_counts_on_its_own_and_a_series_only_moves_forward(
    empresas: EmpresasPg, banco: Banco
) -> None:
    (empresa,) = companies(banco)
    documentos = DocumentosPg(banco)

    def issue(modelo: Modelo, inicial: int) -> int:
        novo = new_document(empresa, modelo=modelo, conteudo=modelo.value, numero_inicial=inicial)
        return documentos.admit(novo, dono=None, prazo_s=1).documento.numero

    def following() -> int | None:
        return empresas.next_number(empresa, Modelo.NFCE, 1, Ambiente.HOMOLOGACAO)

    empresas.update(empresa.id, MudancaEmpresa(serie_nfce=1, numero_nfce=40))
    assert following() is None
    assert [issue(Modelo.NFE, 1), issue(Modelo.NFCE, 40), issue(Modelo.NFE, 1), issue(Modelo.NFCE, 40)] == [
        1,
        40,
        2,
        41,
    ]
    assert following() == 42
    empresas.update(empresa.id, MudancaEmpresa(numero_nfce=10))
    assert following() == 42
    empresas.update(empresa.id, MudancaEmpresa(numero_nfce=100))
    assert (following(), issue(Modelo.NFCE, 40)) == (100, 100)
    assert empresas.next_number(empresa, Modelo.NFCE, 1, Ambiente.PRODUCAO) is None
    assert empresas.next_number(empresa, Modelo.NFE, 1, Ambiente.HOMOLOGACAO) == 3


def test_categories_of_the_nfce_are_listed_apart(banco: Banco) -> None:
    empresa, outra = companies(banco, 2)
    categorias = CategoriasPg(banco)
    categorias.create(empresa.id, codigo=None, descricao="da NF-e", conteudo={"a": 1})
    criadas = [
        categorias.create(empresa.id, codigo=None, descricao=f"C{n}", conteudo={"n": n}, modelo=Modelo.NFCE)
        for n in range(3)
    ]
    assert [c.codigo for c in criadas] == ["TF00002", "TF00003", "TF00004"]
    pagina = categorias.list_page(empresa.id, Modelo.NFCE, pagina=2, tamanho=2)
    assert (list(pagina.categorias), pagina.total) == ([criadas[2]], 3)
    assert categorias.list_page(empresa.id, Modelo.NFE, pagina=1, tamanho=50).total == 1
    assert categorias.list_page(outra.id, Modelo.NFCE, pagina=1, tamanho=50).total == 0

    nova = Categoria("TF00002", "Nova", {"x": 1}, Modelo.NFCE)
    assert categorias.replace(empresa.id, nova)
    assert categorias.get(empresa.id, "TF00002") == nova
    assert not categorias.replace(empresa.id, replace(nova, codigo="TF1"))
    assert not categorias.replace(outra.id, nova)
    assert not categorias.delete(outra.id, "TF00002", Modelo.NFCE)
    assert not categorias.delete(empresa.id, "TF1", Modelo.NFCE)
    assert categorias.delete(empresa.id, "TF00002", Modelo.NFCE)
    assert categorias.get(empresa.id, "TF00002") is None
