"""The HTTP faces: wire words in, wire words out. Faces never import each other."""
