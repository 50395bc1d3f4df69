-- Keys of the API: of their secrets only SHA-256. kind: 1 server, 2 client; a key of one user has user_id and ends soon.
CREATE TABLE access_keys (
  id             text COLLATE "C" PRIMARY KEY,
  name           text NOT NULL,
  kind           integer NOT NULL CHECK (kind IN (1, 2)),
  scopes         text[] NOT NULL,
  user_id        text COLLATE "C",
  origins        text[] NOT NULL,
  hash           text NOT NULL,
  previous_hash  text,
  previous_until bigint,
  at             bigint NOT NULL,
  rotated_at     bigint,
  expires_at     bigint,
  revoked_at     bigint
);

CREATE INDEX access_keys_of_users ON access_keys (expires_at) WHERE user_id IS NOT NULL;
