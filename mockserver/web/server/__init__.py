"""Our HTTP/1.1 server: parses strictly, asks for an answer, performs it on the raw connection."""
