-- state: 1 issued, 2 claimed, 3 redeemed, 4 expired, 5 voided; 1 and 2 are open.
CREATE TABLE coupons (
  number      INTEGER PRIMARY KEY,
  code        TEXT    NOT NULL UNIQUE,
  user_id     TEXT    NOT NULL REFERENCES users (id),
  offer_id    TEXT    NOT NULL REFERENCES offers (id),
  campaign_id TEXT    NOT NULL REFERENCES campaigns (id),
  issue_key   TEXT    NOT NULL,
  state       INTEGER NOT NULL CHECK (state BETWEEN 1 AND 5),
  issued_at   INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL,
  viewed_at   INTEGER,
  claimed_at  INTEGER,
  rating      INTEGER CHECK (rating BETWEEN 1 AND 5),
  model       INTEGER NOT NULL,
  score       REAL    NOT NULL,
  propensity  REAL    NOT NULL,
  UNIQUE (user_id, issue_key)
) STRICT;

CREATE INDEX coupons_of_user ON coupons (user_id, issued_at);
CREATE INDEX coupons_open ON coupons (expires_at) WHERE state IN (1, 2);

-- request is the SHA-256 of what was asked for: the same key with another content is refused.
CREATE TABLE redemptions (
  key            TEXT PRIMARY KEY,
  request        BLOB    NOT NULL,
  code           TEXT    NOT NULL REFERENCES coupons (code),
  user_id        TEXT    NOT NULL,
  campaign_id    TEXT    NOT NULL REFERENCES campaigns (id),
  order_id       TEXT    NOT NULL,
  amount         INTEGER NOT NULL CHECK (amount >= 0),
  discount       TEXT    NOT NULL,
  at             INTEGER NOT NULL,
  rolled_back_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX redemptions_of_coupon ON redemptions (code);
CREATE UNIQUE INDEX redemptions_in_force ON redemptions (code) WHERE rolled_back_at IS NULL;
CREATE INDEX redemptions_of_user ON redemptions (user_id, campaign_id) WHERE rolled_back_at IS NULL;
