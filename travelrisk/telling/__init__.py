"""Telling: findings, segments and texts in words, alike in letters, on pages and in a terminal.

Nothing here knows a door, a letter or a table, or makes a verdict: values come in, and words go out.
"""
