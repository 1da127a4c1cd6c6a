"""The judge of documents: each rule about what a page must not contradict."""
