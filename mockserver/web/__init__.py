"""How the service is spoken to over HTTP: faces, handlers, dialects, and the server."""
