"""NF-e and NFC-e of the Focus face. `mapping.read_nota` is the way in."""
