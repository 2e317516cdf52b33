"""Runs migrations on the connection that ``schema`` hands over, and makes the triggers again afterwards."""

from alembic import context
from sqlalchemy import Connection, inspect

from travelrisk.store.tables import METADATA, records
from travelrisk.store.triggers import statements


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection, target_metadata=METADATA, render_as_batch=True, compare_type=True
    )
    context.run_migrations()
    # Absent after the way down; after the way up all tables are there.
    present = inspect(connection).get_table_names()
    if records.name in present:
        for statement in statements(connection.dialect.name, present):
            connection.exec_driver_sql(statement)


_run(context.config.attributes["connection"])
