"""XML as the fiscal layouts use it: canonical writing, one safe reader, the official schemas."""
