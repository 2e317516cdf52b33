"""Which program calls: by its key, behind ``Authorization: Bearer``, and by nothing else."""

from typing import Final, cast

from flask import Flask, current_app, g, request

from travelrisk.domain.programs import Program, Scope
from travelrisk.logs import logger
from travelrisk.services.application import Application
from travelrisk.services.programs.doorkeeper import Doorkeeper, Refused
from travelrisk.web.refusals import RefusedError

_CODES: Final = {401: "no_key", 429: "wrong_keys", 503: "unavailable"}
_BEARER: Final = "bearer"


def admit(scope: Scope) -> None:
    """Let a program in that may call what asks for *scope*, and count the call.

    Raises:
        RefusedError: it shows no key that works, its key is not good for this, or its calls are used up.
    """
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    token = shown.strip() if scheme.casefold() == _BEARER else ""
    door = doorkeeper()
    found = door.admit(token, request.remote_addr or "")
    if isinstance(found, Refused):
        logger().info("program.refused", status=found.status)
        raise _refusal(found)
    if not found.may(scope):
        raise RefusedError("scope", "this key only reads: use one that begins with trk_live_w_")
    g.program = found
    _take(door, found, 1)


def count(calls: int) -> None:
    """Count calls, or itineraries beyond the first one of a call.

    Raises:
        RefusedError: that many are not left today.
    """
    if calls > 0:
        _take(doorkeeper(), program(), calls)


def program() -> Program:
    """Return the program that calls, in a view that is open to programs only."""
    known: Program | None = g.get("program")
    if known is None:
        raise LookupError("no program calls here: mark the view with open_to_programs")
    return known


def doorkeeper() -> Doorkeeper:
    """Return the door of this process."""
    return cast("Doorkeeper", current_app.extensions["travelrisk_door"])


def keep_door(pages: Flask, app: Application) -> None:
    """Give these pages a door for programs."""
    pages.extensions["travelrisk_door"] = Doorkeeper(app)


def _take(door: Doorkeeper, caller: Program, calls: int) -> None:
    wait = door.meter.take(caller, calls)
    if wait:
        raise RefusedError("quota", f"{caller.calls_a_day} a day, in UTC", headers={"Retry-After": str(wait)})


def _refusal(found: Refused) -> RefusedError:
    headers = {"Retry-After": str(found.wait)} if found.wait else {}
    if found.status == 401:  # noqa: PLR2004 - the one status that asks for a key
        headers["WWW-Authenticate"] = 'Bearer realm="travelrisk"'
    return RefusedError(_CODES[found.status], found.reason, headers=headers)
