"""The pages of whereabouts: a question and its answer, files, messages, and what travellers answer."""

from travelrisk.web.whereabouts import answering, exporting, messages, showing, writing
from travelrisk.web.whereabouts.pages import blueprint

__all__ = ["answering", "blueprint", "exporting", "messages", "showing", "writing"]
