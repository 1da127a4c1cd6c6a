"""Fuzzing a provider: what is drawn, done to it, expected of it, and told of what it did."""
