"""The desk of a travel unit: what must not be ticketed, what had better not have been, and each trip.

Nothing here makes or changes a verdict: only ratings and exceptions do.
"""
