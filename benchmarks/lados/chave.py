"""The access key as a plain text, for the sides that have no type for it."""

from benchmarks import venda as v


def access_key(numero: int) -> str:
    """Key of the benchmark's document of that number, with its check digit (modulus 11, weights 2 to 9)."""
    corpo = f"35{v.EMISSAO:%y%m}{v.CNPJ}55001{numero:09d}1{v.CNF}"
    resto = sum(int(c) * (2 + i % 8) for i, c in enumerate(reversed(corpo))) % 11
    return f"{corpo}{0 if resto < 2 else 11 - resto}"
