"""The pages: one blueprint for each audience, and what holds for all of them.

Pages call services and never a table; what they say stands in ``templates/web``.
"""
