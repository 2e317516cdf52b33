"""The words of the field: frozen values and small functions.

Nothing here reads a file, a clock, a database or the network; the standard library is all it imports, and
numpy in ``sphere`` alone.
"""
