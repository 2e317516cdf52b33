"""Printed itineraries with labels (``Departure: Geneva``) and columns (``From  To  Flight``).

They are read field by field and, where a flight has its number and both ends, taken out of the text before
the free text is read. Nothing here knows an airline or an agency; a new label is a phrase in labels.py.
"""
