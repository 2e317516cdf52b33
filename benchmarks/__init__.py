"""Commands that print figures; never part of the tests. Ratios first: seconds belong to one machine."""
