"""What a subject is called in the reader's language, with the codes that tell it apart."""

from typing import Final

from travelrisk.domain.airspaces import Airspace
from travelrisk.domain.carriers import Carrier
from travelrisk.domain.codes import folded
from travelrisk.domain.places import Airport
from travelrisk.domain.ratings import Record, Subject, SubjectKind, subject_of
from travelrisk.domain.sky import Sky
from travelrisk.domain.texts import Language, Texts
from travelrisk.services.application import Application
from travelrisk.store.database import reading
from travelrisk.telling.foreign import visible
from travelrisk.telling.names import city_name

# Whoever signs must see at once whether flights to a country are meant, or every carrier of its authority.
_STATE: Final = Texts("State of the operator", "État de l'exploitant", "Estado del operador")


def name_of(app: Application, subject: Subject, language: Language) -> str:
    """Return the name of a subject with what tells it apart; its key where it has no name."""
    kind, key = subject
    if kind is SubjectKind.CARRIER:
        carrier = carrier_of(app, key)
        return _carrier_name(carrier, language) if carrier else key
    if kind is SubjectKind.AIRPORT:
        airport = app.atlas.airport(key)
        return _airport_name(airport, language) if airport else key
    if kind is SubjectKind.ROUTE:
        return _route_name(app, key, language)
    if kind is SubjectKind.AIRSPACE:
        return _airspace_name(app, key, language)
    country = app.atlas.country(key)
    name = f"{country.names.in_language(language)} ({key})" if country else key
    return f"{name}, {_STATE.in_language(language)}" if kind is SubjectKind.STATE else name


def name_of_record(app: Application, record: Record, language: Language) -> str:
    """Return the name of what a record is about; an airspace is called as its record calls it."""
    if isinstance(record, Airspace):
        return drawn_name(record, language)
    return name_of(app, subject_of(record), language)


def _airspace_name(app: Application, key: str, language: Language) -> str:
    known = sky_seen(app).of_key(key)
    return drawn_name(known[-1], language) if known else key


def drawn_name(airspace: Airspace, language: Language) -> str:
    """Return the name of an airspace with its key."""
    name, key = visible(airspace.names.in_language(language)), airspace.key
    return name if key in name else f"{name} ({key})" if name else key


def sky_seen(app: Application) -> Sky:
    """Return the airspaces as they were read last; a name may be an edition old, and costs no query."""
    if not app.shelf.seen.edition:
        with reading(app.engine) as c:
            return app.shelf.newest(c).sky
    return app.shelf.seen.sky


def carrier_of(app: Application, icao: str) -> Carrier | None:
    """Return the carrier with this ICAO designator: the present bearer, or else a former one."""
    known = app.book.find(icao, app.clock().date()) or app.book.ever(icao)
    return next((carrier for carrier in known if carrier.icao == icao), None)


def _carrier_name(carrier: Carrier, language: Language) -> str:
    codes = ", ".join(filter(None, (carrier.icao, carrier.iata)))
    return f"{carrier.name} ({codes}), {carrier.state.names.in_language(language)}"


def _airport_name(airport: Airport, language: Language) -> str:
    city = city_name(airport, language)
    name = airport.name if folded(city) in folded(airport.name) else f"{city}, {airport.name}"
    return f"{name} ({airport.code}), {airport.country.names.in_language(language)}"


def _route_name(app: Application, key: str, language: Language) -> str:
    icao, _, pair = key.rpartition(":")
    ends = [app.atlas.airport(code) for code in pair.split("-")]
    carrier = carrier_of(app, icao) if icao else None
    between = " - ".join(city_name(each, language) for each in ends if each)
    told = ", ".join(filter(None, (carrier.name if carrier else "", between)))
    return f"{key} ({told})" if told else key
