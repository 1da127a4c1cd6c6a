"""What an exam came to, in the forms in which it is read: one room for each."""
