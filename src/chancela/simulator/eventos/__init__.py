"""The kinds of event that the authorities register, each family in a module; `registro.py` lists them."""
