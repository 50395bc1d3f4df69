-- How often a coupon may be used, and how often it is: its redemptions in force, at most one of an order.
ALTER TABLE coupons
  ADD COLUMN uses_max integer NOT NULL DEFAULT 1 CHECK (uses_max >= 1),
  ADD COLUMN uses     integer NOT NULL DEFAULT 0 CHECK (uses BETWEEN 0 AND uses_max);

UPDATE coupons SET uses = 1 WHERE state = 3;

DROP INDEX redemptions_in_force;
CREATE UNIQUE INDEX redemptions_in_force ON redemptions (code, order_id) WHERE rolled_back_at IS NULL;

-- A campaign may have more redemptions than coupons.
ALTER TABLE budgets
  DROP CONSTRAINT budgets_check1,
  ADD CONSTRAINT budgets_held_check CHECK (held >= 0);
