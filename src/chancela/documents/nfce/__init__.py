"""What only model 65 has: the QR Code and the addresses it leads to. Everything else is `documents.nfe`."""
