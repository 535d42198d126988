"""The way out: SOAP over mutual TLS to SEFAZ. Speaks wire words, knows no database and no state machine."""
