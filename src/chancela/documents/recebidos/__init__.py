"""Documents that others issued and SEFAZ distributes to whom they concern (NFeDistribuicaoDFe, NT 2014.002)."""
