"""Where the travellers of an office are expected, messages to exactly those, and whether they are safe.

Each function takes a viewer and sees the trips of the viewer's office only; each look is noted before
anything is returned. Nothing here judges a trip.
"""
