"""A gateway recorded: every request passed on as it comes, every answer as it arrives."""
