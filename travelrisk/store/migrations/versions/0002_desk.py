"""The desk: people and sessions, proposals and signatures, the index of who is touched by what.

Revision: 0002. Triggers are made afterwards, from the one list in travelrisk.store.triggers.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make every table, those that others point at first."""
    _notices()
    _people()
    _sign_ins()
    _delegations()
    _marks()
    _sessions()
    _proposals()
    _segments()
    _requirements()
    _signatures()
    _steps()


def downgrade() -> None:
    """Drop every table; triggers go with them."""
    for table in (
        "steps",
        "signatures",
        "requirements",
        "segments",
        "proposals",
        "sessions",
        "marks",
        "delegations",
        "sign_ins",
        "people",
        "notices",
    ):
        op.drop_table(table)


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.CheckConstraint("kind IN ('fact', 'correction', 'safety_report')", name=op.f("ck_notices_kind")),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint("fingerprint", name="uq_notices_fingerprint"),
        sqlite_strict=True,
    )
    op.create_index("ix_notices_subject", "notices", ["subject"], unique=False)


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("is_active", _WHOLE, nullable=False),
        sa.Column("is_machine", _WHOLE, nullable=False),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("looked_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("email", name="uq_people_email"),
        sa.UniqueConstraint("subject", name="uq_people_subject"),
        sqlite_strict=True,
    )


def _sign_ins() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("key_sha256", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_ins"),
        sqlite_strict=True,
    )
    op.create_index("ix_sign_ins_key_sha256_at", "sign_ins", ["key_sha256", "at"], unique=False)


def _delegations() -> None:
    op.create_table(
        "delegations",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("focal_point", sa.Text(), nullable=False),
        sa.Column("alternate", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.CheckConstraint("alternate <> focal_point", name=op.f("ck_delegations_two_people")),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_delegations_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["alternate"], ["people.id"], name="fk_delegations_alternate"),
        sa.ForeignKeyConstraint(["focal_point"], ["people.id"], name="fk_delegations_focal_point"),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name="fk_delegations_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_delegations"),
        sqlite_strict=True,
    )
    op.create_index("ix_delegations_alternate", "delegations", ["alternate"], unique=False)


def _marks() -> None:
    op.create_table(
        "marks",
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.CheckConstraint("state IN ('reviewed', 'reopened')", name=op.f("ck_marks_state")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_marks_person_id"),
        sa.PrimaryKeyConstraint("item", name="pk_marks"),
        sqlite_strict=True,
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("begun_at", _INSTANT, nullable=False),
        sa.Column("seen_at", _INSTANT, nullable=False),
        sa.Column("until", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_sessions_person_id"),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_sessions"),
        sqlite_strict=True,
    )
    op.create_index("ix_sessions_person_id", "sessions", ["person_id"], unique=False)


def _proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("weight", sa.Text(), nullable=False),
        sa.Column("is_urgent", _WHOLE, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("base_edition", _WHOLE, nullable=False),
        sa.Column("version", _WHOLE, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sa.Column("edition", _WHOLE, nullable=True),
        sa.Column("countersign_by", _INSTANT, nullable=True),
        sa.Column("countersigned_at", _INSTANT, nullable=True),
        sa.CheckConstraint(
            "status IN ('draft', 'proposed', 'signed', 'published', 'returned', 'withdrawn')",
            name=op.f("ck_proposals_status"),
        ),
        sa.CheckConstraint(
            "weight IN ('tightening', 'loosening', 'exception', 'requirement')",
            name=op.f("ck_proposals_weight"),
        ),
        sa.ForeignKeyConstraint(["author"], ["people.id"], name="fk_proposals_author"),
        sa.ForeignKeyConstraint(["edition"], ["editions.number"], name="fk_proposals_edition"),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
        sa.UniqueConstraint("id", "author", name="uq_proposals_id_author"),
        sa.UniqueConstraint("reference", name="uq_proposals_reference"),
        sqlite_strict=True,
    )
    op.create_index("ix_proposals_status_updated_at", "proposals", ["status", "updated_at"], unique=False)


def _segments() -> None:
    op.create_table(
        "segments",
        sa.Column("itinerary_id", _WHOLE, nullable=False),
        sa.Column("seq", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("first_day", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Text(), nullable=False),
        sa.Column("operating", sa.Text(), nullable=False),
        sa.Column("marketing", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("pair", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["itinerary_id"], ["itineraries.id"], name="fk_segments_itinerary_id"),
        sa.PrimaryKeyConstraint("itinerary_id", "seq", name="pk_segments"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_segments_destination_last_day_first_day",
        "segments",
        ["destination", "last_day", "first_day"],
        unique=False,
    )
    op.create_index("ix_segments_last_day", "segments", ["last_day"], unique=False)
    op.create_index(
        "ix_segments_marketing_last_day_first_day",
        "segments",
        ["marketing", "last_day", "first_day"],
        unique=False,
    )
    op.create_index(
        "ix_segments_operating_last_day_first_day",
        "segments",
        ["operating", "last_day", "first_day"],
        unique=False,
    )
    op.create_index(
        "ix_segments_origin_last_day_first_day", "segments", ["origin", "last_day", "first_day"], unique=False
    )
    op.create_index(
        "ix_segments_pair_last_day_first_day", "segments", ["pair", "last_day", "first_day"], unique=False
    )


def _requirements() -> None:
    op.create_table(
        "requirements",
        sa.Column("number", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("proposal_id", _WHOLE, nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name="fk_requirements_proposal_id"),
        sa.PrimaryKeyConstraint("number", name="pk_requirements"),
        sa.UniqueConstraint("proposal_id", name="uq_requirements_proposal_id"),
        sqlite_strict=True,
    )


def _signatures() -> None:
    op.create_table(
        "signatures",
        sa.Column("proposal_id", _WHOLE, nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("base_edition", _WHOLE, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.CheckConstraint("person_id <> author", name=op.f("ck_signatures_signed_by_somebody_else")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_signatures_person_id"),
        sa.ForeignKeyConstraint(
            ["proposal_id", "author"], ["proposals.id", "proposals.author"], name="fk_signatures_proposal_id"
        ),
        sa.PrimaryKeyConstraint("proposal_id", "person_id", name="pk_signatures"),
        sqlite_strict=True,
    )


def _steps() -> None:
    op.create_table(
        "steps",
        sa.Column("proposal_id", _WHOLE, nullable=False),
        sa.Column("seq", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("move", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_steps_person_id"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name="fk_steps_proposal_id"),
        sa.PrimaryKeyConstraint("proposal_id", "seq", name="pk_steps"),
        sqlite_strict=True,
    )
