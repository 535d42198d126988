"""SOAP 1.2 over mutual TLS: the envelope, the TLS profile of each host, and the transport."""
