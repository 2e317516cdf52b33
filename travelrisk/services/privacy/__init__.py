"""What the service owes the people whose trips it keeps: every look at them is noted, with its purpose."""
