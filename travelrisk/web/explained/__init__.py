"""Tables that a travel unit explains: what each column holds, looked at, saved, and taken back."""

from travelrisk.web.explained.pages import blueprint

__all__ = ["blueprint"]
