"""Several parts tell of one booking: what is the same, and what contradicts."""
