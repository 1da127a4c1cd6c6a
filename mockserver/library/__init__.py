"""Data files turned into frozen values: models, gateways, scenarios, schemas, pictures."""
