"""Where settings are read and the parts are wired; nothing below knows of it."""
