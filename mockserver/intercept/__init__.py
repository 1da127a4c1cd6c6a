"""Programs whose hosts are hard-coded: a few hosts lead to handlers here, all others nowhere."""
