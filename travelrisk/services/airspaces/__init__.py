"""Outlines of airspaces: brought in from files of others, and looked at. Nothing here judges."""
