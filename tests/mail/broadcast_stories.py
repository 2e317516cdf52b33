"""The stories behind the golden letters of a travel unit to its travellers, and of a call for help.

As in ``desk_stories``; the people are invented.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from travelrisk.domain.texts import Language, Texts
from travelrisk.mail.broadcasts import BroadcastFacts, HelpFacts, broadcast, help_wanted, words
from travelrisk.mail.render import Letter

BASE = "https://travelrisk.example.org"
WORDS = words(
    Texts("Earthquake in ADD", "Séisme à ADD", "Terremoto en ADD"),
    Texts(
        "Stay where you are until 18:00 UTC.\n\nDo not go to the airport.",
        "Restez où vous êtes jusqu'à 18:00 UTC.\n\nN'allez pas à l'aéroport.",
        "Quédese donde está hasta las 18:00 UTC.\n\nNo vaya al aeropuerto.",
    ),
)
IN_FRENCH = words(Texts(fr="Séisme à ADD"), Texts(fr="Restez où vous êtes jusqu'à 18:00 UTC."))
ASKS = BroadcastFacts(
    WORDS, "Alice Author", "ADD office", "TR-7KQ2M9", f"{BASE}/safe/abcdefghijklmnopqrstuv", asks=True
)
HELP = HelpFacts(
    "TR-7KQ2M9",
    ("Bob Signer", "Dana Dee"),
    "Room 12, +251 11 555 01 00",
    datetime(2026, 12, 16, 12, 30, tzinfo=UTC),
    f"{BASE}/whereabouts/messages/7",
)

Story = Callable[[Language], Letter]


def _written(facts: BroadcastFacts) -> Story:
    return lambda language: broadcast(facts, language)


def _called(facts: HelpFacts) -> Story:
    return lambda language: help_wanted(facts, language)


BROADCASTS: dict[str, Story] = {
    "broadcast-asks": _written(ASKS),
    "broadcast-again": _written(replace(ASKS, is_repeated=True)),
    "broadcast-foreign": _written(replace(ASKS, words=IN_FRENCH)),
    "broadcast-tells": _written(replace(ASKS, asks=False, url=f"{BASE}/trips/abc-DEF_123")),
    "broadcast-demo": _written(replace(ASKS, demo=True)),
    "help-note": _called(HELP),
    "help-nameless": _called(replace(HELP, names=(), note="", demo=True)),
}
