"""E-mail: a message taken apart, and what its parts say together."""
