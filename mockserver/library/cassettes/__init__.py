"""Cassettes as files: how they are written, read and kept."""
