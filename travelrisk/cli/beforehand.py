"""What waitress refuses by itself, before any page is asked, said as programs are told everything else.

It reads a request whole before it hands it on. What is beyond all measure, or no HTTP at all, never comes so
far, and its own refusals are plain text.
"""

import json

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

_HEADERS = (
    ("Content-Type", "application/problem+json"),
    ("Cache-Control", "private, no-store"),
    ("X-Content-Type-Options", "nosniff"),
)


_DETAILS = {
    413: "This is larger than anything that is taken here: send it in parts. Nothing of it was read.",
    431: "The headers are larger than anything that is taken here: leave away what is not needed.",
}


class _Refusal(ErrorTask):
    """A problem (RFC 9457) of which little is known: waitress tells its own words to nobody."""

    def execute(self) -> None:
        """Answer, and read no more from this connection."""
        error = self.request.error  # type: ignore[attr-defined] # which the stubs confuse with their own errors
        problem = {
            "type": "about:blank",
            "title": error.reason,
            "status": error.code,
            "detail": _DETAILS.get(error.code, "This was not read: look whether it is HTTP, and try again."),
        }
        body = json.dumps(problem).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers = [*self.response_headers, *_HEADERS]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):
    """A connection that refuses in this way."""

    error_task_class = _Refusal
