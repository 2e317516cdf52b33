"""A letter or a calendar of ours comes back: whoever may know its trip is led to what stands there now.

Nothing is read from it, and no verdict is sent: what it says is our own word, perhaps an old one.
"""

from collections.abc import Sequence

from travelrisk.mail.answers import received
from travelrisk.services.application import Application
from travelrisk.services.mailbox.answering import facts, line_of
from travelrisk.services.mailbox.outcomes import Outcome, Vouched, Written
from travelrisk.store import trips
from travelrisk.store.database import reading

_MOST = 100


def of_whom_they_concern(app: Application, vouched: Vouched, references: Sequence[str]) -> Outcome:
    """Answer about the trips whose contact the sender is; of any other not even that it exists is said."""
    with reading(app.engine) as c:
        found = [trips.by_reference(c, each) for each in references[:_MOST]]
        own = [each for each in found if each and each.contact.casefold() == vouched.sender.casefold()]
        lines = [
            line_of(app, each, trips.itinerary(c, trips.history(c, each.id)[-1].itinerary_id)) for each in own
        ]
    if not own:
        why = "it holds a letter or calendar of ours, and its sender is not the contact of that trip"
        return Outcome("returned", why, vouched.sender)
    letter = received(facts(app), lines, vouched.language or own[0].language, is_ours=True)
    return Outcome("returned", "", vouched.sender, (Written(letter),), own[0].id if len(own) == 1 else None)
