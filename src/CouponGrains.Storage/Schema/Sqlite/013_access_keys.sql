-- Keys of the API: of their secrets only SHA-256. kind: 1 server, 2 client; a key of one user has user_id and ends soon.
CREATE TABLE access_keys (
  id             TEXT    PRIMARY KEY,
  name           TEXT    NOT NULL,
  kind           INTEGER NOT NULL CHECK (kind IN (1, 2)),
  scopes         TEXT    NOT NULL,
  user_id        TEXT,
  origins        TEXT    NOT NULL,
  hash           TEXT    NOT NULL,
  previous_hash  TEXT,
  previous_until INTEGER,
  at             INTEGER NOT NULL,
  rotated_at     INTEGER,
  expires_at     INTEGER,
  revoked_at     INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX access_keys_of_users ON access_keys (expires_at) WHERE user_id IS NOT NULL;
