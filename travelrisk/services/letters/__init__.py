"""Letters: written, queued, sent, sent again, and those that came back or reached nobody."""
