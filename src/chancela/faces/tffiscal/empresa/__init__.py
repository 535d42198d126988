"""The companies operations of the TFFiscal face."""
