"""What is wrong with how a client behaved: each probe reads one conduct, and yields findings."""
