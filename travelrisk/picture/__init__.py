"""Pictures of routes and of the world, as SVG, and the same facts in words.

Values come in, and text goes out: no database, no judgement, and no crossing is worked out here. What is
drawn is what was handed over. A track that cannot be drawn is said to be so, for a picture without it would
look like one that passes nothing.
"""
