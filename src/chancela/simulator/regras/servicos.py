"""Which rules of events, inutilização, queries and distribution the services judge, by their codes in the official tables.

Their conditions live with each service (`eventos/`, `servicos/`), because they ask the ledger more than the document; number and text stand there.
"""

EVENTOS = """
    DB-D04 DB-D05 DB-D06 P07-10 P08-10 P09-10 P10-10 P11-10 P12-10 P12-14 P12-18 P12-22 P12-26 P12-30 P12-34 P12-40 P12-44 P13-10
    2P12-10 2P13-10 2P13-14 2P21-10 3P15-10
    P15-10 2P12-14 2P12-18 2P12-22 2P23-10 4P15-10 4P15-18 4P15-22 4P15-26 4P15-30 4P15-34 P12-48 P20-10 P31-10 P31-38
    5P31-10 5P31-14 5P31-20 5P31-24 5P31-28 5P31-32 5P31-36 5P31-40
    CCe-1 CCe-2 CCe-3 CCe-4 H01 H02 MD-1 MD-2 MD-3 MD-4 MD-5 MD-6
    P12-32 P12-50 P23-10 P23-20 P23-40 2P10-10 3P12-10 4P12-10
    AT-0 AT-1 AT-3 AT-4 AT-5 AT-6 AT-7 AT-8 AT-9 AT-10 CE-1 CE-2 CE-3 CE-4
"""
INUTILIZACAO = "I01 I02 I03 I04 I05 I06 I06b I07 I08 I11 I12 I13"
CONSULTAS = "C01 C02 C03 C04 C05 C06 C07 C08 R01 R02 R03 R04 S01 K01 K02 K03 K05 K06"
CODIGOS_DE_SERVICO = frozenset(" ".join((EVENTOS, INUTILIZACAO, CONSULTAS)).split())
