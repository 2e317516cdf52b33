"""Outlines of airspaces come in: a file becomes one edition, and nobody makes an airspace smaller alone."""

from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from travelrisk.domain.airspaces import Airspace
from travelrisk.domain.changes import base_id
from travelrisk.domain.errors import BadInputError
from travelrisk.services.airspaces.swapped import refuse_swapped
from travelrisk.services.application import Application
from travelrisk.services.ratings.outlinefile import Loading, Naming, Outlined, read_outlines
from travelrisk.services.ratings.records import Imported, bring_in
from travelrisk.store import ratings
from travelrisk.store.database import reading

_USUAL: Final = Naming()


class Brought(NamedTuple):
    """What an import did, or would do; *undated* are the keys of what holds from the day of loading on."""

    imported: Imported
    undated: tuple[str, ...]


def outlines_in(app: Application, path: Path, *, by: str, naming: Naming = _USUAL) -> Outlined:
    """Return the airspaces of a GeoJSON file, as *by* would bring them in today.

    Raises:
        BadInputError: the file cannot be used; the message names the feature, and says what to do.
    """
    outlined = read_outlines(path, Loading(by.strip(), app.clock().date()), naming)
    for each in outlined.airspaces:
        if each.state and app.atlas.country(each.state) is None:
            raise BadInputError(f"{path.name}: {each.key}: state: there is no country {each.state}")
        refuse_swapped(each, app.atlas, f"{path.name}: {each.key}")
    return outlined


def import_airspaces(  # noqa: PLR0913 - what, who, who else and how, all named
    app: Application, outlined: Outlined, note: str, *, by: str, signed_by: str = "", dry_run: bool = False
) -> Brought:
    """Publish outlines as one edition, or say what would change.

    An airspace that is on record already is replaced by a new revision, unless the same is said of it. What
    is not named stays.

    Args:
        app: the parts of the service.
        outlined: from ``outlines_in``.
        note: why, for the edition.
        by: who prepared the change.
        signed_by: the second person, needed wherever an outline that is on record changes.
        dry_run: only look.

    Raises:
        BadInputError: several outlines are on record under one key, the second person is missing, or is the
            same as the first.
    """
    with reading(app.engine) as c:
        held = defaultdict(list)
        for record in ratings.in_force(c):
            if isinstance(record, Airspace):
                held[record.key].append(record)
    wanted = [
        _as_on_record(each, held[each.key], is_dated=each.key not in outlined.undated)
        for each in outlined.airspaces
    ]
    done = bring_in(app, wanted, note, by=by, signed_by=signed_by, dry_run=dry_run)
    new = {record.key for record in done.change.opened if isinstance(record, Airspace)}
    return Brought(done, tuple(key for key in outlined.undated if key in new))


def _as_on_record(wanted: Airspace, held: list[Airspace], *, is_dated: bool) -> Airspace:
    """Return *wanted* under the id that its key has on record, and as it is there if that says the same.

    Who set it, and when, is no difference; neither is the first day, where the file gives none.
    """
    if not held:
        return wanted
    if len(held) > 1:
        raise BadInputError(
            f"{wanted.key}: {len(held)} outlines are on record, for different days: change them with"
            " travelrisk ratings propose, each under its id"
        )
    now = replace(held[0], id=base_id(held[0].id), opened_in=0, closed_in=None)
    wanted = replace(wanted, id=now.id)
    if not is_dated and wanted.outline == now.outline:
        wanted = replace(wanted, valid_from=now.valid_from)
    return now if replace(wanted, set_by=now.set_by, set_on=now.set_on) == now else wanted
