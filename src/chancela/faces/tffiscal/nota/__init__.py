"""The NF-e operations of the TFFiscal face."""
