"""HTML: the schema.org data hidden in a page, its tables, and the text that people see."""
