"""Files are screened as batches by another service: sent, waited for, printed, their letters kept back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

from travelrisk.cli.console import Progress, hint, progress
from travelrisk.cli.elsewhere import Elsewhere, answer_of, calling, key_of, name_of
from travelrisk.cli.opening import document
from travelrisk.client import Answer as Told
from travelrisk.client import ApiError, Batch, BatchRow, Client
from travelrisk.client.shapes import Stored
from travelrisk.domain.errors import BadInputError

_OF_THE_FILE: Final = frozenset({"validation", "columns"})
_ITS_STATUSES: Final = frozenset({413, 422})  # too large, not to be used: a proxy may say so, without a code
_WHOLE: Final = 100
_LOOSE: Final = "these lines belong to no booking: look whether a flight is among them"


class Printer(Protocol):
    """Prints each result as it comes."""

    def add(self, source: str, result: Elsewhere) -> None:
        """Take one result."""
        ...

    def refuse(self, source: str, reason: str) -> None:
        """Take a file that could not be read."""
        ...

    def finish(self) -> None:
        """Print what is only known at the end."""
        ...


def screen_batches(paths: Sequence[Path], url: str, printer: Printer) -> None:
    """Have files screened by the service at *url*, each as a batch whose letters wait there.

    Raises:
        Fault: the service does not answer.
    """
    done: list[Batch] = []
    with calling(url) as client, progress(_WHOLE * len(paths), "itineraries") as bar:
        try:
            for path in paths:
                try:
                    done.append(_screened(client, path, printer, bar))
                except BadInputError as error:
                    printer.refuse(str(path), str(error))
        finally:
            printer.finish()
    for batch in done:
        _say_what_waits(url, batch)


def _screened(client: Client, path: Path, printer: Printer, bar: Progress) -> Batch:
    given = document(path)
    try:
        sent = client.send_batch(given.content, name_of(given), idempotency_key=key_of(given))
    except ApiError as error:
        if not is_of_the_file(error):
            raise
        raise BadInputError(f"{path}: {refusal(error)}") from error
    hint(f"{path}: taken as {sent['batch']}; it is screened there even if you do not wait (Ctrl-C).")
    batch = client.wait(sent["batch"], _Shown(bar))
    for row in client.batch_results(batch["batch"]):
        printer.add(str(path), result_of(row))
    if batch["trouble"]:
        printer.refuse(str(path), f"{path}: {batch['trouble']}")
    return batch


def is_of_the_file(error: ApiError) -> bool:
    """Say whether a file was refused for what it is; any other one may be taken."""
    return error.code in _OF_THE_FILE or error.status in _ITS_STATUSES


def refusal(error: ApiError) -> str:
    """Say why a file was not taken: what to do about a table stands before what is wrong with it."""
    faults = "; ".join(filter(None, (each.get("detail") for each in error.errors)))
    if error.code == "columns":
        return f"{error.title}: {error.detail} ({faults})"
    return ": ".join(filter(None, (error.title, faults or error.detail))) or str(error)


class _Shown:
    """Moves the bar by what a batch has come on."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._percent = self._bookings = 0

    def __call__(self, batch: Batch) -> None:
        percent = batch["percent"] or self._percent
        self._bar.advance(percent - self._percent)
        for _ in range(batch["bookings"] - self._bookings):
            self._bar.count()
        self._percent, self._bookings = percent, batch["bookings"]


def result_of(row: BatchRow) -> Elsewhere:
    """Return a row as the answer to a query of its own."""
    is_loose = not row["understood"] and not row["reason"]
    told = Told(
        verdict=row["verdict"],
        outcome=row["outcome"],
        form="",
        understood=row["understood"],
        judged=row["judged"],
        segments=row["segments"],
        findings=row["findings"],
        missing=row["missing"],
        reason=_LOOSE if is_loose else row["reason"],
        unread=row["unread"],
        trip=_trip(row),
    )
    return answer_of(told, is_again=False)


def _trip(row: BatchRow) -> Stored | None:
    if row["trip"] is None:
        return None
    return Stored(
        reference=row["trip"],
        screening_id=None,
        is_new=row["change"] != "unchanged",
        letters=int(row["letter"] == "kept_back"),
        nobody_written_to=row["nobody_written_to"],
    )


def _say_what_waits(url: str, batch: Batch) -> None:
    waiting, page = batch["waiting"], f"{url.rstrip('/')}/batches/{batch['batch']}"
    if not waiting["letters"]:
        hint(f"{batch['batch']}: no letter waits. Its page: {page}")
        return
    people, letters = f"{waiting['people']:,}", f"{waiting['letters']:,}"
    hint(
        f"{batch['batch']}: letters wait ({letters}, people who will be written to: {people}, warnings:"
        f" {waiting['warnings']:,}). To look at them and send them: {page}"
    )
