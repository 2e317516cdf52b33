"""How long what is kept about people is kept, and how many trips one person looks at before somebody asks."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Privacy:
    """The limits of an organisation.

    Attributes:
        read_hours: documents and mails, after they were read.
        unread_days: those that could not be read, or not again.
        travel_days: the link between a person and a trip, after the end of the journey.
        letter_days: the text of letters that belong to no trip, after they were sent or given up.
        verdict_days: the verdict, the route and the reasons, about nobody by then.
        lookup_days: who looked at which trip.
        trips_an_hour: more different trips than these within an hour of one person are told to
            administrators; 0 = never.
    """

    read_hours: int = 24
    unread_days: int = 7
    travel_days: int = 30
    letter_days: int = 30
    verdict_days: int = 730
    lookup_days: int = 365
    trips_an_hour: int = 60

    @property
    def read(self) -> timedelta:
        """How long a document is kept that was read."""
        return timedelta(hours=self.read_hours)

    @property
    def unread(self) -> timedelta:
        """How long one is kept that was not."""
        return timedelta(days=self.unread_days)
