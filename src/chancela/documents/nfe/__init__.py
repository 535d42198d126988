"""NF-e (model 55) and NFC-e (model 65), layout 4.00.

`modelo` is the document, `layout` its XML, `regras` what can be said before sending, `danfe` its paper.
"""
