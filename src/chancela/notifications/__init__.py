"""Telling customers' systems what happened: formats, signatures and the sending. What there is to tell is in stores."""
