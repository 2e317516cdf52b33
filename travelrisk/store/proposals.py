"""Proposals, their signatures and the steps of their lives; whoever changes one holds its row.

Two guards against publishing what nobody reviewed, because they fail for different reasons: the row of the
proposal is locked, and each signature names the hash of the content it was given for.
"""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Select, delete, func, insert, select, update

from travelrisk.domain.errors import BadInputError, ChangedMeanwhileError, NotFoundError, Refusal
from travelrisk.domain.proposals import Content, Move, Proposal, Status, Step
from travelrisk.domain.signoffs import Requirement, Signature, Weight
from travelrisk.store.shapes import canonical, content_from, requirement_from, sha256
from travelrisk.store.tables import proposals, requirements, signatures, steps

_UNMISTAKABLE: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH: Final = 6
OPEN: Final = (Status.DRAFT, Status.PROPOSED, Status.SIGNED, Status.RETURNED)


def content_sha256(content: Content) -> str:
    """Return the hash that a signature of *content* is bound to."""
    return sha256(canonical(content))


def add(  # noqa: PLR0913 - the parts of a draft, all named
    c: Connection,
    *,
    author: str,
    weight: Weight,
    content: Content,
    base_edition: int,
    at: datetime,
    is_urgent: bool = False,
) -> Proposal:
    """Keep a new draft and return it."""
    body = canonical(content)
    row = {
        "reference": "CH-" + "".join(secrets.choice(_UNMISTAKABLE) for _ in range(_LENGTH)),
        "author": author,
        "status": Status.DRAFT.value,
        "weight": weight.value,
        "is_urgent": int(is_urgent),
        "body": body,
        "content_sha256": sha256(body),
        "base_edition": base_edition,
        "version": 1,
        "created_at": at,
        "updated_at": at,
    }
    number: int = c.execute(insert(proposals).returning(proposals.c.id), row).scalar_one()
    return held(c, number)


def held(c: Connection, number: int) -> Proposal:
    """Return a proposal and hold its row until the transaction ends.

    Raises:
        NotFoundError: there is no such proposal.
    """
    return _one(c, select(proposals).where(proposals.c.id == number).with_for_update(), str(number))


def by_reference(c: Connection, reference: str) -> Proposal:
    """Return the proposal with this reference; case and blanks around it do not matter.

    Raises:
        NotFoundError: there is none.
    """
    wanted = reference.strip().upper()
    return _one(c, select(proposals).where(proposals.c.reference == wanted), reference)


def in_status(c: Connection, *statuses: Status, limit: int = 500) -> tuple[Proposal, ...]:
    """Return the proposals that stand there, the one that waited longest first."""
    wanted = [status.value for status in statuses]
    query = select(proposals).where(proposals.c.status.in_(wanted))
    return _all(c, query.order_by(proposals.c.updated_at, proposals.c.id).limit(limit))


def of_weight(c: Connection, weight: Weight, author: str = "") -> tuple[Proposal, ...]:
    """Return all proposals of a weight, whatever became of them, the newest first; *author* = only theirs."""
    wanted = proposals.c.weight == weight.value
    if author:
        wanted &= proposals.c.author == author
    return _all(c, select(proposals).where(wanted).order_by(proposals.c.updated_at.desc(), proposals.c.id))


def of_author(c: Connection, author: str) -> tuple[Proposal, ...]:
    """Return all proposals of somebody, whatever became of them, the oldest first."""
    return _all(c, select(proposals).where(proposals.c.author == author).order_by(proposals.c.id))


def uncountersigned(c: Connection) -> tuple[Proposal, ...]:
    """Return urgent changes that still stand with their author alone, the most urgent first."""
    waiting = proposals.c.countersign_by.is_not(None) & proposals.c.countersigned_at.is_(None)
    return _all(c, select(proposals).where(waiting).order_by(proposals.c.countersign_by))


def published_at_once(c: Connection, editions: Collection[int]) -> tuple[Proposal, ...]:
    """Return the urgent changes that were published as these editions, the first one first."""
    if not editions:
        return ()
    among = proposals.c.edition.between(min(editions), max(editions))  # a list of thousands is no query
    asked = select(proposals).where(proposals.c.countersign_by.is_not(None), among)
    found = _all(c, asked.order_by(proposals.c.edition))
    return tuple(each for each in found if each.edition in editions)


def of_edition(c: Connection, edition: int) -> Proposal | None:
    """Return the proposal that was published as *edition*; None where it was imported."""
    return next(iter(_all(c, select(proposals).where(proposals.c.edition == edition))), None)


