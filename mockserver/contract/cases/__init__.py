"""What an exam asks of a provider: each case in as few predictions as it can."""
