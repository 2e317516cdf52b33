"""What was screened, told, granted and missed in a period: figures, and the letter of the month.

The figures are pure and take rows; only ``reporting`` asks the database. No traveller is named anywhere, and
what a few people of one office did is not told to those outside of it.
"""
