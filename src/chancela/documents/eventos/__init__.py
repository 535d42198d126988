"""Events of NF-e and NFC-e (MOC 7.0, NT 2011.003 and followers): one small module each, one registry, one envelope."""
