"""Pages of gateways, read as values: what each shows, what each says, and in which line."""
