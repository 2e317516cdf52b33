"""``travelrisk db``, ``audit`` and ``replay``: looking after what is stored, and proving that it is whole."""

from datetime import UTC, datetime, timedelta

import click

from travelrisk import wiring
from travelrisk.cli.console import badge, counted, hint, print_json, say
from travelrisk.cli.faults import Exit
from travelrisk.cli.opening import opened, settled
from travelrisk.cli.options import Commands, as_json, quiet
from travelrisk.screening.explain import advisory_shape
from travelrisk.services.health import verify_audit
from travelrisk.services.privacy import trailing
from travelrisk.services.trips.replay import Replayed
from travelrisk.services.trips.replay import replay as made_again
from travelrisk.services.watch import checkpoints
from travelrisk.store import encrypting
from travelrisk.store.database import parsed_url
from travelrisk.store.troubles import named


@click.group(cls=Commands)
def db() -> None:
    """Look after the database."""


@db.command(short_help="Make the database, or bring its tables up to date.")
@quiet
def upgrade() -> None:
    """Make the database, or bring its tables up to date; harmless when repeated. Make a backup first."""
    settings = settled()
    wiring.upgrade(settings)
    say(f"Up to date: {named(parsed_url(settings.database))}")


@db.command(short_help="Encrypt what is personal in the database with the present secret.")
@quiet
def encrypt() -> None:
    """Encrypt what is personal in the database with the present secret; harmless when repeated.

    Stop serve and worker before. For a new secret set the old one as TRAVELRISK_PREVIOUS_SECRET_KEY beside
    it, and unset that afterwards. Who has a copy of the database without the secret learns of nobody where
    they travel. Whoever loses the secret has lost the database: keep it safe, and apart from the backups.
    """
    with opened() as app:
        encrypting.begin(app.engine, app.clock())
        done = encrypting.go_on(app.engine, app.clock())
    say(f"All that is personal is encrypted; of what was there before, {counted(done, 'row')} now.")
    hint(
        "What was copied before is as it was: let older backups go. PostgreSQL keeps what it replaced in its"
        " files until VACUUM FULL."
    )


@click.group(cls=Commands)
def audit() -> None:
    """Look at the audit trail."""


@audit.command(short_help="Read the whole audit trail and say whether its chain holds.")
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    metavar="NUMBER:HASH|CHECKPOINT",
    help="An entry as a daily digest names it, or a signed checkpoint: finds a trail that was cut or written"
    " anew. May be repeated.",
)
@as_json("Print the result as one JSON object.")
@quiet
@click.pass_context
def verify(ctx: click.Context, *, anchors: tuple[str, ...], as_json: bool) -> None:
    """Read the whole audit trail and say whether its chain holds. Exit code: 0 if it does, otherwise 1.

    The chain alone finds an entry that was changed or taken out. Whoever could write the whole trail anew, or
    cut off its end, is found by what stands outside: the daily digests carry its newest entry, and a
    checkpoint (travelrisk audit export --checkpoint) is signed as well.
    """
    with opened() as app:
        chain = verify_audit(app, [checkpoints.named(app, each) for each in anchors])
    if as_json:
        print_json(chain._asdict())
    elif chain.ok:
        say(f"The audit trail is whole: {counted(chain.entries, 'entry', 'entries')}, head {chain.head}")
    else:
        say(
            f"The audit trail is broken at entry {chain.broken_at}, after"
            f" {counted(chain.entries, 'entry', 'entries')} in order:"
            " stop the service, keep the database as it is, and find out who had access"
        )
    ctx.exit(Exit.CLEARED if chain.ok else Exit.FAULT)


@audit.command("export", short_help="Print the audit trail, entry by entry.")
@click.option(
    "--about",
    default="",
    metavar="SUBJECT",
    help="Only entries about this: trip:17, or export:ex-... as it stands in a file of ratings.",
)
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="First day, in UTC.")
@click.option("--to", "until", type=click.DateTime(["%Y-%m-%d"]), help="Last day, in UTC.")
@click.option("--csv", "form", flag_value="csv", help="As a table, for people.")
@click.option(
    "--jsonl",
    "form",
    flag_value="jsonl",
    default=True,
    help="As lines of JSON with what is hashed (default).",
)
@click.option(
    "--checkpoint",
    "form",
    flag_value=checkpoints.FORM,
    help="Only how far it goes now, signed, to be kept outside (a compact JWS).",
)
@quiet
def export(*, about: str, since: datetime | None, until: datetime | None, form: str) -> None:
    """Print the audit trail, entry by entry; no name and no address stands in it.

    Anybody can check the lines of JSON: each hash is the SHA-256 of the words
    travelrisk-audit-v1, a zero byte, the bytes of prev_hash, and the SHA-256 of body. The keys that fit a
    checkpoint stand under /.well-known/jwks.json.
    """
    first = since and since.replace(tzinfo=UTC)
    end = until and until.replace(tzinfo=UTC) + timedelta(days=1)
    with opened() as app:
        if form == checkpoints.FORM:
            checkpoints.publish_key(app)
            click.echo(checkpoints.made(app))
            return
        lines = 0
        for line in trailing.exported(app, trailing.form_of(form), first, end, about):
            click.echo(line.encode(), nl=False)
            lines += 1
    if about and lines == int(form == "csv"):  # a table has its head always
        hint(f"No entry is about {about}. Write what it is, too: trip:17, export:ex-... as in the file.")


@click.command
@click.argument("advisory_id", type=click.IntRange(min=1), metavar="ADVISORY_ID")
@as_json("Print both advisories as one JSON object.")
@quiet
@click.pass_context
def replay(ctx: click.Context, advisory_id: int, *, as_json: bool) -> None:
    """Make an advisory again from its own itinerary, edition and policy. Exit code: 0 if equal, otherwise 1.

    ADVISORY_ID is the number that screen --json and --csv print.
    """
    with opened() as app:
        done = made_again(app, advisory_id)
    if as_json:
        print_json(
            {
                "is_equal": done.is_equal,
                "same_engine": done.same_engine,
                "stored": advisory_shape(done.stored),
                "again": advisory_shape(done.again),
            }
        )
    else:
        _show(advisory_id, done)
    ctx.exit(Exit.CLEARED if done.is_equal else Exit.FAULT)


def _show(advisory_id: int, done: Replayed) -> None:
    stored, again = done.stored, done.again
    click.echo(f"Advisory {advisory_id}: {badge(stored.verdict)}")
    say(f"edition {stored.edition}, policy {stored.policy_version}, {stored.at:%Y-%m-%d %H:%M} UTC", indent=2)
    if done.is_equal:
        say("Made again, it is the same to the last bit.")
        return
    click.echo(f"Made again: {badge(again.verdict)}")
    for finding in sorted({each.code for each in again.findings} ^ {each.code for each in stored.findings}):
        say(f"only in one of them: {finding}", indent=2)
    if done.same_engine:
        say("The rules are the same, and the result is not: something that was stored has been changed.")
    else:
        say(f"The rules have changed since ({stored.engine} then): another result is no surprise.")
