"""The consumer's side of the contract: what a good client does, and how it is found out."""
