"""Checks over what was said: small generators that never ask, assert, print or wait."""
