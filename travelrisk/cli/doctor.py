"""``travelrisk doctor``: looks at every part the service needs, and says what to do about what is wrong."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import click

from travelrisk import resources
from travelrisk.cli import surroundings
from travelrisk.cli.console import counted, print_json, say
from travelrisk.cli.faults import Exit
from travelrisk.cli.feed_words import age_words
from travelrisk.cli.opening import settled
from travelrisk.cli.options import as_json, quiet
from travelrisk.cli.outstanding import lost_words, waiting_words
from travelrisk.domain.errors import ConfigurationError, StoreError, TravelriskError
from travelrisk.domain.itineraries import Outcome
from travelrisk.intake.apart.sandbox import read_apart
from travelrisk.intake.document import Document
from travelrisk.mail.transport import PermanentFailure, TransientFailure
from travelrisk.reference import load_atlas, load_book, load_policy
from travelrisk.services.application import Application
from travelrisk.services.feeds.standing import states
from travelrisk.services.health import (
    Found,
    Health,
    Unsent,
    health,
    is_ready,
    try_writing,
    unsent,
    verify_audit,
)
from travelrisk.services.watch.workforce import Workforce, workforce
from travelrisk.settings import Settings
from travelrisk.store.database import engine_for, parsed_url
from travelrisk.store.troubles import named
from travelrisk.wiring import bare_facts, mailbox_for, now, sources_of, transport_for

_SAMPLE = b"ET707 FRA ADD 12 Dec 2026"
_WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)  # no clock that is right can be before this
_ROOM = 200_000_000  # bytes
_PATIENCE_S = 2.0


@dataclass(frozen=True)
class Patient:
    """What the checks look at; the database is opened as it is, and never made or upgraded.

    Nobody waits long for a lock here: whoever calls a doctor wants to know now.
    """

    settings: Settings

    @cached_property
    def app(self) -> Application:
        """The service with the shipped policy, so that a broken one hides nothing else."""
        return Application(
            engine=engine_for(
                self.settings.database, secrets=self.settings.database_secrets, patience_s=_PATIENCE_S
            ),
            atlas=load_atlas(),
            book=load_book(),
            policy=load_policy(),
            clock=now,
            facts=bare_facts(self.settings),
        )

    @cached_property
    def health(self) -> Health:
        """How the service is, by its database."""
        return health(self.app)

    @cached_property
    def workforce(self) -> Workforce:
        """Who works, and how every job went."""
        return workforce(self.app)

    @cached_property
    def unsent(self) -> Unsent:
        """The letters that nobody has got."""
        return unsent(self.app)


@click.command
@as_json("Print an array with part, ok and text of each check.")
@quiet
@click.pass_context
def doctor(ctx: click.Context, *, as_json: bool) -> None:
    """Check database, ratings, letters, jobs, mail, feeds, sign-in, secrets, clock, disk, copies and more.

    One row is written and taken back at once; nothing is changed and no mail is sent. Exit code: 0 if all is
    well, 1 if anything needs to be done.
    """
    found = examine(settled())
    if as_json:
        print_json([each._asdict() for each in found])
    else:
        for each in found:
            mark = (
                click.style("ok     ", fg="green") if each.ok else click.style("problem", fg="red", bold=True)
            )
            click.echo(f"{mark}  {click.style(each.part, bold=True)}")
            say(each.text, indent=9)
    ctx.exit(Exit.CLEARED if all(each.ok for each in found) else Exit.FAULT)


def examine(settings: Settings) -> list[Found]:
    """Look at every part, and say how each is; what hangs on a part that is ill is told only once."""
    patient = Patient(settings)
    try:
        return _once([_look(part, check, patient) for part, check in CHECKS])
    finally:
        patient.app.engine.dispose()


def _look(part: str, check: Callable[[Patient], str], patient: Patient) -> Found:
    try:
        return Found(part, ok=True, text=check(patient))
    except TravelriskError as error:
        return Found(part, ok=False, text=str(error))


def _once(found: list[Found]) -> list[Found]:
    """Tell a problem where it was met first; what hangs on that part was not looked at."""
    first = {each.text: each.part for each in reversed(found) if not each.ok}
    return [
        each if each.ok or first[each.text] == each.part else each._replace(text=f"see {first[each.text]}")
        for each in found
    ]


def _database(patient: Patient) -> str:
    name = named(parsed_url(patient.settings.database))
    if not is_ready(patient.app):
        raise StoreError(f"{name} does not have the tables of this version: run travelrisk db upgrade")
    try_writing(patient.app)
    return f"{name} answers, has the tables of this version and can be written"


def _policy(patient: Patient) -> str:
    loaded = load_policy(patient.settings.policy_file)
    whose = patient.settings.policy_file or "the shipped default"
    return f"version {loaded.policy.version}, {whose}"


def _tables(patient: Patient) -> str:
    known = patient.app.atlas.airport("BRU") is not None and patient.app.book.knows("ETH")
    if not known or not resources.templates().is_dir():
        raise ConfigurationError("tables are incomplete: install travelrisk again")
    return "airports, cities, countries and carriers are there"


def _ratings(patient: Patient) -> str:
    edition = patient.health.edition
    if edition == 0:
        raise ConfigurationError(
            "none are loaded, so that everything is 'not rated': run travelrisk ratings import FILE"
        )
    published = patient.health.published_at
    if published is None or published > now():
        raise ConfigurationError(
            f"edition {edition} was published in the future: set the clock of this machine"
        )
    return f"edition {edition}, published {published:%Y-%m-%d %H:%M} UTC"


def _letters(patient: Patient) -> str:
    found = patient.unsent
    if found.lost_count:
        raise StoreError(f"{lost_words(found)}; look at the mail server's answers")
    untold = patient.health.undelivered
    if untold:
        warnings = "1 warning" if untold == 1 else f"{untold:,} warnings"
        raise StoreError(
            f"{warnings} reached nobody: see travelrisk letters undelivered, call the travellers, and say so"
            " with travelrisk letters told"
        )
    if "letters" in patient.health.neglected:
        raise StoreError(f"{waiting_words(found, now())} Nobody sends them: start travelrisk worker")
    figures = f"{found.waiting.letters:,} waiting, {patient.health.letters['sent']:,} sent"
    return f"{figures}: {waiting_words(found, now())}" if found.waiting.reply else figures


def _jobs(patient: Patient) -> str:
    found = patient.workforce
    if found.failing:
        told = "; ".join(
            f"{each.job} since {each.failing_since:%Y-%m-%d %H:%M} UTC ({each.reason})"
            for each in found.failing
        )
        raise StoreError(f"failing: {told}; travelrisk worker --once JOB does one by hand")
    if found.overdue:
        late = ", ".join(each.job for each in found.overdue)
        raise StoreError(f"overdue although a worker runs: {late}; start travelrisk worker again")
    if patient.health.neglected:
        waits = ", ".join(patient.health.neglected)
        raise StoreError(f"nobody has worked for five minutes, and {waits} wait: start travelrisk worker")
    workers = "1 worker" if len(found.present) == 1 else f"{len(found.present):,} workers"
    return f"{workers} seen in the last minutes, no job fails"


def _mail(patient: Patient) -> str:
    """Go with a letter up to the point where its body would be sent, and take it back."""
    settings = patient.settings
    transport = transport_for(settings)
    try:
        transport.send(b"", settings.mail_from, settings.mail_from, lambda: False)
    except (TransientFailure, PermanentFailure) as failure:
        if failure.reply.endswith("at RCPT"):
            return f"{_relay(settings)} answers; it takes no letter for the sender itself ({failure.reply})"
        raise ConfigurationError(
            f"{_relay(settings)}: {failure.reply}; check the settings mail_* and smtp_*, and the server"
        ) from failure
    finally:
        transport.close()
    return f"{_relay(settings)} takes letters from {settings.mail_from}"


def _mailbox(patient: Patient) -> str:
    """Visit the mailbox and count what waits in it; nothing is read or moved."""
    settings = patient.settings
    mailbox = mailbox_for(settings)
    if mailbox is None:
        return "off: no mail is read; set mailbox and mailbox_domains to answer mails"
    if not settings.mailbox_authserv_id:
        raise ConfigurationError(
            "mailbox_authserv_id is not set, so that every sender is unknown: give the name that your"
            " receiving server writes into Authentication-Results, or unnamed where it is Microsoft 365"
        )
    try:
        waiting = mailbox.look()
    finally:
        mailbox.close()
    aside = sum(patient.health.mails.values()) - patient.health.forged
    if aside:
        raise ConfigurationError(f"{aside:,} mails were put aside: run travelrisk mailbox failed")
    known = f"{waiting:,} waiting; addresses of {', '.join(settings.mailbox_domains)} are answered"
    return known if settings.reply_to else f"{known}; set reply_to to its address, so that replies come here"


def _feeds(patient: Patient) -> str:
    """Look at the age of what public sources said; nothing is fetched."""
    app = replace(patient.app, facts=replace(patient.app.facts, sources=sources_of(patient.settings)))
    found = states(app)
    if not found:
        return "off: no public source is fetched; set feeds and feeds_contact to use some"
    if late := [each for each in found if each.is_stale]:
        told = "; ".join(f"{each.name} ({age_words(each)})" for each in late)
        raise ConfigurationError(f"too old: {told}; run travelrisk feeds refresh, and see feeds show NAME")
    return "; ".join(f"{each.name}: {age_words(each)}" for each in found)


def _relay(settings: Settings) -> str:
    if settings.mail_transport == "folder":
        return f"the folder {settings.letters_folder}"
    return f"{settings.smtp_host}, port {settings.smtp_port}"


def _reading(_patient: Patient) -> str:
    readings = list(read_apart(Document(_SAMPLE, "sample.txt", context_date=_WRITTEN.date())))
    if [each.outcome for each in readings] != [Outcome.COMPLETE]:
        reason = next((each.reason for each in readings if each.reason), "nothing came back")
        raise ConfigurationError(f"a sample could not be read in a process of its own: {reason}")
    return "a sample was read in a process of its own"


def _clock(patient: Patient) -> str:
    at = now()
    if at < _WRITTEN:
        raise ConfigurationError(
            f"the clock says {at:%Y-%m-%d}, which is past: set the clock of this machine"
        )
    if is_ready(patient.app) and patient.workforce.is_set_back:
        raise ConfigurationError("the clock has been set back: a worker was seen later than now")
    surroundings.clocks(patient.app)
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _disk(patient: Patient) -> str:
    folder = _folder(patient.settings)
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"travelrisk")
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise ConfigurationError(
            f"the folder {folder} cannot be written ({error.strerror}): let this user write there"
        ) from error
    if free < _ROOM:
        raise ConfigurationError(f"only {free // 1_000_000:,} MB are free in {folder}: make room")
    return f"{free // 1_000_000:,} MB are free in {folder}"


def _folder(settings: Settings) -> Path:
    url = parsed_url(settings.database)
    is_file = url.get_backend_name() == "sqlite" and url.database
    folder = Path(url.database or "").absolute().parent if is_file else settings.data_dir
    while not folder.exists():
        folder = folder.parent
    return folder


def _audit(patient: Patient) -> str:
    chain = verify_audit(patient.app)
    if not chain.ok:
        raise StoreError(
            f"broken at entry {chain.broken_at}: stop the service and keep the database as it is"
        )
    return f"whole, {counted(chain.entries, 'entry', 'entries')}"


CHECKS: tuple[tuple[str, Callable[[Patient], str]], ...] = (
    ("database", _database),
    ("encryption", lambda patient: surroundings.encryption(patient.app, patient.settings)),
    ("policy", _policy),
    ("reference tables", _tables),
    ("ratings", _ratings),
    ("letters", _letters),
    ("sending", lambda patient: surroundings.sending(patient.app)),
    ("jobs", _jobs),
    ("mail", _mail),
    ("mailbox", _mailbox),
    ("feeds", _feeds),
    ("sign-in", lambda patient: surroundings.sign_in(patient.settings)),
    ("secrets", lambda patient: surroundings.secrets(patient.settings)),
    ("reading", _reading),
    ("optional parts", lambda patient: surroundings.extras(patient.settings)),
    ("clock", _clock),
    ("disk", _disk),
    ("copies", lambda patient: surroundings.copies(patient.app, parsed_url(patient.settings.database))),
    ("audit trail", _audit),
)
"""Each part that is looked at, and what looks at it: a sentence if it is well, a TravelriskError if not."""
