"""What a mail turned out to be, and what is written back."""

from dataclasses import dataclass
from typing import NamedTuple

from travelrisk.domain.texts import Language
from travelrisk.mail.render import Letter
from travelrisk.store.mails import Mail


class Vouched(NamedTuple):
    """A mail whose sender is vouched for.

    Attributes:
        content: the message, or what of it is the sender's own.
        language: of the sender; None = as the document, or the service, has it.
    """

    mail: Mail
    content: bytes
    sender: str
    language: Language | None


class Written(NamedTuple):
    """A finished answer; *edition* of the ratings that a verdict in it rests on, None = it holds none."""

    letter: Letter
    edition: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a mail ends.

    Attributes:
        kind: one word for what it was.
        reason: why a person should look at it; empty where all is well.
        sender: whom the answers go to; empty = nobody, whatever *answers* holds.
        trip_id: the trip it is about.
        note: words of the sender for the travel unit, about that trip.
        letter_id: the letter that they answer.
    """

    kind: str
    reason: str = ""
    sender: str = ""
    answers: tuple[Written, ...] = ()
    trip_id: int | None = None
    note: str = ""
    letter_id: int | None = None
