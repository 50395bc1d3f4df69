-- How many coupons of an offer were issued, for offers of which there is a limited stock.
ALTER TABLE offers ADD COLUMN issued INTEGER NOT NULL DEFAULT 0 CHECK (issued >= 0);

UPDATE offers SET issued = (SELECT count(*) FROM coupons WHERE coupons.offer_id = offers.id);

-- Coupons used on one order are looked up together: they must stand beside each other.
CREATE INDEX redemptions_of_order ON redemptions (user_id, order_id) WHERE rolled_back_at IS NULL;
