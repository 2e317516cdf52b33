"""Programs: their keys and tokens, what they may do and how often, and answers that are given only once."""
