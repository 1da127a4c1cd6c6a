"""What can go wrong: every kind of fault as one small entry, and the suites they make up."""
