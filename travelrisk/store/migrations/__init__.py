"""Alembic's steps from one set of tables to the next; never copy audit, advisories or outbox in one."""
