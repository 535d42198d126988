"""How long the law has contents kept."""

PRAZO_LEGAL_MESES = 132
"""Eleven years: five to assess the tax from the year after (CTN art. 173), five more to collect it (art. 174), and the running one."""
