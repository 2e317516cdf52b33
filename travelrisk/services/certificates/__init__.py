"""Certificates of clearance: issued for the newest answer on a trip, signed, and checked by their code.

A certificate says what was answered. Whether that still holds is looked up each time somebody checks it.
"""
