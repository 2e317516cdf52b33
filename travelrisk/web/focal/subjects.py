"""What somebody means by a few words: a carrier, a State, an airport, a country or a pair of airports."""

from itertools import product
from typing import Final, NamedTuple

from travelrisk.domain.codes import folded
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.places import Airport
from travelrisk.domain.ratings import Subject, SubjectKind, route_subject
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.reference import load_countries
from travelrisk.services.application import Application
from travelrisk.services.naming import name_of
from travelrisk.store.database import reading

LONGEST: Final = 100
_MOST: Final = 20  # as many as a person looks through


class Choice(NamedTuple):
    """One thing that may be meant, told so that it cannot be mistaken for another."""

    subject: Subject
    name: str


def meant(app: Application, kind: SubjectKind, text: str, language: Language) -> tuple[Choice, ...]:
    """Return what *text* may mean: nothing where it is unknown, several where somebody must choose."""
    found = _FINDERS[kind](app, text[:LONGEST].strip())
    return tuple(Choice(each, name_of(app, each, language)) for each in found[:_MOST])


def subject_from(text: str) -> Subject:
    """Read ``carrier:ETH`` out of an address.

    Raises:
        BadInputError: there is no such kind.
    """
    kind, _, key = text.partition(":")
    try:
        return Subject(SubjectKind(kind), key)
    except ValueError:
        raise BadInputError(f"{kind} is no kind of subject") from None


def exists(app: Application, subject: Subject) -> bool:
    """Say whether a subject is in the reference data, under exactly this key."""
    return subject in _FINDERS[subject.kind](app, subject.key)


def carriers_meant(app: Application, text: str) -> tuple[str, ...]:
    """Return the ICAO designators that a code or a name may mean today; of defunct ones, if no other fits."""
    today = app.clock().date()
    found = (*app.book.find(text, today), *app.book.named(text, today)) or app.book.ever(text)
    return tuple(dict.fromkeys(carrier.icao for carrier in found if carrier.icao))


def _carriers(app: Application, text: str) -> tuple[Subject, ...]:
    return tuple(Subject(SubjectKind.CARRIER, icao) for icao in carriers_meant(app, text))


def _states(app: Application, text: str) -> tuple[Subject, ...]:
    return tuple(Subject(SubjectKind.STATE, code) for code in _countries_meant(app, text))


def _countries(app: Application, text: str) -> tuple[Subject, ...]:
    return tuple(Subject(SubjectKind.COUNTRY, code) for code in _countries_meant(app, text))


def _countries_meant(app: Application, text: str) -> tuple[str, ...]:
    by_code = app.atlas.country(text)
    if by_code is not None:
        return (by_code.code,)
    wanted = folded(text)
    words = set(wanted.split())
    names = {
        code: {folded(getattr(each.names, language)) for language in LANGUAGES}
        for code, each in load_countries().items()
    }
    # Whoever types Congo is asked which one: a caution on the wrong State warns nobody.
    found = [
        code for code, known in names.items() if words and any(words <= set(name.split()) for name in known)
    ]
    return tuple(sorted(found, key=lambda code: wanted not in names[code]))


def _airports(app: Application, text: str) -> tuple[Subject, ...]:
    return tuple(Subject(SubjectKind.AIRPORT, each.code) for each in _airports_meant(app, text))


def _airports_meant(app: Application, text: str) -> tuple[Airport, ...]:
    return app.atlas.candidates(text) or app.atlas.named(text)


def _routes(app: Application, text: str) -> tuple[Subject, ...]:
    carrier, colon, pair = text.rpartition(":")
    one, _, other = pair.partition("-")
    carriers = carriers_meant(app, carrier) if colon else ("",)
    ends = product(carriers, _airports_meant(app, one), _airports_meant(app, other))
    routes = (route_subject(a.code, b.code, icao) for icao, a, b in ends if a != b)
    return tuple(dict.fromkeys(routes))


def _airspaces(app: Application, text: str) -> tuple[Subject, ...]:
    with reading(app.engine) as c:
        sky = app.shelf.newest(c).sky
    wanted = set(folded(text).split())
    found = [each.key for each in sky.of_key(text.strip().upper())] or [
        each.key
        for each in sky.airspaces
        if wanted and any(wanted <= set(folded(name).split()) for name in each.names)
    ]
    return tuple(Subject(SubjectKind.AIRSPACE, key) for key in dict.fromkeys(found))


_FINDERS: Final = {
    SubjectKind.CARRIER: _carriers,
    SubjectKind.STATE: _states,
    SubjectKind.AIRPORT: _airports,
    SubjectKind.COUNTRY: _countries,
    SubjectKind.ROUTE: _routes,
    SubjectKind.AIRSPACE: _airspaces,
}
