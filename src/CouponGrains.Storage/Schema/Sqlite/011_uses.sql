-- How often a coupon may be used, and how often it is: its redemptions in force, at most one of an order.
ALTER TABLE coupons ADD COLUMN uses_max INTEGER NOT NULL DEFAULT 1 CHECK (uses_max >= 1);
ALTER TABLE coupons ADD COLUMN uses INTEGER NOT NULL DEFAULT 0 CHECK (uses BETWEEN 0 AND uses_max);

UPDATE coupons SET uses = 1 WHERE state = 3;

DROP INDEX redemptions_in_force;
CREATE UNIQUE INDEX redemptions_in_force ON redemptions (code, order_id) WHERE rolled_back_at IS NULL;

-- A campaign may have more redemptions than coupons; what a column checks is changed with its table alone.
CREATE TABLE budgets_of_uses (
  campaign_id TEXT PRIMARY KEY REFERENCES campaigns (id),
  currency    TEXT    NOT NULL,
  allowed     INTEGER NOT NULL CHECK (allowed >= 0),
  spent       INTEGER NOT NULL DEFAULT 0 CHECK (spent BETWEEN 0 AND allowed),
  issued      INTEGER NOT NULL DEFAULT 0 CHECK (issued >= 0),
  redeemed    INTEGER NOT NULL DEFAULT 0 CHECK (redeemed >= 0),
  reserved    INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0 AND spent + reserved <= allowed),
  held        INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),
  told        INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

INSERT INTO budgets_of_uses (campaign_id, currency, allowed, spent, issued, redeemed, reserved, held, told)
SELECT campaign_id, currency, allowed, spent, issued, redeemed, reserved, held, told FROM budgets;

DROP TABLE budgets;
ALTER TABLE budgets_of_uses RENAME TO budgets;
