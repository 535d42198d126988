"""Tax engine of goods and mixed documents (NF-e, NFC-e): pure, exact, explained.

`entrada` is what goes in, `motor.compute_tributos` the only verb, `resultado` what comes out. Tables come in as
values (`tabelas`); nothing here reads a file, a clock or a socket.
"""
