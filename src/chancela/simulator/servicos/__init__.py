"""One module per web service; `catalogo` finds the service that an address names."""
