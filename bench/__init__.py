"""Measurements: ratios between the fake and a yardstick, both taken in the same run."""
