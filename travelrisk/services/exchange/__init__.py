"""Records as a table, out and in: CSV and XLSX, one row a record, read with every fault told.

``columns`` says what the columns are, ``rows`` turns a record into cells and back, ``reading`` and
``writing`` know the two kinds of files, ``checking`` and ``grounds`` find what is wrong, and ``exporting``
and ``importing`` are the use cases. An import never publishes: it drafts a proposal that others sign.
"""