def save(c: Connection, before: Proposal, **changes: Any) -> Proposal:  # noqa: ANN401 - columns by name
    """Change a proposal that nobody changed since *before* was read, and return it as it is now.

    Args:
        c: connection in a writing transaction.
        before: as it was read; its version is compared in the statement that writes.
        changes: columns by name; ``content`` sets body and hash together.

    Raises:
        ChangedMeanwhileError: somebody else changed it first; nothing is written.
    """
    values = {name: getattr(value, "value", value) for name, value in changes.items() if name != "content"}
    if "content" in changes:
        body = canonical(changes["content"])
        values |= {"body": body, "content_sha256": sha256(body)}
    unchanged = (proposals.c.id == before.id) & (proposals.c.version == before.version)
    done = c.execute(update(proposals).where(unchanged).values(**values, version=before.version + 1))
    if done.rowcount != 1:
        raise ChangedMeanwhileError(
            f"somebody else changed {before.reference} meanwhile: look at both versions and try again"
        )
    return held(c, before.id)


def sign(c: Connection, proposal: Proposal, signature: Signature) -> None:
    """Keep a signature; each person gives one, and never to a proposal of their own.

    Raises:
        BadInputError: this person has signed already.
    """
    if any(each.person == signature.person for each in proposal.signatures):
        raise BadInputError(f"you have signed {proposal.reference} already", Refusal.SIGNED_ALREADY)
    row = {
        "proposal_id": proposal.id,
        "person_id": signature.person,
        "author": proposal.author,
        "content_sha256": signature.content_sha256,
        "base_edition": signature.base_edition,
        "at": signature.at,
    }
    c.execute(insert(signatures), row)


def revoke_all(c: Connection, number: int) -> int:
    """Take every signature off a proposal whose content or base has moved; return how many there were."""
    return c.execute(delete(signatures).where(signatures.c.proposal_id == number)).rowcount


def record_step(c: Connection, number: int, step: Step) -> None:
    """Add what happened to the life of a proposal."""
    last = c.scalar(select(func.max(steps.c.seq)).where(steps.c.proposal_id == number)) or 0
    row = {
        "proposal_id": number,
        "seq": last + 1,
        "at": step.at,
        "person_id": step.person,
        "move": step.move.value,
        "note": step.note,
    }
    c.execute(insert(steps), row)


def life(c: Connection, number: int) -> tuple[Step, ...]:
    """Return what happened to a proposal, the first step first."""
    columns = (steps.c.at, steps.c.person_id, steps.c.move, steps.c.note)
    rows = c.execute(select(*columns).where(steps.c.proposal_id == number).order_by(steps.c.seq))
    return tuple(Step(at, person, Move(move), note) for at, person, move, note in rows)


def requirement(c: Connection) -> Requirement | None:
    """Return the demand for signatures that holds, or None where none was ever published."""
    body = c.scalar(select(requirements.c.body).order_by(requirements.c.number.desc()).limit(1))
    return requirement_from(body) if body else None


def demand(c: Connection, wanted: Requirement, proposal: Proposal, at: datetime) -> None:
    """Let another demand for signatures hold from now on; *proposal* is the published one that made it."""
    last = c.scalar(select(func.max(requirements.c.number))) or 0
    row = {"number": last + 1, "body": canonical(wanted), "proposal_id": proposal.id, "made_at": at}
    c.execute(insert(requirements), row)


def _one(c: Connection, query: Select[Any], name: str) -> Proposal:
    row = c.execute(query).mappings().first()
    if row is None:
        raise NotFoundError(f"there is no proposal {name}")
    return _proposal(row, _signatures(c, [row["id"]]).get(row["id"], ()))


def _all(c: Connection, query: Select[Any]) -> tuple[Proposal, ...]:
    rows = c.execute(query).mappings().all()
    signed = _signatures(c, [row["id"] for row in rows])
    return tuple(_proposal(row, signed.get(row["id"], ())) for row in rows)


def _signatures(c: Connection, numbers: Sequence[int]) -> dict[int, tuple[Signature, ...]]:
    query = select(signatures).where(signatures.c.proposal_id.in_(numbers))
    found: dict[int, tuple[Signature, ...]] = {}
    for row in c.execute(query.order_by(signatures.c.at, signatures.c.person_id)).mappings():
        one = Signature(row["person_id"], row["content_sha256"], row["base_edition"], row["at"])
        found[row["proposal_id"]] = (*found.get(row["proposal_id"], ()), one)
    return found


def _proposal(row: RowMapping, signed: tuple[Signature, ...]) -> Proposal:
    return Proposal(
        id=row["id"],
        reference=row["reference"],
        author=row["author"],
        status=Status(row["status"]),
        weight=Weight(row["weight"]),
        is_urgent=bool(row["is_urgent"]),
        content=content_from(row["body"]),
        content_sha256=row["content_sha256"],
        base_edition=row["base_edition"],
        version=row["version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        edition=row["edition"],
        countersign_by=row["countersign_by"],
        countersigned_at=row["countersigned_at"],
        signatures=signed,
    )
