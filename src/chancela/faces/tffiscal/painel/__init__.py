"""The company's panel: what a person sees who came in by automatic login. Its notes, and a form that issues one."""
