"""``travelrisk mailbox``: mails to the service, and those that were put aside for a person."""

from datetime import UTC
from email.errors import MessageError
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from email.policy import compat32

import click

from travelrisk.cli.console import print_json, say
from travelrisk.cli.faults import Exit
from travelrisk.cli.opening import opened, settled
from travelrisk.cli.options import Commands, as_json, quiet
from travelrisk.domain.errors import BadInputError, ConfigurationError
from travelrisk.intake.mailbox.waiting import Mailbox
from travelrisk.jobs.worker import owner
from travelrisk.services.mailbox import polling
from travelrisk.settings import Settings
from travelrisk.store.mails import Mail
from travelrisk.telling.foreign import foreign
from travelrisk.wiring import mailbox_for

_LONGEST_SUBJECT = 60


@click.group(cls=Commands)
def mailbox() -> None:
    """Deal with mails to the service, and look at those that were put aside."""


@mailbox.command(short_help="Deal with the mails that wait, now.")
@quiet
@click.pass_context
def poll(ctx: click.Context) -> None:
    """Deal with the mails that wait, as the worker does each minute. The worker sends the answers.

    Exit code: 0, or 1 if a mail was put off because something did not work.
    """
    settings = settled(serves=True)
    with opened(settings) as app:
        polled = polling.poll(app, _configured(settings), owner())
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(polled.kinds.items()))
    say(f"{polled.done} dealt with, {polled.failed} put aside{f': {kinds}' if kinds else ''}.")
    if polled.put_off:
        say(f"{polled.put_off} put off: they are tried again in a minute; look at the log.")
    ctx.exit(Exit.FAULT if polled.put_off else Exit.CLEARED)


@mailbox.command(short_help="List the mails that a person should look at.")
@as_json("Print an array of the mails, without their content.")
@quiet
def failed(*, as_json: bool) -> None:
    """List the mails that were put aside, the newest first, and why.

    A mail stays here for seven days, or as the policy has it. See what it says with: travelrisk mailbox show
    NUMBER; let it be dealt with once more with: travelrisk mailbox retry NUMBER; take it off the list with:
    travelrisk mailbox dismiss NUMBER.
    """
    with opened() as app:
        found = polling.failed(app)
    if as_json:
        print_json([_shape(each) for each in found])
        return
    for each in found:
        say(f"{each.id}  {each.arrived_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC  {each.kind.replace('_', ' ')}")
        say(f"{each.sender or 'unverified sender'}: {_subject(each) or each.name or 'no subject'}", indent=3)
        say(each.reason, indent=3)
    if not found:
        say("No mail was put aside.")


@mailbox.command(short_help="Print a mail as it came.")
@click.argument("number", type=click.IntRange(min=1))
@quiet
def show(*, number: int) -> None:
    """Print the mail NUMBER as it came, byte for byte."""
    with opened() as app:
        mail = polling.one(app, number)
    if mail.content is None:
        raise BadInputError(f"the content of mail {number} is not kept any more")
    click.echo(mail.content, nl=False)


@mailbox.command(short_help="Let a mail be dealt with once more.")
@click.argument("number", type=click.IntRange(min=1))
@quiet
def retry(*, number: int) -> None:
    """Let the mail NUMBER be dealt with once more, at the next round of the worker.

    Whoever sent it is looked at again as well: a mail from an unverified sender stays unanswered until the
    settings say otherwise.
    """
    with opened() as app:
        if not polling.take_up_again(app, number):
            polling.one(app, number)
            raise BadInputError(f"mail {number} was not put aside, or its content is not kept any more")
    say(f"Mail {number} is dealt with at the next round: travelrisk mailbox poll does it now.")


@mailbox.command(short_help="Take a mail off the list of those put aside.")
@click.argument("number", type=click.IntRange(min=1))
@quiet
def dismiss(*, number: int) -> None:
    """Take the mail NUMBER off the list, once somebody has looked at it."""
    with opened() as app:
        if not polling.dismiss(app, number):
            polling.one(app, number)
            raise BadInputError(f"mail {number} was not put aside")
    say(f"Mail {number} is off the list.")


def _configured(settings: Settings) -> Mailbox:
    found = mailbox_for(settings)
    if found is None:
        raise ConfigurationError(
            "no mail is read: set TRAVELRISK_MAILBOX to imap or folder, and TRAVELRISK_MAILBOX_DOMAINS"
        )
    return found


def _shape(mail: Mail) -> dict[str, object]:
    return {
        "number": mail.id,
        "arrived_at": mail.arrived_at.isoformat(),
        "kind": mail.kind,
        "reason": mail.reason,
        "sender": mail.sender,
        "subject": _subject(mail),
        "name": mail.name,
        "is_kept": mail.content is not None,
    }


def _subject(mail: Mail) -> str:
    if mail.content is None or mail.name:
        return ""
    written = str(BytesHeaderParser(policy=compat32).parsebytes(mail.content).get("Subject", ""))
    try:
        shown = str(make_header(decode_header(written)))
    except (ValueError, LookupError, MessageError):
        shown = written
    return foreign(shown, _LONGEST_SUBJECT)
