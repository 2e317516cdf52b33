"""Calendars: iCalendar files of trip planners, airlines, agencies and people."""
