"""Pictures: how large, what they show, and what an input image measures."""
