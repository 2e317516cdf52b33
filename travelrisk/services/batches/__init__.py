"""A file is screened for an office: brought in, worked off, looked at, its letters released."""
