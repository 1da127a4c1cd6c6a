"""Cassettes understood: lives distilled from what was recorded, recordings compared and judged."""
