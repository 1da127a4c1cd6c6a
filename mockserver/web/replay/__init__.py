"""A cassette played: its lives told again in every channel, at any rhythm."""
