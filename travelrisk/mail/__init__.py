"""Letters: what they say (letters), how they look (render), how they leave (transport, smtp).

Nothing here knows a table, makes a verdict or shows a page: facts come in as values, and bytes go out.
"""
