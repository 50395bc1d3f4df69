-- Chunks are written first, each in a transaction of its own; the row in models makes them visible.
CREATE TABLE models (
  version INTEGER PRIMARY KEY,
  data    TEXT NOT NULL
) STRICT;

CREATE TABLE model_chunks (
  version INTEGER NOT NULL,
  number  INTEGER NOT NULL,
  bytes   BLOB    NOT NULL,
  UNIQUE (version, number)
) STRICT;

-- The last row's to_version is the version in force.
CREATE TABLE promotions (
  number       INTEGER PRIMARY KEY,
  from_version INTEGER NOT NULL,
  to_version   INTEGER NOT NULL REFERENCES models (version),
  reason       TEXT    NOT NULL,
  at           INTEGER NOT NULL
) STRICT;
