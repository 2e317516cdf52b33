"""The parts every use case works with, put together once by wiring and handed down."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.places import Atlas
from travelrisk.domain.programs import Sealing
from travelrisk.domain.ratings import Snapshot
from travelrisk.domain.staleness import StaleSource
from travelrisk.domain.texts import Language
from travelrisk.feeds.staleness import stale_among
from travelrisk.mail.bounces import ReturnPaths
from travelrisk.mail.unsubscribing import Unsubscribing
from travelrisk.reference import LoadedPolicy
from travelrisk.store import audit, feeds, ratings
from travelrisk.store.database import reading

_FRESH_S = 1.0


@dataclass(frozen=True, slots=True)
class Organisation:
    """The organisation's own sign-in (OpenID Connect), and what this service is called there."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Correspondents:
    """Whose mails are read and answered.

    Attributes:
        domains: of their addresses; none = nobody's.
        authserv_id: what our receiving server calls itself in ``Authentication-Results``, or ``unnamed``.
        answers_a_day: how many mails of one sender are answered in 24 hours.
    """

    domains: frozenset[str] = frozenset()
    authserv_id: str = ""
    answers_a_day: int = 50


@dataclass(frozen=True, slots=True)
class Sources:
    """Which public sources are fetched, and how.

    Attributes:
        names: of the feeds in use; none = nothing is fetched.
        contact: how who runs this service can be reached, for who looks after a source.
        folder: of the organisation's own cards; None = the shipped ones.
        excepted: ``host:port`` that may be asked although its address is not public.
    """

    names: tuple[str, ...] = ()
    contact: str = ""
    folder: Path | None = None
    excepted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TokenIssuer:
    """Whose tokens (JWT) programs may show instead of a key of ours.

    Attributes:
        issuer, audience: exactly as the tokens name them. keys_url: where the issuer publishes its keys.
        office_claim: which claim names the office whose trips the program may make and see.
        write_scope: the word in the claim ``scope`` that lets a program make trips; without it, it reads.
        calls_a_day: for each program.
        excepted: ``host:port`` that may be asked although its address is not public.
    """

    issuer: str
    audience: str
    keys_url: str
    office_claim: str = "office"
    write_scope: str = "travelrisk.write"
    calls_a_day: int = 10_000
    excepted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """What the service knows of itself.

    Attributes:
        base_url: address of the pages, without a slash at the end.
        mail_from, reply_to: sender of the letters, and whom an answer reaches.
        demo: the ratings are for show, and every page and letter says so.
        ratings_open: whether the pages show the ratings to everybody.
        upload_limit: largest upload, in bytes.
        organisation: where people sign in who have no password here; None = nowhere.
        return_paths: makes the envelope senders by which bounces name their letter; None = mail_from is used.
        sources: public sources, and how they are fetched.
        secret: what the keys of certificates and webhooks are made from; empty = there are none.
        previous_secret: the one before it, of which the anchor and checkpoints may still be.
        webhooks_private: ``host:port`` that may be told although its address is not public.
        unsubscribing: signs the addresses that refuse digests; None = one signs in for that.
        correspondents: whose mails are read and answered.
        fresh_sign_in: how long after signing in one may sign, publish or approve without doing so again.
        proxies: how many proxies before the pages are known to state who asks.
        language: of letters to people of the desk who have not said theirs.
        sealing: makes and checks the keys of programs; None = no secret is set, and there are no keys.
        tokens: whose tokens programs may show instead; None = nobody's.
        anchor: file outside of the database that says how far its audit trail goes; None = none is kept.
        metrics_token: what a monitoring program shows to see the figures; empty = nobody sees them.
        requests_a_minute: how many dear requests one account or network address may make; 0 = any number.
    """

    base_url: str
    mail_from: str
    reply_to: str = ""
    demo: bool = False
    ratings_open: bool = False
    upload_limit: int = 10_000_000
    organisation: Organisation | None = None
    proxies: int = 0
    language: Language = "en"
    fresh_sign_in: timedelta = timedelta(minutes=30)
    return_paths: ReturnPaths | None = None
    correspondents: Correspondents = Correspondents()
    unsubscribing: Unsubscribing | None = None
    sources: Sources = Sources()
    secret: str = field(default="", repr=False)
    previous_secret: str = field(default="", repr=False)
    webhooks_private: frozenset[str] = frozenset()
    sealing: Sealing | None = None
    tokens: TokenIssuer | None = None
    anchor: Path | None = None
    metrics_token: str = field(default="", repr=False)
    requests_a_minute: int = 0

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secrets whose signatures count, the one that signs first; none where none is set."""
        return tuple(filter(None, (self.secret, self.previous_secret))) if self.secret else ()


class SnapshotShelf:
    """Keeps the newest Snapshot: an edition never changes, so it is read only once."""

    def __init__(self) -> None:
        self._kept = "", Snapshot()  # with its mark, in one step: threads share the shelf
        self._whole = Snapshot()
        self._looked_at = -_FRESH_S

    @property
    def seen(self) -> Snapshot:
        """The Snapshot that was read last, without a look at the database: good enough for names."""
        return self._kept[1]

    def newest(self, connection: Connection) -> Snapshot:
        """Return the Snapshot of the newest edition, as this connection sees it."""
        mark = ratings.mark(connection)
        known, snapshot = self._kept
        if mark != known:
            snapshot = ratings.snapshot(connection)
            self._kept = mark, snapshot
        return snapshot

    def recent(self) -> Snapshot | None:
        """Return what was noted within the last second; None where nothing was."""
        return self._whole if time.monotonic() - self._looked_at < _FRESH_S else None

    def note(self, whole: Snapshot, looking_at: float) -> None:
        """Note what a look showed that began at *looking_at*: what came during it counts as unseen."""
        self._whole, self._looked_at = whole, looking_at


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is believed now: the newest edition, and which of the sources behind it are stale.

    An edition stays as it is, and a source grows stale by itself: that is asked anew each time.
    """

    editions: SnapshotShelf
    sources: Sources
    clock: Callable[[], datetime]

    @property
    def seen(self) -> Snapshot:
        """The Snapshot that was read last, without a look at the database: good enough for names."""
        return self.editions.seen

    def newest(self, connection: Connection) -> Snapshot:
        """Return the Snapshot of the newest edition, as this connection sees it, with what is stale now."""
        looking_at = time.monotonic()
        snapshot, stale = self.editions.newest(connection), self.stale(connection)
        whole = replace(snapshot, stale=stale) if stale else snapshot
        self.editions.note(whole, looking_at)
        return whole

    def recent(self, engine: Engine) -> Snapshot:
        """Return the Snapshot that was the newest one no more than a second ago.

        For callers by the thousand: whoever asked a second earlier would have been told the same.

        Raises:
            ClockError: the clock stands before what is on record.
        """
        known = self.editions.recent()
        if known is not None:
            return known
        with reading(engine) as connection:
            audit.refuse_if_behind(connection, self.clock())
            return self.newest(connection)

    def stale(self, connection: Connection) -> tuple[StaleSource, ...]:
        """Return the sources that are stale now."""
        read_since = feeds.read_since(connection, self.sources.names)
        return stale_among(read_since, self.sources.folder, self.clock())


@dataclass(frozen=True, slots=True)
class Application:
    """Everything a use case needs; ``clock`` gives the aware time, so that tests can set it."""

    engine: Engine
    atlas: Atlas
    book: CarrierBook
    policy: LoadedPolicy
    clock: Callable[[], datetime]
    facts: Facts
    editions: SnapshotShelf = field(default_factory=SnapshotShelf)

    @property
    def shelf(self) -> Shelf:
        """What is believed now."""
        return Shelf(self.editions, self.facts.sources, self.clock)
