"""The tests: pure floors first, then the store on both databases, the web, and journeys in a browser."""
