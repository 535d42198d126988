"""The TFFiscal face: its authentication, its envelope, its spellings, over the same core as every other face.

`app.create_tffiscal_router` puts it together from the ports of `servicos.Servicos`. The wire vocabulary lives in the
`schemas.py` of each operation folder and meets ours in the `mapping.py` beside it, nowhere else.
"""
