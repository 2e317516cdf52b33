"""Public sources: fetched when they are due, compared with what was known, and proposed where they matter.

A source never rates anything: what it says becomes the evidence of a proposal, and people sign that.
"""
