"""Files that a travel unit has screened: brought in, looked at row by row, their letters released."""

from travelrisk.web.batches import bringing, downloading, releasing, showing
from travelrisk.web.batches.pages import blueprint

__all__ = ["blueprint", "bringing", "downloading", "releasing", "showing"]
