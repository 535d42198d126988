"""What others issued to the company: manifestação do destinatário and the documents that SEFAZ distributes."""
