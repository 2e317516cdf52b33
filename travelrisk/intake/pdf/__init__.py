"""PDF: the text that its pages show, the files inside it, and the bar codes in its pictures.

The text goes to the readers of text and the files to those of their form; nothing here knows a flight.
"""
