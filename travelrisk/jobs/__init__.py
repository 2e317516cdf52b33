"""What is done by the clock, and the one process that does it.

Jobs are use cases of travelrisk.services with a name and a period. What is due stands in the database, never
in the clock's own memory: a process that was killed left nothing behind that another does not find.
"""
