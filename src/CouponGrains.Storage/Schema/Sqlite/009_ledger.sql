-- What reservations hold, and how many there are; with what is spent they never pass the budget.
ALTER TABLE budgets ADD COLUMN reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0 AND spent + reserved <= allowed);
ALTER TABLE budgets ADD COLUMN held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0 AND redeemed + held <= issued);

-- The day of the campaign's zone on which a coupon was used (days since 0001-01-01), and what of its discount came back.
-- Redemptions from before this step count by the day of UTC. What came back before this step is laid onto the order's
-- redemptions one after the other.
ALTER TABLE redemptions ADD COLUMN day INTEGER NOT NULL DEFAULT 0;
ALTER TABLE redemptions ADD COLUMN returned INTEGER NOT NULL DEFAULT 0 CHECK (returned BETWEEN 0 AND amount);

UPDATE redemptions SET day = at / 864000000000;

UPDATE redemptions SET returned = laid.back FROM (
  SELECT key, max(0, min(amount, back - before)) AS back FROM (
    SELECT r.key, r.amount,
      coalesce(sum(r.amount) OVER (
        PARTITION BY r.user_id, r.order_id ORDER BY r.at, r.key ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before,
      (SELECT coalesce(sum(json_extract(b.data, '$.budgetBack[0]')), 0) FROM returns b
        WHERE b.user_id = r.user_id AND b.order_id = r.order_id) AS back
    FROM redemptions r WHERE r.rolled_back_at IS NULL)
) AS laid WHERE laid.key = redemptions.key;

-- What each day has used of a campaign's limits; weeks and months are sums of days.
CREATE TABLE budget_days (
  campaign_id TEXT    NOT NULL REFERENCES campaigns (id),
  day         INTEGER NOT NULL,
  redeemed    INTEGER NOT NULL CHECK (redeemed >= 0),
  spent       INTEGER NOT NULL CHECK (spent >= 0),
  held        INTEGER NOT NULL CHECK (held >= 0),
  reserved    INTEGER NOT NULL CHECK (reserved >= 0),
  PRIMARY KEY (campaign_id, day)
) STRICT, WITHOUT ROWID;

INSERT INTO budget_days (campaign_id, day, redeemed, spent, held, reserved)
SELECT campaign_id, day, count(*), sum(amount - returned), 0, 0 FROM redemptions WHERE rolled_back_at IS NULL
GROUP BY campaign_id, day;

-- state: 1 held, 2 redeemed, 3 released, 4 expired. request is the SHA-256 of what was asked for.
CREATE TABLE reservations (
  key         TEXT PRIMARY KEY,
  request     BLOB    NOT NULL,
  code        TEXT    NOT NULL REFERENCES coupons (code),
  user_id     TEXT    NOT NULL,
  campaign_id TEXT    NOT NULL REFERENCES campaigns (id),
  order_id    TEXT    NOT NULL,
  amount      INTEGER NOT NULL CHECK (amount >= 0),
  discount    TEXT    NOT NULL,
  cart        TEXT    NOT NULL,
  day         INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  until       INTEGER NOT NULL,
  state       INTEGER NOT NULL CHECK (state BETWEEN 1 AND 4),
  ended_at    INTEGER
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX reservations_held ON reservations (code) WHERE state = 1;
CREATE INDEX reservations_due ON reservations (until) WHERE state = 1;
CREATE INDEX reservations_of_user ON reservations (user_id, campaign_id) WHERE state = 1;
CREATE INDEX reservations_of_order ON reservations (user_id, order_id) WHERE state = 1;

-- Codes made in advance, which are nobody's until a user claims one; then it is a coupon with this code. A batch is made in steps,
-- each in one transaction with its progress, so that one that was cut off goes on where it was.
CREATE TABLE code_batches (
  number      INTEGER PRIMARY KEY,
  campaign_id TEXT    NOT NULL REFERENCES campaigns (id),
  name        TEXT    NOT NULL,
  offer_id    TEXT    NOT NULL REFERENCES offers (id),
  wanted      INTEGER NOT NULL CHECK (wanted > 0),
  made        INTEGER NOT NULL DEFAULT 0 CHECK (made BETWEEN 0 AND wanted),
  claimed     INTEGER NOT NULL DEFAULT 0 CHECK (claimed BETWEEN 0 AND made),
  at          INTEGER NOT NULL,
  UNIQUE (campaign_id, name)
) STRICT;

CREATE TABLE codes (
  code       TEXT PRIMARY KEY,
  batch      INTEGER NOT NULL REFERENCES code_batches (number),
  number     INTEGER NOT NULL,
  claimed_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX codes_of_batch ON codes (batch, number);

-- Who is told what happens. types is a JSON array, empty for all; status: 1 enabled, 2 disabled.
CREATE TABLE webhook_endpoints (
  id             TEXT PRIMARY KEY,
  url            TEXT    NOT NULL,
  types          TEXT    NOT NULL,
  secret         TEXT    NOT NULL,
  previous       TEXT,
  previous_until INTEGER,
  status         INTEGER NOT NULL CHECK (status IN (1, 2)),
  failing_since  INTEGER,
  at             INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What happened, written in the transaction in which it did, if an endpoint wants to be told.
CREATE TABLE outbox (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id     TEXT    NOT NULL UNIQUE,
  type   TEXT    NOT NULL,
  at     INTEGER NOT NULL,
  data   TEXT    NOT NULL
) STRICT;

CREATE INDEX outbox_at ON outbox (at);

-- state: 1 pending, 2 delivered, 3 failed.
CREATE TABLE deliveries (
  endpoint TEXT    NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
  message  INTEGER NOT NULL REFERENCES outbox (number),
  state    INTEGER NOT NULL CHECK (state IN (1, 2, 3)),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at  INTEGER NOT NULL,
  last     TEXT,
  PRIMARY KEY (endpoint, message)
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_pending ON deliveries (endpoint, next_at) WHERE state = 1;
CREATE INDEX deliveries_of_message ON deliveries (message);

-- The highest share of the budget, in per cent, of which was told that it is spent.
ALTER TABLE budgets ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
