"""The use cases: one function each, which alone commits; doors call these and nothing below them."""
