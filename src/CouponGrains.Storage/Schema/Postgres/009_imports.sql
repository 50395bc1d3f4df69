-- Files that were taken up, to be worked off part by part; data is the import, revision counts its changes.
-- state: 1 receiving, 2 running, 3 done, 4 cancelled, 5 failed.
CREATE TABLE imports (
  number   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id       text COLLATE "C" NOT NULL UNIQUE,
  revision integer NOT NULL CHECK (revision >= 1),
  state    integer NOT NULL CHECK (state BETWEEN 1 AND 5),
  ended_at bigint CHECK ((ended_at IS NULL) = (state IN (1, 2))),
  data     text NOT NULL
) WITH (fillfactor = 50);

CREATE INDEX imports_open ON imports (number) WHERE state IN (1, 2);
CREATE INDEX imports_ended ON imports (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE import_parts (
  import text COLLATE "C" NOT NULL,
  part   integer NOT NULL CHECK (part >= 0),
  lines  bytea NOT NULL,
  PRIMARY KEY (import, part)
);
