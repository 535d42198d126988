"""Webhooks: an addition to the contract."""
