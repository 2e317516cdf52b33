"""Text of reservation systems: Amadeus, Sabre, Apollo, Galileo and Worldspan, as people paste it.

What is understood is taken out of the text; all else stays for the reader of free text, which tells it.
"""
