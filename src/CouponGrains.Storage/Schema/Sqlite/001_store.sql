-- Instants are UTC ticks of 100 ns since year 1, durations are ticks of 100 ns, amounts are minor units of their currency.

CREATE TABLE counters (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO counters (name, value) VALUES ('events', 0), ('catalog_stamp', 0), ('campaign_stamp', 0);

-- data is the record as JSON, null while the user or item is known from an event alone.
CREATE TABLE users (
  id   TEXT PRIMARY KEY,
  data TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE items (
  id   TEXT PRIMARY KEY,
  data TEXT
) STRICT, WITHOUT ROWID;

-- The log: appended to, never changed. Its users and items are created in the same transaction; the log does not check that
-- with foreign keys, for speed.
CREATE TABLE events (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  id          TEXT    NOT NULL UNIQUE,
  user_id     TEXT    NOT NULL,
  kind        INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  item_id     TEXT,
  quantity    INTEGER NOT NULL,
  amount      INTEGER,
  currency    TEXT,
  order_id    TEXT,
  dwell       INTEGER,
  query       TEXT,
  offer_id    TEXT,
  coupon_code TEXT,
  rating      INTEGER,
  propensity  REAL
) STRICT;

-- The row's seq ends every index entry, so this serves (user_id, seq).
CREATE INDEX events_of_user ON events (user_id);

CREATE TABLE campaigns (
  id       TEXT PRIMARY KEY,
  revision INTEGER NOT NULL CHECK (revision >= 1),
  data     TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE budgets (
  campaign_id TEXT PRIMARY KEY REFERENCES campaigns (id),
  currency    TEXT    NOT NULL,
  allowed     INTEGER NOT NULL CHECK (allowed >= 0),
  spent       INTEGER NOT NULL DEFAULT 0 CHECK (spent BETWEEN 0 AND allowed),
  issued      INTEGER NOT NULL DEFAULT 0 CHECK (issued >= 0),
  redeemed    INTEGER NOT NULL DEFAULT 0 CHECK (redeemed BETWEEN 0 AND issued)
) STRICT, WITHOUT ROWID;

CREATE TABLE offers (
  id          TEXT PRIMARY KEY,
  campaign_id TEXT    NOT NULL REFERENCES campaigns (id),
  withdrawn   INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
  data        TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX offers_of_campaign ON offers (campaign_id, id);
