"""The revisions of the tables, applied by `storage/migrate.py` when a store is opened.

A change of `storage/tables.py` comes with `versions/rNNNN_name.py`, which names the one before it in `down_revision`
and has an `upgrade`. It must run on SQLite and on PostgreSQL. A table that SQLite has to rebuild is altered with
`op.batch_alter_table(…, table_kwargs={"sqlite_strict": True, "sqlite_autoincrement": True})`: both are lost otherwise.
`tests/storage/test_migrate.py` compares the outcome with the tables and migrates filled databases.
"""
