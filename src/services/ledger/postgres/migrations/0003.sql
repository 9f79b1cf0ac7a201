-- Where the tables are, to notice that they were restored from a dump.
ALTER TABLE ledger_version ADD COLUMN home TEXT
