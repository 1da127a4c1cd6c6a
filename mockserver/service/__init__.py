"""What the API does, without HTTP: worlds and the predictions that live in them."""
