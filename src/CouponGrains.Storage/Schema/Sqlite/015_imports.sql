-- Files that were taken up, to be worked off part by part; data is the import, revision counts its changes.
-- state: 1 receiving, 2 running, 3 done, 4 cancelled, 5 failed.
CREATE TABLE imports (
  number   INTEGER PRIMARY KEY,
  id       TEXT    NOT NULL UNIQUE,
  revision INTEGER NOT NULL CHECK (revision >= 1),
  state    INTEGER NOT NULL CHECK (state BETWEEN 1 AND 5),
  ended_at INTEGER CHECK ((ended_at IS NULL) = (state IN (1, 2))),
  data     TEXT    NOT NULL
) STRICT;

CREATE INDEX imports_open ON imports (number) WHERE state IN (1, 2);
CREATE INDEX imports_ended ON imports (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE import_parts (
  import TEXT    NOT NULL,
  part   INTEGER NOT NULL CHECK (part >= 0),
  lines  BLOB    NOT NULL,
  PRIMARY KEY (import, part)
) STRICT;
