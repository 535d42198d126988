"""The NFC-e operations of the TFFiscal face: company, categories, documents."""
