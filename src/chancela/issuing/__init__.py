"""The way of a document to SEFAZ and back: number, sign, send, reconcile.

`modelo` holds the values, `decisao` the pure state machine, `emissao` the orchestration over the ports of `ports`.
"""
