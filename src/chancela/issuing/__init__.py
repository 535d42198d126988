"""The way of a document to SEFAZ and back: number, sign, send, reconcile.

`modelo` holds the values, `decisao` the pure state machine, `emissao` the orchestration over the ports of `ports`, `passos` the steps
of one document, `remessa` those of many together.
"""
