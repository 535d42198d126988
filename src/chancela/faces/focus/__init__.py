"""The Focus face: flat field names in, our neutral request out.

The wire vocabulary of its NF-e and NFC-e is a table, `data/focus/nfe.csv`: one row per field of the dictionary, with its
form, the XML element that it stands for and the place in the neutral request that it fills.
"""
