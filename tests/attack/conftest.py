"""Fictitious keys, certificates and one small valid note: see `tests.fixtures.notas`."""

from tests.fixtures.notas import agora, certificado, fabrica, id_nota, inf_nfe, nfe, senha

__all__ = ["agora", "certificado", "fabrica", "id_nota", "inf_nfe", "nfe", "senha"]
