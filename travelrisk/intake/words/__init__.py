"""The words of itineraries: days, clocks, places, names, and the tokens a line is made of."""
