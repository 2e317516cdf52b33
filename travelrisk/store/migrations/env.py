"""Runs migrations on the connection that ``schema`` hands over, and makes the triggers again afterwards."""

from alembic import context
from sqlalchemy import Connection, inspect

from travelrisk.store.tables import METADATA, erasures, records
from travelrisk.store.triggers import statements


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection, target_metadata=METADATA, render_as_batch=True, compare_type=True
    )
    context.run_migrations()
    # Absent after the way down; after the way up all tables are there.
    if inspect(connection).has_table(records.name):
        can_erase = inspect(connection).has_table(erasures.name)
        for statement in statements(connection.dialect.name, can_erase=can_erase):
            connection.exec_driver_sql(statement)


_run(context.config.attributes["connection"])
