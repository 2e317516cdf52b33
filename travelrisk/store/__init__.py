"""The database: SQLite by default, PostgreSQL where one machine is outgrown; plain values in and out.

Every function takes a connection inside the transaction of whoever calls, and never commits. No verdict is
made here, no letter is written, and nothing is sent.
"""
