"""The tax categories operations of the TFFiscal face."""
