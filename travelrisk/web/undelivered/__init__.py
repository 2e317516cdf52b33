"""The warnings that reached nobody: the list of whom to call, and an address for who has none."""

from travelrisk.web.undelivered import addressing, listing
from travelrisk.web.undelivered.pages import blueprint

__all__ = ["addressing", "blueprint", "listing"]
