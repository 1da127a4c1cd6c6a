"""A client in this process meets a case: its time, its way to the fake, and what it did."""
