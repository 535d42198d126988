"""Automatic login: tickets and the session that they become."""
