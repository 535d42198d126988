"""Look-ups of places over the reviewed tables, small and slow: enough for tests of pure code."""

import csv
import re
import unicodedata
from datetime import date
from functools import cached_property
from pathlib import Path

import chancela
from chancela.domain.identidade import Uf
from chancela.domain.tabelas.lugares import LugarCep, Municipio, Pais, PrecisaoCep

PASTA = Path(chancela.__file__).parent / "data" / "referencia"


def _rows(nome: str) -> list[dict[str, str]]:
    with (PASTA / nome).open(encoding="utf-8", newline="") as arquivo:
        return list(csv.DictReader(arquivo))


def _plain(nome: str) -> str:
    sem = unicodedata.normalize("NFKD", nome).encode("ascii", "ignore").decode().upper()
    return re.sub(r"[^A-Z0-9]", "", sem)


class LugaresDasTabelas:
    """Implements the `Lugares` port."""

    @cached_property
    def municipios(self) -> dict[str, Municipio]:
        linhas = _rows("municipios.csv")
        return {
            m["codigo_ibge"]: Municipio(m["codigo_ibge"], m["nome"], Uf(m["uf"]), m["fuso_horario"])
            for m in linhas
        }

    @cached_property
    def _por_nome(self) -> dict[tuple[str, Uf], Municipio]:
        return {(_plain(m.nome), m.uf): m for m in self.municipios.values()}

    @cached_property
    def _faixas(self) -> list[dict[str, str]]:
        return _rows("cep_ranges.csv")

    @cached_property
    def _ufs(self) -> list[dict[str, str]]:
        return _rows("cep_uf.csv")

    @cached_property
    def _paises(self) -> dict[str, Pais]:
        return {
            p["codigo_bacen"].lstrip("0"): Pais(p["codigo_bacen"], p["nome"]) for p in _rows("paises.csv")
        }

    def find_cep(self, cep: str) -> LugarCep | None:
        for faixa in self._faixas:
            if faixa["cep_inicio"] <= cep <= faixa["cep_fim"]:
                municipio = self.municipios[faixa["codigo_ibge"]]
                return LugarCep(cep, municipio.uf, PrecisaoCep.MUNICIPIO, municipio)
        for faixa in self._ufs:
            if faixa["cep_inicio"] <= cep <= faixa["cep_fim"]:
                return LugarCep(cep, Uf(faixa["uf"]), PrecisaoCep.UF)
        return None

    def find_municipio(self, codigo: str) -> Municipio | None:
        return self.municipios.get(codigo)

    def search_municipio(self, nome: str, uf: Uf) -> Municipio | None:
        return self._por_nome.get((_plain(nome), uf))

    def find_pais(self, codigo: str, em: date | None = None) -> Pais | None:
        return self._paises.get(codigo.lstrip("0"))


LUGARES = LugaresDasTabelas()
