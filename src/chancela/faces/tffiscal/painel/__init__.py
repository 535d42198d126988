"""The company's panel: what a person sees who came in by automatic login. Read only."""
