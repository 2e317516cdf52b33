"""Documents become drafts: one reader a module, behind the protocol of registry.py.

What lives here: telling what a document is, opening it, reading it, and saying what was not understood; all
of it within limits, and for anything but a short line in a child process. What may not: looking up who a
carrier is, choosing a year, filling a gap (domain.settling does that), the network, the clock, the database.
"""
