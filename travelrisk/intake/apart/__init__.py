"""Reading apart from the service: a process with few rights and little memory."""
