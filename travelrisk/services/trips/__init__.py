"""A trip: its document arrives, is understood, judged and recorded; its story, its calendar, its end."""
