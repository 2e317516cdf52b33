"""Programs of an office are told of new answers on its trips (Standard Webhooks).

A message says that there is an answer, its verdict and where to read it; no name, no flight, no place.
"""
