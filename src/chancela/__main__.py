"""`python -m chancela` is the command `chancela`."""

from chancela.server.__main__ import main

if __name__ == "__main__":
    main()
