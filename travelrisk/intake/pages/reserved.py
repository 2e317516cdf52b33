"""The states of a reservation in schema.org's words, and those that mails really use.

Source: schema.org ReservationStatusType, and its older spellings in Google's mark-up of mails.
"""

from travelrisk.domain.itineraries import Status

_STATUSES = {
    "confirmed": Status.HELD,
    "reservationconfirmed": Status.HELD,
    "checkin": Status.HELD,
    "checkedin": Status.HELD,
    "cancelled": Status.CANCELLED,
    "canceled": Status.CANCELLED,
    "reservationcancelled": Status.CANCELLED,
    "reservationcanceled": Status.CANCELLED,
    "pending": Status.REQUESTED,
    "reservationpending": Status.REQUESTED,
    "hold": Status.REQUESTED,
    "reservationhold": Status.REQUESTED,
    "waitlist": Status.WAITLIST,
    "waitlisted": Status.WAITLIST,
    "reservationwaitlist": Status.WAITLIST,
    "reservationwaitlisted": Status.WAITLIST,
}


def status_word(written: str) -> str:
    """Return the word of a state, which mostly stands at the end of an address."""
    return written.rstrip("/").rpartition("/")[2]


def reservation_status(word: str) -> Status | None:
    """Return the state of a reservation; None where its word is not known, unknown where it has no word."""
    return _STATUSES.get(word.lower()) if word else Status.UNKNOWN
