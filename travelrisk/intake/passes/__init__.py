"""Boarding passes: the strings in their bar codes, pictures that show one, and the passes of telephones.

`bcbp` is the grammar of the strings, `barcodes` turns pictures into strings, and neither knows the other;
`flights` makes drafts of what the grammar found. Frequent-flyer, document and bag numbers are never read out.
"""
