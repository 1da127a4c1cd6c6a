"""Data files made of what gateways' pages say: models, profiles, fixtures, with the sources."""
