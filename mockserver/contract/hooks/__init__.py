"""Somebody else's receiver of webhooks under test: what it is sent, and what is made of it."""
