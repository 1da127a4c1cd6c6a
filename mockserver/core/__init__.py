"""The sans-IO middle: what a prediction is, told by its events and an instant."""
