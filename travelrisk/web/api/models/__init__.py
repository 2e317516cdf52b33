"""What programs send and are sent, one module a subject; the models become the schemas of the document."""
